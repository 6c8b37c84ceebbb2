package dev.headroom.operator.capacity.simulation;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A load over time, and what goes wrong meanwhile. Rates are per second of the trace. */
final class Scenario {
    /** The busiest ten seconds of a trace have this rate: about 16 pods at 75 % of a core. */
    static final double PEAK = 600;

    private static final double LONGEST_SECONDS = 7 * 86_400;

    /** Something that happens between two moments. */
    private enum Fault {
        DATABASE_SLOW,
        LOCKS,
        NEW_VERSION,
        SCRAPES_LOST
    }

    private record Episode(Fault fault, double from, double until, double strength) {
        boolean at(double now) {
            return now >= from && now < until;
        }
    }

    private final String name;
    private final double[] rates;
    private final List<Episode> episodes = new ArrayList<>();

    Scenario(String name, double[] rates) {
        this.name = name;
        this.rates = rates;
    }

    /** A line of a file: its number, when it begins to hold, and the rate. */
    private record Point(int line, double at, double rate) {}

    /**
     * Lines of {@code seconds,requests per second} in ascending order, after at most one header. A rate holds until the
     * next line, the last one as long as the one before it. Empty lines and those that begin with # are skipped.
     *
     * @throws IllegalArgumentException naming the line that is no such line
     */
    static Scenario read(Path file) throws IOException {
        List<Point> points = new ArrayList<>();
        List<String> lines = lines(file);
        boolean header = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (points.isEmpty()
                    && !header
                    && !Character.isDigit(line.charAt(0))
                    && "+-.".indexOf(line.charAt(0)) < 0) {
                header = true;
                continue;
            }
            points.add(point(file, i + 1, line, points.isEmpty() ? null : points.getLast()));
        }
        if (points.size() < 2) {
            throw new IllegalArgumentException(
                    file + " has " + points.size() + " lines of seconds,requests per second; it needs two at least");
        }
        return new Scenario(Objects.toString(file.getFileName()), normalised(rates(points)));
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return List.of(Files.readString(file).replace("\uFEFF", "").split("\\R", -1));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is no text in UTF-8", e);
        }
    }

    private static Point point(Path file, int number, String line, Point before) {
        String where = file + ", line " + number + ": ";
        String[] cells = line.split("[,;\t]", -1);
        double at;
        double rate;
        try {
            at = Double.parseDouble(cells[0].strip());
            rate = Double.parseDouble(cells[1].strip());
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(where + "'" + line + "' is not seconds,requests per second", e);
        }
        if (!Double.isFinite(at) || !Double.isFinite(rate) || rate < 0) {
            throw new IllegalArgumentException(where + "'" + line + "' has a number that is negative or not finite");
        }
        if (before != null && at <= before.at) {
            throw new IllegalArgumentException(
                    where + cells[0].strip() + " s is not after the " + before.at + " s of line " + before.line);
        }
        return new Point(number, at, rate);
    }

    /** The average of each second. */
    private static double[] rates(List<Point> points) {
        Point last = points.getLast();
        double begin = points.getFirst().at;
        double end = 2 * last.at - points.get(points.size() - 2).at - begin;
        if (end > LONGEST_SECONDS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "the trace lasts %.0f s; a week, %.0f s, is the longest", end, LONGEST_SECONDS));
        }
        double[] rates = new double[Math.max((int) Math.ceil(end), 1)];
        for (int i = 0; i < points.size(); i++) {
            double from = points.get(i).at - begin;
            double until = i + 1 < points.size() ? points.get(i + 1).at - begin : rates.length;
            for (int second = (int) from; second < Math.min(until, rates.length); second++) {
                double part = Math.min(until, second + 1) - Math.max(from, second);
                rates[second] += points.get(i).rate * Math.max(part, 0);
            }
        }
        return rates;
    }

    /** So that the busiest ten seconds are {@link #PEAK}. */
    static double[] normalised(double[] rates) {
        double busiest = 0;
        double sum = 0;
        for (int i = 0; i < rates.length; i++) {
            sum += rates[i] - (i >= 10 ? rates[i - 10] : 0);
            busiest = Math.max(busiest, sum / Math.min(i + 1, 10));
        }
        return times(rates, PEAK / Math.max(busiest, 1e-9));
    }

    private static double[] times(double[] rates, double factor) {
        double[] scaled = new double[rates.length];
        for (int i = 0; i < rates.length; i++) {
            scaled[i] = rates[i] * factor;
        }
        return scaled;
    }

    Scenario times(double factor) {
        Scenario scaled = new Scenario(name, times(rates, factor));
        scaled.episodes.addAll(episodes);
        return scaled;
    }

    Scenario slowDatabase(double from, double until, double factor) {
        episodes.add(new Episode(Fault.DATABASE_SLOW, from, until, factor));
        return this;
    }

    /** Writing statements wait for locks, so many times the objective on average. */
    Scenario locks(double from, double until, double objectives) {
        episodes.add(new Episode(Fault.LOCKS, from, until, objectives));
        return this;
    }

    /** A rollout of a version with this factor on processor time, and the way back. */
    Scenario newVersion(double from, double until, double factor) {
        episodes.add(new Episode(Fault.NEW_VERSION, from, until, factor));
        return this;
    }

    /** This part of the scrapes fails. */
    Scenario lostScrapes(double from, double until, double part) {
        episodes.add(new Episode(Fault.SCRAPES_LOST, from, until, part));
        return this;
    }

    String name() {
        return name;
    }

    int seconds() {
        return rates.length;
    }

    double rate(double now) {
        return rates[Math.min((int) now, rates.length - 1)];
    }

    double peak() {
        double peak = 0;
        for (double rate : rates) {
            peak = Math.max(peak, rate);
        }
        return peak;
    }

    double databaseSlowdown(double now) {
        return strength(Fault.DATABASE_SLOW, now, 1);
    }

    /** Locked, or slower than the load of the last minute needs it: no number of replicas keeps the objective. */
    boolean isDatabaseBound(double now, Workload workload) {
        double rate = IntStream.range(0, 60)
                .mapToDouble(ago -> rate(Math.max(now - ago, 0)))
                .average()
                .orElse(0);
        double busyCores = rate * workload.meanStatement() * databaseSlowdown(now);
        return busyCores > workload.databaseCores() || strength(Fault.LOCKS, now, 0) > 0;
    }

    /** Mean seconds that this statement waits for a lock: statements of the second route write. */
    double lockSeconds(double now, int route, Workload workload) {
        return route == 1 && !episodes.isEmpty() ? strength(Fault.LOCKS, now, 0) * workload.objectiveSeconds() : 0;
    }

    boolean rolloutBegins(double now) {
        return episodes.stream()
                .anyMatch(each -> each.fault == Fault.NEW_VERSION
                        && ((int) each.from == (int) now || (int) each.until == (int) now));
    }

    boolean isNewVersion(double now) {
        return strength(Fault.NEW_VERSION, now, 0) > 0;
    }

    double cpuFactor(boolean newVersion) {
        return newVersion
                ? episodes.stream()
                        .filter(each -> each.fault == Fault.NEW_VERSION)
                        .mapToDouble(Episode::strength)
                        .findFirst()
                        .orElse(1)
                : 1;
    }

    boolean isScrapeLost(double now, int pod) {
        double part = strength(Fault.SCRAPES_LOST, now, 0);
        return part > 0 && new SplittableRandom(31L * (int) now + pod).nextDouble() < part;
    }

    private double strength(Fault fault, double now, double otherwise) {
        for (Episode each : episodes) {
            if (each.fault == fault && each.at(now)) {
                return each.strength;
            }
        }
        return otherwise;
    }
}

package dev.headroom.operator.capacity.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A load over time, and what goes wrong meanwhile. Rates are per second of the trace. */
final class Scenario {
    /** The busiest ten seconds of a trace have this rate: about 16 pods at 75 % of a core. */
    static final double PEAK = 600;

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

    /** Lines of {@code seconds,requests per second}; others are skipped, such as a header. Each rate holds until the next line. */
    static Scenario read(Path file) throws IOException {
        List<double[]> points = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split("[,;\t]", -1);
            if (cells.length >= 2 && cells[0].strip().matches("[0-9.eE+-]+")) {
                points.add(new double[] {Double.parseDouble(cells[0].strip()), Double.parseDouble(cells[1].strip())});
            }
        }
        if (points.size() < 2) {
            throw new IOException(file + " has no two lines of seconds,requests per second");
        }
        double begin = points.getFirst()[0];
        double step = points.getLast()[0] - points.get(points.size() - 2)[0];
        double[] rates = new double[(int) Math.max(points.getLast()[0] - begin + step, 1)];
        int point = 0;
        for (int second = 0; second < rates.length; second++) {
            while (point + 1 < points.size() && points.get(point + 1)[0] - begin <= second) {
                point++;
            }
            rates[second] = Math.max(points.get(point)[1], 0);
        }
        String name = file.getFileName().toString();
        return new Scenario(name, normalised(rates));
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

    /** This part of the statements waits for locks. */
    Scenario locks(double from, double until, double part) {
        episodes.add(new Episode(Fault.LOCKS, from, until, part));
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

    /** Four times slower or locked: no number of replicas keeps the objective. */
    boolean isDatabaseBound(double now) {
        return databaseSlowdown(now) >= 3 || strength(Fault.LOCKS, now, 0) > 0;
    }

    /** Mean seconds that this statement waits for a lock: statements of the second route write. */
    double lockSeconds(double now, int route) {
        return route == 1 && !episodes.isEmpty() && strength(Fault.LOCKS, now, 0) > 0
                ? strength(Fault.LOCKS, now, 0)
                : 0;
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

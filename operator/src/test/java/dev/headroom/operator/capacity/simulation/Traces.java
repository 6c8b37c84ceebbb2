package dev.headroom.operator.capacity.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** The loads of the comparison, two hours each. The seed moves their times and sizes, so no two are the same. */
final class Traces {
    static final int SECONDS = 7200;
    static final List<String> NAMES = List.of(
            "daily",
            "steps",
            "ramps",
            "spikes",
            "bursts",
            "flapping",
            "walk",
            "batches",
            "slower-database",
            "lost-scrapes",
            "bad-deploy",
            "database-slow",
            "lock-storm",
            "database-slow-growing");

    /** Of these the sum is compared; in the others no scaler can keep the objective, so additions are counted. */
    static final List<String> COMPARED = NAMES.subList(0, 11);

    private final SplittableRandom random;

    private Traces(long seed) {
        random = new SplittableRandom(seed * 104_729 + 3);
    }

    static Scenario of(String name, long seed) {
        return new Traces(seed + 1000L * NAMES.indexOf(name)).scenario(name);
    }

    private Scenario scenario(String name) {
        double at = between(1800, 3600);
        return switch (name) {
            case "daily" -> trace(name, daily());
            case "steps" -> trace(name, steps(600, 1500));
            case "ramps" -> trace(name, ramps());
            case "spikes" -> trace(name, spikes());
            case "bursts" -> trace(name, bursts());
            case "flapping" -> trace(name, flapping());
            case "walk" -> trace(name, walk());
            case "batches" -> trace(name, batches());
            case "slower-database" -> trace(name, steps(600, 1500)).slowDatabase(at, at + 2400, 1.6);
            case "lost-scrapes" ->
                trace(name, steps(500, 1200)).lostScrapes(0, SECONDS, 0.25).lostScrapes(at, at + 90, 1);
            case "bad-deploy" -> trace(name, daily()).newVersion(at, at + 1500, 1.5);
            case "database-slow" -> trace(name, daily()).slowDatabase(at, at + 600, 5);
            case "lock-storm" -> trace(name, daily()).locks(at, at + 400, 2.4);
            case "database-slow-growing" -> trace(name, growing(at)).slowDatabase(at, at + 600, 5);
            default ->
                throw new IllegalArgumentException("no trace " + name + "; there are " + String.join(", ", NAMES));
        };
    }

    /** The shape with the noise that real traffic has beside that of single arrivals. */
    private Scenario trace(String name, IntToDoubleFunction shape) {
        double[] rates = new double[SECONDS];
        double noise = 0;
        for (int second = 0; second < SECONDS; second++) {
            noise = 0.9 * noise + 0.018 * gaussian();
            rates[second] = Math.max(shape.applyAsDouble(second) * (1 + noise), 0);
        }
        return new Scenario(name, Scenario.normalised(rates));
    }

    private IntToDoubleFunction daily() {
        double phase = between(0, 2 * Math.PI);
        double second = between(0, 2 * Math.PI);
        double depth = between(0.35, 0.6);
        return at -> 1
                + depth * Math.sin(2 * Math.PI * at / SECONDS * 1.5 + phase)
                + 0.15 * Math.sin(2 * Math.PI * at / 1100 + second);
    }

    private IntToDoubleFunction steps(double shortest, double longest) {
        double[] level = new double[SECONDS];
        double now = between(0.3, 1);
        double until = between(shortest / 2, longest);
        for (int at = 0; at < SECONDS; at++) {
            if (at > until) {
                double next = between(0.25, 1.2);
                now = Math.abs(next - now) < 0.2 ? now + 0.4 : next;
                until = at + between(shortest, longest);
            }
            level[at] = now;
        }
        return at -> level[at];
    }

    private IntToDoubleFunction ramps() {
        double[] level = new double[SECONDS];
        double from = between(0.2, 0.5);
        double to = from;
        double begin = 0;
        double end = between(200, 500);
        for (int at = 0; at < SECONDS; at++) {
            if (at > end) {
                from = to;
                to = from < 0.6 ? between(0.8, 1.3) : between(0.2, 0.5);
                begin = at;
                end = at + between(120, 500);
                if (random.nextInt(3) == 0) {
                    to = from;
                }
            }
            level[at] = from + (to - from) * (at - begin) / (end - begin);
        }
        return at -> level[at];
    }

    private IntToDoubleFunction spikes() {
        double[] level = new double[SECONDS];
        java.util.Arrays.fill(level, 0.4);
        double at = between(300, 900);
        while (at < SECONDS) {
            double height = between(0.4, 1.1);
            double length = between(40, 240);
            for (int second = (int) at; second < Math.min(at + length, SECONDS); second++) {
                double risen = Math.min((second - at) / 8, 1);
                level[second] += height * risen;
            }
            at += length + between(300, 1100);
        }
        return second -> level[second];
    }

    private IntToDoubleFunction bursts() {
        double[] level = new double[SECONDS];
        java.util.Arrays.fill(level, 0.5);
        double at = exponential(150);
        while (at < SECONDS) {
            double height = Math.min(0.12 / Math.pow(1 - random.nextDouble(), 1 / 1.3), 1.2);
            double length = Math.min(12 / Math.pow(1 - random.nextDouble(), 1 / 1.2), 600);
            for (int second = (int) at; second < Math.min(at + length, SECONDS); second++) {
                level[second] += height;
            }
            at += exponential(150);
        }
        return second -> Math.min(level[second], 2);
    }

    private IntToDoubleFunction flapping() {
        double period = between(100, 420);
        double low = between(0.4, 0.6);
        double duty = between(0.35, 0.65);
        return at -> (at % period) / period < duty ? 1 : low;
    }

    /** A mean-reverting walk with jumps, much like the public traces of web services. */
    private IntToDoubleFunction walk() {
        double[] level = new double[SECONDS];
        double log = 0;
        double jump = 0;
        double phase = between(0, 2 * Math.PI);
        for (int at = 0; at < SECONDS; at++) {
            log += -log / 600 + 0.016 * gaussian();
            jump *= 1 - 1 / 120.0;
            if (random.nextInt(700) == 0) {
                jump += between(0.1, 0.5);
            }
            level[at] = Math.exp(log + jump + 0.3 * Math.sin(2 * Math.PI * at / SECONDS + phase));
        }
        return at -> level[at];
    }

    /** Clients on a timetable beside a steady load. */
    private IntToDoubleFunction batches() {
        double period = between(500, 1000);
        double length = between(60, 200);
        double height = between(0.4, 0.9);
        double phase = between(0, period);
        return at -> 0.6 + 0.1 * Math.sin(at / 900.0) + ((at + phase) % period < length ? height : 0);
    }

    /** The load grows by half while the database is slow. */
    private static IntToDoubleFunction growing(double from) {
        return at -> at < from + 200 ? 0.6 : at < from + 320 ? 0.6 + 0.35 * (at - from - 200) / 120 : 0.95;
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private double gaussian() {
        return random.nextGaussian();
    }
}

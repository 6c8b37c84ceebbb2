package dev.headroom.operator.capacity.simulation;

import dev.headroom.operator.capacity.ScalingModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The comparison of scalers: {@code bench/autoscaling.sh} runs it, docs/scaling-simulation.md says what it prints. */
public final class SimulationMain {
    static final List<String> SCALERS = List.of("headroom", "hpa-cpu", "hpa-latency", "kpa", "static");
    private static final double HPA_TARGET = 0.7;
    private static final List<String> FLAGS = List.of("--json", "--verbose");
    private static final List<String> VALUES = List.of(
            "--trace",
            "--scale",
            "--traces",
            "--scalers",
            "--seed",
            "--seeds",
            "--start-up",
            "--scrape",
            "--coarse",
            "--model",
            "--plots");

    private record Options(
            Path trace,
            double scale,
            List<String> traces,
            List<String> scalers,
            long seed,
            int seeds,
            boolean json,
            boolean verbose,
            Workload workload,
            ScalingModel model,
            Path plots) {}

    private SimulationMain() {}

    public static void main(String[] arguments) throws IOException {
        try {
            compare(options(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("cannot read or write: " + e);
            System.exit(1);
        }
    }

    private static void compare(Options options) throws IOException {
        List<Result> results = new ArrayList<>();
        for (long seed = options.seed; seed < options.seed + options.seeds; seed++) {
            for (Scenario scenario : scenarios(options, seed)) {
                for (String scaler : options.scalers) {
                    Result result = run(options.workload, options.model, scenario, scaler, seed, options.verbose);
                    results.add(result);
                    if (options.json) {
                        System.out.println(result.json());
                    }
                }
            }
        }
        if (!options.json) {
            System.out.print(new Report(results).text());
        }
        if (options.plots != null) {
            Plots.write(results, options.plots);
        }
    }

    private static List<Scenario> scenarios(Options options, long seed) throws IOException {
        if (options.trace != null) {
            return List.of(Scenario.read(options.trace).times(options.scale));
        }
        return options.traces.stream()
                .map(name -> Traces.of(name, seed).times(options.scale))
                .toList();
    }

    /** One run of a scaler. */
    static Result run(
            Workload workload, ScalingModel model, Scenario scenario, String scaler, long seed, boolean verbose) {
        int staticReplicas = Math.clamp(
                (int) Math.ceil(scenario.peak() * workload.meanCpu() / HPA_TARGET),
                workload.minReplicas(),
                workload.maxReplicas());
        int atStart = Math.clamp(
                (int) Math.ceil(scenario.rate(0) * workload.meanCpu() / HPA_TARGET),
                workload.minReplicas(),
                workload.maxReplicas());
        // Without a size that changes, the pools have to fit the budget at the most pods, with a rollout's surge.
        int fixedPool = Math.max(workload.budget() / (workload.maxReplicas() * 5 / 4), 1);
        Supplier<Autoscaler> autoscaler = switch (scaler) {
            case "headroom" -> () -> new HeadroomLoop(workload, model, verbose);
            case "hpa-cpu" -> () -> Hpa.onCpu(HPA_TARGET);
            case "hpa-latency" -> () -> Hpa.onLatency(95, 0.6 * workload.objectiveSeconds());
            case "kpa" -> () -> new Kpa(1.8);
            case "static" -> () -> cluster -> {};
            default ->
                throw new IllegalArgumentException("no scaler " + scaler + "; there are " + String.join(", ", SCALERS));
        };
        SimulatedCluster cluster = new SimulatedCluster(
                workload, scenario, seed, scaler.equals("static") ? staticReplicas : atStart, fixedPool);
        long began = System.nanoTime();
        Score score = cluster.run(autoscaler.get());
        return new Result(scaler, scenario.name(), seed, score, (System.nanoTime() - began) / 1e9);
    }

    private static Options options(List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            boolean flag = FLAGS.contains(name);
            if (!(flag || VALUES.contains(name)) || (!flag && i + 1 == arguments.size())) {
                throw new IllegalArgumentException(usage(name));
            }
            given.put(name.substring(2), flag ? "true" : arguments.get(++i));
        }
        double coarse = number(given, "coarse", 1, 1, 20);
        double startUp = number(given, "start-up", 20, 0, 600);
        double scrape = (double) whole(given, "scrape", 5, 1, 300); // looks are made on whole seconds
        Workload workload = Workload.standard().coarser(coarse).with(startUp, scrape);
        String trace = given.get("trace");
        return new Options(
                trace == null ? null : Path.of(trace),
                number(given, "scale", 1, 0, 10) / coarse,
                List.of(given.getOrDefault("traces", String.join(",", Traces.NAMES))
                        .split(",", -1)),
                List.of(given.getOrDefault("scalers", String.join(",", SCALERS)).split(",", -1)),
                whole(given, "seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) whole(given, "seeds", 1, 1, 10_000),
                given.containsKey("json"),
                given.containsKey("verbose"),
                workload,
                model(given),
                given.containsKey("plots") ? Path.of(given.get("plots")) : null);
    }

    private static double number(Map<String, String> given, String name, double otherwise, double least, double most) {
        String text = given.get(name);
        double value;
        try {
            value = text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " " + text + " is no number", e);
        }
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("--" + name + " " + text + " is not between " + least + " and " + most);
        }
        return value;
    }

    private static long whole(Map<String, String> given, String name, long otherwise, long least, long most) {
        String text = given.get(name);
        try {
            long value = text == null ? otherwise : Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " " + text + " is no whole number", e);
        }
        throw new IllegalArgumentException("--" + name + " " + text + " is not between " + least + " and " + most);
    }

    /** {@code --model utilisation=0.8,downHold=60} changes single numbers, for ablations. */
    private static ScalingModel model(Map<String, String> given) {
        Map<String, Double> changed = new LinkedHashMap<>();
        for (String each : given.getOrDefault("model", "").split(",", -1)) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                changed.put(each.substring(0, equals), Double.valueOf(each.substring(equals + 1)));
            } else if (!each.isEmpty()) {
                throw new IllegalArgumentException("--model " + each + " is not name=value");
            }
        }
        var components = ScalingModel.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Double value = changed.remove(components[i].getName());
                values[i] = value != null ? value : components[i].getAccessor().invoke(ScalingModel.DEFAULT);
            }
            if (!changed.isEmpty()) {
                throw new IllegalArgumentException("no such number of the model: " + changed.keySet());
            }
            return ScalingModel.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String usage(String wrong) {
        return String.format(
                Locale.ROOT,
                "%s? --trace FILE (seconds,requests per second) --seed N --seeds N --json --traces a,b --scalers a,b"
                        + " --start-up S --scrape S --coarse N (requests as much longer and fewer: faster)"
                        + " --scale FACTOR (on the rates) --model name=value,… --plots FOLDER --verbose",
                wrong);
    }
}

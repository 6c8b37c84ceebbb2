package dev.headroom.operator.capacity.simulation;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.capacity.ScrapeWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The HorizontalPodAutoscaler v2 with its defaults: synchronised every 15 s, tolerance 10 %, up by at most the larger of
 * 100 % and 4 pods per 15 s, down to the highest recommendation of the last 300 s. It reads its metric through a pipeline
 * that is some seconds late: the metrics server samples a pod each 15 s, an adapter asks for a rate over 30 s.
 */
final class Hpa implements Autoscaler {
    private static final int SYNC_SECONDS = 15;
    private static final double TOLERANCE = 0.1;
    private static final double DOWN_WINDOW = 300;
    private static final double UP_PERIOD = 15;

    /** Where the ratio of metric to target comes from. */
    private interface Metric {
        void sample(SimulatedCluster cluster);

        int desired(SimulatedCluster cluster);
    }

    private record Recommendation(double at, int replicas) {}

    private final Metric metric;
    private final ArrayDeque<Recommendation> recommendations = new ArrayDeque<>();
    private final ArrayDeque<Recommendation> scaleUps = new ArrayDeque<>();

    private Hpa(Metric metric) {
        this.metric = metric;
    }

    static Hpa onCpu(double targetUtilisation) {
        return new Hpa(new Cpu(targetUtilisation));
    }

    static Hpa onLatency(double percentile, double targetSeconds) {
        return new Hpa(new Latency(percentile, targetSeconds));
    }

    @Override
    public void second(SimulatedCluster cluster) {
        metric.sample(cluster);
        if ((int) Math.round(cluster.now()) % SYNC_SECONDS == 0) {
            synchronise(cluster);
        }
    }

    private void synchronise(SimulatedCluster cluster) {
        double now = cluster.now();
        int current = cluster.replicas();
        int desired = metric.desired(cluster);
        recommendations.add(new Recommendation(now, desired));
        recommendations.removeIf(each -> each.at <= now - DOWN_WINDOW);
        int stabilised = desired < current
                ? Math.min(
                        recommendations.stream()
                                .mapToInt(Recommendation::replicas)
                                .max()
                                .orElse(desired),
                        current)
                : desired;
        if (stabilised > current) {
            scaleUps.removeIf(each -> each.at <= now - UP_PERIOD);
            int atPeriodStart = current
                    - scaleUps.stream().mapToInt(Recommendation::replicas).sum();
            int limit = Math.max(2 * atPeriodStart, atPeriodStart + 4);
            stabilised = Math.min(stabilised, Math.max(limit, current));
            scaleUps.add(new Recommendation(now, stabilised - current));
        }
        cluster.scale(stabilised);
    }

    private static boolean tolerable(double ratio) {
        return Math.abs(ratio - 1) <= TOLERANCE;
    }

    /** Processor use over requests, with the controller's treatment of pods that start or have no metric yet. */
    private static final class Cpu implements Metric {
        private static final int RESOLUTION = 15;
        private static final double LATE_SECONDS = 5;

        private record Sample(double at, double cpu, double usage) {}

        private final double target;
        private final Map<SimulatedPod, Sample> samples = new HashMap<>();
        private final Map<SimulatedPod, Sample> visible = new HashMap<>();

        Cpu(double target) {
            this.target = target;
        }

        @Override
        public void sample(SimulatedCluster cluster) {
            double now = cluster.now();
            for (SimulatedPod pod : cluster.pods()) {
                Sample last = samples.get(pod);
                boolean due = ((int) Math.round(now) + pod.number * 7) % RESOLUTION == 0;
                if (due && !cluster.isScrapeLost(pod)) {
                    double cpu = pod.cpuSeconds(now);
                    double usage = last == null ? Double.NaN : (cpu - last.cpu) / (now - last.at);
                    samples.put(pod, new Sample(now, cpu, usage));
                    last = samples.get(pod);
                }
                if (last != null && now - last.at >= LATE_SECONDS && !Double.isNaN(last.usage)) {
                    visible.put(pod, last);
                }
            }
            samples.keySet().retainAll(cluster.pods());
            visible.keySet().retainAll(cluster.pods());
        }

        @Override
        public int desired(SimulatedCluster cluster) {
            int current = cluster.replicas();
            double usage = 0;
            int ready = 0;
            int unready = 0;
            int missing = 0;
            for (SimulatedPod pod : cluster.pods()) {
                if (pod.terminating) {
                    continue;
                }
                Sample sample = visible.get(pod);
                boolean counted = pod.ready(cluster.now()) && sample != null && sample.at >= pod.readyAt + RESOLUTION;
                if (counted) {
                    usage += sample.usage;
                    ready++;
                } else if (sample == null && pod.ready(cluster.now())) {
                    missing++;
                } else {
                    unready++;
                }
            }
            if (ready == 0) {
                return current;
            }
            double ratio = usage / ready / target;
            if (missing == 0 && !(unready > 0 && ratio > 1)) {
                return tolerable(ratio) ? current : (int) Math.ceil(ratio * ready);
            }
            double assumed = usage + (ratio < 1 ? missing * target : 0);
            int counted = ready + missing + (ratio > 1 ? unready : 0);
            double newRatio = assumed / counted / target;
            if (tolerable(newRatio) || (ratio < 1) != (newRatio < 1)) {
                return current;
            }
            int desired = (int) Math.ceil(newRatio * counted);
            return (newRatio < 1) == (desired > current) ? current : desired;
        }
    }

    /** The percentile over 30 s of histograms that Prometheus scrapes as often as we do. */
    private static final class Latency implements Metric {
        private static final double WINDOW = 30;

        private record Scrape(double at, Map<String, PodScrape> pods) {}

        private final double percentile;
        private final double target;
        private final ArrayDeque<Scrape> scrapes = new ArrayDeque<>();

        Latency(double percentile, double target) {
            this.percentile = percentile;
            this.target = target;
        }

        @Override
        public void sample(SimulatedCluster cluster) {
            double now = cluster.now();
            if ((int) Math.round(now) % (int) cluster.workload().scrapeSeconds() != 0) {
                return;
            }
            Map<String, PodScrape> pods = new HashMap<>();
            for (SimulatedPod pod : cluster.readyPods()) {
                if (!cluster.isScrapeLost(pod)) {
                    PodScrape scrape = pod.scrape(now);
                    pods.put(scrape.pod(), scrape);
                }
            }
            scrapes.add(new Scrape(now, pods));
            while (scrapes.size() > 2 && scrapes.peek().at < now - WINDOW) {
                scrapes.poll();
            }
        }

        @Override
        public int desired(SimulatedCluster cluster) {
            int current = cluster.replicas();
            if (scrapes.size() < 2) {
                return current;
            }
            List<PodScrape> last = new ArrayList<>(scrapes.getLast().pods.values());
            OptionalDouble value = ScrapeWindow.between(scrapes.getFirst().pods, last, last.size())
                    .requests()
                    .map(histogram -> percentileOf(histogram, percentile))
                    .orElse(OptionalDouble.empty());
            if (value.isEmpty()) {
                return current;
            }
            double ratio = value.getAsDouble() / target;
            return tolerable(ratio) ? current : (int) Math.ceil(ratio * current);
        }

        private static OptionalDouble percentileOf(LatencyHistogram histogram, double percentile) {
            return histogram.percentile(percentile);
        }
    }
}

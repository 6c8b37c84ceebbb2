package dev.headroom.operator.capacity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The arrivals of the last two minutes, one value for each window, and what follows from them. Times in seconds. */
final class LoadHistory {
    private static final double KEPT = 120;
    private static final double RECENT = 30;
    private static final int FEWEST_FOR_TREND = 4;

    private record Sample(double at, double seconds, double rate) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    void add(double at, double seconds, double rate) {
        samples.addLast(new Sample(at, seconds, rate));
        samples.removeIf(sample -> sample.at <= at - KEPT);
    }

    /** The average of the windows that ended within the last so many seconds; at least the latest. */
    double mean(double seconds) {
        double newest = samples.getLast().at;
        double sum = 0;
        double time = 0;
        for (Sample sample : samples) {
            if (sample.at > newest - seconds || sample.at == newest) {
                sum += sample.rate * sample.seconds;
                time += sample.seconds;
            }
        }
        return sum / time;
    }

    /** How far apart the looks are: the median of the windows. */
    double interval() {
        double[] seconds =
                samples.stream().mapToDouble(Sample::seconds).sorted().toArray();
        return seconds[seconds.length / 2];
    }

    /** Standard deviation of the arrivals around their trend, from one window to the next. */
    double deviation() {
        double squares = 0;
        int count = 0;
        Sample before = null;
        for (Sample sample : samples) {
            if (before != null) {
                double change = sample.rate - before.rate;
                squares += Math.min(change * change, before.rate * before.rate * 0.04);
                count++;
            }
            before = sample;
        }
        return count == 0 ? 0 : Math.sqrt(squares / count / 2);
    }

    /**
     * @param slope requests per second, per second
     * @param significance its t statistic: slope ÷ standard error
     */
    record Trend(double slope, double significance) {
        static final Trend NONE = new Trend(0, 0);
    }

    /** Least squares over the last half minute. */
    Trend trend() {
        double newest = samples.getLast().at;
        List<Sample> recent =
                samples.stream().filter(sample -> sample.at > newest - RECENT).toList();
        int n = recent.size();
        if (n < FEWEST_FOR_TREND) {
            return Trend.NONE;
        }
        double meanAt = recent.stream().mapToDouble(Sample::at).average().orElse(0);
        double meanRate = recent.stream().mapToDouble(Sample::rate).average().orElse(0);
        double xx = 0;
        double xy = 0;
        for (Sample sample : recent) {
            xx += (sample.at - meanAt) * (sample.at - meanAt);
            xy += (sample.at - meanAt) * (sample.rate - meanRate);
        }
        double slope = xy / xx;
        double residual = 0;
        for (Sample sample : recent) {
            double error = sample.rate - meanRate - slope * (sample.at - meanAt);
            residual += error * error;
        }
        double standardError = Math.sqrt(residual / (n - 2) / xx);
        // After a step the half minute still rises; the last windows do not.
        double latest = recent.getLast().rate - recent.get(n - 3).rate;
        double latestSlope = latest / (recent.getLast().at - recent.get(n - 3).at);
        return new Trend(Math.min(slope, latestSlope), slope / Math.max(standardError, 1e-9));
    }
}

package dev.headroom.operator.loop;

import java.util.ArrayList;
import java.util.List;

/** Requests per second over time: straight lines between points. */
final class LoadSchedule {
    private record Point(double second, double rate) {}

    private final List<Point> points = new ArrayList<>();

    private LoadSchedule(double rate) {
        points.add(new Point(0, rate));
    }

    static LoadSchedule from(double rate) {
        return new LoadSchedule(rate);
    }

    /** Reaches another rate after so many seconds. */
    LoadSchedule to(double rate, double seconds) {
        points.add(new Point(seconds() + seconds, rate));
        return this;
    }

    LoadSchedule stay(double seconds) {
        return to(points.getLast().rate, seconds);
    }

    /** When the last point is reached; its rate stays. */
    double seconds() {
        return points.getLast().second;
    }

    double rateAt(double second) {
        Point before = points.getFirst();
        for (Point point : points) {
            if (point.second > second) {
                double part = (second - before.second) / (point.second - before.second);
                return before.rate + part * (point.rate - before.rate);
            }
            before = point;
        }
        return before.rate;
    }
}

package dev.headroom.operator.capacity.simulation;

import java.util.Arrays;

/** A binary heap of times, each with a number. Primitive arrays: it turns over some ten million times a run. */
final class EventHeap {
    private double[] times = new double[256];
    private int[] numbers = new int[256];
    private int size;

    double next() {
        return size == 0 ? Double.POSITIVE_INFINITY : times[0];
    }

    int size() {
        return size;
    }

    void add(double time, int number) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (times[parent] <= time) {
                break;
            }
            times[at] = times[parent];
            numbers[at] = numbers[parent];
            at = parent;
        }
        times[at] = time;
        numbers[at] = number;
    }

    /** Removes the earliest and returns its number. */
    int remove() {
        final int first = numbers[0];
        size--;
        double time = times[size];
        int number = numbers[size];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (times[child] >= time) {
                break;
            }
            times[at] = times[child];
            numbers[at] = numbers[child];
            at = child;
        }
        times[at] = time;
        numbers[at] = number;
        return first;
    }
}

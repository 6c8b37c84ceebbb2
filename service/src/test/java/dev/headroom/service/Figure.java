package dev.headroom.service;

/** One number on a service's metrics page. */
final class Figure {
    private Figure() {}

    /** @param sample its name with its labels; zero where the page does not have it yet */
    static long of(RunningService service, String sample) {
        return service.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(sample.length() + 1)))
                .sum();
    }
}

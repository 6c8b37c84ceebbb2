package dev.headroom.operator.capacity.simulation;

/**
 * A database as a processor-sharing server: up to its cores each statement runs at full speed, beyond them at the speed
 * that Gunther's universal scalability law leaves, with contention and coherency. Statements progress in a virtual time
 * that runs as fast as one of them does, so a change of speed costs one division and not a new event for each.
 */
final class SimulatedDatabase {
    private final int cores;
    private final double contention;
    private final double coherency;
    private final EventHeap running = new EventHeap();
    private double virtual;
    private double updatedAt;
    private double slowdown = 1;

    SimulatedDatabase(int cores, double contention, double coherency) {
        this.cores = cores;
        this.contention = contention;
        this.coherency = coherency;
    }

    int cores() {
        return cores;
    }

    /** Statements that run now, those that wait for locks not among them. */
    int active() {
        return running.size();
    }

    void slowDown(double now, double factor) {
        advance(now);
        slowdown = factor;
    }

    /** When the next statement ends if nothing else happens. */
    double nextEnd() {
        return running.size() == 0
                ? Double.POSITIVE_INFINITY
                : updatedAt + Math.max(running.next() - virtual, 0) / speed(running.size());
    }

    void begin(double now, double work, int request) {
        advance(now);
        running.add(virtual + work, request);
    }

    /** Ends the statement that is due and returns its request. */
    int end(double now) {
        advance(now);
        virtual = Math.max(virtual, running.next());
        return running.remove();
    }

    private void advance(double now) {
        virtual += (now - updatedAt) * speed(running.size());
        updatedAt = now;
    }

    private double speed(int statements) {
        if (statements <= cores) {
            return 1 / slowdown;
        }
        double beyond = statements - cores;
        return cores
                / (double) statements
                / (1 + contention * beyond / cores + coherency * beyond * beyond / cores)
                / slowdown;
    }
}

package dev.headroom.operator.index.build;

import java.time.Duration;

/** Is told of each try at an index, as it begins and as it ends; the program counts them. */
public interface WorkObserver {

    /** Counts nothing. */
    WorkObserver NONE = new WorkObserver() {
        @Override
        public void began(boolean dropping) {}

        @Override
        public void ended(boolean dropping, Outcome outcome, Duration took) {}
    };

    void began(boolean dropping);

    void ended(boolean dropping, Outcome outcome, Duration took);
}

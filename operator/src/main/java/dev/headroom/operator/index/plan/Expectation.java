package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.IndexShape;

/** What the server would store for a declaration, as far as it could be asked. */
public sealed interface Expectation {

    /** The server parsed it and this is what it made of it. */
    record Known(IndexShape shape, boolean unique, boolean nullsNotDistinct) implements Expectation {
        public static Known of(Index probe) {
            return new Known(probe.shape(), probe.role().unique(), probe.role().nullsNotDistinct());
        }

        boolean isMetBy(Index index) {
            return shape.equals(index.shape())
                    && unique == index.role().unique()
                    && nullsNotDistinct == index.role().nullsNotDistinct();
        }
    }

    /** The server was not allowed to say; {@code why} names the missing right. */
    record Unknown(String why) implements Expectation {}

    /** The server would refuse to build it, for this reason. */
    record Rejected(String why) implements Expectation {}
}

package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import java.util.Map;

/** A wish for an index, as far as it could be understood. */
public sealed interface Desired {

    String name();

    /** With what the server answered, where it was asked. */
    default Desired expecting(Map<WantedIndex, Expectation> answers) {
        return this;
    }

    /** It has a table, and the server was asked what it would store. */
    record Placed(WantedIndex wanted, Expectation expectation) implements Desired {
        public static Placed unasked(WantedIndex wanted) {
            return new Placed(wanted, new Expectation.Unknown("not compared yet"));
        }

        @Override
        public String name() {
            return wanted.name();
        }

        @Override
        public Desired expecting(Map<WantedIndex, Expectation> answers) {
            return new Placed(wanted, answers.getOrDefault(wanted, expectation));
        }
    }

    /** Nothing can be done about it yet, for a reason that may pass or that a person has to see to. */
    record Unplaced(String name, String table, Origin origin, Decision decision) implements Desired {}

    /** What the server would store for a declaration, as far as it could be asked. */
    public sealed interface Expectation {

        /** The server parsed it and this is what it made of it. */
        record Known(IndexShape shape, boolean unique, boolean nullsNotDistinct) implements Expectation {
            public static Known of(Index probe) {
                return new Known(
                        probe.shape(), probe.role().unique(), probe.role().nullsNotDistinct());
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
}

package dev.headroom.operator.index.plan;

import dev.headroom.operator.crd.IndexStatus.Origin;
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
}

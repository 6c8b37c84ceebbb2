package dev.headroom.operator.concern;

import dev.headroom.operator.crd.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import java.util.List;

/** The part of the status that a concern fills; one kind for each concern. */
public sealed interface Section {

    record Indexes(List<IndexStatus> indexes, List<FindingStatus> findings) implements Section {
        public Indexes {
            indexes = List.copyOf(indexes);
            findings = List.copyOf(findings);
        }
    }
}

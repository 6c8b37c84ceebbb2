package dev.headroom.operator.concern;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.DbPerformanceStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource as concerns see it.
 *
 * @param status as it was written last: memory for what nothing else remembers, never truth
 * @param created when; of a file on a laptop, the beginning of time
 * @param deletedAt since when it is being deleted; its claims hold until it is cleaned up
 * @param pauses what its annotations stop
 */
public record ResourceView(
        ResourceId id,
        DbPerformanceSpec spec,
        @Nullable DbPerformanceStatus status,
        Instant created,
        @Nullable Instant deletedAt,
        Pauses pauses) {

    public static ResourceView of(DbPerformance resource) {
        return new ResourceView(
                ResourceId.of(resource),
                resource.getSpec(),
                resource.getStatus(),
                resource.getMetadata().getCreationTimestamp() == null
                        ? Instant.EPOCH
                        : Instant.parse(resource.getMetadata().getCreationTimestamp()),
                resource.getMetadata().getDeletionTimestamp() == null
                        ? null
                        : Instant.parse(resource.getMetadata().getDeletionTimestamp()),
                resource.pauses());
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.crd.DbPerformance;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Which changes of a resource are worth a pass: of its spec, its pausing and its deletion. The generation alone would
 * miss the annotation; every change would wake us by our own status.
 */
public final class WorthAPass implements OnUpdateFilter<DbPerformance> {

    @Override
    public boolean accept(DbPerformance now, DbPerformance before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || now.isPaused() != before.isPaused()
                || now.isMarkedForDeletion() != before.isMarkedForDeletion()
                || !now.getMetadata()
                        .getFinalizers()
                        .equals(before.getMetadata().getFinalizers())
                || !Objects.equals(
                        now.getMetadata().getUid(), before.getMetadata().getUid());
    }
}

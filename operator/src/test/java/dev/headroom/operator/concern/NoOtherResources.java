package dev.headroom.operator.concern;

import java.util.List;
import java.util.Set;

/** A resource that is alone. */
public final class NoOtherResources implements Pass.OtherResources {

    @Override
    public List<ResourceView> onSameDatabase() {
        return List.of();
    }

    @Override
    public Set<String> names() {
        return Set.of();
    }
}

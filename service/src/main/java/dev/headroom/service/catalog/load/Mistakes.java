package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, so that one run tells everything. */
public final class Mistakes {
    private final Set<Mistake> found = new LinkedHashSet<>();

    public void add(Place place, String message, @Nullable String hint) {
        found.add(new Mistake(place, message, hint));
    }

    public void addAll(Iterable<Mistake> more) {
        more.forEach(found::add);
    }

    /** In the order of files and lines. */
    public List<Mistake> all() {
        List<Mistake> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing((Mistake mistake) -> mistake.place().file())
                .thenComparingInt(mistake -> mistake.place().line()));
        return sorted;
    }
}

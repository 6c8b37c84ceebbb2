package dev.headroom.service.cache;

import static dev.headroom.service.cache.Kept.State.FRESH;
import static dev.headroom.service.cache.Kept.State.GONE;
import static dev.headroom.service.cache.Kept.State.SPARE;
import static dev.headroom.service.cache.Kept.State.STALE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.catalog.CachePolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The states of an entry as docs/decisions/0090 has them, at the moments at which one becomes the next. */
class KeptTest {
    private static final CachePolicy POLICY = policy(Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final Duration BLIND_FRESH = Duration.ofSeconds(1);
    private static final List<String> TABLES = Fleet.KEY.tables();

    private final Generations generations = new Generations();

    private static CachePolicy policy(Duration stale, Duration spare) {
        return new CachePolicy(
                "test",
                Duration.ofSeconds(10),
                stale,
                spare,
                Duration.ZERO,
                Duration.ofSeconds(2),
                0,
                CachePolicy.Scope.SHARED);
    }

    private Kept made(Entry entry) {
        return new Kept(entry, generations.stamp(TABLES), 0, generations.changes());
    }

    private Kept found() {
        return made(Entry.of("body".getBytes(UTF_8), 1));
    }

    private Kept.State at(Kept kept, CachePolicy policy, double seconds) {
        return kept.state(policy, Fleet.KEY, generations, BLIND_FRESH.toNanos(), (long) (seconds * 1e9));
    }

    @Test
    void anEntryIsFreshThenStaleThenSpareThenGone() {
        Kept kept = found();
        assertThat(at(kept, POLICY, 0)).isEqualTo(FRESH);
        assertThat(at(kept, POLICY, 9.999)).isEqualTo(FRESH);
        assertThat(at(kept, POLICY, 10)).isEqualTo(STALE);
        assertThat(at(kept, POLICY, 29.999)).isEqualTo(STALE);
        assertThat(at(kept, POLICY, 30)).isEqualTo(SPARE);
        assertThat(at(kept, POLICY, 69.999)).isEqualTo(SPARE);
        assertThat(at(kept, POLICY, 70)).isEqualTo(GONE);
    }

    @Test
    void staleForLongerThanSpareItIsStaleToTheEnd() {
        CachePolicy policy = policy(Duration.ofSeconds(60), Duration.ofSeconds(20));
        assertThat(at(found(), policy, 69.999)).isEqualTo(STALE);
        assertThat(at(found(), policy, 70)).isEqualTo(GONE);
    }

    @Test
    void afterAChangeOfItsTableItIsAtMostASpare() {
        Kept kept = found();
        generations.raise("s.others");
        assertThat(at(kept, POLICY, 1)).isEqualTo(FRESH);
        generations.raise("s.tasks");
        assertThat(at(kept, POLICY, 1)).isEqualTo(SPARE);
        assertThat(at(kept, POLICY, 20)).isEqualTo(SPARE);
        assertThat(at(kept, POLICY, 70)).isEqualTo(GONE);
    }

    @Test
    void whileChangesMayPassUnheardItIsFreshForTheBlindTimeAndNeverStale() {
        generations.lost();
        Kept kept = found();
        assertThat(at(kept, POLICY, 0.999)).isEqualTo(FRESH);
        assertThat(at(kept, POLICY, 1)).isEqualTo(SPARE);
        assertThat(at(kept, POLICY, 15)).isEqualTo(SPARE);
    }

    @Test
    void aMissingRowIsRememberedForItsOwnTimeAndIsNoSpare() {
        Kept kept = made(Entry.missing(1));
        assertThat(at(kept, POLICY, 1.999)).isEqualTo(FRESH);
        assertThat(at(kept, POLICY, 2)).isEqualTo(GONE);
        generations.raise("s.tasks");
        assertThat(at(kept, POLICY, 1)).isEqualTo(GONE);
    }
}

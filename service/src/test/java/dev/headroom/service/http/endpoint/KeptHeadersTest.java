package dev.headroom.service.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.catalog.CachePolicy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptHeadersTest {
    private final KeptHeaders headers = new KeptHeaders(new CachePolicy(
            "test",
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofSeconds(1),
            0,
            CachePolicy.Scope.SHARED));

    private Served served(String body) {
        Entry entry = Entry.of(body.getBytes(UTF_8), 1);
        return new Served(entry, Served.How.LOCAL_HIT, Duration.ZERO, Duration.ofSeconds(30));
    }

    @Test
    void anAnswerThatTheCacheHasLetGoOfIsNotHeldForItsHeaders() {
        List<WeakReference<Entry>> gone = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Served one = served("answer " + i);
            assertThat(headers.of(one, false)).isNotEmpty();
            gone.add(new WeakReference<>(one.entry()));
        }
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone).allMatch(each -> each.refersTo(null));
        });
    }
}

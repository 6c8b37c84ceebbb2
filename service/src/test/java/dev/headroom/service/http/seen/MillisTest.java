package dev.headroom.service.http.seen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class MillisTest {
    @Property
    void readsAsTheFormatterWouldWriteIt(@ForAll @LongRange(min = 0, max = 3_600_000_000_000L) long nanos) {
        long hundredths = Math.round(nanos / 10_000.0);
        assertThat(Millis.format(nanos))
                .isEqualTo(String.format(Locale.ROOT, "%d.%02d", hundredths / 100, hundredths % 100));
    }
}

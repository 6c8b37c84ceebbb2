package dev.headroom.service.cache.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.cache.entry.Entry;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What comes back from Redis is what was put there, or nothing: never an exception, never another answer. */
class EntryCodecTest {
    @Provide
    Arbitrary<Entry> entries() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(3000);
        Arbitrary<byte[]> rows = Arbitraries.integers()
                .between(0, 400)
                .map(count -> "{\"id\":1,\"name\":\"row\"}".repeat(count).getBytes(UTF_8));
        Arbitrary<Entry> found = Arbitraries.oneOf(noise, rows).map(body -> Entry.of(body, body.length * 7L));
        return Arbitraries.oneOf(found, Arbitraries.longs().map(Entry::missing));
    }

    @Property(tries = 300)
    void whatWasWrittenIsRead(@ForAll("entries") Entry entry) {
        Entry read = EntryCodec.read(EntryCodec.write(entry)).orElseThrow();
        assertThat(read.body()).isEqualTo(entry.body());
        assertThat(read.gzip()).isEqualTo(entry.gzip());
        assertThat(read.found()).isEqualTo(entry.found());
        assertThat(read.etag()).isEqualTo(entry.etag());
        assertThat(read.computeMicros()).isEqualTo(entry.computeMicros());
    }

    @Property(tries = 500)
    void noiseIsNothing(@ForAll byte[] noise) {
        assertThat(EntryCodec.read(noise)).isEmpty();
    }

    @Property(tries = 500)
    void noiseBehindOurOwnFirstBytesIsNothing(@ForAll byte[] noise) {
        byte[] posing = new byte[noise.length + 2];
        posing[0] = 'H';
        posing[1] = EntryCodec.VERSION;
        System.arraycopy(noise, 0, posing, 2, noise.length);
        assertThat(EntryCodec.read(posing)).isEmpty();
    }

    @Property(tries = 500)
    void aTruncatedEntryIsNothing(@ForAll("entries") Entry entry, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] whole = EntryCodec.write(entry);
        assertThat(EntryCodec.read(Arrays.copyOf(whole, at % whole.length))).isEmpty();
    }

    @Property(tries = 500)
    void anEntryWithBytesBehindItIsNothing(
            @ForAll("entries") Entry entry, @ForAll @IntRange(min = 1, max = 99) int more) {
        byte[] whole = EntryCodec.write(entry);
        assertThat(EntryCodec.read(Arrays.copyOf(whole, whole.length + more))).isEmpty();
    }

    @Property(tries = 1000)
    void aFlippedBitMakesItNothing(@ForAll("entries") Entry entry, @ForAll @LongRange(min = 0) long bit) {
        byte[] bytes = EntryCodec.write(entry);
        int at = (int) (bit % (bytes.length * 8L));
        bytes[at / 8] ^= (byte) (1 << at % 8);
        assertThat(EntryCodec.read(bytes)).isEmpty();
    }

    @Property(tries = 300)
    void anEntryOverwrittenInTheMiddleIsNothing(@ForAll("entries") Entry entry, @ForAll long seed) {
        byte[] bytes = EntryCodec.write(entry);
        var random = new Random(seed);
        int from = random.nextInt(bytes.length);
        byte[] over = new byte[1 + random.nextInt(bytes.length - from)];
        random.nextBytes(over);
        byte[] before = bytes.clone();
        System.arraycopy(over, 0, bytes, from, over.length);
        if (!Arrays.equals(before, bytes)) {
            assertThat(EntryCodec.read(bytes)).isEmpty();
        }
    }

    @Test
    void anotherVersionIsNothing() {
        byte[] bytes = EntryCodec.write(Entry.of("x".getBytes(UTF_8), 1));
        bytes[1]++;
        assertThat(EntryCodec.read(bytes)).isEmpty();
    }

    @Test
    void lengthsThatWouldOverflowAreNothing() {
        byte[] bytes = EntryCodec.write(Entry.of("x".getBytes(UTF_8), 1));
        int lengths = 3 + 32 + 8;
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, Integer.MAX_VALUE - 50}) {
            java.nio.ByteBuffer.wrap(bytes).putInt(lengths, length).putInt(lengths + 4, length);
            assertThat(EntryCodec.read(bytes)).isEmpty();
        }
    }
}

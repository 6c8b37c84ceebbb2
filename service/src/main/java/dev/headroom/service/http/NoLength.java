package dev.headroom.service.http;

import io.helidon.common.GenericType;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.mapper.Value;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderValues;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The length of an answer that has none by its status. Helidon 4.1.7 insists on a length of 0 there, and HTTP forbids it: a
 * 304 with another length than that of the 200 would have a cache forget the body that it was to keep. So this one is
 * there, and writes nothing.
 */
final class NoLength implements Header {
    private static final Header ZERO = HeaderValues.CONTENT_LENGTH_ZERO;

    @Override
    public void writeHttp1Header(BufferData head) {
        // That is what it is for.
    }

    @Override
    public String name() {
        return ZERO.name();
    }

    @Override
    public HeaderName headerName() {
        return ZERO.headerName();
    }

    @Override
    public List<String> allValues() {
        return ZERO.allValues();
    }

    @Override
    public int valueCount() {
        return ZERO.valueCount();
    }

    @Override
    public boolean sensitive() {
        return ZERO.sensitive();
    }

    @Override
    public boolean changing() {
        return ZERO.changing();
    }

    @Override
    public String get() {
        return ZERO.get();
    }

    @Override
    public <N> Value<N> as(Class<N> type) {
        return ZERO.as(type);
    }

    @Override
    public <N> Value<N> as(GenericType<N> type) {
        return ZERO.as(type);
    }

    @Override
    public <N> Value<N> as(Function<? super String, ? extends N> mapper) {
        return ZERO.as(mapper);
    }

    @Override
    public Optional<String> asOptional() {
        return ZERO.asOptional();
    }

    @Override
    public Value<Boolean> asBoolean() {
        return ZERO.asBoolean();
    }

    @Override
    public Value<String> asString() {
        return ZERO.asString();
    }

    @Override
    public Value<Integer> asInt() {
        return ZERO.asInt();
    }

    @Override
    public Value<Long> asLong() {
        return ZERO.asLong();
    }

    @Override
    public Value<Double> asDouble() {
        return ZERO.asDouble();
    }
}

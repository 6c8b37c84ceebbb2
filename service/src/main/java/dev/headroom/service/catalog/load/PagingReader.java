package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import java.util.List;

/** Reads {@code paging}: it brings the parameters {@code limit} and {@code offset}. */
final class PagingReader {
    static final String LIMIT = "limit";
    static final String OFFSET = "offset";
    private static final long STANDARD_MAXIMUM = 1000;
    private static final String ALL = "all";

    private PagingReader() {}

    static List<Parameter> read(YamlMap paging) {
        boolean all = paging.text("default").equals(ALL);
        long most = paging.number("maximum", all ? Integer.MAX_VALUE : STANDARD_MAXIMUM, 1, Integer.MAX_VALUE);
        Long standard = all ? null : Long.valueOf(paging.number("default", most, 1, most));
        return List.of(
                parameter(LIMIT, standard, most, "How many rows at most; all of them unless given.", paging),
                parameter(OFFSET, 0L, Long.MAX_VALUE, "How many rows to skip.", paging));
    }

    private static Parameter parameter(
            String name,
            @org.jspecify.annotations.Nullable Long standard,
            long most,
            String description,
            YamlMap paging) {
        String said = standard == null || name.equals(OFFSET) ? description : "How many rows at most.";
        return new Parameter(
                name,
                Parameter.In.QUERY,
                ParameterType.BIGINT,
                false,
                false,
                standard,
                new Parameter.Bounds(0L, most, 0, 1, List.of()),
                said,
                paging.place());
    }
}

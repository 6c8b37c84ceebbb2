package dev.headroom.service.documents;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was read from one file: the fields and blocks that are answered, and what of it could not be read. */
record Document(
        String identity,
        Map<String, @Nullable Object> fields,
        List<Map<String, @Nullable Object>> blocks,
        List<String> mistakes) {}

package dev.headroom.service.http.exchange;

import dev.headroom.service.catalog.PathPattern;
import java.util.List;

/**
 * A path that answers.
 *
 * @param produces media types of its answers, the favourite first
 * @param opened whether it answers only once the catalogs are open, because the database was reached and asked
 */
public record Route(PathPattern pattern, List<String> produces, boolean opened, Target target) {

    /** Computes the answer to a GET; HEAD is the same without the body. */
    @FunctionalInterface
    public interface Target {
        Reply answer(Call call);
    }

    /** A page that is in memory already. */
    public static Route page(String path, List<String> produces, Target target) {
        return new Route(PathPattern.parse(path), produces, false, target);
    }
}

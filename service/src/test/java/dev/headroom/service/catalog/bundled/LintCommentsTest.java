package dev.headroom.service.catalog.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.service.catalog.BundledCatalog;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of an implementation is answered without its lint comments, as Python's re.sub(r"\s*# noqa:[^\n]*", "", code). */
class LintCommentsTest {
    /** Python's \s for text, written out. */
    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

    private static final Pattern COMMENT = Pattern.compile(SPACE + "*# noqa:[^\\n]*");

    private static BundledCatalog plots;
    private static Connection connection;

    @BeforeAll
    static void rows() throws SQLException {
        plots = BundledCatalog.migrated("plots").fill("plots.sql");
        connection = plots.postgres().connect();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
        plots.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("import x  # noqa: E402\nplot(x)\n", "import x\nplot(x)\n"),
                Arguments.of("x = 1 # noqa: A\ny = 2\t# noqa: B\n", "x = 1\ny = 2\n"),
                Arguments.of("a\n\n\n  # noqa: E1\nb", "a\nb"),
                Arguments.of("# noqa: all of it", ""),
                Arguments.of("a # noqa: one # noqa: two\nb", "a\nb"),
                Arguments.of("a # noqa: E1\r\nb\r\n", "a\nb\r\n"),
                Arguments.of("a # noqa\nb", "a # noqa\nb"),
                Arguments.of("a #noqa: E1\nb", "a #noqa: E1\nb"),
                Arguments.of("a # NOQA: E1\nb", "a # NOQA: E1\nb"),
                Arguments.of("a # noqa:", "a"),
                Arguments.of("s = '# noqa: kept as the original does not keep it'", "s = '"),
                Arguments.of("a\u00a0\u2003\u3000\u0085\u2028\u001f# noqa: x", "a"),
                Arguments.of("a\u200b# noqa: x", "a\u200b"),
                Arguments.of("a\u180e# noqa: x", "a\u180e"),
                Arguments.of("a # noqa: \u2028 still the comment\nb", "a\nb"),
                Arguments.of("a \u000b\f # noqa: x", "a"),
                Arguments.of("'''\\1 \\0 & $1''' # noqa: x", "'''\\1 \\0 & $1'''"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lintCommentsAndTheSpaceBeforeThemAreLeftOut(String code, String answered) throws Exception {
        assertThat(COMMENT.matcher(code).replaceAll("")).isEqualTo(answered);
        assertThat(answersTo(code)).containsOnly(answered);
    }

    @Test
    void anyCodeIsAnsweredAsPythonWould() throws Exception {
        Random random = new Random(1);
        List<String> pieces = List.of(
                " ", "\n", "\t", "\r", "#", "# noqa:", "# noqa", "noqa:", "x", " ", "\u00a0", "\u2029", "\u200b",
                "\u001c", "é", "🙂", ":", "\\", "(", "\u000b");
        for (int i = 0; i < 300; i++) {
            StringBuilder code = new StringBuilder("x");
            for (int n = random.nextInt(25); n > 0; n--) {
                code.append(pieces.get(random.nextInt(pieces.size())));
            }
            assertThat(answersTo(code.toString()))
                    .as(code.toString())
                    .containsOnly(COMMENT.matcher(code).replaceAll(""));
        }
    }

    /** With the library's own language, and with one that is given. */
    private static List<String> answersTo(String code) throws SQLException, IOException {
        try (PreparedStatement update = connection.prepareStatement(
                "update plots.impls set code = ? where spec_id = 'scatter-basic' and library_id = 'matplotlib'")) {
            update.setString(1, code);
            update.executeUpdate();
        }
        return List.of(
                answer("/specs/scatter-basic/matplotlib/code"),
                answer("/specs/scatter-basic/matplotlib/code?language=python"));
    }

    private static String answer(String request) throws IOException {
        return new ObjectMapper()
                .readTree(plots.get(request).orElseThrow())
                .get("code")
                .asText();
    }
}

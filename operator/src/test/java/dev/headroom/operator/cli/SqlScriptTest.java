package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.insight.Name;
import dev.headroom.operator.cli.Report.Style;
import dev.headroom.support.VisibleText;
import dev.headroom.testkit.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a name, a script has the lines that were asked for and the server gets the name. */
class SqlScriptTest {

    private static final Connection CONNECTION = connect();

    private static Connection connect() {
        try {
            return TestPostgres.database().connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Provide
    Arbitrary<String> oddTexts() {
        Arbitrary<String> odd = Arbitraries.of(
                "\n",
                "\r",
                "\r\n",
                "\t",
                "\u000b",
                "\f",
                "\u0085",
                "\u2028",
                "\u2029",
                "\u202e",
                "\u2066",
                "\u200b",
                "\u001b[2J",
                "\u0001",
                "\u007f",
                "\ufeff",
                "*/",
                "/*",
                "--",
                ";",
                "\\",
                "\\!",
                "\n\\! touch /tmp/x\n",
                "\n\\copy t from program 'id'\n",
                "'",
                "''",
                "\"",
                "\"\"",
                "$$",
                "$a$",
                "$",
                "E'",
                "e'\\",
                "U&\"",
                ":x",
                ":'x'",
                ":\"x\"",
                "::",
                "(",
                ")",
                "\n; DROP TABLE victim; --",
                "\n-- ",
                "é",
                "尢",
                "🐘",
                "\udb40\udc41");
        Arbitrary<String> plain = Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(4);
        return Arbitraries.oneOf(odd, plain)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> "n" + String.join("", parts));
    }

    @Property(tries = 1000)
    void aCommentIsOneLine_andNothingForPsql(@ForAll("oddTexts") String text, @ForAll String any) {
        for (String each : List.of(text, any)) {
            SqlScript script = new SqlScript();
            script.comment(Style.PLAIN, "Warning " + each);

            assertThat(script.lines()).singleElement().satisfies(SqlScriptTest::isOneComment);
        }
    }

    @Property(tries = 1000)
    void aSuggestionIsNothingButComments_alsoWithOddNames(
            @ForAll("oddTexts") String name, @ForAll("oddTexts") String raw) {
        SqlScript script = new SqlScript();
        script.commentedSql("CREATE INDEX \"i\" ON ONLY " + Name.quote(name) + " (a);\nALTER INDEX " + Name.quote(name)
                + " ATTACH PARTITION \"i\"; -- for a moment");
        script.commentedSql(raw);

        assertThat(script.lines()).hasSizeGreaterThanOrEqualTo(3).allSatisfy(SqlScriptTest::isOneComment);
        PsqlReader.Read uncommented = PsqlReader.read(script.lines().get(0).substring(2) + "\n"
                + script.lines().get(1).substring(2));
        assertThat(uncommented.statements()).as("taken out of its comment").hasSize(2);
        assertThat(uncommented.commands()).isEmpty();
    }

    @Property(tries = 1000)
    void aStatementIsOneLine_andPsqlSendsNothingElse(@ForAll("oddTexts") String name, @ForAll("oddTexts") String text) {
        SqlScript script = new SqlScript();
        script.statement(statement(name, text));

        String line = script.lines().getLast();
        assertThat(line.codePoints().filter(VisibleText::isHidden)).isEmpty();
        assertThat(PsqlReader.read(line))
                .isEqualTo(new PsqlReader.Read(List.of(line.substring(0, line.length() - 1)), List.of(), ""));
    }

    @Property(tries = 300)
    void theServerReadsTheNameAndTheTextThatWereMeant(@ForAll("oddTexts") String name, @ForAll("oddTexts") String text)
            throws SQLException {
        SqlScript script = new SqlScript();
        script.statement(statement(name, text));

        try (Statement statement = CONNECTION.createStatement();
                ResultSet row = statement.executeQuery(script.lines().getLast())) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(text);
            if (name.getBytes(StandardCharsets.UTF_8).length <= 63) {
                assertThat(row.getMetaData().getColumnLabel(1)).isEqualTo(name);
            }
        }
    }

    @Test
    void tokensKeepTheirMeaning() {
        SqlScript script = new SqlScript();
        script.statement(
                "SELECT\n  E'a\\'\n\\\\', $x$it's\n$x$, a::text, b[1:n], date'2026-01-01', U&'\\00e4' /* no */ -- no");

        assertThat(script.lines())
                .containsExactly(
                        "SELECT   E'a\\'\\n\\\\', E'it''s\\n', a::text, b[1: n], date'2026-01-01', U&'\\00e4';");
    }

    @Test
    void theEncodingIsNamedBeforeTheFirstStatementThatNeedsIt() {
        SqlScript script = new SqlScript();
        script.comment(Style.PLAIN, "größe");
        script.statement("SELECT 1");
        assertThat(script.lines()).doesNotContain(SqlScript.ENCODING);

        script.statement("DROP INDEX \"größe\"");
        assertThat(script.lines())
                .containsExactly("-- größe", SqlScript.ENCODING, "SELECT 1;", "DROP INDEX \"größe\";");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; DROP TABLE a",
                "SELECT 1) ; (",
                "SELECT (1",
                "SELECT 'a",
                "SELECT \"a",
                "SELECT $$ a",
                "SELECT /* a",
                "SELECT 1 \\! id",
                "SELECT a\u202e",
                "SELECT U&'\n'",
                "SELECT '\0'",
                "  "
            })
    void whatIsNotOneStatementIsRefused(String sql) {
        assertThatThrownBy(() -> new SqlScript().statement(sql))
                .isInstanceOf(SqlScript.UnsafeSql.class)
                .hasMessageStartingWith("cannot be printed as SQL: ");
    }

    private static String statement(String name, String text) {
        return "SELECT '" + text.replace("'", "''") + "' AS " + Name.quote(name);
    }

    private static void isOneComment(String line) {
        assertThat(line).startsWith("--");
        assertThat(line.codePoints().filter(VisibleText::isHidden)).isEmpty();
        assertThat(PsqlReader.read(line)).isEqualTo(new PsqlReader.Read(List.of(), List.of(), ""));
    }
}

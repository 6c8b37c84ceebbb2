package dev.headroom.service.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTokenizerTest {
    private static final Place PLACE = new Place("a.sql", 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ':not'",
                "select 'it''s :not'",
                "select E'it\\'s :not'",
                "select e'\\\\'",
                "select E'it''s \\' :not'",
                "select E'''\\' :not'",
                "select ''",
                "select U&'d\\0061t :not'",
                "select \":not\"",
                "select \"a\"\":not\"",
                "select $$ :not ' $$",
                "select $a$ $$ :not $b$ $a$",
                "select '{not}'::jsonb",
                "select a$b$c from t",
                "select x::int",
                "select array[1,2,3][1:2]",
                "select a[lo:hi] from t",
                "select a[lo : hi] from t",
                "select a[f(lo):hi], a[(lo):hi], a[b[1]:hi], a[\"lo\":hi], a[lo::int:hi] from t",
                "select array[a[lo:hi]]",
                "select f(a := 1)",
                "select $q$ ? $q$",
                "select 'a' '?'"
            })
    void whatOnlyLooksLikeAParameterIsSentAsItStands(String sql) {
        SqlTemplate.Parsed parsed = SqlTemplate.statement(sql, PLACE);
        assertThat(parsed.mistakes()).isEmpty();
        assertThat(parsed.template().placeholders()).isEmpty();
        assertThat(parsed.template().text().sql()).isEqualTo(sql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "select :id # select ? # id",
                "select :id::uuid # select ?::uuid # id",
                "select '\\' || :a # select '\\' || ? # a",
                "select a<:b # select a<? # b",
                "select E'\\\\' || :a # select E'\\\\' || ? # a",
                "select a[1 : :n] # select a[1 : ?] # n",
                "select a[lo: :n] # select a[lo: ?] # n",
                "select a[:n] # select a[?] # n",
                "select a[:n:hi] # select a[?:hi] # n",
                "select a[f(1, :n):hi] # select a[f(1, ?):hi] # n",
                "select array[x, :n] # select array[x, ?] # n",
                "select array [:n, x] # select array [?, x] # n",
                "select array[[1, x], [2, :n]] # select array[[1, x], [2, ?]] # n",
                "select array[case when b then :n end] # select array[case when b then ? end] # n",
                "select a[case when b then :n end] # select a[case when b then ? end] # n",
                "select my_array[lo:hi] || :n # select my_array[lo:hi] || ? # n",
                "select doc ? 'k' and x = :x # select doc ?? 'k' and x = ? # x",
                "select doc ?| array['k'] and x = :x # select doc ??| array['k'] and x = ? # x",
                "select name'' || :x # select name'' || ? # x"
            })
    void parametersBecomeQuestionMarks(String sql, String expected, String parameter) {
        SqlText text = SqlTemplate.statement(sql, PLACE).template().text();
        assertThat(text.sql()).isEqualTo(expected);
        assertThat(text.parameters()).containsExactly(parameter);
    }

    @Test
    void commentsAreNotSentButTheirLinesAre() {
        SqlText text = SqlTemplate.statement("""
                select 1 -- it's :not a parameter
                  /* nor :this
                     /* or :that */ */
                  , :id
                """, PLACE).template().text();
        assertThat(text.parameters()).containsExactly("id");
        assertThat(text.sql()).doesNotContain("not", "nor").contains("\n");
        assertThat(text.placeOf(text.sql().indexOf('?'))).isEqualTo(new Place("a.sql", 4));
    }

    @Test
    void tablesAndSlotsAreFoundOutsideOfStrings() {
        SqlTemplate template = SqlTemplate.statement(
                        "select '{no}' from {tasks} where {{filters}} order by {{ order }};\n-- the end", PLACE)
                .template();
        assertThat(template.tables()).containsExactly("tasks");
        assertThat(template.takesFilters()).isTrue();
        assertThat(template.takesOrder()).isTrue();
        assertThat(template.resolve(table -> "\"s\".\"" + table + '"').text().sql())
                .startsWith("select '{no}' from \"s\".\"tasks\" where true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select 'open | a string is never closed",
                "select \"open | a quoted name is never closed",
                "select $a$ open | a string quoted with $a$ is never closed",
                "select /* /* open */ | a comment is never closed",
                "select (1 | an opening parenthesis is never closed",
                "select 1) | a closing parenthesis too many",
                "select 1; select 2 | a second statement after the semicolon",
                "select $1 | numbered parameters are not understood",
                "select {not a table} | a brace outside of a string",
                "select {{limit}} | there is no slot {{limit}}",
                "-- nothing | there is no SQL here"
            })
    void mistakesAreTold(String sql, String message) {
        assertThat(SqlTemplate.statement(sql, PLACE).mistakes())
                .extracting(Mistake::message)
                .contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a = :a; drop table t", "a = :a) or (true", "a = {{filters}}", "a = 'open", "a = :a /* open"})
    void aPredicateIsOneExpression(String predicate) {
        assertThat(SqlTemplate.predicate(predicate, PLACE).mistakes()).isNotEmpty();
    }

    @Test
    void aCommentAtTheEndOfAPredicateDoesNotSwallowWhatFollows() {
        SqlTemplate statement = SqlTemplate.statement("select 1 where {{filters}} limit 1", PLACE)
                .template();
        SqlTemplate predicate = SqlTemplate.predicate("a = :a -- why", PLACE).template();
        assertThat(SqlWriter.write(statement, List.of(predicate, predicate), "").sql())
                .isEqualTo("select 1 where (a = ?  ) and (a = ?  ) limit 1");
    }
}

package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlExpressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lower(title)",
                "status = 'open'",
                "status = 'it''s; -- not /* a comment'",
                "note = E'a\\'b; c'",
                "note = $$ ; ) -- $$",
                "note = $tag$ $$ ; $tag$",
                "\"odd;name\" is not null",
                "\"a\"\"b)\" > 0",
                "coalesce(a, b, 'c,d')",
                "(doc -> 'tags') ? 'x'",
                "n = any (array[1, 2])",
                "a$b$ = 1",
                "größe > 1"
            })
    void oneExpressionIsAccepted(String expression) {
        assertThat(SqlExpression.problem(expression)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a) , (b",
                "a) where (true",
                "a, b",
                "a; drop table tasks",
                "a -- rest",
                "a /* rest",
                "lower(a",
                "a[1",
                "a]",
                "'unfinished",
                "E'unfinished\\'",
                "\"unfinished",
                "$x$ unfinished",
                "a = $1",
                "a\0b",
                "   "
            })
    void whatIsNotOneExpressionIsRefusedWithAReason(String expression) {
        assertThat(SqlExpression.problem(expression)).isPresent();
    }
}

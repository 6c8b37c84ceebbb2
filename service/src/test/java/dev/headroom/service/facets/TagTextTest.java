package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagTextTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "text,PLAIN",
                "varchar,PLAIN",
                "_text,ARRAY",
                "_varchar,ARRAY",
                "json,JSON",
                "jsonb,JSON",
                "\"plots\".\"mood\",PLAIN",
                "\"plots\".\"_mood\",ARRAY"
            })
    void theTypeOfTheColumnSaysHowItsTextIsRead(String type, TagText.Form form) {
        assertThat(TagText.Form.of(type)).isEqualTo(form);
    }

    @Test
    void plainTextIsOneValueWhateverItHolds() {
        assertThat(TagText.values(TagText.Form.PLAIN, "{a,\"b\"}")).containsExactly("{a,\"b\"}");
    }

    @Test
    void arraysAreReadWithQuotesEscapesBoundsAndNulls() {
        assertThat(array("{}")).isEmpty();
        assertThat(array("{a,b:c,NULL,\"NULL\"}")).containsExactly("a", "b:c", "NULL");
        assertThat(array("{\"b c\",\"q\\\"q\",\"b\\\\s\",\"{,}\",\"\"}"))
                .containsExactly("b c", "q\"q", "b\\s", "{,}", "");
        assertThat(array("[0:1]={x,y}")).containsExactly("x", "y");
    }

    @Test
    void jsonIsAStringOrAnArrayOfThem() {
        assertThat(json("\"bar chart\"")).containsExactly("bar chart");
        assertThat(json("[\"a\", \"b, ]c\" ,\"\"]")).containsExactly("a", "b, ]c", "");
        assertThat(json("[]")).isEmpty();
        assertThat(json("[\"q\\\"q\", \"\\\\\", \"\\u00e9\\n\\/\", \"\\ud83d\\ude00\"]"))
                .containsExactly("q\"q", "\\", "é\n/", "\uD83D\uDE00");
    }

    @Test
    void whatIsNoTagInJsonIsSkipped() {
        assertThat(json("null")).isEmpty();
        assertThat(json("{\"a\": \"b\", \"c\": [\"d\"]}")).isEmpty();
        assertThat(json("[1, 2.5, true, null, {\"x\": \"y\"}, [\"z\"], \"a\"]")).containsExactly("1", "2.5", "a");
    }

    private static List<String> array(String text) {
        return TagText.values(TagText.Form.ARRAY, text);
    }

    private static List<String> json(String text) {
        return TagText.values(TagText.Form.JSON, text);
    }
}

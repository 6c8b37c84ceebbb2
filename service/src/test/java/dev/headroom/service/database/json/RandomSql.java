package dev.headroom.service.database.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Types of PostgreSQL, each with random values of it as SQL expressions. */
record RandomSql(String type, Arbitrary<String> literals) {

    static final List<RandomSql> ALL = List.of(
            new RandomSql("bool", Arbitraries.of("true", "false")),
            new RandomSql("int2", longs(Short.MIN_VALUE, Short.MAX_VALUE)),
            new RandomSql("int4", longs(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            new RandomSql("int8", longs(Long.MIN_VALUE, Long.MAX_VALUE)),
            new RandomSql("numeric", oneOf(numerics(), "NaN", "Infinity", "-Infinity", "0.000", "1e100")),
            new RandomSql(
                    "float4", oneOf(Arbitraries.floats().map(String::valueOf), "NaN", "Infinity", "-Infinity", "-0")),
            new RandomSql(
                    "float8",
                    oneOf(Arbitraries.doubles().map(String::valueOf), "NaN", "Infinity", "-Infinity", "1e-300")),
            new RandomSql("text", texts()),
            new RandomSql("varchar(30)", texts().map(text -> cut(text, 30))),
            new RandomSql("char(7)", texts().map(text -> cut(text, 7))),
            new RandomSql("name", texts().map(text -> cut(text, 12))),
            new RandomSql(
                    "uuid",
                    Arbitraries.randomValue(random -> new java.util.UUID(random.nextLong(), random.nextLong()))
                            .map(String::valueOf)),
            new RandomSql("date", oneOf(dates(), "infinity", "-infinity")),
            new RandomSql("time", oneOf(times(), "24:00:00")),
            new RandomSql("timetz", Combinators.combine(times(), offsets()).as(String::concat)),
            new RandomSql("timestamp", oneOf(stamps(), "infinity", "-infinity")),
            new RandomSql(
                    "timestamptz",
                    oneOf(Combinators.combine(stamps(), offsets()).as(RandomSql::zoned), "infinity", "-infinity")),
            new RandomSql(
                    "interval",
                    Combinators.combine(longs(-400, 400), longs(-99_999_999, 99_999_999))
                            .as((days, millis) -> days + " days " + millis + " milliseconds")),
            new RandomSql("json", texts().map(text -> " {\"k\" : " + jsonString(text) + ",\n \"n\":[1, 2.50, null]}")),
            new RandomSql("jsonb", texts().map(text -> "{\"k\": [" + jsonString(text) + ", 1.50, true, {}]}")),
            new RandomSql("inet", Arbitraries.of("10.0.0.1", "10.1.0.0/16", "::1", "fe80::1/64")),
            new RandomSql("mood", Arbitraries.of("sad", "a \"quoted\\ one", "über, allem")),
            new RandomSql("positive", longs(1, 1000)),
            new RandomSql("int4range", Arbitraries.of("[1,5)", "empty", "(,7)", "[3,)")),
            new RandomSql("tstzrange", Arbitraries.of("[2024-01-01 00:00+00,2024-02-01 10:00+02)", "empty")),
            new RandomSql("int4multirange", Arbitraries.of("{[1,3),[5,9)}", "{}")),
            new RandomSql("oid", longs(0, 4_000_000_000L)),
            new RandomSql("bit varying(8)", Arbitraries.of("1010", "", "11111111")),
            new RandomSql("point", Arbitraries.of("(1,2)", "(1.5,-2e10)")),
            new RandomSql("int2vector", Arbitraries.of("1 2 3", "", "7")),
            new RandomSql("oidvector", Arbitraries.of("1 2 3", "26")),
            new RandomSql("tsvector", Arbitraries.of("'a':1 'cat':3", "")),
            new RandomSql("int4[]", arrays(longs(-9, 99_999))),
            new RandomSql(
                    "int8[]",
                    Arbitraries.of("{{1,2},{NULL,4}}", "{{{1}},{{2}}}", "{}", "[0:1]={5,6}", "[-1:0][2:2]={{5},{6}}")),
            new RandomSql("text[]", arrays(texts())),
            new RandomSql("numeric[]", arrays(oneOf(numerics(), "NaN"))),
            new RandomSql("bool[]", arrays(Arbitraries.of("t", "f"))),
            new RandomSql("timestamptz[]", arrays(oneOf(stamps().map(stamp -> zoned(stamp, "+00")), "infinity"))),
            new RandomSql("jsonb[]", arrays(texts().map(text -> "{\"k\":" + jsonString(text) + "}"))),
            new RandomSql("mood[]", arrays(Arbitraries.of("sad", "a \"quoted\\ one", "über, allem"))),
            new RandomSql("positive[]", arrays(longs(1, 9))),
            new RandomSql("box[]", Arbitraries.of("{(1,2),(0,0);(3,4),(0,0)}", "{}")),
            new RandomSql("hstore", hstores()),
            new RandomSql("hstore[]", arrays(hstores())),
            new RandomSql("tagged", hstores().map(pairs -> "(" + inRow(pairs) + ")")),
            new RandomSql("labels", hstores()),
            new RandomSql("pair", pairs()),
            new RandomSql("pair[]", arrays(pairs())),
            new RandomSql(
                    "nest",
                    Combinators.combine(pairs(), arrays(texts()))
                            .as((pair, texts) -> "(" + inRow(pair) + "," + inRow(texts) + ",)")));

    /** What has to exist in the database for these types, beside the extension hstore. */
    static final String TYPES = """
            create domain labels as hstore;
            create type tagged as (tags hstore);
            create type mood as enum ('sad', 'a "quoted\\ one', 'über, allem');
            create domain positive as int check (value > 0);
            create type pair as ("left ""side\""" text, at timestamptz, n positive);
            create type nest as (p pair, t text[], nothing jsonb);""";

    /** An expression of the type; now and then null. */
    Arbitrary<String> expressions() {
        return literals.map(literal -> "'" + literal.replace("'", "''") + "'::" + type)
                .injectNull(0.1)
                .map(expression -> expression == null ? "null::" + type : expression);
    }

    private static Arbitrary<String> longs(long least, long most) {
        return Arbitraries.longs().between(least, most).map(String::valueOf);
    }

    private static Arbitrary<String> numerics() {
        return Combinators.combine(
                        Arbitraries.bigIntegers()
                                .between(BigInteger.TWO.pow(120).negate(), BigInteger.TWO.pow(120)),
                        Arbitraries.integers().between(0, 40))
                .as((digits, scale) -> new BigDecimal(digits, scale).toPlainString());
    }

    /** Every character that PostgreSQL takes, those that JSON, arrays or row values treat specially more often. */
    private static Arbitrary<String> texts() {
        Arbitrary<String> characters = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.chars().range(' ', '~').map(String::valueOf)),
                Tuple.of(3, Arbitraries.of("\"", "\\", ",", "{", "}", "(", ")", "NULL", "'", "?", " ", ":", "")),
                Tuple.of(2, Arbitraries.chars().range('\u0001', '\u001f').map(String::valueOf)),
                Tuple.of(2, Arbitraries.chars().range('\u007f', '\ud7ff').map(String::valueOf)),
                Tuple.of(1, Arbitraries.integers().between(0x1f300, 0x1faff).map(Character::toString)));
        return characters.list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    private static String cut(String text, int most) {
        return text.codePoints().limit(most).mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static Arbitrary<String> dates() {
        return Combinators.combine(longs(1, 9999), longs(1, 12), longs(1, 28), Arbitraries.of("", "", "", " BC"))
                .as((year, month, day, era) -> "%04d-%02d-%02d%s"
                        .formatted(
                                era.isEmpty() ? Long.valueOf(year) : Long.valueOf(year) % 4700 + 1,
                                Long.valueOf(month),
                                Long.valueOf(day),
                                era));
    }

    private static Arbitrary<String> times() {
        return Combinators.combine(longs(0, 86_399), Arbitraries.of(0L, 1L, 120L, 999_999L, 500_000L))
                .as((seconds, micros) -> java.time.LocalTime.ofSecondOfDay(Long.parseLong(seconds))
                        .plusNanos(micros * 1000)
                        .toString());
    }

    private static Arbitrary<String> offsets() {
        return Arbitraries.of("+00", "+05:30", "-08", "+14");
    }

    private static Arbitrary<String> stamps() {
        return Combinators.combine(dates(), times())
                .as((date, time) ->
                        date.endsWith(" BC") ? date.replace(" BC", "") + " " + time + " BC" : date + " " + time);
    }

    private static String zoned(String stamp, String offset) {
        return stamp.endsWith(" BC") ? stamp.replace(" BC", offset + " BC") : stamp + offset;
    }

    private static Arbitrary<String> arrays(Arbitrary<String> elements) {
        return elements.injectNull(0.2)
                .list()
                .ofMaxSize(4)
                .map(list -> list.stream()
                        .map(element -> element == null ? "NULL" : quoted(element))
                        .collect(Collectors.joining(",", "{", "}")));
    }

    private static Arbitrary<String> hstores() {
        Arbitrary<String> pair = Combinators.combine(texts(), texts().injectNull(0.2))
                .as((key, value) -> quoted(key) + "=>" + (value == null ? "NULL" : quoted(value)));
        return pair.list().ofMaxSize(4).map(pairs -> String.join(",", pairs));
    }

    private static Arbitrary<String> pairs() {
        return Combinators.combine(
                        texts().injectNull(0.2),
                        stamps().injectNull(0.2),
                        longs(1, 9).injectNull(0.2))
                .as((text, stamp, number) -> List.of(
                                text == null ? "" : inRow(text),
                                stamp == null ? "" : inRow(zoned(stamp, "+00")),
                                number == null ? "" : number)
                        .stream()
                        .collect(Collectors.joining(",", "(", ")")));
    }

    private static String quoted(String element) {
        return "\"" + element.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String inRow(String field) {
        return "\"" + field.replace("\\", "\\\\").replace("\"", "\"\"") + "\"";
    }

    private static Arbitrary<String> oneOf(Arbitrary<String> usual, String... special) {
        return Arbitraries.frequencyOf(Tuple.of(6, usual), Tuple.of(1, Arbitraries.of(special)));
    }

    private static String jsonString(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter == '"' || letter == '\\') {
                json.append('\\').append(letter);
            } else if (letter < 0x20) {
                json.append("\\u%04x".formatted((int) letter));
            } else {
                json.append(letter);
            }
        }
        return json.append('"').toString();
    }
}

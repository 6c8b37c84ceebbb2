package dev.headroom.operator.metrics;

/** Labels and numbers as Prometheus reads them. */
final class Labels {

    private Labels() {}

    /** {@code a="1",b="2"}, without the braces. */
    static String text(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("labels are names and values in turn");
        }
        String text = "";
        for (int i = 0; i < labels.length; i += 2) {
            text = and(text, labels[i], labels[i + 1]);
        }
        return text;
    }

    static String and(String labels, String name, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return (labels.isEmpty() ? "" : labels + ",") + name + "=\"" + escaped + "\"";
    }

    static void line(StringBuilder out, String name, String labels, double value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}

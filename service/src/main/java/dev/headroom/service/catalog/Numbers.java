package dev.headroom.service.catalog;

/** The bounds in force for a whole number: those declared, within those of its type. */
final class Numbers {
    private Numbers() {}

    static long minimum(Parameter parameter) {
        Long declared = parameter.bounds().minimum();
        long type = parameter.type() == ParameterType.INT ? Integer.MIN_VALUE : Long.MIN_VALUE;
        return declared == null ? type : Math.max(declared, type);
    }

    static long maximum(Parameter parameter) {
        Long declared = parameter.bounds().maximum();
        long type = parameter.type() == ParameterType.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
        return declared == null ? type : Math.min(declared, type);
    }
}

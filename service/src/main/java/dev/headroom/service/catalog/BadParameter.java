package dev.headroom.service.catalog;

/**
 * A request's parameter that cannot be used: names the parameter and what was expected, never repeats the value, since
 * the message goes into answers and logs.
 */
public final class BadParameter extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String expected;

    public BadParameter(String parameter, String expected) {
        super("parameter '" + parameter + "' must be " + expected, null, false, false);
        this.parameter = parameter;
        this.expected = expected;
    }

    public String parameter() {
        return parameter;
    }

    /** Completes the sentence "the parameter must be …". */
    public String expected() {
        return expected;
    }
}

package dev.headroom.testkit.process;

import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/** A server could not start because somebody else listens on its port. */
public final class AddressInUse extends IllegalStateException {

    private static final int TRIES = 5;

    private AddressInUse(String message) {
        super(message);
    }

    /** What a server that ended at its start is to be reported as, judged by what it said. */
    public static IllegalStateException orFailure(String output) {
        boolean inUse = output.contains("could not bind") || output.contains("ddress already in use");
        return inUse ? new AddressInUse(output) : new IllegalStateException(output);
    }

    /** Starts on other ports until one is free: between looking for a port and using it another JVM may take it. */
    public static <T> T tryPorts(IntSupplier ports, IntFunction<T> start) {
        for (int i = 1; i < TRIES; i++) {
            try {
                return start.apply(ports.getAsInt());
            } catch (AddressInUse e) {
                // the next one then
            }
        }
        return start.apply(ports.getAsInt());
    }
}

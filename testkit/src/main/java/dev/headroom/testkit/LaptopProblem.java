package dev.headroom.testkit;

/** Why {@code make run} cannot start, in words for whoever typed it. */
final class LaptopProblem extends RuntimeException {

    LaptopProblem(String message) {
        super(message);
    }
}

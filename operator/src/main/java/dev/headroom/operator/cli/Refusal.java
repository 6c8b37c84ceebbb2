package dev.headroom.operator.cli;

/** Something in the file or the arguments that a person has to change; the message is all there is to say. */
final class Refusal extends RuntimeException {

    Refusal(String message) {
        super(message);
    }
}

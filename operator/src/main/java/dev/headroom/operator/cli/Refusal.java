package dev.headroom.operator.cli;

import java.util.List;

/** Something in the file, the arguments or around the program that a person has to change; the message is all there is to say. */
public final class Refusal extends RuntimeException {

    private final List<String> problems;

    public Refusal(String problem) {
        this(List.of(problem));
    }

    public Refusal(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each a sentence of its own. */
    public List<String> problems() {
        return problems;
    }
}

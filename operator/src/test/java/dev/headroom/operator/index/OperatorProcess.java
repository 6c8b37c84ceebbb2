package dev.headroom.operator.index;

import java.util.List;

/** An operator in a process of its own, to be killed. */
final class OperatorProcess {
    private OperatorProcess() {}

    public static void main(String[] args) throws Exception {
        DirectAccess access = new DirectAccess(
                args[0], args[1], Integer.parseInt(args[2]), args[3], args[4], args[5], List.of("public"));
        try (TestOperator operator =
                TestOperator.as("shop", access).declare(Wanted.keys("ix", "tasks", Wanted.expression("slow(n)")))) {
            operator.settle();
        }
    }
}

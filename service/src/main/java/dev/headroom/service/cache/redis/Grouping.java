package dev.headroom.service.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Questions that come at the same moment, asked in one message: most of what a small question costs is the way there and
 * back. One that comes alone goes at once, on the thread that asks it; who comes while a message is under way waits for
 * its answer, and then one of them takes all the others along. Nobody waits for company.
 */
public final class Grouping<Q, A> {
    private final int largest;
    private final A none;
    private final Function<List<Q>, Optional<List<A>>> asking;
    private final Queue<Asker> waiting = new ConcurrentLinkedQueue<>();
    /** Who has it asks. */
    private final Semaphore turn = new Semaphore(1);

    private final class Asker {
        private final Q question;
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable A answer;

        Asker(Q question) {
            this.question = question;
        }

        void tell(A told) {
            answer = told;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Asks in groups from now on.
     *
     * @param largest how many questions go together
     * @param none the answer where nobody answers
     * @param asking asks all of them; the answers in the same order, or nothing where nobody answers: who waits behind
     *     them is told so as well, and does not wait for the same once more
     */
    public Grouping(int largest, A none, Function<List<Q>, Optional<List<A>>> asking) {
        this.largest = largest;
        this.none = none;
        this.asking = asking;
    }

    public A ask(Q question) {
        var me = new Asker(question);
        waiting.add(me);
        boolean interrupted = false;
        try {
            while (true) {
                boolean asked = turn.tryAcquire() && askForAll();
                A answer = me.answer;
                if (answer != null) {
                    return answer;
                }
                if (!asked) {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                    if (interrupted && waiting.remove(me)) {
                        wakeNext(); // the turn may have been offered to us just now
                        return none;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** With the turn: asks for everybody who waits, and wakes one who came meanwhile. Whether there was anybody. */
    private boolean askForAll() {
        List<Asker> group = new ArrayList<>();
        try {
            for (Asker next = waiting.poll(); next != null; next = group.size() < largest ? waiting.poll() : null) {
                group.add(next);
            }
            if (!group.isEmpty()) {
                answer(group);
            }
        } finally {
            turn.release();
            wakeNext();
        }
        return !group.isEmpty();
    }

    private void wakeNext() {
        Asker next = waiting.peek();
        if (next != null) {
            LockSupport.unpark(next.thread);
        }
    }

    private void answer(List<Asker> group) {
        List<A> answers = List.of();
        try {
            answers = asking.apply(group.stream().map(asker -> asker.question).toList())
                    .orElse(List.of());
        } finally {
            for (int at = 0; at < group.size(); at++) {
                group.get(at).tell(at < answers.size() ? answers.get(at) : none);
            }
            if (answers.isEmpty()) {
                for (Asker next = waiting.poll(); next != null; next = waiting.poll()) {
                    next.tell(none);
                }
            }
        }
    }
}

package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.control.ScrapeRound.ServerAnswer;
import dev.headroom.operator.capacity.control.ScrapeRound.ServerQuestion;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScrapeRoundTest {
    private static final Answers ANSWERS = new Answers(Map.of(), Map.of("pod", "status 404"));
    private static final MetricsSource PODS = pods -> ANSWERS;

    /** The pods' pages are what replicas are decided on. */
    @Test
    void aDatabaseThatHangsDoesNotKeepThePagesBack() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        ServerQuestion question = new ServerQuestion(new FailingAccess(answers), Set::of, _ -> List.of());

        ScrapeRound round = ScrapeRound.begin(PODS, List.of(), question, () -> {});

        assertThat(round.pods().await()).isEqualTo(ANSWERS);
        assertThat(round.server()).isNotNull();
        assertThat(round.server().ended()).isEmpty();
        answers.countDown();
        assertThat(round.server().await().failure().orElseThrow().getMessage()).isEqualTo("away");
    }

    @Test
    void aReadThatIsStoppedAnswersNothing() throws Exception {
        ServerQuestion question = new ServerQuestion(new FailingAccess(new CountDownLatch(1)), Set::of, _ -> List.of());
        MetricsSource hanging = pods -> {
            new CountDownLatch(1).await();
            return ANSWERS;
        };
        ScrapeRound round = ScrapeRound.begin(hanging, List.of(), question, () -> {});

        round.server().cancel(); // it waits for the pods
        ServerAnswer answer = round.server().await();
        round.pods().cancel();

        assertThat(answer.connections()).isEmpty();
        assertThat(answer.failure()).isEmpty();
        assertThat(round.pods().await().failures()).containsEntry("", "the operator is stopping");
    }

    /** Answers "away" when it is let. */
    private record FailingAccess(CountDownLatch answers) implements DatabaseAccess {
        @Override
        public DatabaseSpec spec() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection open(String purpose) throws SQLException {
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SQLException("away");
        }

        @Override
        public Connection openForWork(String purpose) {
            throw new UnsupportedOperationException();
        }
    }
}

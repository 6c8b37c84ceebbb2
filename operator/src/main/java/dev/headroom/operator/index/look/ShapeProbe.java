package dev.headroom.operator.index.look;

import dev.headroom.insight.Index;
import dev.headroom.insight.Indexes;
import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.index.look.LookSessions.Sessions;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Desired.Expectation;
import dev.headroom.operator.index.plan.WantedIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the server what it would store for a declaration: the index is created on an empty temporary copy of the table,
 * read back, and rolled back. Nobody else ever sees the copy, and nothing of it stays (docs/decisions/0061).
 *
 * <p>The copy has the table's own name, so that expressions that mention it mean the same. Answers are kept for as long
 * as declaration, columns and server stay the same: a resource at rest asks nothing.
 */
public final class ShapeProbe {
    private static final String PROBE = "headroom_probe_";
    private static final String RIGHTS_MISSING = "42501";

    private final Map<Question, Expectation> answers = new ConcurrentHashMap<>();

    private record Question(WantedIndex wanted, String columns, String server) {}

    /**
     * What is expected of each. The server is asked on one of the {@code sessions}, which must not be in a transaction, and only
     * if an answer is missing.
     */
    Map<WantedIndex, Expectation> ask(
            Sessions sessions, ServerFacts server, Collection<WantedIndex> wanted, Map<Name, TableFacts> tables)
            throws SQLException {
        Map<WantedIndex, Expectation> known = new HashMap<>();
        Map<Name, List<Question>> open = new LinkedHashMap<>();
        for (WantedIndex each : new LinkedHashSet<>(wanted)) {
            Question question = new Question(each, columns(tables, each.table()), server.identity());
            Expectation answer = answers.get(question);
            if (answer == null) {
                open.computeIfAbsent(each.table(), table -> new ArrayList<>()).add(question);
            } else {
                known.put(each, answer);
            }
        }
        if (!open.isEmpty()) {
            sessions.use(connection -> {
                for (Map.Entry<Name, List<Question>> each : open.entrySet()) {
                    answers(connection, server, each.getKey(), each.getValue()).forEach((question, answer) -> {
                        known.put(question.wanted(), answer);
                        // A refusal is asked again: a GRANT or a CREATE EXTENSION may have ended it.
                        if (answer instanceof Expectation.Known) {
                            answers.put(question, answer);
                        }
                    });
                }
            });
        }
        return known;
    }

    /** Forgets the answers about what is declared no longer. */
    void keepOnly(Collection<WantedIndex> wanted) {
        Set<WantedIndex> declared = Set.copyOf(wanted);
        answers.keySet().removeIf(question -> !declared.contains(question.wanted()));
    }

    private static Map<Question, Expectation> answers(
            Connection connection, ServerFacts server, Name table, List<Question> questions) throws SQLException {
        if (!server.mayProbe()) {
            return all(questions, new Expectation.Unknown(server.grantTemporary()));
        }
        connection.setAutoCommit(false);
        try {
            return onCopy(connection, table, questions);
        } catch (SQLException e) {
            if (!RIGHTS_MISSING.equals(e.getSQLState())) {
                throw e;
            }
            return all(questions, new Expectation.Unknown("it cannot be compared: " + ServerMessage.of(e)));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Map<Question, Expectation> onCopy(Connection connection, Name table, List<Question> questions)
            throws SQLException {
        Session.run(connection, Session.parsing(table.schema()));
        String copy = "pg_temp." + Name.quote(table.name());
        Rows.run(connection, "CREATE TEMPORARY TABLE " + copy + " (LIKE " + table.quoted() + ") ON COMMIT DROP");
        Map<Question, Expectation> answers =
                all(questions, new Expectation.Unknown("the server does not show what it would store"));
        Map<String, Question> created = new HashMap<>();
        for (Question question : questions) {
            String as = PROBE + created.size();
            Optional<String> refusal = refusal(connection, question.wanted().createOn(as, copy));
            refusal.ifPresentOrElse(
                    why -> answers.put(question, new Expectation.Rejected(why)), () -> created.put(as, question));
        }
        Session.run(connection, List.of(Session.OWN_NAMES));
        for (Index probe : probes(connection)) {
            Question question = created.get(probe.name().name());
            if (question != null) {
                answers.put(question, Expectation.Known.of(probe));
            }
        }
        return answers;
    }

    private static Optional<String> refusal(Connection connection, String create) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Rows.run(connection, create);
            return Optional.empty();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (connection.isClosed() || state.startsWith("57") || state.startsWith("08")) {
                throw e;
            }
            connection.rollback(before);
            return Optional.of(ServerMessage.of(e));
        }
    }

    private static Map<Question, Expectation> all(List<Question> questions, Expectation answer) {
        Map<Question, Expectation> answers = new HashMap<>();
        questions.forEach(question -> answers.put(question, answer));
        return answers;
    }

    private static List<Index> probes(Connection connection) throws SQLException {
        String schema = Rows.one(
                connection,
                "select nspname from pg_namespace where oid = pg_my_temp_schema()",
                row -> row.getString(1));
        return Indexes.of(connection, List.of(schema));
    }

    private static String columns(Map<Name, TableFacts> tables, Name table) {
        TableFacts facts = tables.get(table);
        return facts == null ? "" : facts.columns();
    }
}

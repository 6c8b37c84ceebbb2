package dev.headroom.insight.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.headroom.insight.Db;
import dev.headroom.insight.findings.Finding.Kind;
import dev.headroom.insight.findings.Finding.Severity;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we say of the sixteen indexes that the agents system was given by hand. */
class AgentsCatalogTest {
    private static final List<String> SIXTEEN = List.of(
            "agents (name)",
            "agents (agent_type)",
            "agents (is_active)",
            "agents (agent_type, is_active)",
            "messages (channel_id)",
            "messages (created_at)",
            "messages (author_id)",
            "messages (channel_id, created_at)",
            "workflows (status)",
            "workflows (created_at)",
            "workflows (channel_id)",
            "workflows (status, created_at)",
            "workflow_tasks (workflow_id)",
            "workflow_tasks (status)",
            "workflow_tasks (order_index)",
            "workflow_tasks (workflow_id, status)");

    private Db db;

    @BeforeEach
    void sixteenIndexes() throws SQLException {
        db = new Db(
                "create schema agents",
                "set search_path = agents",
                "create table agents (id uuid primary key, name varchar(100) unique, agent_type varchar(50), is_active boolean)",
                "create table channels (id uuid primary key, name text unique, dm_agent_id uuid references agents)",
                "create table messages (id uuid primary key, channel_id uuid references channels, author_id uuid,"
                        + " thread_id uuid references messages, created_at timestamptz)",
                "create table tasks (id uuid primary key, assigned_to uuid references agents, status text)",
                "create table workflows (id uuid primary key, orchestrator_id uuid references agents,"
                        + " channel_id uuid references channels, status text, created_at timestamptz)",
                "create table workflow_tasks (id uuid primary key, workflow_id uuid references workflows,"
                        + " agent_id uuid references agents, order_index int, status text)");
        for (String index : SIXTEEN) {
            db.execute("create index ix_" + index.replaceAll("\\W+", "_").replaceAll("_$", "") + " on " + index);
        }
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void fiveAreSuperfluousAndFiveForeignKeysHaveNone() throws SQLException {
        assertThat(findings())
                .extracting(Finding::kind, Finding::object, Finding::severity)
                .containsExactly(
                        tuple(Kind.DUPLICATE_INDEX, "agents.ix_agents_name", Severity.MEDIUM),
                        tuple(
                                Kind.FOREIGN_KEY_WITHOUT_INDEX,
                                "agents.channels channels_dm_agent_id_fkey",
                                Severity.LOW),
                        tuple(Kind.FOREIGN_KEY_WITHOUT_INDEX, "agents.messages messages_thread_id_fkey", Severity.LOW),
                        tuple(Kind.FOREIGN_KEY_WITHOUT_INDEX, "agents.tasks tasks_assigned_to_fkey", Severity.LOW),
                        tuple(
                                Kind.FOREIGN_KEY_WITHOUT_INDEX,
                                "agents.workflow_tasks workflow_tasks_agent_id_fkey",
                                Severity.LOW),
                        tuple(
                                Kind.FOREIGN_KEY_WITHOUT_INDEX,
                                "agents.workflows workflows_orchestrator_id_fkey",
                                Severity.LOW),
                        tuple(Kind.REDUNDANT_INDEX, "agents.ix_agents_agent_type", Severity.LOW),
                        tuple(Kind.REDUNDANT_INDEX, "agents.ix_messages_channel_id", Severity.LOW),
                        tuple(Kind.REDUNDANT_INDEX, "agents.ix_workflow_tasks_workflow_id", Severity.LOW),
                        tuple(Kind.REDUNDANT_INDEX, "agents.ix_workflows_status", Severity.LOW));
    }

    @Test
    void eachIsExplainedByWhatServesInstead() throws SQLException {
        assertThat(findings().getFirst().evidence())
                .startsWith("agents_name_key (name) of the constraint agents_name_key serves every query that"
                        + " ix_agents_name (name) serves: they are equal; ix_agents_name takes 8.0 kB and had 0 scans."
                        + " To have it back: CREATE INDEX ix_agents_name ON agents.agents USING btree (name)");
        assertThat(findings().getLast().evidence())
                .startsWith("ix_workflows_status_created_at (status, created_at) serves every query that"
                        + " ix_workflows_status (status) serves: it begins with the same keys");
    }

    @Test
    void onceEverythingIsAppliedNothingIsLeftToSayAndEveryQueryKeepsAnIndex() throws SQLException {
        for (Finding finding : findings()) {
            db.execute(finding.suggestion());
        }

        assertThat(findings()).isEmpty();
        db.execute("set enable_seqscan = off");
        for (String index : SIXTEEN) {
            String table = index.substring(0, index.indexOf(' '));
            String columns = index.substring(index.indexOf('(') + 1, index.indexOf(')'));
            String same = "(select " + columns + " from " + table + " limit 0)";
            assertThat(plan("select * from " + table + " where (" + columns + ") = " + same))
                    .as(index)
                    .containsPattern("(Index Scan|Bitmap Index Scan on|Index Only Scan)[^\n]*\n(.*\n)?.*Index Cond: ");
        }
    }

    private String plan(String query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (var statement = db.connection().createStatement();
                var lines = statement.executeQuery("explain " + query)) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private List<Finding> findings() throws SQLException {
        return Findings.in(db.structure("agents"), List.of(), Set.of(), Optional.empty());
    }
}

package dev.headroom.service.database.pool;

import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.profile.RunningStatement;
import dev.headroom.service.database.profile.StatementWatch;
import dev.headroom.service.database.settings.DatabaseSettings;
import io.helidon.dbclient.DbClientService;
import io.helidon.dbclient.DbClientServiceContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Connections for Helidon's DbClient whose statements are measured. DbClient hides its JDBC statements and tells its
 * services only of those that succeed, so the measuring sits below it; a service tells the name of the statement that
 * is about to run, on the same thread.
 */
final class DbClientConnections {

    static final String UNNAMED = "dbclient";
    private static final ThreadLocal<@Nullable String> NEXT_NAME = new ThreadLocal<>();

    private final LentConnections lent;
    private final StatementWatch watch;
    private final Duration timeout;
    private final Duration silence;
    private final boolean sessionless;

    DbClientConnections(DatabaseSettings settings, StatementWatch watch, LentConnections lent) {
        this.lent = lent;
        this.watch = watch;
        this.timeout = settings.statementTimeout();
        this.silence = settings.silence();
        this.sessionless = settings.pgbouncer();
    }

    static DbClientService naming() {
        return (DbClientServiceContext context) -> {
            NEXT_NAME.set(context.statementName());
            return context;
        };
    }

    /** @param given called once, when DbClient has given the connection back */
    Connection measured(Connection connection, long waited, Runnable given) {
        lent.lend(connection);
        limitSilence(connection);
        AtomicBoolean back = new AtomicBoolean();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                lent.back(connection);
                try {
                    return invoke(connection, method, arguments);
                } finally {
                    if (back.compareAndSet(false, true)) {
                        given.run();
                    }
                }
            }
            Object answer = invoke(connection, method, arguments);
            return answer instanceof PreparedStatement statement ? measured(statement, waited) : answer;
        });
    }

    /** Its holder may take long between rows, so only the driver sees when the server falls silent. Hikari resets this. */
    private void limitSilence(Connection connection) {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) silence.toMillis());
        } catch (SQLException closed) {
            // Its first statement will say so.
        }
    }

    private PreparedStatement measured(PreparedStatement statement, long waited) throws SQLException {
        String named = NEXT_NAME.get();
        NEXT_NAME.remove();
        String name = named == null ? UNNAMED : named;
        if (sessionless) {
            statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
        }
        return proxy(
                PreparedStatement.class,
                (proxy, method, arguments) -> method.getName().startsWith("execute")
                        ? run(name, statement, waited, method, arguments)
                        : invoke(statement, method, arguments));
    }

    private @Nullable Object run(
            String name, Statement statement, long waited, Method method, Object @Nullable [] arguments)
            throws Throwable {
        RunningStatement running = RunningStatement.now(name, List.of(), waited);
        try {
            return invoke(statement, method, arguments);
        } catch (SQLException e) {
            watch.failed(name, DatabaseFailure.of(running, e, timeout).kind());
            throw e;
        } finally {
            watch.end(running);
        }
    }

    private interface Handler {
        @Nullable
        Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler::invoke));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}

package dev.headroom.testkit.tutorial;

import dev.headroom.testkit.tutorial.TutorialShell.Answer;
import dev.headroom.testkit.tutorial.TutorialShell.Call;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code psql -q -h HOST -p PORT -U USER DATABASE -c STATEMENT}, which CI need not have. */
public final class PsqlCommand implements TutorialShell.Command {

    @Override
    public Answer run(Call call) {
        Map<String, String> options = new HashMap<>();
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "-q" -> {}
                case "-h", "-p", "-U", "-c" -> options.put(argument, arguments.get(++i));
                default -> options.put("database", argument);
            }
        }
        String url =
                "jdbc:postgresql://%s:%s/%s".formatted(options.get("-h"), options.get("-p"), options.get("database"));
        try (Connection connection = DriverManager.getConnection(
                        url, options.get("-U"), call.environment().get("PGPASSWORD"));
                Statement statement = connection.createStatement()) {
            statement.execute(String.valueOf(options.get("-c")));
            return Answer.done("");
        } catch (SQLException e) {
            return new Answer(1, "psql: error: " + e.getMessage() + "\n");
        }
    }
}

package dev.headroom.service;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.schema.MigrationFailed;
import dev.headroom.service.database.failure.DatabaseFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The process: arguments in, exit code out. */
public final class ServiceMain {
    static final int DONE = 0;
    static final int WRONG = 1;
    static final int USAGE = 2;

    static final String READ_POLLERS = "jdk.readPollers";
    private static final int FEW_PROCESSORS = 2;

    /** With which code to end once everything is stopped; stopping because we were told to is success. */
    private static final AtomicInteger EXIT = new AtomicInteger(DONE);

    private ServiceMain() {}

    public static void main(String[] args) {
        Logging.configure();
        gatherSocketEvents(Runtime.getRuntime().availableProcessors());
        Map<String, String> environment = System.getenv();
        CommandLine command;
        try {
            command = CommandLine.parse(args, environment);
        } catch (CommandLine.WrongUsage wrong) {
            System.err.println(wrong.getMessage() + "\n\n" + CommandLine.USAGE);
            System.exit(USAGE);
            return;
        }
        try {
            run(command, environment);
        } catch (BrokenCatalogs broken) {
            fail(
                    "The catalogs cannot be served:",
                    broken.mistakes().stream().map(Mistake::toString).toList());
        } catch (IOException | SQLException | MigrationFailed | DatabaseFailure cannot) {
            fail("The service cannot do that:", List.of(String.valueOf(cannot.getMessage())));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unforeseen) {
            // The ports would stay open and say "starting" for ever.
            unforeseen.printStackTrace();
            fail("The service cannot go on:", List.of(String.valueOf(deepest(unforeseen))));
        }
    }

    /**
     * The JDK waits for sockets on a virtual thread per processor. On two processors a single one finds more sockets ready
     * at a time and is woken less often (docs/decisions/0045). To be called before the first virtual thread reads.
     */
    static void gatherSocketEvents(int processors) {
        if (processors <= FEW_PROCESSORS && System.getProperty(READ_POLLERS) == null) {
            System.setProperty(READ_POLLERS, "1");
        }
    }

    private static void run(CommandLine command, Map<String, String> environment)
            throws IOException, SQLException, BrokenCatalogs, InterruptedException {
        switch (command.task()) {
            case CommandLine.Task.Help help -> System.out.println(CommandLine.USAGE.strip());
            case CommandLine.Task.Version version -> System.out.println("headroom-service " + version());
            case CommandLine.Task.Serve serve -> serve(settings(command, environment));
            case CommandLine.Task.CheckCatalogs check ->
                finish(new CatalogTasks(settings(command, environment), System.out).check());
            case CommandLine.Task.LoadSample sample ->
                finish(new CatalogTasks(settings(command, environment), System.out).sample(sample.scale()));
        }
    }

    private static ServiceSettings settings(CommandLine command, Map<String, String> environment) {
        SettingsLoader.Loaded loaded = SettingsLoader.load(command, environment);
        if (!loaded.problems().isEmpty()) {
            fail("The settings cannot be used:", loaded.problems());
        }
        return loaded.settings().orElseThrow();
    }

    private static void serve(ServiceSettings settings)
            throws IOException, SQLException, BrokenCatalogs, InterruptedException {
        Service service = new Service(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service), "stop"));
        service.start();
    }

    private static void finish(boolean good) {
        System.out.flush();
        System.exit(good ? DONE : WRONG);
    }

    /** Runs when the process is told to end. Left alone, the JVM would answer SIGTERM with 143. */
    private static void stop(Service service) {
        service.close();
        System.err.flush();
        Runtime.getRuntime().halt(EXIT.get());
    }

    /** What is on top only says where it was noticed. */
    private static Throwable deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static void fail(String what, List<String> problems) {
        System.err.println(what);
        problems.forEach(problem -> System.err.println("  " + problem));
        EXIT.set(WRONG);
        System.exit(WRONG);
    }

    static String version() {
        String version = ServiceMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}

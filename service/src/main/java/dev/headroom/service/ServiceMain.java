package dev.headroom.service;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The process: arguments in, exit code out. */
public final class ServiceMain {
    static final int DONE = 0;
    static final int WRONG = 1;
    static final int USAGE = 2;

    /** With which code to end once everything is stopped; stopping because we were told to is success. */
    private static final AtomicInteger EXIT = new AtomicInteger(DONE);

    private ServiceMain() {}

    public static void main(String[] args) {
        Logging.configure();
        Map<String, String> environment = System.getenv();
        CommandLine command;
        try {
            command = CommandLine.parse(args, environment);
        } catch (CommandLine.WrongUsage wrong) {
            System.err.println(wrong.getMessage() + "\n\n" + CommandLine.USAGE);
            System.exit(USAGE);
            return;
        }
        switch (command.task()) {
            case CommandLine.Task.Help help -> System.out.println(CommandLine.USAGE.strip());
            case CommandLine.Task.Version version -> System.out.println("headroom-service " + version());
            case CommandLine.Task.Serve serve -> serve(settings(command, environment));
            case CommandLine.Task.CheckCatalogs check -> {}
            case CommandLine.Task.LoadSample sample -> {}
        }
    }

    private static ServiceSettings settings(CommandLine command, Map<String, String> environment) {
        SettingsLoader.Loaded loaded = SettingsLoader.load(command, environment);
        if (!loaded.problems().isEmpty()) {
            fail("The settings cannot be used:", loaded.problems());
        }
        return loaded.settings().orElseThrow();
    }

    private static void serve(ServiceSettings settings) {
        Service service = new Service(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service), "stop"));
        try {
            service.start();
        } catch (IOException cannot) {
            fail("The service cannot start:", List.of(String.valueOf(cannot.getMessage())));
        }
    }

    /** Runs when the process is told to end. Left alone, the JVM would answer SIGTERM with 143. */
    private static void stop(Service service) {
        service.close();
        System.err.flush();
        Runtime.getRuntime().halt(EXIT.get());
    }

    private static void fail(String what, List<String> problems) {
        System.err.println(what);
        problems.forEach(problem -> System.err.println("  " + problem));
        EXIT.set(WRONG);
        System.exit(WRONG);
    }

    private static String version() {
        String version = ServiceMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}

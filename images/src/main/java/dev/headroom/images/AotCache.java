package dev.headroom.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The AOT cache of a program: made by a training run, then tried as the image uses it. */
final class AotCache {

    private final Program program;
    private final Layout layout;

    AotCache(Program program, Layout layout) {
        this.program = program;
        this.layout = layout;
    }

    /**
     * Runs the program on real servers and leaves the cache beside its jar.
     *
     * @param definition the file of the CustomResourceDefinition
     */
    void train(Path definition) throws IOException, InterruptedException {
        Path log = layout.log(program.name() + "-training");
        List<String> command = command("-XX:AOTCacheOutput=" + file());
        Training training = program.equals(Program.SERVICE)
                ? new ServiceTraining(command, log)
                : new OperatorTraining(command, log, definition, layout.work().resolve("kubeconfig"));
        training.run();
        if (!Files.exists(file())) {
            throw new IOException("the training run of " + program.name() + " left no AOT cache; " + log + " says why");
        }
    }

    /** Fails when the JVM refuses the cache: at run time it would go on without, and only be slow. */
    void check() throws IOException, InterruptedException {
        List<String> command = command("-XX:AOTMode=on", "-XX:AOTCache=" + file());
        command.add("--version");
        Commands.run(command, layout.log(program.name() + "-aot-check"));
    }

    private Path file() {
        return layout.app(program).resolve(program.aotCache());
    }

    private List<String> command(String... flags) {
        List<String> command = new ArrayList<>();
        command.add(layout.runtime().resolve("bin/java").toString());
        command.addAll(program.jvmFlags());
        command.addAll(List.of(flags));
        command.add("-jar");
        command.add(layout.app(program).resolve(program.jar()).toString());
        return command;
    }
}

package dev.headroom.images;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run of a program with real work, at whose end the JVM writes the AOT cache: the classes that it loaded, linked, and what it
 * learned of its methods.
 */
abstract sealed class Training permits ServiceTraining, OperatorTraining {

    /** Writing the cache is the work of a second JVM and takes about as long as the run. */
    private static final Duration LONGEST_STOP = Duration.ofMinutes(5);

    final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** The program's own command, to which arguments are added. */
    private final List<String> command;

    private final Path log;

    Training(List<String> command, Path log) {
        this.command = command;
        this.log = log;
    }

    /** Starts the servers, runs the program on them and stops it. */
    abstract void run() throws IOException, InterruptedException;

    final Process start(List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** As a kubelet stops it. */
    final void stop(Process process, int expectedCode) throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    "the training run did not end within " + LONGEST_STOP.toMinutes() + " minutes" + said());
        }
        if (process.exitValue() != expectedCode) {
            throw new IOException("the training run ended with code " + process.exitValue() + said());
        }
    }

    final String said() throws IOException {
        return "; it said:\n" + Files.readString(log);
    }

    /** Whether the address answers with 200; false while nothing listens there. */
    final boolean isUp(String url) {
        try {
            return get(url).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program started", e);
        }
    }

    final HttpResponse<String> get(String url, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static String port(String url) {
        return url.substring(url.lastIndexOf(':') + 1);
    }
}

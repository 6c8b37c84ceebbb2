package dev.headroom.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unchecked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * Removes the containers of a JVM that is gone, where Testcontainers' own reaper is switched off
 * ({@code TESTCONTAINERS_RYUK_DISABLED=true}). The shutdown hook that Testcontainers has then is not run by a SIGKILL. This
 * is a JVM of its own whose standard input is a pipe that only the watched one holds: the kernel closes it, whatever the
 * reason.
 */
final class ContainerReaper {

    private static @Nullable Process watching; // kept: its input closes when nobody refers to it

    private ContainerReaper() {}

    static synchronized void watch() {
        if (watching != null || !Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
            return;
        }
        List<String> command = Leash.alone(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ContainerReaper.class.getName(),
                DockerClientFactory.SESSION_ID));
        watching = Unchecked.io(() -> new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** {@code args}: the session whose containers go at the end of the standard input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.in.readAllBytes();
        DockerClient docker = DockerClientFactory.instance().client();
        // Docker may be about to create one that was asked for by the last breath.
        for (int quiet = 0; quiet < 3; TimeUnit.SECONDS.sleep(1)) {
            quiet = remove(docker, args[0]) ? 0 : quiet + 1;
        }
    }

    /** Whether there were any. */
    private static boolean remove(DockerClient docker, String session) {
        List<Container> left = docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, session))
                .exec();
        for (Container container : left) {
            try {
                docker.removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException e) {
                // gone meanwhile
            }
        }
        return !left.isEmpty();
    }
}

package dev.headroom.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How to run a program that refuses to be root (PostgreSQL does) when we are root, as in a container of a CI system.
 *
 * <p>In a user namespace without a mapping the program sees itself as nobody while its files stay ours. Where such
 * namespaces are forbidden (Docker's default seccomp profile, a sysctl of a distribution), root may usually still give
 * up its uid: then the files a program writes must belong to that uid first.
 */
public enum Unprivileged {
    AS_WE_ARE(""),
    IN_USER_NAMESPACE("unshare -U"),
    AS_NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY = 65_534;

    private final String prefix;

    Unprivileged(String prefix) {
        this.prefix = prefix;
    }

    /** The first way that works on this machine. */
    public static Unprivileged here() {
        if (!isRoot()) {
            return AS_WE_ARE;
        }
        return Stream.of(IN_USER_NAMESPACE, AS_NOBODY)
                .filter(Unprivileged::works)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("PostgreSQL does not run as root, and neither `unshare -U true`"
                                + " nor `" + AS_NOBODY.prefix
                                + " true` works here: run as an ordinary user,"
                                + " install util-linux, or use a server of your own with TEST_BACKEND=external"));
    }

    static boolean isRoot() {
        try {
            return Map.of("uid", 0).equals(Files.readAttributes(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return "root".equals(System.getProperty("user.name")); // no /proc on macOS
        }
    }

    private boolean works() {
        return Unchecked.succeeds(new ProcessBuilder(command(List.of("true"))));
    }

    public List<String> command(List<String> command) {
        return prefix.isEmpty()
                ? command
                : Stream.concat(Stream.of(prefix.split(" ", -1)), command.stream())
                        .toList();
    }

    /** Gives a file or an empty directory to whom the program runs as. */
    public Path own(Path path) {
        if (this == AS_NOBODY) {
            Unchecked.io(() -> Files.setAttribute(path, "unix:uid", NOBODY));
            Unchecked.io(() -> Files.setAttribute(path, "unix:gid", NOBODY));
        }
        return path;
    }
}

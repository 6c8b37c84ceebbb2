package dev.headroom.testkit.kubernetes;

import dev.headroom.testkit.process.AddressInUse;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A real kube-apiserver on a real etcd, both on the leash of this JVM; without controllers, schedulers and nodes. */
final class ApiServerProcess implements KubernetesServer, AutoCloseable {

    private static final int KEY_BITS = 2048;
    private static final int PEM_LINE = 64;

    private final Path binaries;
    private final Leash etcd;
    private final Leash apiServer;
    private final Config admin;

    private ApiServerProcess(Path binaries, Leash etcd, Leash apiServer, Config admin) {
        this.binaries = binaries;
        this.etcd = etcd;
        this.apiServer = apiServer;
        this.admin = admin;
    }

    static ApiServerProcess start(Path binaries) {
        Etcd etcd = AddressInUse.tryPorts(FreePort::any, port -> unchecked(() -> startEtcd(binaries, port)));
        return AddressInUse.tryPorts(
                FreePort::any,
                port -> unchecked(() -> {
                    Path home = Files.createTempDirectory("headroom-apiserver-");
                    String token = UUID.randomUUID().toString();
                    Leash apiServer = Leash.start(
                            apiServerCommand(binaries, home, token, etcd.port, port), "KILL", home, log(home));
                    Config admin = new ConfigBuilder(Config.empty())
                            .withMasterUrl("https://127.0.0.1:" + port)
                            .withOauthToken(token)
                            .withCaCertFile(certificate(home).toString())
                            .build();
                    awaitReady(apiServer, home, admin);
                    return new ApiServerProcess(binaries, etcd.process, apiServer, admin);
                }));
    }

    /** The store, and where it listens. */
    private record Etcd(Leash process, int port) {}

    private static Etcd startEtcd(Path binaries, int port) throws IOException {
        Path home = Files.createTempDirectory("headroom-etcd-");
        String clientUrl = "http://127.0.0.1:" + port;
        String peerUrl = "http://127.0.0.1:" + FreePort.any();
        List<String> command = List.of(
                binaries.resolve("etcd").toString(),
                "--data-dir=" + home.resolve("data"),
                "--unsafe-no-fsync",
                "--listen-client-urls=" + clientUrl,
                "--advertise-client-urls=" + clientUrl,
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=default=" + peerUrl);
        Leash etcd = Leash.start(command, "KILL", home, log(home));
        awaitOutput(etcd, "ready to serve client requests", home);
        return new Etcd(etcd, port);
    }

    private static List<String> apiServerCommand(Path binaries, Path home, String token, int etcdPort, int port)
            throws IOException {
        Path tokens = Files.writeString(home.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
        Path key = Files.writeString(home.resolve("service-accounts.key"), rsaKey());
        List<String> command =
                new ArrayList<>(List.of(binaries.resolve("kube-apiserver").toString()));
        command.addAll(List.of(
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + home, // where it writes the certificate that it signs for itself
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://127.0.0.1:" + port,
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-cluster-ip-range=10.0.0.0/24",
                "--endpoint-reconciler-type=none",
                // It refuses Pods until a controller has made the service account of their namespace.
                "--disable-admission-plugins=ServiceAccount"));
        return command;
    }

    private static void awaitReady(Leash apiServer, Path home, Config admin) throws IOException {
        Await.until("the certificate of kube-apiserver, see " + log(home), () -> {
            requireRunning(apiServer, home);
            return Files.exists(certificate(home)) && Files.size(certificate(home)) > 0;
        });
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(withoutRetries(admin)).build()) {
            Await.until("kube-apiserver to be ready, see " + log(home), () -> {
                requireRunning(apiServer, home);
                try {
                    return "ok".equals(client.raw("/readyz"));
                } catch (KubernetesClientException e) {
                    return false; // not listening yet, or still on its way up
                }
            });
        }
    }

    private static Config withoutRetries(Config config) {
        return new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build();
    }

    private static void awaitOutput(Leash process, String text, Path home) throws IOException {
        Await.until("“" + text + "” in " + log(home), () -> {
            requireRunning(process, home);
            return Files.readString(log(home)).contains(text);
        });
    }

    private static void requireRunning(Leash process, Path home) throws IOException {
        if (!process.isRunning()) {
            throw AddressInUse.orFailure("it ended at its start:\n" + Files.readString(log(home)));
        }
    }

    private static Path certificate(Path home) {
        return home.resolve("apiserver.crt");
    }

    private static Path log(Path home) {
        return home.resolve("log");
    }

    private static String rsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Something that starts a process and may fail on its files. */
    private interface Start<T> {
        T run() throws IOException;
    }

    private static <T> T unchecked(Start<T> start) {
        try {
            return start.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Kind kind() {
        return Kind.API_SERVER;
    }

    @Override
    public String description() {
        return "kube-apiserver and etcd of KUBEBUILDER_ASSETS=" + binaries + ", " + admin.getMasterUrl();
    }

    @Override
    public Config admin() {
        return admin;
    }

    @Override
    public void close() {
        apiServer.close();
        etcd.close();
    }
}

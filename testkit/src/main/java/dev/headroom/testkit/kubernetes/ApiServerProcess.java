package dev.headroom.testkit.kubernetes;

import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unchecked;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A real kube-apiserver on a real etcd, both on the leash of this JVM; without controllers, schedulers and nodes. */
final class ApiServerProcess {

    private ApiServerProcess() {}

    static KubernetesServer start(Path binaries) {
        int etcdPort = FreePort.start(port -> Unchecked.io(() -> startEtcd(binaries, port)));
        Config admin = FreePort.start(port -> Unchecked.io(() -> startApiServer(binaries, etcdPort, port)));
        return new KubernetesServer(
                KubernetesServer.Kind.API_SERVER,
                "kube-apiserver and etcd of KUBEBUILDER_ASSETS=" + binaries + ", " + admin.getMasterUrl(),
                admin);
    }

    private static int startEtcd(Path binaries, int port) throws IOException {
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
        Leash.start(command, "KILL", home, home.resolve("log"))
                .awaitReady("etcd", output -> output.contains("ready to serve client requests"));
        return port;
    }

    private static Config startApiServer(Path binaries, int etcdPort, int port) throws IOException {
        Path home = Files.createTempDirectory("headroom-apiserver-");
        String token = UUID.randomUUID().toString();
        Path tokens = Files.writeString(home.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
        Path key = Files.writeString(home.resolve("service-accounts.key"), rsaKey());
        List<String> command = List.of(
                binaries.resolve("kube-apiserver").toString(),
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
                "--disable-admission-plugins=ServiceAccount");
        Path certificate = home.resolve("apiserver.crt");
        Leash server = Leash.start(command, "KILL", home, home.resolve("log"))
                .awaitReady(
                        "kube-apiserver",
                        output -> Unchecked.io(() -> Files.exists(certificate) && Files.size(certificate) > 0));
        Config admin = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withOauthToken(token)
                .withCaCertFile(certificate.toString())
                .build();
        Config once = new ConfigBuilder(admin).withRequestRetryBackoffLimit(0).build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(once).build()) {
            server.awaitReady("kube-apiserver", output -> isReady(client));
        }
        return admin;
    }

    private static boolean isReady(KubernetesClient client) {
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false; // not listening yet, or still on its way up
        }
    }

    private static String rsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

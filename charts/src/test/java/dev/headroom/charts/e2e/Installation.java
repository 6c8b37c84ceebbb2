package dev.headroom.charts.e2e;

import static dev.headroom.charts.e2e.Promise.eventually;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.headroom.testkit.process.Await;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The two releases of the run, the resources in front of them and the database behind them. */
final class Installation {

    static final String OPERATOR = "headroom-e2e";
    static final String SHOP = "headroom-e2e-shop";

    private static final String DEFINITION = "dbperformances.headroom.dev";
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path OPERATOR_CHART = Path.of("headroom-operator").toAbsolutePath();
    private static final Path SERVICE_CHART = Path.of("headroom-service").toAbsolutePath();

    /** Kinds of which the charts or the operator make objects, with their API versions. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("Pod", "v1"),
            Map.entry("Service", "v1"),
            Map.entry("Secret", "v1"),
            Map.entry("ConfigMap", "v1"),
            Map.entry("ServiceAccount", "v1"),
            Map.entry("Deployment", "apps/v1"),
            Map.entry("ReplicaSet", "apps/v1"),
            Map.entry("StatefulSet", "apps/v1"),
            Map.entry("Lease", "coordination.k8s.io/v1"),
            Map.entry("PodDisruptionBudget", "policy/v1"),
            Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
            Map.entry("Role", "rbac.authorization.k8s.io/v1"),
            Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
            Map.entry("ClusterRole", "rbac.authorization.k8s.io/v1"),
            Map.entry("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"));

    private static final String SERVICE_VALUES = """
            fullnameOverride: shop
            dev: {enabled: true}
            performance:
              enabled: true
              spec:
                mode: Apply
                database: {schemas: [shop]}
                objective: {request: {percentile: 95, under: 200ms}}
                pool: {minPerReplica: 2, maxPerReplica: 20}
                replicas: {min: 1, max: 6, scaleDown: {minWindow: 20s, maxWindow: 45s}}
            settings:
              database: {pool: {queue: 20000, queue-timeout: 1m}}
            """;

    private final Cluster cluster;
    private final KubernetesClient client;
    private final Path folder;

    /** Of the service's chart. */
    final ShopDatabase database;

    Installation(Cluster cluster, Path folder) {
        this.cluster = cluster;
        this.client = cluster.client;
        this.folder = folder;
        this.database = new ShopDatabase(cluster);
    }

    /** The run makes and deletes what is one for a whole cluster, so nobody else may use it there. */
    void requireEmptyCluster() {
        for (Resource<? extends HasMetadata> one : List.<Resource<? extends HasMetadata>>of(
                client.namespaces().withName(OPERATOR), client.namespaces().withName(SHOP), definitionResource())) {
            HasMetadata there = one.get();
            if (there != null) {
                throw new IllegalStateException(
                        there.getKind() + " " + there.getMetadata().getName()
                                + " exists on this cluster: delete it, or take a cluster without Headroom");
            }
        }
        List<Node> nodes = client.nodes().list().getItems();
        System.out.printf(
                "Kubernetes %s, %d %s%n",
                client.getKubernetesVersion().getGitVersion(), nodes.size(), nodes.size() == 1 ? "node" : "nodes");
    }

    void createNamespaces() {
        cluster.createNamespace(OPERATOR);
        cluster.createNamespace(SHOP);
    }

    /** The definition of an earlier version, as a release of the chart leaves it. */
    void applyPreviousDefinition() {
        CustomResourceDefinition previous = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(Path.of("src/test/resources/previous/" + DEFINITION + ".yaml")
                        .toFile())
                .item();
        previous.getMetadata().setLabels(Map.of("app.kubernetes.io/managed-by", "Helm"));
        previous.getMetadata()
                .setAnnotations(Map.of(
                        "meta.helm.sh/release-name", "headroom-operator", "meta.helm.sh/release-namespace", OPERATOR));
        client.resource(previous).create();
        eventually(30, "the definition is served", () -> resources().isEmpty());
    }

    CustomResourceDefinition definition() {
        return definitionResource().get();
    }

    private Resource<CustomResourceDefinition> definitionResource() {
        return client.apiextensions().v1().customResourceDefinitions().withName(DEFINITION);
    }

    void installOperator() {
        cluster.install(OPERATOR_CHART, "headroom-operator", OPERATOR, folderFile("operator", "{}"));
    }

    void installService() throws IOException {
        ObjectNode values = (ObjectNode) YAML.readTree(SERVICE_VALUES);
        ObjectNode inline = values.putObject("catalogs").putObject("inline").putObject("shop");
        Path catalog = Path.of("../bench/demo-scaling/shop");
        try (Stream<Path> files = Files.walk(catalog)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                inline.put(catalog.relativize(file).toString(), Files.readString(file));
            }
        }
        cluster.install(SERVICE_CHART, "shop", SHOP, folderFile("service", values.toString()));
    }

    private Path folderFile(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name + ".yaml"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void upgradeOperator(Map<String, Object> values) {
        cluster.upgrade(OPERATOR_CHART, "headroom-operator", OPERATOR, values);
    }

    void upgradeService(Map<String, Object> values) {
        cluster.upgrade(SERVICE_CHART, "shop", SHOP, values);
    }

    /** A resource of examples/, with the database of the service's chart in place of its own. */
    ObjectNode example(String name) {
        try {
            ObjectNode example = (ObjectNode)
                    YAML.readTree(Path.of("../examples", name + ".yaml").toFile());
            ObjectNode database = (ObjectNode) example.at("/spec/database");
            database.put("host", "shop-postgres." + SHOP + ".svc");
            database.putObject("credentialsSecretRef").put("name", "shop-dev");
            return example;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The pod that holds the lease of the operator; empty where none does. */
    String leader() {
        return Optional.ofNullable(client.leases()
                        .inNamespace(OPERATOR)
                        .withName("headroom-operator")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .flatMap(holder -> cluster.pods(OPERATOR, "operator").stream()
                        .map(pod -> pod.getMetadata().getName())
                        .filter(holder::startsWith)
                        .findFirst())
                .orElse("");
    }

    /** Without a grace period: the kubelet gives the process two seconds at most. */
    void kill(String operatorPod) {
        client.pods()
                .inNamespace(OPERATOR)
                .withName(operatorPod)
                .withGracePeriod(0)
                .delete();
    }

    long poolGeneration() {
        ConfigMap published =
                client.configMaps().inNamespace(SHOP).withName("shop-pool").get();
        return published == null
                ? 0
                : published
                        .getData()
                        .get("pool")
                        .lines()
                        .filter(line -> line.startsWith("generation="))
                        .map(line -> Long.valueOf(line.substring("generation=".length())))
                        .findFirst()
                        .orElse(0L);
    }

    /** Whether every ready pod has the published pool size. */
    boolean isPoolInForce() throws IOException, InterruptedException {
        long published = poolGeneration();
        List<Pod> pods = cluster.readyPods(SHOP, "service");
        for (Pod pod : pods) {
            if (cluster.metric(pod, "db_client_connections_generation") != published) {
                return false;
            }
        }
        return !pods.isEmpty();
    }

    private Deployment deployment() {
        return client.apps().deployments().inNamespace(SHOP).withName("shop").require();
    }

    int replicas() {
        return deployment().getSpec().getReplicas();
    }

    int readyReplicas() {
        return cluster.readyPods(SHOP, "service").size();
    }

    int serviceRestarts() {
        return cluster.pods(SHOP, "service").stream()
                .mapToInt(Cluster::restarts)
                .sum();
    }

    int granted() {
        return cluster.status(SHOP, "shop")
                .orElseThrow()
                .at("/capacity/pool/granted")
                .asInt();
    }

    /** A table whose index takes some seconds to build, and a resource that wants it but may only look. */
    void createBigTable() throws IOException {
        database.sql(
                "create schema big; create table big.text as select md5(i::text) as text from generate_series(1, 4000000) i");
        cluster.apply(SHOP, YAML.readTree("""
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: big}
                spec:
                  mode: Observe
                  database: {schemas: [big], credentialsSecretRef: {name: shop-dev}, tls: {mode: disable}}
                  indexes: {declared: [{name: ix_big_text, table: text, columns: [text]}]}
                """));
    }

    /**
     * Drains the node that the leader runs on; the only node of a cluster keeps open, since the pods have nowhere else to go,
     * and all pods are evicted all the same.
     *
     * @return the names of the evicted pods
     */
    List<String> drain() {
        List<String> evicted = new ArrayList<>();
        String leader = leader();
        String node = client.pods()
                .inNamespace(OPERATOR)
                .withName(leader)
                .require()
                .getSpec()
                .getNodeName();
        boolean others = client.nodes().list().getItems().size() > 1;
        setUnschedulable(node, others);
        try {
            for (String namespace : List.of(OPERATOR, SHOP)) {
                for (Pod pod : cluster.pods(namespace, namespace.equals(SHOP) ? "service" : "operator")) {
                    if (pod.getSpec().getNodeName().equals(node)) {
                        String name = pod.getMetadata().getName();
                        eventually(
                                120,
                                "the budget allows " + name + " to be evicted",
                                () -> client.pods()
                                        .inNamespace(namespace)
                                        .withName(name)
                                        .evict());
                        evicted.add(name);
                    }
                }
            }
        } finally {
            setUnschedulable(node, false);
        }
        return evicted;
    }

    private void setUnschedulable(String node, boolean unschedulable) {
        client.nodes().withName(node).edit(each -> {
            each.getSpec().setUnschedulable(unschedulable);
            return each;
        });
    }

    /** Ends the server in its pod; its container is started again with the same data. */
    void stopPostgres() {
        signal("postgres", "INT"); // fast shutdown
    }

    void stopRedis() {
        signal("redis", "TERM");
    }

    private void signal(String component, String signal) {
        cluster.exec(cluster.pod(SHOP, component), "sh", "-c", "kill -" + signal + " 1");
    }

    boolean isServerReady(String component, int restarts) {
        Pod pod = cluster.pod(SHOP, component);
        return Cluster.isReady(pod) && Cluster.restarts(pod) >= restarts;
    }

    /** A client in a pod of the shop's namespace that sends requests at a steady rate until it is closed. */
    ProgramPod requests(String name, String path, int rate) {
        return requests(name, path, rate, rate);
    }

    /** The same with a rate that rises within half a minute and then stays. */
    ProgramPod requests(String name, String path, int from, int to) {
        String url = "http://shop." + SHOP + ".svc" + path;
        return new ProgramPod(client, SHOP, name, serviceImage(), "requests", url, "" + from, "" + to);
    }

    private String serviceImage() {
        return deployment()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    /** Addresses that no pod but those of the two charts may connect to. */
    List<String> closedToStrangers() {
        List<String> closed = new ArrayList<>();
        closed.add("shop-postgres." + SHOP + ".svc:5432");
        closed.add("shop-redis." + SHOP + ".svc:6379");
        for (Pod pod : cluster.readyPods(SHOP, "service")) {
            closed.add(pod.getStatus().getPodIP() + ":8081");
        }
        for (Pod pod : cluster.readyPods(OPERATOR, "operator")) {
            closed.add(pod.getStatus().getPodIP() + ":8081");
        }
        return closed;
    }

    /** Those of some addresses, and of the service's own, that a pod without rights can connect to. */
    List<String> reachedByStranger(List<String> addresses) {
        List<String> arguments = new ArrayList<>(List.of("connect", "shop." + SHOP + ":80"));
        arguments.addAll(addresses);
        try (ProgramPod stranger =
                new ProgramPod(client, SHOP, "stranger", serviceImage(), arguments.toArray(String[]::new))) {
            return stranger.result().stream()
                    .filter(line -> line.endsWith(" open"))
                    .map(line -> line.substring("connect ".length(), line.length() - " open".length()))
                    .toList();
        }
    }

    List<? extends HasMetadata> resources() {
        return client.genericKubernetesResources("headroom.dev/v1alpha1", "DbPerformance")
                .inNamespace(SHOP)
                .list()
                .getItems();
    }

    /** Those of the service and of the operator that do not end. */
    List<Pod> programPods() {
        return Stream.concat(cluster.pods(SHOP, "service").stream(), cluster.pods(OPERATOR, "operator").stream())
                .toList();
    }

    List<Pod> pods() {
        return Stream.of(OPERATOR, SHOP)
                .flatMap(namespace -> client.pods().inNamespace(namespace).list().getItems().stream())
                .toList();
    }

    /** Everything that the releases and the operator have left behind, but for the definition. */
    List<String> leftOver() {
        List<String> found = new ArrayList<>();
        KINDS.forEach((kind, version) -> {
            var all = client.genericKubernetesResources(version, kind);
            var objects = kind.startsWith("Cluster")
                    ? all.withLabel("app.kubernetes.io/part-of", "headroom")
                            .list()
                            .getItems()
                    : Stream.of(OPERATOR, SHOP)
                            .flatMap(namespace -> all.inNamespace(namespace).list().getItems().stream())
                            .toList();
            objects.stream()
                    .map(object -> object.getMetadata().getName())
                    .filter(name -> !isOfEveryNamespace(name))
                    .forEach(name -> found.add(kind + " " + name));
        });
        return found;
    }

    /** Whether the cluster puts an object of this name into every namespace: its account and its bundles of certificates. */
    private static boolean isOfEveryNamespace(String name) {
        return name.equals("default") || name.endsWith("-ca.crt");
    }

    /** Pods, conditions, warnings and the last lines of the programs, for whoever asks why a step failed. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (Pod pod : pods()) {
            String name = pod.getMetadata().getName();
            text.append("%n== pod %s: %s, ready %s%n"
                    .formatted(name, pod.getStatus().getPhase(), Cluster.isReady(pod)));
            if (!name.startsWith("shop-postgres") && !name.startsWith("shop-redis")) {
                text.append(cluster.lastLines(pod, 15));
            }
        }
        if (cluster.exists(definitionResource())) {
            for (HasMetadata resource : resources()) {
                String name = resource.getMetadata().getName();
                text.append("%n== DbPerformance %s: %s%n"
                        .formatted(
                                name,
                                cluster.status(SHOP, name)
                                        .map(status -> status.path("conditions") + "\n" + status.path("capacity"))
                                        .orElse("no status")));
            }
        }
        return text.toString();
    }

    /** Deletes whatever is there of the run, in the order that lets everything end. */
    void cleanUp() {
        if (cluster.exists(definitionResource())) {
            endResources();
        }
        for (String[] release : new String[][] {{"shop", SHOP}, {"headroom-operator", OPERATOR}}) {
            cluster.uninstall(release[0], release[1]);
        }
        client.namespaces().withName(SHOP).delete();
        client.namespaces().withName(OPERATOR).delete();
        definitionResource().delete();
        eventually(
                180,
                "the cluster is as it was",
                () -> !cluster.exists(client.namespaces().withName(SHOP))
                        && !cluster.exists(client.namespaces().withName(OPERATOR))
                        && !cluster.exists(definitionResource()));
    }

    /** The operator cleans up behind them; without one, nobody takes their finalizer away. */
    private void endResources() {
        resources().forEach(resource -> client.resource(resource).delete());
        if (!Await.within(Duration.ofSeconds(30), () -> resources().isEmpty())) {
            for (HasMetadata resource : resources()) {
                cluster.dbPerformance(SHOP, resource.getMetadata().getName()).edit(each -> {
                    each.getMetadata().setFinalizers(List.of());
                    return each;
                });
            }
        }
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.crd.DbPerformance;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Resources for tables of cases, as people write them. */
public final class Resources {

    private Resources() {}

    /**
     * A resource in namespace prod.
     *
     * @param since when it was created: seconds of one minute in May
     */
    public static DbPerformance resource(String name, String mode, int since, String declared) {
        return Serialization.unmarshal("""
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: %s, namespace: prod, uid: uid-%s, generation: 3, creationTimestamp: "%s"}
                spec:
                  mode: %s
                  database: {host: db, port: 5432, name: app, schemas: [shop, web], credentialsSecretRef: {name: db}}
                  indexes: {declared: [%s]}
                """.formatted(name, name, at(since), mode, declared), DbPerformance.class);
    }

    public static DbPerformance deleted(String removal, int since) {
        DbPerformance resource = resource("gone", "Apply", 0, "");
        resource.getMetadata().setDeletionTimestamp(at(since));
        String yaml = Serialization.asYaml(resource).replaceFirst("removal: \"?Retain\"?", "removal: " + removal);
        return Serialization.unmarshal(yaml, DbPerformance.class);
    }

    public static String at(int second) {
        return "2030-05-01T12:00:%02dZ".formatted(second);
    }
}

package dev.headroom.operator;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A user of a real API server who has the rights that the chart grants to the operator, and no others. The manifests that the
 * chart is rendered to are kept up to date by a test of the module charts.
 *
 * @param client acts as that user
 */
record ChartRoles(KubernetesClient admin, String user, KubernetesClient client, List<HasMetadata> granted)
        implements AutoCloseable {

    /** Rights on all namespaces. */
    static final String CLUSTER = "minimal.yaml";

    /** Rights on single namespaces. */
    static final String NAMESPACED = "namespaced.yaml";

    /** Grants the roles of a manifest, those of namespaces in that of the administrator's client. */
    static ChartRoles grant(KubernetesServer server, KubernetesClient admin, String manifest) throws IOException {
        String user = "operator-of-" + admin.getNamespace(); // not one of another test, with other rights
        KubernetesClient client = server.clientAs(admin.getNamespace(), user, "system:authenticated");
        ChartRoles roles = new ChartRoles(admin, user, client, new ArrayList<>());
        Path file = Path.of("../charts/src/test/golden/headroom-operator", manifest);
        for (HasMetadata object : admin.load(Files.newInputStream(file)).items()) {
            // view and edit are for people, and the second namespace of the example is of no use here.
            if (!name(object).matches(".*-(view|edit)")
                    && !"statehub".equals(object.getMetadata().getNamespace())) {
                roles.grant(object);
            }
        }
        return roles;
    }

    private void grant(HasMetadata object) {
        if (object instanceof ClusterRole) {
            create(object);
            create(new ClusterRoleBindingBuilder()
                    .withNewMetadata()
                    .withName(name(object))
                    .endMetadata()
                    .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name(object))
                    .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                    .build());
        } else if (object instanceof Role role) {
            role.getMetadata().setNamespace(admin.getNamespace());
            role.getRules().forEach(rule -> rule.setResourceNames(List.of())); // Secrets have other names here
            create(role);
            create(new RoleBindingBuilder()
                    .withNewMetadata()
                    .withName(name(object))
                    .withNamespace(admin.getNamespace())
                    .endMetadata()
                    .withNewRoleRef("rbac.authorization.k8s.io", "Role", name(object))
                    .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                    .build());
        }
    }

    private void create(HasMetadata object) {
        admin.resource(object).createOr(existing -> existing.update());
        granted.add(object);
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    @Override
    public void close() {
        client.close();
        granted.forEach(object -> admin.resource(object).delete());
    }
}

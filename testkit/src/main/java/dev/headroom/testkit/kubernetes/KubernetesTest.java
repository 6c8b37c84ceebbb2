package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The tests of this class run in a namespace of their own on a Kubernetes API server, the best that is at hand. They may ask,
 * as parameters, for an administrator's {@code KubernetesClient} of that namespace, and for the {@link KubernetesServer}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KubernetesTest.Extension.class)
public @interface KubernetesTest {

    /** Makes the namespace, and removes it at the end. */
    final class Extension implements BeforeAllCallback, ParameterResolver {

        private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(Extension.class);

        @Override
        public void beforeAll(ExtensionContext context) {
            place(context);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == KubernetesClient.class || type == KubernetesServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == KubernetesClient.class
                    ? place(context).client
                    : KubernetesServer.ofThisRun();
        }

        /** One per test class; a nested class shares that of the class around it. JUnit closes it at the end. */
        private static Place place(ExtensionContext context) {
            return context.getStore(STORE)
                    .computeIfAbsent(Place.class, none -> Place.of(context.getRequiredTestClass()), Place.class);
        }

        /** The namespace of a test class. */
        private record Place(KubernetesClient client) implements AutoCloseable {

            static Place of(Class<?> test) {
                String name = test.getSimpleName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + "-"
                        + UUID.randomUUID().toString().substring(0, 8);
                return new Place(KubernetesServer.ofThisRun().createNamespace(name));
            }

            @Override
            public void close() {
                client.namespaces().withName(client.getNamespace()).delete();
                client.close();
            }
        }
    }
}

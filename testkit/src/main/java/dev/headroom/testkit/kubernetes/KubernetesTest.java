package dev.headroom.testkit.kubernetes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class run in a namespace of their own on a Kubernetes API server, the best that is at hand: see
 * {@link KubernetesServer}. They may ask, as parameters, for
 *
 * <ul>
 *   <li>a {@code KubernetesClient}: an administrator's, whose default namespace is that of the class;
 *   <li>a {@link KubernetesServer}: to make other clients, for other users, or to require what only a real one has;
 *   <li>a {@link DeploymentPlayer}: what keeps Pods for Deployments where no controllers run, to be held back.
 * </ul>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KubernetesExtension.class)
public @interface KubernetesTest {}

package dev.headroom.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the Secrets that resources name, each by its name, and keeps none of their content. A watch by name needs no
 * right to list Secrets and can be granted name by name. It only wakes: each pass reads the Secret itself, so that a
 * lost watch costs a delay and never a stale password. A closed watch is opened again by the next pass.
 */
final class SecretWatches implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SecretWatches.class.getName());

    private final KubernetesClient client;
    private final Consumer<ResourceID> wake;
    private final Map<ResourceID, Entry> entries = new HashMap<>();
    private final Map<ResourceID, Set<ResourceID>> followed = new HashMap<>();

    SecretWatches(KubernetesClient client, Consumer<ResourceID> wake) {
        this.client = client;
        this.wake = wake;
    }

    /** From now on {@code follower} is woken by these Secrets, and by no others. Called before they are read. */
    synchronized void follow(ResourceID follower, Set<ResourceID> secrets) {
        Set<ResourceID> before = followed.getOrDefault(follower, Set.of());
        for (ResourceID secret : before) {
            if (!secrets.contains(secret)) {
                leave(follower, secret);
            }
        }
        for (ResourceID secret : secrets) {
            entries.computeIfAbsent(secret, Entry::new).follow(follower);
        }
        if (secrets.isEmpty()) {
            followed.remove(follower);
        } else {
            followed.put(follower, Set.copyOf(secrets));
        }
    }

    /** The version of a Secret that a pass has read. An event about that version is no news. */
    synchronized void read(ResourceID secret, String version) {
        Entry entry = entries.get(secret);
        if (entry != null) {
            entry.read(version);
        }
    }

    private void leave(ResourceID follower, ResourceID secret) {
        Entry entry = entries.get(secret);
        if (entry != null && entry.leave(follower)) {
            entries.remove(secret);
            entry.close();
        }
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
        followed.clear();
    }

    /** One watched Secret. Guarded by the lock of the outer object. */
    private final class Entry implements Watcher<Secret> {

        private final ResourceID secret;
        private final Set<ResourceID> followers = new HashSet<>();
        private @Nullable Watch watch;
        private @Nullable String lastRead;
        private @Nullable String seenBeforeRead;

        Entry(ResourceID secret) {
            this.secret = secret;
        }

        void follow(ResourceID follower) {
            followers.add(follower);
            if (watch == null) {
                open();
            }
        }

        boolean leave(ResourceID follower) {
            followers.remove(follower);
            return followers.isEmpty();
        }

        private void open() {
            lastRead = null;
            seenBeforeRead = null;
            try {
                watch = client.secrets()
                        .inNamespace(secret.getNamespace().orElseThrow())
                        .withName(secret.getName())
                        .watch(this);
            } catch (KubernetesClientException e) {
                LOG.log(Level.WARNING, "cannot watch secret {0}: {1}", secret, e.getMessage());
            }
        }

        void read(String version) {
            boolean missed = lastRead == null && seenBeforeRead != null && !seenBeforeRead.equals(version);
            lastRead = version;
            if (missed) {
                followers.forEach(wake);
            }
        }

        @Override
        public void eventReceived(Action action, Secret changed) {
            synchronized (SecretWatches.this) {
                String version = changed.getMetadata().getResourceVersion();
                if (lastRead == null) {
                    seenBeforeRead = version;
                } else if (action == Action.DELETED || !version.equals(lastRead)) {
                    followers.forEach(wake);
                }
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            synchronized (SecretWatches.this) {
                LOG.log(Level.DEBUG, "the watch of secret {0} ended: {1}", secret, cause.getMessage());
                watch = null;
            }
        }

        void close() {
            if (watch != null) {
                watch.close();
                watch = null;
            }
        }
    }
}

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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

    private final WatchLines lines;
    private final Consumer<ResourceID> wake;
    private final Map<ResourceID, Entry> entries = new HashMap<>();
    private final Map<ResourceID, Set<ResourceID>> followed = new HashMap<>();

    SecretWatches(KubernetesClient client, Consumer<ResourceID> wake) {
        this.lines = new WatchLines(client);
        this.wake = wake;
    }

    /** From now on {@code follower} is woken by these Secrets, and by no others. Called before they are read. */
    void follow(ResourceID follower, Set<ResourceID> secrets) {
        // Outside of the lock: an API server that does not answer holds up one pass, not all of them.
        note(follower, secrets).forEach(Opened::open);
    }

    private synchronized List<Opened> note(ResourceID follower, Set<ResourceID> secrets) {
        Set<ResourceID> before =
                secrets.isEmpty() ? followed.remove(follower) : followed.put(follower, Set.copyOf(secrets));
        for (ResourceID secret : before == null ? Set.<ResourceID>of() : before) {
            if (!secrets.contains(secret)) {
                leave(follower, secret);
            }
        }
        List<Opened> toOpen = new ArrayList<>();
        for (ResourceID secret : secrets) {
            Entry entry = entries.computeIfAbsent(secret, Entry::new);
            entry.followers.add(follower);
            if (entry.opened == null) {
                entry.opened = new Opened(entry);
                toOpen.add(entry.opened);
            }
        }
        return toOpen;
    }

    /** The version of a Secret that a pass has read. An event about that version is no news. */
    synchronized void read(ResourceID secret, String version) {
        Entry entry = entries.get(secret);
        if (entry != null && entry.opened != null) {
            entry.opened.read(version);
        }
    }

    private void leave(ResourceID follower, ResourceID secret) {
        Entry entry = entries.get(secret);
        if (entry != null && entry.followers.remove(follower) && entry.followers.isEmpty()) {
            entries.remove(secret);
            entry.close();
        }
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
        followed.clear();
        lines.close();
    }

    /** One watched Secret. Guarded by the lock of the outer object, as is what it has opened. */
    private static final class Entry {

        private final ResourceID secret;
        private final Set<ResourceID> followers = new HashSet<>();
        private @Nullable Opened opened;

        Entry(ResourceID secret) {
            this.secret = secret;
        }

        void close() {
            if (opened != null) {
                opened.end();
            }
        }
    }

    /** One watch, from its opening until it ends, whoever ends it. */
    private final class Opened implements Watcher<Secret> {

        private final Entry entry;
        private boolean ended;
        private @Nullable Watch watch;
        private WatchLines.@Nullable Line line;
        private @Nullable String lastRead;
        private @Nullable String seenBeforeRead;

        Opened(Entry entry) {
            this.entry = entry;
        }

        void open() {
            WatchLines.Line taken = lines.take();
            try {
                Watch opening = taken.client()
                        .secrets()
                        .inNamespace(entry.secret.getNamespace().orElseThrow())
                        .withName(entry.secret.getName())
                        .watch(this);
                began(taken, opening);
            } catch (KubernetesClientException e) {
                LOG.log(Level.WARNING, "cannot watch secret {0}: {1}", entry.secret, e.getMessage());
                taken.release();
                end();
            }
        }

        private void began(WatchLines.Line taken, Watch opening) {
            synchronized (SecretWatches.this) {
                if (!ended) {
                    line = taken;
                    watch = opening;
                    return;
                }
            }
            opening.close();
            taken.release();
        }

        void read(String version) {
            boolean missed = lastRead == null && seenBeforeRead != null && !seenBeforeRead.equals(version);
            lastRead = version;
            if (missed) {
                entry.followers.forEach(wake);
            }
        }

        @Override
        public void eventReceived(Action action, Secret changed) {
            synchronized (SecretWatches.this) {
                String version = changed.getMetadata().getResourceVersion();
                if (lastRead == null) {
                    seenBeforeRead = version;
                } else if (action == Action.DELETED || !version.equals(lastRead)) {
                    entry.followers.forEach(wake);
                }
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            LOG.log(Level.DEBUG, "the watch of secret {0} ended: {1}", entry.secret, cause.getMessage());
            end();
        }

        /** The next pass opens another one, if somebody still follows. */
        void end() {
            synchronized (SecretWatches.this) {
                ended = true;
                if (entry.opened == this) {
                    entry.opened = null;
                }
                if (watch != null && line != null) {
                    watch.close();
                    line.release();
                }
                watch = null;
                line = null;
            }
        }
    }
}

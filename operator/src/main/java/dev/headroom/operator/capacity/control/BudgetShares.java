package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.BudgetLedger;
import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
import dev.headroom.operator.capacity.ServerConnections.Pods;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What all resources claim of the servers' budgets. A resource that this process has not looked at yet counts with what its
 * status says that it holds, so that a restart gives nobody what is another's.
 */
final class BudgetShares {

    /**
     * What one resource uses of a server.
     *
     * @param database on it
     * @param limits that apply to it, such as max_connections and a CONNECTION LIMIT of its role
     * @param reported connections that its pods say to hold
     */
    record Use(String server, String database, Claim claim, Set<String> limits, int reported) {}

    private final Map<ResourceId, Use> uses = new HashMap<>();

    /**
     * Notes what a resource uses, and divides what each of its limits leaves among those whom the limit applies to: the smallest
     * part counts.
     *
     * @param counts whether its pods follow a size that is published, or will
     * @param budgets connections by limit
     */
    synchronized Grant grant(
            ResourceId resource, Use use, boolean counts, Map<String, Integer> budgets, List<ResourceView> others) {
        if (counts) {
            uses.put(resource, use);
        } else {
            uses.remove(resource);
        }
        return budgets.entrySet().stream()
                .map(limit -> divide(use, counts, limit.getKey(), limit.getValue(), others))
                .min(Comparator.comparing((Grant grant) -> !grant.refused())
                        .thenComparingInt(Grant::usable)
                        .thenComparingInt(Grant::entitled))
                .orElseThrow();
    }

    private Grant divide(Use use, boolean counts, String limit, int budget, List<ResourceView> others) {
        Set<String> known = uses.keySet().stream().map(ResourceId::toString).collect(Collectors.toSet());
        List<Claim> claims = new ArrayList<>(uses.values().stream()
                .filter(each ->
                        each.server().equals(use.server()) && each.limits().contains(limit))
                .map(Use::claim)
                .toList());
        if (!counts) {
            claims.add(use.claim());
        }
        others.stream()
                .filter(other -> !known.contains(other.id().toString()))
                .filter(other -> other.spec().poolMode() == Mode.APPLY)
                .forEach(other -> remembered(other, use.server()).ifPresent(claims::add));
        return requireNonNull(
                BudgetLedger.divide(budget, claims).get(use.claim().resource()));
    }

    private static Optional<Claim> remembered(ResourceView other, String server) {
        CapacityStatus capacity = other.status() == null ? null : other.status().capacity();
        CapacityStatus.PoolStatus pool = capacity == null ? null : capacity.pool();
        if (pool == null || !pool.server().equals(server)) {
            return Optional.empty();
        }
        return Optional.of(new Claim(
                other.id().toString(),
                other.created().getEpochSecond(),
                requireNonNull(other.spec().pool()).share(),
                Math.min(pool.mayHold(), pool.granted()),
                Math.max(pool.mayHold(), pool.granted()),
                pool.mayHold()));
    }

    /**
     * The pods of other resources that count in the budget of a server: of those that were found to use it, and of those that nobody
     * has looked at yet.
     */
    List<Pods> podsOnServer(
            String server, List<ResourceView> others, Function<ResourceView, Set<String>> sessionAddresses) {
        List<Pods> pods = new ArrayList<>();
        for (ResourceView other : others) {
            Use use = use(other.id());
            boolean counts = use == null
                    ? other.spec().pool() != null && other.spec().poolMode() == Mode.APPLY
                    : use.server().equals(server);
            if (counts) {
                pods.add(
                        use == null
                                ? new Pods("", sessionAddresses.apply(other), 0)
                                : new Pods(use.database(), sessionAddresses.apply(other), use.reported()));
            }
        }
        return pods;
    }

    private synchronized @Nullable Use use(ResourceId resource) {
        return uses.get(resource);
    }

    synchronized void removeUse(ResourceId resource) {
        uses.remove(resource);
    }
}

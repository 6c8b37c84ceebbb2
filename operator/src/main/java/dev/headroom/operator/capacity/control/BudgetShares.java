package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.BudgetLedger;
import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
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
import java.util.stream.Collectors;

/**
 * What all resources claim of the servers' budgets. A resource that this process has not looked at yet counts with what its
 * status says that it holds, so that a restart gives nobody what is another's.
 */
final class BudgetShares {

    /**
     * What one resource uses of a server.
     *
     * @param limits that apply to it, such as max_connections and a CONNECTION LIMIT of its role
     * @param reported connections that its pods say to hold
     */
    record Use(String server, Claim claim, Set<String> limits, int reported) {}

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

    /** Connections that the pods of the other resources say to hold on a server. */
    synchronized int reportedByOthers(ResourceId resource) {
        String server = uses.containsKey(resource) ? uses.get(resource).server() : "";
        return uses.entrySet().stream()
                .filter(each -> !each.getKey().equals(resource)
                        && each.getValue().server().equals(server))
                .mapToInt(each -> each.getValue().reported())
                .sum();
    }

    synchronized void removeUse(ResourceId resource) {
        uses.remove(resource);
    }
}

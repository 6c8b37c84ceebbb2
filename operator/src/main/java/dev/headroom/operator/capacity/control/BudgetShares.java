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
import java.util.HashMap;
import java.util.HashSet;
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
     * @param addresses of its pods
     * @param said connections that its pods say to hold
     */
    record Use(String server, Claim claim, Set<String> addresses, int said) {}

    private final Map<ResourceId, Use> uses = new HashMap<>();

    /** Notes what a resource that may act uses, and divides the budget of its server. */
    synchronized Grant grant(ResourceId resource, Use use, boolean acts, int budget, List<ResourceView> others) {
        if (acts) {
            uses.put(resource, use);
        } else {
            uses.remove(resource);
        }
        Set<String> known = uses.keySet().stream().map(ResourceId::toString).collect(Collectors.toSet());
        List<Claim> claims = new ArrayList<>(uses.values().stream()
                .filter(each -> each.server().equals(use.server()))
                .map(Use::claim)
                .toList());
        if (!acts) {
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

    /** From where the pods of all resources connect. */
    synchronized Set<String> addresses() {
        Set<String> all = new HashSet<>();
        uses.values().forEach(use -> all.addAll(use.addresses()));
        return all;
    }

    /** Connections that the pods of the other resources say to hold on a server. */
    synchronized int saidByOthers(ResourceId resource) {
        String server = uses.containsKey(resource) ? uses.get(resource).server() : "";
        return uses.entrySet().stream()
                .filter(each -> !each.getKey().equals(resource)
                        && each.getValue().server().equals(server))
                .mapToInt(each -> each.getValue().said())
                .sum();
    }

    synchronized void forget(ResourceId resource) {
        uses.remove(resource);
    }
}

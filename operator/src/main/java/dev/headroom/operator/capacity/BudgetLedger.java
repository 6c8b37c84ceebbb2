package dev.headroom.operator.capacity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides one server's budget among the resources that use it. Every resource computes the same division from the same
 * claims, so nobody has to agree with anybody. Minima come first, oldest resource first; the rest is divided by
 * {@code pool.share}. A share that nobody can use goes to those who can.
 */
public final class BudgetLedger {

    /**
     * What a resource asks for.
     *
     * @param resource namespace/name
     * @param createdAt epoch seconds; the older resource keeps its place
     * @param share the weight, at least 1
     * @param minimum connections below which the resource cannot run
     * @param useful connections beyond which more would not help (max per replica × most pods)
     * @param inForce what its pods hold or may hold now
     */
    public record Claim(String resource, long createdAt, int share, int minimum, int useful, int inForce) {
        public Claim {
            if (share < 1 || minimum < 0 || useful < minimum || inForce < 0) {
                throw new IllegalArgumentException("impossible claim of " + resource);
            }
        }
    }

    /**
     * What a resource gets.
     *
     * @param entitled its part of the budget; 0 when it was refused
     * @param usable its part less what others still hold beyond theirs; grows as they shrink
     */
    public record Grant(int entitled, int usable, boolean refused) {}

    private static final Comparator<Claim> OLDEST_FIRST =
            Comparator.comparingLong(Claim::createdAt).thenComparing(Claim::resource);

    private BudgetLedger() {}

    /** Computes the grant of each resource. At rest, usable connections and those of refused resources never exceed the budget. */
    public static Map<String, Grant> divide(int budget, List<Claim> claims) {
        List<Claim> admitted = new ArrayList<>();
        int left = budget;
        for (Claim claim : claims.stream().sorted(OLDEST_FIRST).toList()) {
            if (claim.minimum() <= left) {
                admitted.add(claim);
                left -= claim.minimum();
            }
        }
        Map<String, Integer> entitled = shareOut(left, admitted);
        Map<String, Grant> grants = new LinkedHashMap<>();
        for (Claim claim : claims.stream().sorted(OLDEST_FIRST).toList()) {
            int part = entitled.getOrDefault(claim.resource(), 0);
            int heldByOthers = claims.stream()
                    .filter(other -> !other.resource().equals(claim.resource()))
                    .mapToInt(other -> Math.max(other.inForce(), entitled.getOrDefault(other.resource(), 0)))
                    .sum();
            int usable = Math.max(Math.min(part, budget - heldByOthers), 0);
            grants.put(claim.resource(), new Grant(part, usable, !admitted.contains(claim)));
        }
        return grants;
    }

    /** Gives out one connection at a time, each to the resource with the fewest per share. Budgets are small enough for that. */
    private static Map<String, Integer> shareOut(int left, List<Claim> admitted) {
        Map<String, Integer> parts = new LinkedHashMap<>();
        admitted.forEach(claim -> parts.put(claim.resource(), claim.minimum()));
        Comparator<Claim> poorest = Comparator.<Claim>comparingDouble(
                        claim -> parts.getOrDefault(claim.resource(), 0) / (double) claim.share())
                .thenComparing(OLDEST_FIRST);
        for (int i = 0; i < left; i++) {
            var next = admitted.stream()
                    .filter(claim -> parts.getOrDefault(claim.resource(), 0) < claim.useful())
                    .min(poorest);
            if (next.isEmpty()) {
                break;
            }
            parts.merge(next.get().resource(), 1, Integer::sum);
        }
        return parts;
    }
}

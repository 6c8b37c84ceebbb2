package dev.headroom.operator.index.plan;

import static dev.headroom.operator.index.plan.Given.CHANGING;
import static dev.headroom.operator.index.plan.Given.INVALID;
import static dev.headroom.operator.index.plan.Given.OTHER;
import static dev.headroom.operator.index.plan.Given.OWNER;
import static dev.headroom.operator.index.plan.Given.VALID;
import static dev.headroom.operator.index.plan.Given.desired;
import static dev.headroom.operator.index.plan.Given.markOf;
import static dev.headroom.operator.index.plan.Given.owner;
import static dev.headroom.operator.index.plan.Given.released;
import static dev.headroom.operator.index.plan.Given.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index.IndexRole;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.Desired.Expectation;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.Owner.Adoption;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IndexPlannerTest {
    private static final WantedIndex IX = wanted("ix", "a");
    private static final String OURS = markOf(OWNER, IX);
    private static final String FRESH = Names.underConstruction(OWNER, IX, "t");
    private static final IndexRole KEY = new IndexRole(true, false, false, "t_a_key", false, false);
    private static final IndexRole IDENTITY = new IndexRole(true, false, false, null, true, false);

    /** ix on t (a) is declared; this is there; so that is done next. */
    static Stream<Arguments> cases() {
        return Stream.of(whatServes(), whatWasBegun(), whatIsInTheWay()).flatMap(each -> each);
    }

    private static Stream<Arguments> whatServes() {
        return Stream.of(
                theCase("nothing", new Given(), "build"),
                theCase("the index", new Given().index("ix", VALID, OURS, "a"), "satisfied"),
                theCase("a stranger's equal index", new Given().index("ix", VALID, null, "a"), "satisfied"),
                theCase("the same by another name", new Given().index("other", VALID, null, "a"), "satisfied"),
                theCase(
                        "another resource's, equal",
                        new Given().index("ix", VALID, markOf(OTHER, IX), "a"),
                        "satisfied"),
                theCase("a released one", new Given().index("ix", VALID, released(IX), "a"), "claim"),
                theCase("ours by an undeclared name", new Given().index("was", VALID, OURS, "a"), "rename was to ix"));
    }

    private static Stream<Arguments> whatWasBegun() {
        return Stream.of(
                theCase("a failed build of ours", new Given().index(FRESH, INVALID, null, "a"), "drop " + FRESH),
                theCase("a build of ours going on", new Given().index(FRESH, CHANGING, null, "a"), "await"),
                theCase(
                        "a finished build of ours",
                        new Given().index(FRESH, VALID, null, "a"),
                        "rename " + FRESH + " to ix"),
                theCase(
                        "a build before the table changed",
                        new Given().index(FRESH, VALID, null, "b"),
                        "drop " + FRESH),
                theCase("an INVALID leftover", new Given().index("ix", INVALID, null, "a"), "drop ix"),
                theCase("somebody's build going on", new Given().index("ix", CHANGING, null, "a"), "await"),
                theCase("INVALID and another's", new Given().index("ix", INVALID, markOf(OTHER, IX), "a"), "conflict"),
                theCase("ours, INVALID, another definition", new Given().index("ix", INVALID, OURS, "b"), "drop ix"),
                theCase(
                        "the replacement is ready",
                        new Given().index("ix", VALID, OURS, "b").index(FRESH, VALID, null, "a"),
                        "rename " + FRESH + " to ix after ix to headroom_old"),
                theCase(
                        "the replacement of a stranger's is ready",
                        new Given().index("ix", VALID, null, "b").index(FRESH, VALID, null, "a"),
                        "rename " + FRESH + " to ix after ix to ix_replaced_100"));
    }

    private static Stream<Arguments> whatIsInTheWay() {
        return Stream.of(
                theCase("ours with another definition", new Given().index("ix", VALID, OURS, "b"), "build"),
                theCase("a stranger's, another definition", new Given().index("ix", VALID, null, "b"), "build"),
                theCase(
                        "another resource's, another definition",
                        new Given().index("ix", VALID, markOf(OTHER, IX), "b"),
                        "conflict"),
                theCase("a constraint's", new Given().index("ix", Given.T, VALID, null, KEY, false, "b"), "refused"),
                theCase(
                        "a replica identity",
                        new Given().index("ix", Given.T, VALID, null, IDENTITY, false, "b"),
                        "refused"),
                theCase("a table of that name", new Given().relation("ix", "table"), "refused"),
                theCase("a missing right", new Given().obstacle("GRANT it"), "refused"),
                theCase(
                        "a missing right, and the index",
                        new Given().obstacle("GRANT it").index("ix", VALID, null, "a"),
                        "satisfied"));
    }

    private static Arguments theCase(String there, Given given, String next) {
        return Arguments.of(there, given, next);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("cases")
    void theNextStepFollowsFromWhatIsThere(String there, Given given, String next) {
        IndexPlan plan = planner(Removal.RETAIN, desired("ix", "a")).plan(given.state());
        assertThat(text(plan.entries().getFirst().decision())).startsWith(next);
    }

    @Test
    void whatIsNotDeclaredIsOnlyDroppedWhenItIsOursAndMayBe() {
        DatabaseState state = new Given()
                .index("gone", VALID, markOf(OWNER, wanted("gone", "c")), "c")
                .index("theirs", VALID, markOf(OTHER, wanted("theirs", "c")), "c")
                .index("strangers", VALID, null, "c")
                .state();
        assertThat(decisions(Removal.RETAIN, state)).containsExactly("retained");
        assertThat(decisions(Removal.DROP, state)).containsExactly("drop gone");
    }

    @Test
    void anInvalidOneOfOursGoesEvenWhereValidOnesAreKept() {
        DatabaseState state = new Given()
                .index("gone", INVALID, markOf(OWNER, wanted("gone", "c")), "c")
                .state();
        assertThat(decisions(Removal.RETAIN, state)).containsExactly("drop gone");
    }

    @Test
    void nothingIsDroppedBeforeWhatIsDeclaredOnTheTableIsThere() {
        DatabaseState state = new Given()
                .index("gone", VALID, markOf(OWNER, wanted("gone", "c")), "c")
                .state();
        assertThat(decisions(Removal.DROP, state, desired("ix", "a"))).containsExactly("build", "later");
    }

    @Test
    void aBuildThatNobodyWantsAnyMoreIsCancelledAndItsLeftoverDropped() {
        assertThat(decisions(
                        Removal.RETAIN,
                        new Given().index(FRESH, CHANGING, null, "a").state()))
                .containsExactly("cancel " + FRESH);
        assertThat(decisions(
                        Removal.RETAIN,
                        new Given().index(FRESH, INVALID, null, "a").state()))
                .containsExactly("drop " + FRESH);
    }

    @Test
    void anotherResourcesLeftoverIsLeftToIt() {
        String theirs = Names.underConstruction(OTHER, IX, "t");
        assertThat(decisions(
                        Removal.DROP,
                        new Given().index(theirs, INVALID, null, "a").state()))
                .isEmpty();
    }

    /** An index of another definition has the declared name and this mark; so it is dealt with. */
    static Stream<Arguments> marks() {
        Owner recreated = owner("prod/shop", "uid-0", Adoption.IF_RECREATED);
        Owner elsewhere = new Owner("cluster-2", "prod/shop", "uid-1", Adoption.IF_RECREATED);
        Mark older = new Mark(null, "uid-1", "prod/shop", "0", Origin.DECLARED);
        Mark olderOfAnotherUid = new Mark(null, "uid-0", "prod/shop", "0", Origin.DECLARED);
        return Stream.of(
                Arguments.of("a predecessor", markOf(recreated, IX), "build", "build", "satisfied", "satisfied"),
                Arguments.of("ours, without a cluster", older.comment(), "build", "build", "claim", "claim"),
                Arguments.of(
                        "our name, no cluster", olderOfAnotherUid.comment(), "conflict", "build", "satisfied", "claim"),
                Arguments.of(
                        "another that exists", markOf(OTHER, IX), "conflict", "conflict", "satisfied", "satisfied"),
                Arguments.of(
                        "another that is gone",
                        markOf(owner("prod/gone", "uid-3", Adoption.IF_RECREATED), IX),
                        "conflict",
                        "build",
                        "satisfied",
                        "claim"),
                Arguments.of(
                        "our name in another cluster",
                        markOf(elsewhere, IX),
                        "conflict",
                        "build",
                        "satisfied",
                        "claim"));
    }

    @ParameterizedTest(name = "{0}: {2}, adopting {3}")
    @MethodSource("marks")
    void theMarkSaysWhoseItIs(
            String who, String mark, String different, String differentAdopting, String equal, String equalAdopting) {
        Owner adopter = owner("prod/shop", "uid-1", new Adoption(true, Set.of("prod/other", "prod/shop")));
        DatabaseState another = new Given().index("ix", VALID, mark, "b").state();
        DatabaseState same = new Given().index("ix", VALID, mark, "a").state();

        assertThat(decision(OWNER, another)).isEqualTo(different);
        assertThat(decision(adopter, another)).isEqualTo(differentAdopting);
        assertThat(decision(OWNER, same)).isEqualTo(equal);
        assertThat(decision(adopter, same)).isEqualTo(equalAdopting);
    }

    @Test
    void aRecreatedResourceCleansUpBehindItsPredecessor() {
        Owner recreated = owner("prod/shop", "uid-9", Adoption.IF_RECREATED);
        DatabaseState left = new Given()
                .index(FRESH, INVALID, null, "a")
                .index("gone", VALID, markOf(OWNER, wanted("gone", "c")), "c")
                .state();

        IndexPlan plan = new IndexPlanner(recreated, Removal.DROP, Map.of(), List.of()).plan(left);

        assertThat(plan.entries().stream().map(entry -> text(entry.decision())))
                .containsExactly("drop " + FRESH, "drop gone");
    }

    private static String decision(Owner owner, DatabaseState state) {
        IndexPlanner planner = new IndexPlanner(owner, Removal.RETAIN, Map.of(), List.of(desired("ix", "a")));
        return text(planner.plan(state).entries().getFirst().decision());
    }

    @Test
    void withoutAComparisonOurOwnMarkSaysWhatItWasBuiltFrom() {
        Desired unknown = new Desired.Placed(IX, new Expectation.Unknown("GRANT TEMPORARY"));
        assertThat(decisions(
                        Removal.RETAIN,
                        new Given().index("ix", VALID, markOf(OWNER, IX), "?").state(),
                        unknown))
                .containsExactly("satisfied");
        assertThat(decisions(
                        Removal.RETAIN,
                        new Given().index("ix", VALID, null, "?").state(),
                        unknown))
                .containsExactly("refused");
    }

    private static List<String> decisions(Removal removal, DatabaseState state, Desired... desired) {
        return planner(removal, desired).plan(state).entries().stream()
                .map(entry -> text(entry.decision()))
                .toList();
    }

    private static IndexPlanner planner(Removal removal, Desired... desired) {
        return new IndexPlanner(OWNER, removal, Map.of(), List.of(desired));
    }

    private static String text(Decision decision) {
        return switch (decision) {
            case Decision.Act act -> text(act.step());
            default -> decision.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Drop drop -> "drop " + drop.index().name().name();
            case Step.Cancel cancel -> "cancel " + cancel.index().name().name();
            case Step.Rename rename ->
                "rename " + rename.fresh().name().name() + " to "
                        + rename.wanted().name()
                        + (rename.before() == null
                                ? ""
                                : " after " + rename.before().index().name().name() + " to "
                                        + rename.before().to());
            default -> step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}

package dev.headroom.testkit.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** The layers of design.md as rules; each message begins with the name of the rule that was broken. */
public final class HouseRules {
    private static final Pattern DECISION =
            Pattern.compile("(Plan|Planner|Sizer|Scaler|Advisor|Decision)$|^FilterEngine$");

    private HouseRules() {}

    private static final ArchRule ONE_DIRECTION = slices().matching("dev.headroom.(**)")
            .should()
            .beFreeOfCycles()
            .as("rule no-cycles: packages never depend on each other in a circle")
            .allowEmptyShould(true);

    private static final ArchRule TWO_PROGRAMS = noClasses()
            .that()
            .resideInAPackage("dev.headroom.service..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.headroom.operator..")
            .as("rule two-programs: the service and the operator meet in their contract, never in code")
            .allowEmptyShould(true);

    private static final ArchRule TWO_PROGRAMS_BACK = noClasses()
            .that()
            .resideInAPackage("dev.headroom.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.headroom.service..")
            .as("rule two-programs: the service and the operator meet in their contract, never in code")
            .allowEmptyShould(true);

    private static final ArchRule INSIGHT_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.headroom.insight..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("dev.headroom.insight..", "java..", "org.jspecify..")
            .as("rule insight-stands-alone: insight is SQL in, records out, on the JDK alone")
            .allowEmptyShould(true);

    private static final ArchRule SUPPORT_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.headroom.support..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("dev.headroom.support..", "java..", "org.jspecify..")
            .as("rule support-stands-alone: support needs the JDK alone and knows neither program")
            .allowEmptyShould(true);

    private static final ArchRule DATABASE_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAnyPackage("dev.headroom.service.database..", "dev.headroom.service.catalog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.headroom.service.http..", "io.helidon.webserver..", "io.helidon.http..")
            .as("rule http-on-top: database and catalog know nothing of HTTP")
            .allowEmptyShould(true);

    private static final ArchRule DATABASE_BELOW_CATALOG = noClasses()
            .that()
            .resideInAPackage("dev.headroom.service.database..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.headroom.service.catalog..")
            .as("rule database-below-catalog: the database package runs queries, it knows no endpoints")
            .allowEmptyShould(true);

    private static final ArchRule CONCERNS_KNOW_NO_KUBERNETES = noClasses()
            .that()
            .resideInAPackage("dev.headroom.operator.index..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
            .as("rule concerns-without-kubernetes: the index concern runs from the command line as well")
            .allowEmptyShould(true);

    private static final ArchRule DECISIONS_ARE_PURE = noClasses()
            .that(decide())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "io.fabric8..", "io.javaoperatorsdk..", "io.helidon..")
            .as("rule decisions-are-pure: what decides reads no database, no cluster and no request")
            .allowEmptyShould(true);

    private static final ArchRule EVERY_PACKAGE_NULL_MARKED = classes()
            .should(liveInANullMarkedPackage())
            .as(
                    "rule null-marked: every package has a package-info.java with @NullMarked and a sentence on its purpose")
            .allowEmptyShould(true);

    /** All of them, in the order of the house from the ground up. */
    public static List<ArchRule> all() {
        return List.of(
                ONE_DIRECTION,
                TWO_PROGRAMS,
                TWO_PROGRAMS_BACK,
                INSIGHT_STANDS_ALONE,
                SUPPORT_STANDS_ALONE,
                DATABASE_BELOW_CATALOG,
                DATABASE_KNOWS_NO_HTTP,
                CONCERNS_KNOW_NO_KUBERNETES,
                DECISIONS_ARE_PURE,
                EVERY_PACKAGE_NULL_MARKED);
    }

    /** What the rules say about these classes: empty when the house stands. */
    public static List<String> breaches(JavaClasses code) {
        return all().stream()
                .map(rule -> rule.evaluate(code))
                .filter(result -> result.hasViolation())
                .map(result -> result.getFailureReport().toString())
                .toList();
    }

    private static DescribedPredicate<JavaClass> decide() {
        return DescribedPredicate.describe(
                "decide (…Plan, …Planner, …Sizer, …Scaler, …Advisor, …Decision, FilterEngine)",
                type -> DECISION.matcher(outermost(type).getSimpleName()).find());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseRules::outermost).orElse(type);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                if (!marked) {
                    events.add(
                            SimpleConditionEvent.violated(type, type.getName() + " lives in " + type.getPackageName()));
                }
            }
        };
    }
}

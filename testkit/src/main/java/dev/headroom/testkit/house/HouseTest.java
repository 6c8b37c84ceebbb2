package dev.headroom.testkit.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The layers of the programs as rules; each message begins with the name of the rule that was broken. Each module extends
 * this with an empty class, and holds its own sources and classes to the rules.
 */
public abstract class HouseTest {
    private static final Pattern DECISION =
            Pattern.compile("(Plan|Planner|Sizer|Scaler|Advisor|Decision)$|^FilterEngine$");

    private static final String TWO_PROGRAMS =
            "rule two-programs: the service and the operator meet in their contract, never in code";

    /** From the ground up. */
    private static final List<ArchRule> ALL = List.of(
            slices().matching("dev.headroom.(**)")
                    .should()
                    .beFreeOfCycles()
                    .as("rule no-cycles: packages never depend on each other in a circle"),
            apart("dev.headroom.service..", "dev.headroom.operator..", TWO_PROGRAMS),
            apart("dev.headroom.operator..", "dev.headroom.service..", TWO_PROGRAMS),
            alone(
                    "dev.headroom.insight..",
                    "rule insight-stands-alone: insight is SQL in, records out, on the JDK alone"),
            alone(
                    "dev.headroom.support..",
                    "rule support-stands-alone: support needs the JDK alone and knows neither program"),
            apart(
                    "dev.headroom.service.database..",
                    "dev.headroom.service.catalog..",
                    "rule database-below-catalog: the database package runs queries, it knows no endpoints"),
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.headroom.service.database..", "dev.headroom.service.catalog..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.headroom.service.http..", "io.helidon.webserver..", "io.helidon.http..")
                    .as("rule http-on-top: database and catalog know nothing of HTTP"),
            noClasses()
                    .that()
                    .resideInAPackage("dev.headroom.operator.index..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
                    .as("rule concerns-without-kubernetes: the index concern runs from the command line as well"),
            noClasses()
                    .that(decide())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.sql..", "javax.sql..", "io.fabric8..", "io.javaoperatorsdk..", "io.helidon..")
                    .as("rule decisions-are-pure: what decides reads no database, no cluster and no request"),
            classes()
                    .should(liveInANullMarkedPackage())
                    .as("rule null-marked: every package has a package-info.java with @NullMarked and a sentence on its"
                            + " purpose"));

    @Test
    void theSourcesKeepTheHouseRules() throws IOException {
        assertNone(SourceRules.breaches(Path.of("src")));
    }

    @Test
    void theClassesKeepTheHouseRules() {
        var code = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.headroom");
        assertNone(ALL.stream()
                .map(rule -> rule.allowEmptyShould(true).evaluate(code))
                .filter(EvaluationResult::hasViolation)
                .map(result -> result.getFailureReport().toString())
                .toList());
    }

    private static void assertNone(List<String> breaches) {
        if (!breaches.isEmpty()) {
            fail(String.join(System.lineSeparator(), breaches));
        }
    }

    private static ArchRule apart(String from, String to, String rule) {
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(to)
                .as(rule);
    }

    private static ArchRule alone(String module, String rule) {
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(module, "java..", "org.jspecify..")
                .as(rule);
    }

    private static DescribedPredicate<JavaClass> decide() {
        return DescribedPredicate.describe(
                "decide (…Plan, …Planner, …Sizer, …Scaler, …Advisor, …Decision, FilterEngine)",
                type -> DECISION.matcher(outermost(type).getSimpleName()).find());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseTest::outermost).orElse(type);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(
                            SimpleConditionEvent.violated(type, type.getName() + " lives in " + type.getPackageName()));
                }
            }
        };
    }
}

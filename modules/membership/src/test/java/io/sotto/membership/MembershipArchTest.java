package io.sotto.membership;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** This module is pure: it knows wire, the JDK's values and RE2's expressions, no clock, no chance, no thread, no socket. */
@AnalyzeClasses(packages = "io.sotto.membership", importOptions = ImportOption.DoNotIncludeTests.class)
class MembershipArchTest {
    @ArchTest
    static final ArchRule knowsOnlyWireValuesOfTheJdkAndExpressions = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.sotto.membership..",
                    "io.sotto.wire..",
                    "java.lang..",
                    "java.net",
                    "java.time..",
                    "java.util",
                    "java.util.function",
                    "java.util.random",
                    "java.util.regex",
                    "java.util.stream",
                    "com.google.re2j",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule opensNoSocket =
            noClasses().should().dependOnClassesThat().haveNameMatching("java\\.net\\..*(Socket|URL|Connection)");

    @ArchTest
    static final ArchRule asksNoClockAndStartsNoThread = noClasses()
            .should()
            .callMethodWhere(target(nameMatching("now|nanoTime|currentTimeMillis|sleep|start|random|getDefault"))
                    .and(target(owner(nameMatching("java\\..*")))));

    @ArchTest
    static final ArchRule drawsNoChanceOfItsOwn = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom|UUID)|java\\.security\\..*");

    @ArchTest
    static final ArchRule hasNoCyclesBetweenItsPackages =
            slices().matching("io.sotto.(**)").should().beFreeOfCycles();
}

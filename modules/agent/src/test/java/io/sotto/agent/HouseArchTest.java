package io.sotto.agent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house, over all modules that an agent is made of. Every rule is shown to bite. */
@AnalyzeClasses(packages = "io.sotto", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseArchTest {
    /** The only classes that may take time or chance from the machine; they hand it to all others. */
    private static final String SOURCES_OF_TIME_AND_CHANCE = String.join(
            "|",
            "io\\.sotto\\.gossip\\.SystemTime",
            "io\\.sotto\\.gossip\\.PoolEnvironment",
            "io\\.sotto\\.cluster\\.SottoSettings",
            "io\\.sotto\\.cluster\\.server\\.ConsulServer",
            "io\\.sotto\\.agent\\.cli\\.(KeyMaker|ThisMachine)",
            "io\\.sotto\\.agent\\.runtime\\.Agent(Process|Node)",
            "io\\.sotto\\.agent\\.demo\\.(Demo|DemoAgents|Capture)");

    private static final String READERS_OF_KEYS = String.join(
            "|",
            "io\\.sotto\\.gossip\\.keys\\.(KeyringFile|KeyMessages)",
            "io\\.sotto\\.cluster\\.server\\.KeyringAnswers",
            "io\\.sotto\\.cluster\\.upshift\\.OrderCodec",
            "io\\.sotto\\.wire\\.crypto\\..*");

    @ArchTest
    static final ArchRule arrowsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.sotto..")
            .layer("agent")
            .definedBy("io.sotto.agent..")
            .layer("cluster")
            .definedBy("io.sotto.cluster..")
            .layer("gossip")
            .definedBy("io.sotto.gossip..")
            .layer("membership")
            .definedBy("io.sotto.membership..")
            .layer("wire")
            .definedBy("io.sotto.wire..")
            .layer("rpc")
            .definedBy("io.sotto.rpc..")
            .layer("pki")
            .definedBy("io.sotto.pki..")
            .whereLayer("agent")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("agent")
            .whereLayer("gossip")
            .mayOnlyBeAccessedByLayers("cluster", "agent")
            .whereLayer("rpc")
            .mayOnlyBeAccessedByLayers("cluster", "agent")
            .whereLayer("pki")
            .mayOnlyBeAccessedByLayers("rpc", "cluster", "agent")
            .whereLayer("membership")
            .mayOnlyBeAccessedByLayers("gossip", "cluster", "agent")
            .whereLayer("wire")
            .mayOnlyBeAccessedByLayers("membership", "gossip", "rpc", "cluster", "agent", "pki")
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule wireIsPure = pure("io.sotto.wire..");

    @ArchTest
    static final ArchRule membershipIsPure = pure("io.sotto.membership..");

    @ArchTest
    static final ArchRule pkiIsPure = pureBut("io.sotto.pki..", "java\\.security\\.SecureRandom|java\\.net\\.Socket");

    @ArchTest
    static final ArchRule timeAndChanceAreInjected = timeAndChanceComeOnlyFrom(SOURCES_OF_TIME_AND_CHANCE);

    @ArchTest
    static final ArchRule keysAreReadByFew = keysAreReadOnlyBy(READERS_OF_KEYS);

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.sotto.(*)..").should().beFreeOfCycles().allowEmptyShould(false);

    @ArchTest
    static final ArchRule packagesOfWireHaveNoCycles =
            slices().matching("io.sotto.wire.(**)").should().beFreeOfCycles().allowEmptyShould(false);

    @ArchTest
    static final ArchRule packagesOfMembershipHaveNoCycles = slices().matching("io.sotto.membership.(**)")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(false);

    @ArchTest
    static final ArchRule packagesOfGossipHaveNoCycles =
            slices().matching("io.sotto.gossip.(**)").should().beFreeOfCycles().allowEmptyShould(false);

    @ArchTest
    static final ArchRule packagesOfPkiHaveNoCycles =
            slices().matching("io.sotto.pki.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesOfRpcHaveNoCycles =
            slices().matching("io.sotto.rpc.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesOfTheAgentHaveNoCycles =
            slices().matching("io.sotto.agent.(**)").should().beFreeOfCycles().allowEmptyShould(false);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = namesSayWhatAThingIs();

    @TestFactory
    Stream<DynamicTest> everyRuleBites() {
        JavaClasses offenders = new ClassFileImporter().importPackages("io.sotto.agent.offender");
        assertThat(offenders).hasSizeGreaterThanOrEqualTo(1);
        return List.of(
                        pure("io.sotto.agent.offender.."),
                        timeAndChanceComeOnlyFrom("nobody"),
                        keysAreReadOnlyBy("nobody"),
                        namesSayWhatAThingIs())
                .stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getDescription(),
                        () -> assertThat(rule.evaluate(offenders).hasViolation())
                                .isTrue()));
    }

    @TestFactory
    Stream<DynamicTest> theArrowsAndTheCyclesBite() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.sotto");
        ArchRule turnedRound = noClasses()
                .that()
                .resideInAPackage("io.sotto.gossip..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.sotto.membership..");
        ArchRule cycle = slices().matching("io.(sotto).(**)").should().notDependOnEachOther();
        return Stream.of(turnedRound, cycle)
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getDescription(),
                        () -> assertThat(rule.evaluate(all).hasViolation()).isTrue()));
    }

    private static ArchRule pure(String packages) {
        return pureBut(packages, "nothing");
    }

    /** Pure, but for types that may be arguments: whoever is handed chance, or a socket that is not looked at, takes none. */
    private static ArchRule pureBut(String packages, String arguments) {
        DescribedPredicate<JavaClass> impure = JavaClass.Predicates.resideInAnyPackage(
                        "org.apache.pekko..",
                        "scala..",
                        "org.slf4j..",
                        "ch.qos.logback..",
                        "com.typesafe..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.util.concurrent",
                        "java.util.logging..")
                .or(nameMatching("java\\.net\\..*(Socket|Channel|URL|Connection|HttpClient)"))
                .or(nameMatching("java\\.lang\\.(Thread|ThreadLocal|ProcessBuilder|Runtime)"))
                .or(nameMatching("java\\.security\\.SecureRandom|java\\.util\\.(Random|SplittableRandom|Timer|UUID)"))
                .and(not(nameMatching(arguments)))
                .forSubtype();
        return noClasses()
                .that()
                .resideInAPackage(packages)
                .should()
                .dependOnClassesThat(impure)
                .orShould()
                .callCodeUnitWhere(takesTimeOrChance())
                .orShould()
                .callCodeUnitWhere(
                        target(owner(nameMatching("java\\.net\\.Socket"))).as("use a socket"))
                .allowEmptyShould(false);
    }

    private static ArchRule timeAndChanceComeOnlyFrom(String classes) {
        return noClasses()
                .that(not(nameMatching("(" + classes + ")(\\$.*)?")).forSubtype())
                .should()
                .callCodeUnitWhere(takesTimeOrChance())
                .allowEmptyShould(false);
    }

    private static DescribedPredicate<JavaCall<?>> takesTimeOrChance() {
        return target(owner(nameMatching("java\\.time\\..*")))
                .and(target(nameMatching("now|system.*|tick.*")))
                .or(target(owner(nameMatching("java\\.lang\\.System")))
                        .and(target(nameMatching("nanoTime|currentTimeMillis"))))
                .or(target(owner(nameMatching("java\\.lang\\.Math|java\\.lang\\.StrictMath")))
                        .and(target(nameMatching("random"))))
                .or(target(owner(
                                nameMatching("java\\.util\\.(Random|SplittableRandom)|java\\.security\\.SecureRandom")))
                        .and(target(nameMatching("<init>|getInstance.*"))))
                .or(target(owner(nameMatching("java\\.util\\.concurrent\\.ThreadLocalRandom")))
                        .and(target(nameMatching("current"))))
                .or(target(owner(nameMatching("java\\.util\\.random\\.RandomGenerator")))
                        .and(target(nameMatching("of|getDefault"))))
                .or(target(owner(nameMatching("java\\.util\\.UUID"))).and(target(nameMatching("randomUUID"))))
                .as("take time or chance from the machine");
    }

    private static ArchRule keysAreReadOnlyBy(String classes) {
        return noClasses()
                .that(not(nameMatching(classes)).forSubtype())
                .should()
                .callMethodWhere(target(owner(belongToAnyOf(GossipKey.class)))
                        .and(target(nameMatching("bytes|toBase64")))
                        .as("read the bytes of a key"))
                .allowEmptyShould(false);
    }

    private static ArchRule namesSayWhatAThingIs() {
        return classes()
                .that(not(nameMatching("io\\.sotto\\.agent\\.cli\\.InfoVerb")).forSubtype())
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Abstract|Base|Data|Info)([A-Z$].*)?")
                .allowEmptyShould(false);
    }
}

package io.samepage.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows between the parts of core, which point one way. */
class ArchitectureTest {
  private static final String API = "io.samepage";
  private static final String NODE = "io.samepage.node";
  private static final String HOST = "io.samepage.host";
  private static final String EMBEDDED = "io.samepage.embedded";
  private static final String COHERENCE = "io.samepage.coherence";
  private static final String LEASE = "io.samepage.coherence.lease";
  private static final String SPLIT = "io.samepage.coherence.split";
  private static final String DIRECTORY = "io.samepage.coherence.directory";

  private static final JavaClasses CORE =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(API);

  private static DescribedPredicate<JavaClass> oursExcept(String... packages) {
    Set<String> allowed = Set.of(packages);
    return DescribedPredicate.describe("of ours outside " + allowed, type ->
        (type.getPackageName().equals(API) || type.getPackageName().startsWith(API + ".")) && !allowed.contains(type.getPackageName()));
  }

  private static void onlyUses(String from, String... packages) {
    noClasses().that().resideInAPackage(from).should().dependOnClassesThat(oursExcept(packages)).check(CORE);
  }

  @Test
  void thePackagesAreThoseThatTheRulesKnow() {
    assertThat(CORE.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrder(API, NODE, HOST, EMBEDDED, COHERENCE, LEASE, SPLIT, DIRECTORY);
  }

  @Test
  void theApiDependsOnNothingOfOurs() {
    onlyUses(API, API);
  }

  @Test
  void theDeviceSpiDependsOnTheApiAlone() {
    onlyUses(NODE, NODE, API);
  }

  @Test
  void hostMemoryDependsOnTheApiAlone() {
    onlyUses(HOST, HOST, API);
  }

  @Test
  void theDirectoryDependsOnNothingOfOurs() {
    onlyUses(DIRECTORY, DIRECTORY);
  }

  @Test
  void whereLaunchesAreCutDependsOnNothingOfOurs() {
    onlyUses(SPLIT, SPLIT);
  }

  @Test
  void leasesDependOnTheApiAndTheDirectoryAlone() {
    onlyUses(LEASE, LEASE, DIRECTORY, API);
  }

  @Test
  void theCoherenceManagerKnowsNoBackEnd() {
    onlyUses(COHERENCE, COHERENCE, LEASE, DIRECTORY, SPLIT, HOST, NODE, API);
  }

  @Test
  void theEmbeddedDeviceDependsOnTheSpiAndTheApiAlone() {
    onlyUses(EMBEDDED, EMBEDDED, NODE, API);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return type.getPackageName().startsWith(API) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "each package";
      }
    }).should().beFreeOfCycles().check(CORE);
  }

  @Test
  void onlyNativeClassesCallTheLinker() {
    ArchRule rule = noClasses().that().haveNameNotMatching(".*Native(\\$.*)?").should().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker").orShould().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.SymbolLookup");
    rule.check(CORE);
    assertThat(CORE.stream().filter(type -> type.getSimpleName().endsWith("Native"))).as("classes that may").hasSizeGreaterThan(1);
  }

  @Test
  void nativeClassesArePrivateToTheirPackage() {
    classes().that().haveSimpleNameEndingWith("Native").should().bePackagePrivate().check(CORE);
  }

  @Test
  void nobodyPrintsOrLogsPastSlf4j() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CORE);
  }

  @Test
  void nobodyCallsUnsafe() {
    noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..").check(CORE);
  }
}

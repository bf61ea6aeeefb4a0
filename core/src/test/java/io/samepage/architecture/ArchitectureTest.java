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
  private static final String SYNC = "io.samepage.coherence.sync";
  private static final String STATE = "io.samepage.coherence.state";
  private static final String HOST_SIDE = "io.samepage.coherence.hostside";
  private static final String PLACEMENT = "io.samepage.coherence.placement";
  private static final String TRANSFER = "io.samepage.coherence.transfer";
  private static final String LAUNCH = "io.samepage.coherence.launch";
  private static final String ACCESS = "io.samepage.coherence.access";

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
        .containsExactlyInAnyOrder(API, NODE, HOST, EMBEDDED, COHERENCE, LEASE, SPLIT, DIRECTORY, SYNC, STATE, HOST_SIDE, PLACEMENT,
            TRANSFER, LAUNCH, ACCESS);
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
  void waitingAndLockingDependOnTheSpiAndTheApiAlone() {
    onlyUses(SYNC, SYNC, NODE, API);
  }

  @Test
  void theStateOfAMemoryKnowsNobodyWhoChangesIt() {
    onlyUses(STATE, STATE, SYNC, LEASE, DIRECTORY, HOST, NODE, API);
  }

  @Test
  void hostSidesDependOnTheStateAndNotOnWhatIsBroughtToDevices() {
    onlyUses(HOST_SIDE, HOST_SIDE, STATE, SYNC, LEASE, DIRECTORY, HOST, NODE, API);
  }

  @Test
  void placementDependsOnTheStateAlone() {
    onlyUses(PLACEMENT, PLACEMENT, STATE, SYNC, LEASE, DIRECTORY, NODE, API);
  }

  @Test
  void transfersKnowNeitherKernelsNorLeasesOfUsers() {
    onlyUses(TRANSFER, TRANSFER, PLACEMENT, HOST_SIDE, STATE, SYNC, LEASE, DIRECTORY, NODE, API);
  }

  @Test
  void launchesKnowNoLeasesOfUsers() {
    onlyUses(LAUNCH, LAUNCH, SPLIT, TRANSFER, PLACEMENT, HOST_SIDE, STATE, SYNC, LEASE, NODE, API);
  }

  @Test
  void leasesOfUsersKnowNoLaunchesOfKernels() {
    onlyUses(ACCESS, ACCESS, TRANSFER, PLACEMENT, HOST_SIDE, STATE, SYNC, LEASE, DIRECTORY, NODE, API);
  }

  @Test
  void theCoherenceManagerKnowsNoBackEnd() {
    onlyUses(COHERENCE, COHERENCE, ACCESS, LAUNCH, TRANSFER, HOST_SIDE, STATE, SYNC, LEASE, DIRECTORY, HOST, NODE, API);
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

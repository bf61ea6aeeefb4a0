package io.samepage.opencl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Where the arrows out of this module go. */
class OpenClArchitectureTest {
  private static final JavaClasses OURS = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.samepage.opencl");

  @Test
  void itDependsOnTheSpiAndTheApiAlone() {
    noClasses().should().dependOnClassesThat()
        .resideInAnyPackage("io.samepage.coherence..", "io.samepage.host..", "io.samepage.embedded..").check(OURS);
  }

  @Test
  void lwjglIsCalledFromFewPlaces() {
    assertThat(OURS.stream().filter(OpenClArchitectureTest::callsLwjgl).map(OpenClArchitectureTest::outermost).distinct())
        .containsExactlyInAnyOrder("ClCalls", "ClInfo", "ClPlatforms", "ClPrograms", "FetchQueue", "JointLaunch", "OpenClLibrary");
  }

  private static boolean callsLwjgl(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> dependency.getTargetClass().getPackageName().startsWith("org.lwjgl"));
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(OpenClArchitectureTest::outermost).orElse(type.getSimpleName());
  }

  @Test
  void onlyNativeClassesCallTheLinker() {
    noClasses().that().haveSimpleNameNotEndingWith("Native").should().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker").orShould().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.SymbolLookup").check(OURS);
  }
}

package io.samepage.cuda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Where the arrows out of this module go. */
class CudaArchitectureTest {
  private static final JavaClasses OURS = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.samepage.cuda");

  @Test
  void itDependsOnTheSpiAndTheApiAlone() {
    noClasses().should().dependOnClassesThat()
        .resideInAnyPackage("io.samepage.coherence..", "io.samepage.host..", "io.samepage.embedded..").check(OURS);
  }

  @Test
  void jcudaIsCalledFromFewPlaces() {
    assertThat(OURS.stream().filter(CudaArchitectureTest::callsJcuda).map(CudaArchitectureTest::outermost).distinct())
        .containsExactlyInAnyOrder("ContextCalls", "DeviceCalls", "DriverLibrary", "MemoryCalls", "ModuleCalls", "StreamCalls");
  }

  private static boolean callsJcuda(JavaClass type) {
    return type.getMethodCallsFromSelf().stream().anyMatch(call -> call.getTargetOwner().getSimpleName().equals("JCudaDriver"));
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(CudaArchitectureTest::outermost).orElse(type.getSimpleName());
  }

  @Test
  void onlyNativeClassesCallTheLinker() {
    noClasses().that().haveSimpleNameNotEndingWith("Native").should().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker").orShould().dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.SymbolLookup").check(OURS);
  }
}

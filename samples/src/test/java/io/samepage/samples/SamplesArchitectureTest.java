package io.samepage.samples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What users copy from uses what users can use. */
class SamplesArchitectureTest {
  private static final JavaClasses OURS = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.samepage.samples");

  @Test
  void theSamplesUseTheApiAlone() {
    noClasses().should().dependOnClassesThat().resideInAnyPackage("io.samepage.node..", "io.samepage.coherence..", "io.samepage.host..",
        "io.samepage.embedded..", "io.samepage.opencl..").check(OURS);
  }

  @Test
  void whatIsComputedMeasuredAndShownKnowsNothingOfTheCommandLine() {
    noClasses().that().resideOutsideOfPackage("io.samepage.samples").should().dependOnClassesThat()
        .resideInAnyPackage("io.samepage.samples", "picocli..").check(OURS);
    noClasses().that().resideInAPackage("..matrixmarket").should().dependOnClassesThat().resideInAPackage("io.samepage").check(OURS);
  }
}

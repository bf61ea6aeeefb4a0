package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Machines that there is no fault handler for. */
class FaultLibraryTest {
  @Test
  void anotherSystemIsRefusedWithTheRemedy() {
    Refusal refusal = FaultLibraryNative.load("Windows 11", "amd64").refusal();
    assertThat(refusal.reason()).contains("needs Linux", "os.name=Windows 11");
    assertThat(refusal.remedy()).contains("Linux 6.7");
  }

  @Test
  void anotherProcessorIsRefusedWithTheRemedy() {
    Refusal refusal = FaultLibraryNative.load("Linux", "riscv64").refusal();
    assertThat(refusal.reason()).contains("native/linux-riscv64/libsamepage.so");
    assertThat(refusal.remedy()).contains("Build Samepage");
  }

  @Test
  void aLibraryThatCantBeLoadedIsRefusedWithTheRemedy() {
    Refusal refusal = FaultLibraryNative.load("nonsense.so", new byte[] {1, 2, 3}).refusal();
    assertThat(refusal.reason()).contains("can't be loaded", "resource=nonsense.so");
    assertThat(refusal.remedy()).contains("java.io.tmpdir");
  }

  @Test
  void aReasonWithoutASecondLineHasNoRemedy() {
    assertThat(Refusal.of("it is so")).isEqualTo(new Refusal("it is so", ""));
    assertThat(Refusal.of("it is so\nChange it.")).isEqualTo(new Refusal("it is so", "Change it."));
  }
}

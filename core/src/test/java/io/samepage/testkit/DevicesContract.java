package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.BackendReport;
import io.samepage.Device;
import io.samepage.NoSuchDeviceException;
import io.samepage.UnifiedMemory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Choosing devices and what they tell of themselves. */
public abstract class DevicesContract extends MemoryContract {

  @Test
  void theDevicesAreThoseThatWereAskedForInTheirOrder() {
    assertThat(memory().devices()).extracting(Device::name).isEqualTo(devices());
    for (String name : devices()) {
      assertThat(memory().device(name).name()).isEqualTo(name);
    }
    assertThat(memory().device(devices().getFirst())).isSameAs(device());
  }

  @Test
  void aBackEndsNameStandsForItsFirstAttachedDevice() {
    assertThat(memory().device(device().info().backend())).isSameAs(device());
  }

  @Test
  void aDeviceTellsWhatItIs() {
    assertThat(device().info().name()).isEqualTo(device().name()).startsWith(device().info().backend() + ":");
    assertThat(device().info().description()).isNotBlank();
    assertThat(device().info().driver()).isNotBlank();
    assertThat(device().info().kind()).isNotNull();
    assertThat(device().info().memoryBytes()).isPositive();
    assertThat(device().budgetBytes()).isEqualTo(device().info().budgetBytes()).isPositive();
    assertThat(device().usedBytes()).isZero();
  }

  @Test
  void theBackEndsTellWhatTheyFound() {
    assertThat(memory().backends()).extracting(BackendReport::backend).doesNotHaveDuplicates();
    assertThat(memory().backends()).filteredOn(report -> report.backend().equals(device().info().backend())).singleElement()
        .satisfies(report -> {
          assertThat(report.state()).isEqualTo(BackendReport.State.AVAILABLE);
          assertThat(report.devices()).contains(device().info());
          assertThat(report.explanation()).isNotBlank();
        });
  }

  @Test
  void everyBackEndThatHasNoDeviceSaysWhyAndWhatToDo() {
    assertThat(memory().backends()).filteredOn(report -> report.state() != BackendReport.State.AVAILABLE).allSatisfy(report -> {
      assertThat(report.explanation()).isNotBlank();
      assertThat(report.remedy()).isNotBlank();
      assertThat(report.devices()).isEmpty();
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonesuch", "nonesuch:0", ":", "auto:1", "0"})
  void aDeviceThatDoesNotExistIsNamedWithThoseThatDo(String name) {
    assertThatThrownBy(() -> UnifiedMemory.builder().devices(name).open()).isInstanceOfSatisfying(NoSuchDeviceException.class, e -> {
      assertThat(e.available()).containsAll(devices());
      assertThat(e).hasMessageContaining(name).hasMessageContaining(devices().getFirst());
    });
    assertThatThrownBy(() -> memory().device(name)).isInstanceOfSatisfying(NoSuchDeviceException.class, e -> {
      assertThat(e.available()).isEqualTo(devices());
      assertThat(e).hasMessageContaining(name);
    });
  }

  @Test
  void aNumberThatIsTooHighIsNoDevice() {
    String name = device().info().backend() + ":4711";
    assertThatThrownBy(() -> builderOver(devices().getFirst(), name).open()).isInstanceOf(NoSuchDeviceException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(() -> memory().device(name)).isInstanceOf(NoSuchDeviceException.class);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "\t"})
  void aNameIsNotBlank(String name) {
    assertThatThrownBy(() -> builderOver(name)).isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class);
  }

  @Test
  void namesAreGivenOnceAndThereIsAtLeastOne() {
    String name = devices().getFirst();
    assertThatIllegalArgumentException().isThrownBy(() -> builderOver());
    assertThatIllegalArgumentException().isThrownBy(() -> builderOver(name, name)).withMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aBudgetIsPositive(long bytes) {
    assertThatIllegalArgumentException().isThrownBy(() -> builder().deviceBudget(devices().getFirst(), bytes))
        .withMessageContaining(String.valueOf(bytes));
  }

  @Test
  void aBudgetIsSetByTheDevicesNameOrItsBackEnds() {
    try (UnifiedMemory byDevice = builder().deviceBudget(device().name(), 64 * page()).open();
        UnifiedMemory byBackEnd = builder().deviceBudget(device().info().backend(), 32 * page()).open()) {
      assertThat(byDevice.devices().getFirst().budgetBytes()).isEqualTo(64 * page());
      assertThat(byBackEnd.devices().getFirst().budgetBytes()).isEqualTo(32 * page());
    }
  }

  @Test
  void aTimeoutIsNotNegative() {
    assertThatIllegalArgumentException().isThrownBy(() -> builder().leaseTimeout(Duration.ofMillis(-1)));
  }

  private static UnifiedMemory.Builder builderOver(String... names) {
    return UnifiedMemory.builder().devices(names);
  }
}

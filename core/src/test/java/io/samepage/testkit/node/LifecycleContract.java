package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.finish;
import static io.samepage.testkit.node.NodeFixture.out;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.node.DeviceNode;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices are found and opened, memory is taken and given back. */
abstract class LifecycleContract extends NodeContract {
  LifecycleContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  @Test
  void theReportNamesWhatItFound() {
    BackendReport report = subject.backend().probe();
    assertThat(report.backend()).isEqualTo(subject.backend().name());
    assertThat(report.state()).isEqualTo(BackendReport.State.AVAILABLE);
    assertThat(report.explanation()).isNotBlank();
    assertThat(report.devices()).extracting(DeviceInfo::name).doesNotHaveDuplicates()
        .allMatch(name -> name.matches(report.backend() + ":\\d+"));
    assertThat(report.devices()).allSatisfy(device -> {
      assertThat(device.backend()).isEqualTo(report.backend());
      assertThat(device.description()).isNotBlank();
      assertThat(device.driver()).isNotBlank();
      assertThat(device.budgetBytes()).isPositive().isLessThanOrEqualTo(device.memoryBytes());
    });
  }

  @Test
  void probingAgainFindsTheSame() {
    var backend = subject.backend();
    assertThat(backend.probe()).isEqualTo(backend.probe());
  }

  @Test
  void aNodeSaysWhichDeviceItIs() {
    assertThat(node.info().name()).isEqualTo(subject.deviceNames().getFirst());
    assertThat(node.maxWindowBytes()).isGreaterThanOrEqualTo(16 << 20);
    assertThat(node.toString()).isNotBlank();
  }

  @Test
  void aWindowHasItsSizeAndAHandle() {
    Window window = node.allocate(3 * UNIT_BYTES);
    assertThat(window.sizeBytes()).isEqualTo(3 * UNIT_BYTES);
    assertThat(window.handle()).isNotZero();
    node.free(window);
  }

  @Test
  void windowsShareNoBytes() throws InterruptedException {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      windows.add(fixture.window(node, UNIT_BYTES));
      launch(node, "fill", UNIT_BYTES / 4, out(windows.get(i), 0, UNIT_BYTES), value(i));
    }
    assertThat(windows).extracting(Window::handle).doesNotHaveDuplicates();
    for (int i = 0; i < 50; i++) {
      assertThat(fixture.downloadInts(node, windows.get(i), 0, UNIT_BYTES / 4)).containsOnly(i);
    }
  }

  @Test
  void freedMemoryCanBeHadAgain() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      Window window = node.allocate((1 + i % 64) * (long) UNIT_BYTES);
      if (i % 10 == 0) {
        launch(node, "fill", 100, out(window, 0, 400), value(i));
        finish(node);
      }
      node.free(window);
    }
    Window half = node.allocate(16 << 20);
    node.free(half);
  }

  @Test
  void aDeviceCanBeOpenedAgainAfterItWasClosed() throws InterruptedException {
    List<String> names = List.of(subject.deviceNames().getFirst());
    for (int i = 0; i < 3; i++) {
      try (DeviceNode again = NodeFixture.open(subject.backend(), names, subject.budgetBytes()).getFirst()) {
        Window window = again.allocate(UNIT_BYTES);
        launch(again, "fill", 100, out(window, 0, 400), value(i));
        assertThat(fixture.downloadInts(again, window, 0, 100)).containsOnly(i);
        again.free(window);
      }
    }
  }

  @Test
  void closingWaitsForTheQueue() {
    DeviceNode other = NodeFixture.open(subject.backend(), List.of(subject.deviceNames().getFirst()), subject.budgetBytes()).getFirst();
    var fence = other.fence();
    other.close();
    assertThat(fence.isDone()).isTrue();
  }
}

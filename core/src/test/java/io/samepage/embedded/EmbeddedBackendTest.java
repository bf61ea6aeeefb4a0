package io.samepage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.MemoryKind;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeArgument;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddedBackendTest {
  private final EmbeddedBackend backend = new EmbeddedBackend(1 << 30);

  @Test
  void isFoundAsAService() {
    assertThat(ServiceLoader.load(DeviceBackend.class)).hasAtLeastOneElementOfType(EmbeddedBackend.class);
  }

  @Test
  void reportsTwoDevicesAndTheSameEachTime() {
    BackendReport report = backend.probe();
    assertThat(report.state()).isEqualTo(BackendReport.State.AVAILABLE);
    assertThat(report.devices()).extracting(DeviceInfo::name).containsExactly("embedded:0", "embedded:1");
    assertThat(report.devices()).allSatisfy(info -> {
      assertThat(info.kind()).isEqualTo(DeviceInfo.Kind.EMBEDDED);
      assertThat(info.budgetBytes()).isEqualTo(1 << 28);
    });
    assertThat(backend.probe()).isSameAs(report);
  }

  @Test
  void aDefaultBudgetIsAtMostOneGibibyte() {
    assertThat(new EmbeddedBackend(1L << 40).probe().devices().getFirst().budgetBytes()).isEqualTo(1L << 30);
  }

  @Test
  void opensNothingForADeviceThatItDidNotFind() {
    DeviceInfo other = new DeviceInfo("opencl:0", "opencl", "x", "y", DeviceInfo.Kind.GPU, 1, 1,
        Set.of(MemoryKind.DISCRETE));
    assertThatThrownBy(() -> backend.open(List.of(new DeviceRequest(other, 1)))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("opencl:0");
  }

  @Test
  void refusesABudgetBelowOneByte() {
    DeviceInfo info = backend.probe().devices().getFirst();
    assertThatThrownBy(() -> backend.open(List.of(new DeviceRequest(info, 0)))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budgetBytes=0");
  }

  @Test
  void runsAKernelOnUploadedBytes() throws InterruptedException {
    DeviceInfo info = backend.probe().devices().getFirst();
    try (DeviceNode node = backend.open(List.of(new DeviceRequest(info, 1 << 20))).getFirst(); Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3);
      Window window = node.allocate(4096);
      node.upload(List.of(new CopyRun(host.address(), window, 4, 12)));
      node.launch(node.kernel(TestKernels.SOURCE, "increment"), Grid.of(3),
          List.of(new NodeArgument.Memory(window, 4, 12, Access.READ_WRITE), new NodeArgument.Value(10)));
      node.download(List.of(new CopyRun(host.address(), window, 4, 12)));
      assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
      assertThat(host.toArray(ValueLayout.JAVA_INT)).containsExactly(11, 12, 13);
      node.free(window);
    }
  }
}

package io.samepage.cuda;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jcuda.driver.CUcontext;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;

/** A program's own JCuda calls on unified memory, on the test double. */
class CudaInteropTest {
  private static void succeed(int code) {
    assertThat(code).isEqualTo(CUresult.CUDA_SUCCESS);
  }

  @Test
  void aProgramsOwnStreamWorksOnTheSliceOfALease() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:1").open(); UnifiedRange range = memory.allocate(4096)) {
      Device device = memory.devices().getFirst();
      succeed(JCudaDriver.cuCtxPushCurrent(CudaInterop.context(device)));
      CUstream stream = new CUstream();
      succeed(JCudaDriver.cuStreamCreate(stream, 0));
      try (DeviceLease lease = device.acquire(range.slice(1024, 2048), Access.WRITE)) {
        succeed(JCudaDriver.cuMemsetD32Async(CudaInterop.pointer(lease), 41, 512, stream));
        succeed(JCudaDriver.cuStreamSynchronize(stream));
      }
      device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(512), inOut(range.slice(1024, 2048)), value(1));
      try (HostLease lease = range.host(Access.READ)) {
        int[] ints = lease.segment().toArray(ValueLayout.JAVA_INT);
        assertThat(ints).startsWith(0, 0).endsWith(0, 0);
        assertThat(Arrays.copyOfRange(ints, 256, 768)).containsOnly(42);
      }
      succeed(JCudaDriver.cuStreamDestroy(stream));
      succeed(JCudaDriver.cuCtxPopCurrent(new CUcontext()));
    }
  }

  @Test
  void contextsOfTheProgramsOwnStayAsTheyAre() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").open()) {
      CUcontext own = CudaInterop.context(memory.devices().getLast());
      succeed(JCudaDriver.cuCtxPushCurrent(own));
      try (UnifiedRange range = memory.allocate(4096)) {
        memory.devices().getFirst().kernel(TestKernels.SOURCE, "increment").launch(Grid.of(1024), inOut(range), value(1)).await();
      }
      CUcontext current = new CUcontext();
      succeed(JCudaDriver.cuCtxGetCurrent(current));
      assertThat(current).isEqualTo(own);
      succeed(JCudaDriver.cuCtxPopCurrent(current));
    }
  }

  @Test
  void otherDevicesAndClosedLeasesHaveNoPointer() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0", "embedded").open(); UnifiedRange range = memory.allocate(4096)) {
      Device embedded = memory.devices().getLast();
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.context(embedded)).withMessageContaining("embedded:0");
      try (DeviceLease lease = embedded.acquire(range.all(), Access.READ)) {
        assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.pointer(lease)).withMessageContaining("embedded:0");
      }
      DeviceLease closed = memory.devices().getFirst().acquire(range.all(), Access.READ);
      closed.close();
      assertThatThrownBy(() -> CudaInterop.pointer(closed)).isInstanceOf(IllegalStateException.class);
    }
  }
}

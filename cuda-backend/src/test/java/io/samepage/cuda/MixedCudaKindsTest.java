package io.samepage.cuda;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.MemoryKind;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that uses the host's pages beside one that has copies, of which some can't be had. On the test double. */
class MixedCudaKindsTest {
  private static final int SHARING = 0;
  private static final int COPYING = 1;
  private static final long BYTES = 1 << 16;
  private static final int PATTERN = 0xDEADBEEF;

  private UnifiedMemory memory;
  private UnifiedArena arena;
  private MemorySegment segment;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    DoubleNative.isIntegrated(SHARING);
    memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").deviceMemoryKind("cuda:0", MemoryKind.COHERENT).open();
    arena = memory.sharedArena();
    segment = arena.allocate(BYTES);
    segment.fill((byte) 3);
    fill(COPYING, 4).await();
  }

  @AfterEach
  void close() {
    arena.close();
    memory.close();
    DoubleNative.reset();
  }

  private Fence fill(int device, int value) {
    return memory.devices().get(device).kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES / 4), out(segment), value(value));
  }

  private static void failToCopyHome() {
    DoubleNative.fail("cuMemcpyDtoHAsync_v2", 1, CUresult.CUDA_ERROR_UNKNOWN, false);
  }

  @Test
  void whatIsOverwrittenNeedNotBeHadFromWhoFailsToCopyIt() {
    failToCopyHome();
    fill(SHARING, 5).await();
    assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(5);
    assertThat(memory.slice(segment).residency().poisonedPages()).isZero();
  }

  @Test
  void whatCouldNotBeHadStaysLostWhereItIsNotOverwrittenEither() {
    failToCopyHome();
    DoubleNative.fail("cuLaunchKernel", 1, CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, false);
    assertThatThrownBy(() -> fill(SHARING, 5)).isInstanceOf(DeviceException.class);
    assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(PATTERN);
    assertThatThrownBy(() -> memory.slice(segment).host(Access.READ).close()).isInstanceOf(PoisonedPageException.class);
    fill(SHARING, 6).await();
    assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(6);
  }
}

package io.samepage.opencl;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/** The driver's own calls on the segments of host leases, from more threads than PoCL has workers, while others touch plain segments. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RawDriverCallsTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int CALLERS = 8;
  private static final int TOUCHERS = 4;
  private static final int ROUNDS = 25;
  private static final int PART_BYTES = 100_000;

  private final FoundDevice found = Devices.found();
  private final AtomicInteger calling = new AtomicInteger(CALLERS);
  private UnifiedMemory memory;
  private UnifiedArena arena;
  private long context;

  @BeforeEach
  void open() {
    memory = UnifiedMemory.builder().devices("opencl:0").open();
    arena = memory.sharedArena();
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      context = CL10.clCreateContext(stack.pointers(CL10.CL_CONTEXT_PLATFORM, found.platform(), 0), found.id(), null, 0, error);
      assertThat(error.get(0)).isZero();
    }
  }

  @AfterEach
  void close() {
    assertThat(CL10.clReleaseContext(context)).isZero();
    arena.close();
    memory.close();
  }

  private Device device() {
    return memory.devices().getFirst();
  }

  private void fill(MemorySegment segment, int with) {
    device().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(with));
  }

  @Test
  void readsAndWritesUnderLeasesGoOnWhileOthersTouch() throws InterruptedException, ExecutionException {
    MemorySegment all = arena.allocate((long) CALLERS * PART_BYTES);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      tasks.add(() -> callAndCountDown(all.asSlice((long) number * PART_BYTES, PART_BYTES), number));
    }
    for (int i = 0; i < TOUCHERS; i++) {
      tasks.add(this::touch);
    }
    ExecutorService executor = Executors.newFixedThreadPool(CALLERS + TOUCHERS);
    try {
      for (Future<Void> future : executor.invokeAll(tasks)) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private Void callAndCountDown(MemorySegment part, int number) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      long queue = CL10.clCreateCommandQueue(context, found.id(), 0, error);
      long buffer = CL10.clCreateBuffer(context, CL10.CL_MEM_READ_WRITE, PART_BYTES, error);
      assertThat(error.get(0)).isZero();
      for (int round = 1; round <= ROUNDS; round++) {
        roundTrip(part, queue, buffer, 1000 * number + round, round % 2 == 0);
      }
      assertThat(CL10.clReleaseMemObject(buffer)).isZero();
      assertThat(CL10.clReleaseCommandQueue(queue)).isZero();
      return null;
    } finally {
      calling.decrementAndGet();
    }
  }

  /** What a kernel of ours wrote goes to a buffer of the program's own and back over other bytes. */
  private void roundTrip(MemorySegment part, long queue, long buffer, int with, boolean isBlocking) {
    fill(part, with);
    try (HostLease lease = memory.slice(part).host(Access.READ)) {
      check(CL10.nclEnqueueWriteBuffer(queue, buffer, isBlocking ? 1 : 0, 0, PART_BYTES, lease.segment().address(), 0, 0, 0), queue);
    }
    fill(part, -1);
    assertThat(part.getAtIndex(INT, 7)).isEqualTo(-1);
    try (HostLease lease = memory.slice(part).host(Access.WRITE)) {
      check(CL10.nclEnqueueReadBuffer(queue, buffer, isBlocking ? 1 : 0, 0, PART_BYTES, lease.segment().address(), 0, 0, 0), queue);
    }
    device().kernel(TestKernels.SOURCE, "increment").launch(Grid.of(PART_BYTES / 4), inOut(part), value(1));
    assertThat(part.toArray(INT)).containsOnly(with + 1);
  }

  private static void check(int error, long queue) {
    assertThat(error).isZero();
    assertThat(CL10.clFinish(queue)).isZero();
  }

  private Void touch() {
    MemorySegment own = arena.allocate(200_000);
    for (int round = 1; calling.get() > 0; round++) {
      fill(own, round);
      for (long at = own.byteSize() - 4; at >= 0; at -= 4092) {
        assertThat(own.get(INT, at)).isEqualTo(round);
      }
    }
    return null;
  }
}

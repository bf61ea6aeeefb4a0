package io.samepage.opencl.jocl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.opencl.OpenClInterop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jocl.cl_queue_properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JOCL's objects for Samepage's, and Samepage's for JOCL's. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JoclInteropTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int COUNT = 32 * 1024;
  private static final int FAILURE = -9999;

  private cl_context context;
  private cl_command_queue queue;
  private cl_program program;
  private cl_kernel increment;
  private JoclInterop jocl;
  private UnifiedMemory memory;
  /** Null if none is; else to be completed at the end, so that nothing waits for it for good where a test fails. */
  private cl_event pending;

  @BeforeEach
  void open() {
    OpenClInterop.loadLibrary();
    CL.setExceptionsEnabled(true);
    cl_platform_id[] platforms = new cl_platform_id[1];
    CL.clGetPlatformIDs(1, platforms, null);
    cl_device_id[] devices = new cl_device_id[1];
    CL.clGetDeviceIDs(platforms[0], CL.CL_DEVICE_TYPE_ALL, 1, devices, null);
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, platforms[0]);
    context = CL.clCreateContext(properties, 1, devices, null, null, null);
    queue = CL.clCreateCommandQueueWithProperties(context, devices[0], new cl_queue_properties(), null);
    program = CL.clCreateProgramWithSource(context, 1,
        new String[] {"__kernel void increment(__global int* a, int by) { a[get_global_id(0)] += by; }"}, null, null);
    CL.clBuildProgram(program, 0, null, null, null, null);
    increment = CL.clCreateKernel(program, "increment", null);
    jocl = new JoclInterop(context, queue);
    memory = jocl.builder().open();
  }

  @AfterEach
  void close() {
    if (pending != null) {
      pass(pending, CL.CL_COMPLETE);
    }
    memory.close();
    jocl.close();
    jocl.close();
    CL.clReleaseKernel(increment);
    CL.clReleaseProgram(program);
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
  }

  private Device device() {
    return memory.devices().getFirst();
  }

  private cl_event increment(cl_mem buffer, int count, int by, cl_event after) {
    cl_event event = new cl_event();
    CL.clSetKernelArg(increment, 0, Sizeof.cl_mem, Pointer.to(buffer));
    CL.clSetKernelArg(increment, 1, Sizeof.cl_int, Pointer.to(new int[] {by}));
    cl_event[] waits = after == null ? null : new cl_event[] {after};
    CL.clEnqueueNDRangeKernel(queue, increment, 1, null, new long[] {count}, null, after == null ? 0 : 1, waits, event);
    return event;
  }

  /** An event that the test completes. */
  private cl_event gate() {
    pending = CL.clCreateUserEvent(context, null);
    return pending;
  }

  private void pass(cl_event gate, int status) {
    pending = null;
    CL.clSetUserEventStatus(gate, status);
  }

  private static int[] ints(UnifiedRange range) {
    try (HostLease lease = range.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  private UnifiedRange sequence() {
    UnifiedRange range = memory.allocate(4L * COUNT);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().copyFrom(MemorySegment.ofArray(IntStream.range(0, COUNT).toArray()));
    }
    return range;
  }

  @Test
  void aLeasesBufferIsTheOneThatSamepageUses() {
    UnifiedRange range = sequence();
    UnifiedRange other = memory.allocate(4096);
    try (DeviceLease lease = device().acquire(range.all(), Access.READ); DeviceLease second = device().acquire(other.all(), Access.WRITE)) {
      cl_mem buffer = jocl.buffer(lease);
      assertThat(buffer.getNativePointer()).isEqualTo(lease.handle());
      assertThat(jocl.buffer(lease)).isSameAs(buffer);
      assertThat(jocl.buffer(second).getNativePointer()).isEqualTo(second.handle());
      int[] seen = new int[COUNT];
      CL.clEnqueueReadBuffer(queue, buffer, true, lease.handleOffsetBytes(), 4L * COUNT, Pointer.to(seen), 0, null, null);
      assertThat(seen).isEqualTo(IntStream.range(0, COUNT).toArray());
      jocl.close();
      assertThatThrownBy(() -> jocl.buffer(lease)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aBufferIsToBeHadWhileTheProgramsQueueWaitsForJava() {
    cl_event gate = gate();
    DeviceLease first = device().acquire(sequence().all(), Access.READ_WRITE);
    cl_event event = increment(jocl.buffer(first), COUNT, 1, gate);
    try (DeviceLease second = device().acquire(memory.allocate(64).all(), Access.WRITE)) {
      assertThat(jocl.buffer(second).getNativePointer()).isEqualTo(second.handle());
    }
    CompletableFuture<Void> closed = jocl.closeWhen(first, event);
    pass(gate, CL.CL_COMPLETE);
    closed.join();
    CL.clReleaseEvent(event);
    CL.clReleaseEvent(gate);
  }

  @Test
  void aLeaseEndsWithAnEventAndTouchesDontWaitForIt() throws InterruptedException {
    cl_event gate = gate();
    try (UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(4L * COUNT);
      memory.slice(segment).fill((byte) 0).await();
      device().acquire(memory.slice(segment), Access.READ_WRITE).close();
      DeviceLease lease = device().acquire(memory.slice(segment), Access.READ_WRITE);
      cl_event event = increment(jocl.buffer(lease), COUNT, 7, gate);
      CompletableFuture<Void> closed = jocl.closeWhen(lease, event);
      CL.clReleaseEvent(event);
      int[] seen = {-1};
      Thread toucher = Thread.ofPlatform().daemon().start(() -> seen[0] = segment.getAtIndex(INT, COUNT / 2));
      System.gc();
      toucher.join();
      assertThat(seen[0]).isZero();
      assertThat(closed).isNotDone();
      pass(gate, CL.CL_COMPLETE);
      closed.join();
      assertThat(segment.toArray(INT)).containsOnly(7);
    }
    CL.clReleaseEvent(gate);
  }

  @Test
  void anEventThatFailsPoisonsWhatWasToBeWritten() {
    UnifiedRange range = sequence();
    cl_event gate = gate();
    CompletableFuture<Void> closed = jocl.closeWhen(device().acquire(range.all(), Access.READ_WRITE), gate);
    pass(gate, FAILURE);
    assertThatThrownBy(closed::join).hasCauseInstanceOf(KernelFailedException.class);
    assertThat(range.all().residency().poisonedPages()).isEqualTo(range.all().residency().pageCount());
    CL.clReleaseEvent(gate);
  }

  @Test
  void anEventOfNoCommandIsRefused() {
    DeviceLease lease = device().acquire(sequence().all(), Access.READ);
    assertThatThrownBy(() -> jocl.closeWhen(lease, new cl_event())).isInstanceOf(IllegalArgumentException.class);
    lease.close();
  }

  @Test
  void aBufferOfTheProgramsIsAdopted() {
    int[] content = IntStream.range(5, 5 + COUNT).toArray();
    cl_mem buffer = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR, 4L * COUNT, Pointer.to(content), null);
    UnifiedRange range = memory.allocate(4L * COUNT);
    jocl.adopt(device(), range.all(), buffer);
    CL.clReleaseMemObject(buffer);
    assertThat(ints(range)).isEqualTo(content);
    cl_mem small = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, 4096, null, null);
    assertThatThrownBy(() -> jocl.adopt(device(), memory.allocate(8192).all(), small)).isInstanceOf(IllegalArgumentException.class);
    CL.clReleaseMemObject(small);
  }

  @Test
  void nothingIsRefusedAtOnce() {
    assertThatThrownBy(() -> new JoclInterop(null, queue)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new JoclInterop(context, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new JoclInterop(new cl_context(), queue).builder()).isInstanceOf(IllegalArgumentException.class);
  }
}

package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memPutAddress;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.node.CopyRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CLCapabilities;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Pointer;

/**
 * Uploads and the kernel that comes behind them as one native call, {@code sp_launch}, for a driver that runs on the host's processors: no
 * upload begins before the kernel is in its queue. The driver's threads, woken by each command, would take the processor and the driver's
 * locks from the thread that is about to enqueue the kernel.
 */
final class JointLaunch {
  /** The kernel's event, 0 if it wasn't enqueued, and what the driver has refused, null if nothing. */
  record Outcome(long kernelEvent, DeviceException failure) {}

  private static final long WORD = Pointer.POINTER_SIZE;
  private static final int LAUNCH_WORDS = 12;
  private static final int LAUNCH_EVENT = 10;
  private static final int LAUNCH_GATE = 11;
  private static final int UPLOAD_WORDS = 5;
  private static final int UPLOAD_EVENT = 4;
  private static final MemorySegment CALLS = calls(CL.getICD());

  private final OpenClNode node;
  private final MemorySegment function;
  /** The event that holds the next launch's uploads back, which nothing waits for yet; 0 if there is none. */
  private final AtomicLong nextGate = new AtomicLong();

  /**
   * For a node's queues.
   *
   * @param node the node
   * @param function where {@code sp_launch} is
   */
  JointLaunch(OpenClNode node, long function) {
    this.node = node;
    this.function = MemorySegment.ofAddress(function);
  }

  private static MemorySegment calls(CLCapabilities functions) {
    return Arena.global().allocateFrom(ValueLayout.JAVA_LONG, functions.clCreateUserEvent, functions.clSetUserEventStatus,
        functions.clEnqueueWriteBuffer, functions.clEnqueueNDRangeKernel, functions.clFlush, functions.clReleaseEvent);
  }

  /**
   * Whether a device's driver is one that this was tried on: PoCL with threads on the host's processors. PoCL's single-threaded device
   * before 5.0 never returns from ending an event that commands wait for (pocl issue 1177), and by the text of
   * {@code clSetUserEventStatus} nothing may be released meanwhile, which other threads do; PoCL only counts there.
   */
  static boolean suits(DeviceInfo device) {
    String name = device.description();
    return device.kind() == DeviceInfo.Kind.CPU && device.driver().startsWith("Portable Computing Language")
        && (name.startsWith("pthread-") || (name.startsWith("cpu-") && !name.startsWith("cpu-minimal") && !name.startsWith("cpu-tbb")));
  }

  /** Whether uploads go with a kernel: some, and each of them is a command of its own. */
  static boolean takes(List<CopyRun> uploads) {
    return !uploads.isEmpty() && uploads.size() < HostCopies.FEWEST_TO_MOVE;
  }

  /**
   * Enqueues uploads in the node's own queue, and a kernel behind them.
   *
   * @param queue where the kernel goes
   * @param kernel the kernel, whose arguments are set
   * @param grid how many work items
   * @param uploads what is uploaded, which {@link #takes} has said yes to
   * @return what became of the kernel; where it wasn't enqueued, some of the uploads may have been
   */
  Outcome enqueue(long queue, long kernel, Grid grid, List<CopyRun> uploads) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long list = stack.nmalloc(Pointer.POINTER_SIZE, Math.toIntExact(uploads.size() * UPLOAD_WORDS * WORD));
      for (int i = 0; i < uploads.size(); i++) {
        CopyRun run = uploads.get(i);
        put(list + i * UPLOAD_WORDS * WORD, run.window().handle(), run.windowOffsetBytes(), run.sizeBytes(), run.hostAddress(), NULL);
      }
      long launch = stack.nmalloc(Pointer.POINTER_SIZE, Math.toIntExact(LAUNCH_WORDS * WORD));
      put(launch, CALLS.address(), node.context().handle(), node.queueHandle(), queue, kernel, grid.dimensions(),
          ClPrograms.globalSizes(stack, grid), ClPrograms.localSizes(stack, grid), list, uploads.size(), NULL,
          nextGate.getAndSet(NULL));
      int code = SystemNative.launch(function, launch);
      keep(memGetAddress(launch + LAUNCH_GATE * WORD));
      int uploaded = collect(list, uploads);
      long event = memGetAddress(launch + LAUNCH_EVENT * WORD);
      return new Outcome(event, code == CL10.CL_SUCCESS ? null : failure(code, uploads, uploaded, event));
    }
  }

  /** Of two launches at a time both leave one. */
  private void keep(long gate) {
    long other = nextGate.getAndSet(gate);
    if (other != NULL) {
      // Nothing is lost but an event where the driver refuses, and a launch behind which that happens is in its queue.
      CL10.clReleaseEvent(other);
    }
  }

  /** Called once nothing is launched any more. */
  void close() {
    keep(NULL);
  }

  private static void put(long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      memPutAddress(address + i * WORD, words[i]);
    }
  }

  /** Hands over the events of uploads that were enqueued; answers how many. */
  private int collect(long list, List<CopyRun> uploads) {
    EventList commands = new EventList();
    for (int i = 0; i < uploads.size(); i++) {
      long event = memGetAddress(list + (i * UPLOAD_WORDS + UPLOAD_EVENT) * WORD);
      if (event != NULL) {
        commands.add(event);
        node.counters().countUploads(1, uploads.get(i).sizeBytes());
      }
    }
    node.track(commands);
    return commands.size();
  }

  private DeviceException failure(int code, List<CopyRun> uploads, int uploaded, long kernelEvent) {
    if (uploaded == uploads.size()) {
      return node.calls().failure(kernelEvent == NULL ? "clEnqueueNDRangeKernel" : "clSetUserEventStatus or clFlush", code, "");
    }
    CopyRun refused = uploads.get(uploaded);
    return node.calls().failure("clEnqueueWriteBuffer", code, ", offsetBytes=" + refused.windowOffsetBytes() + ", sizeBytes="
        + refused.sizeBytes());
  }
}

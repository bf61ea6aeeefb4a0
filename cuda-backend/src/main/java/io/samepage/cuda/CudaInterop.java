package io.samepage.cuda;

import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.node.DeviceNode;
import io.samepage.node.MemoryProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import jcuda.NativePointerObject;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;

/**
 * Samepage beside a program's own JCuda code: the same context, pointers that both use, and leases that end with an event or with what is
 * in a stream.
 *
 * <pre>{@code
 * try (UnifiedMemory memory = CudaInterop.builder(context, stream).open()) {
 *   UnifiedRange range = memory.allocate(4 * n);
 *   DeviceLease lease = memory.devices().getFirst().acquire(range.all(), Access.READ_WRITE);
 *   cuLaunchKernel(kernel, blocks, 1, 1, 256, 1, 1, 0, stream, Pointer.to(Pointer.to(CudaInterop.pointer(lease))), null);
 *   CudaInterop.closeWhen(lease, stream);                               // no waiting: who uses the range next does
 * }
 * }</pre>
 *
 * <p>A memory that was opened otherwise uses each device through its primary context, which the CUDA runtime uses too:
 * {@link #context} tells it.
 *
 * <p>Samepage looks at what calls return: opening a memory switches JCuda's exceptions off
 * ({@code JCudaDriver.setExceptionsEnabled(false)}, which holds for the whole process), and they are not to be switched on while one is
 * open. Handles are pointers: one that was destroyed, or is none, may end the process. Contexts that are current on the calling thread
 * stay so. All methods may be called by any thread.
 */
public final class CudaInterop {
  private CudaInterop() {}

  /**
   * A builder of memories on a context that the program has made, with its device under the name that Samepage gives it. All work of
   * Samepage goes into streams of its own, which don't wait for the default stream.
   *
   * @param context a context that stays there until the memories are closed
   * @param more others, each of another device
   * @return a builder whose devices are those of the contexts; others of other back ends may be asked for by name
   * @throws IllegalArgumentException if a context is none, or two are of one device, or Samepage doesn't find a device of theirs
   * @throws DeviceException if CUDA can't be used, or the driver fails
   */
  public static UnifiedMemory.Builder builder(CUcontext context, CUcontext... more) {
    List<CUcontext> contexts = new ArrayList<>(List.of(given("context", context)));
    Arrays.stream(more).map(each -> given("context", each)).forEach(contexts::add);
    List<FoundDevice> found = found();
    Map<FoundDevice, CUcontext> byDevice = new LinkedHashMap<>();
    for (CUcontext each : contexts) {
      FoundDevice device = device(each, found);
      if (byDevice.putIfAbsent(device, each) != null) {
        throw new IllegalArgumentException("Two contexts are of one device, of which a memory uses one: " + device.subject() + ", contexts="
            + contexts);
      }
    }
    return MemoryProvider.builder(new ContextBackend(byDevice))
        .devices(byDevice.keySet().stream().map(device -> device.info().name()).toArray(String[]::new));
  }

  /**
   * A builder of memories on a context and a stream that the program has made: as {@link #builder(CUcontext, CUcontext...)}, but checked to
   * be each other's. The stream is not used any more: Samepage's work waits for none of the program's, and isn't waited for by it, but
   * for leases.
   *
   * @param context a context that stays there until the memories are closed
   * @param stream a stream of that context
   * @return a builder whose device is the context's; others of other back ends may be asked for by name
   * @throws IllegalArgumentException if one of them is none, the stream belongs to another context, or Samepage doesn't find the device
   * @throws DeviceException if CUDA can't be used, or the driver fails
   */
  public static UnifiedMemory.Builder builder(CUcontext context, CUstream stream) {
    given("context", context);
    given("stream", stream);
    FoundDevice device = device(context, found());
    try (CudaContext its = new CudaContext(device, context)) {
      if (!its.has(stream)) {
        throw new IllegalArgumentException("The stream belongs to another context: stream=" + stream + ", context=" + context);
      }
    }
    return builder(context);
  }

  private static List<FoundDevice> found() {
    ScanResult result = DeviceScan.run(DriverNative.libraryName());
    if (result.devices().isEmpty()) {
      throw new DeviceException(result.report().explanation() + ". " + result.report().remedy());
    }
    return result.devices();
  }

  private static FoundDevice device(CUcontext context, List<FoundDevice> found) {
    ContextCalls calls = new ContextCalls("context=" + context);
    CUdevice device = calls.deviceOf(context);
    return found.stream().filter(each -> calls.device(each.ordinal()).equals(device)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("The context's device is none that Samepage finds: context=" + context + ", device="
            + device + ", found=" + found.stream().map(each -> each.info().name()).toList()));
  }

  /**
   * The pointer to a lease's slice.
   *
   * @param lease a lease on a CUDA device
   * @return the address of the slice's first byte; good until the lease is closed
   * @throws IllegalArgumentException if the device is not a CUDA device
   * @throws IllegalStateException if the lease is closed
   */
  public static CUdeviceptr pointer(DeviceLease lease) {
    node(lease.device());
    return new CUdeviceptr().withByteOffset(lease.handle() + lease.handleOffsetBytes());
  }

  /**
   * The context of a device: the one that the memory was opened on, else the device's primary context, which the CUDA runtime uses too.
   * It is good as long as the memory is open; the caller releases nothing.
   *
   * @param device a CUDA device
   * @return the context
   * @throws IllegalArgumentException if it is not a CUDA device
   * @throws DeviceException if the driver refuses
   */
  public static CUcontext context(Device device) {
    return node(device).contextHandle();
  }

  /**
   * A stream of a device's context, for programs that have none. It is one for each memory and device, made when it is first asked for,
   * and doesn't wait for the default stream. Samepage enqueues nothing there. It is good as long as the memory is open, which waits for
   * what is in it when it is closed; the caller destroys nothing.
   *
   * @param device a CUDA device
   * @return the stream
   * @throws IllegalArgumentException if it is not a CUDA device
   * @throws IllegalStateException if the memory is closed
   * @throws DeviceException if the driver refuses
   */
  public static CUstream stream(Device device) {
    return node(device).programStream();
  }

  /**
   * Leaves the closing of a lease to the memory: it is closed once an event is complete. A thread of the memory's looks at the event again
   * and again; nothing of Samepage's waits for it on the device, and the driver calls nobody back. So touching memory of an arena
   * meanwhile never waits for it.
   *
   * <p>Until then the slice is under lease. If the work before the event fails, the pages of which the lease was to write any byte are
   * poisoned. For all else see {@link DeviceLease#closeWhen}.
   *
   * @param lease a lease on a CUDA device, not in a try-with-resources statement
   * @param event an event that was recorded behind all commands that use the lease's pointer. Until the future is complete it is neither
   *     recorded again nor destroyed. One that was never recorded is complete
   * @return a future that is complete when the lease is closed; exceptionally with {@link io.samepage.KernelFailedException} if the work
   *     failed, or with what closing has thrown
   * @throws IllegalArgumentException if the lease's device is no CUDA device, or the event is none; then nothing has changed
   * @throws IllegalStateException if the lease is closed, or its closing was left to the memory already
   */
  public static CompletableFuture<Void> closeWhen(DeviceLease lease, CUevent event) {
    CudaNode node = node(lease.device());
    return lease.closeWhen(node.fenceOf(given("event", event)));
  }

  /**
   * Leaves the closing of a lease to the memory: it is closed once all is over that is in a stream of the program's now. As
   * {@link #closeWhen(DeviceLease, CUevent)}, with an event of Samepage's own that is recorded there.
   *
   * @param lease a lease on a CUDA device, not in a try-with-resources statement
   * @param stream a stream of the device's context
   * @return a future that is complete when the lease is closed; exceptionally with {@link io.samepage.KernelFailedException} if the work
   *     failed, or with what closing has thrown
   * @throws IllegalArgumentException if the lease's device is no CUDA device, the stream is none, or belongs to another context; then
   *     nothing has changed
   * @throws IllegalStateException if the lease is closed, or its closing was left to the memory already
   * @throws DeviceException if the driver fails; then nothing has changed
   */
  public static CompletableFuture<Void> closeWhen(DeviceLease lease, CUstream stream) {
    CudaNode node = node(lease.device());
    EventFence fence = node.fenceBehind(given("stream", stream));
    try {
      return lease.closeWhen(fence);
    } catch (RuntimeException e) {
      fence.forget();
      throw e;
    }
  }

  /**
   * Makes device memory of the program's the device's copy of a slice: {@link Device#adopt(Slice, long)}, with its conditions and
   * exceptions.
   *
   * <p>It is memory that {@code cuMemAlloc} has given, or a part of such memory from a multiple of 16 bytes on, at least as large as the
   * slice in whole pages, and belongs to the context that Samepage uses for the device ({@link #context}). It stays the program's, which
   * doesn't free it before the slice's range is closed.
   *
   * @param device a CUDA device
   * @param slice what the memory holds
   * @param pointer where it begins; commands that write it are complete
   * @throws IllegalArgumentException if the device is no CUDA device, or for the reasons that {@link Device#adopt(Slice, long)} has
   * @throws IllegalStateException if the device has memory for some of the slice already, or the range or the memory is closed
   */
  public static void adopt(Device device, Slice slice, CUdeviceptr pointer) {
    node(device);
    device.adopt(slice, pointer == null ? 0 : MemoryCalls.valueOf(pointer));
  }

  private static CudaNode node(Device device) {
    DeviceNode node = MemoryProvider.nodeOf(device);
    if (node instanceof CudaNode cuda) {
      return cuda;
    }
    throw new IllegalArgumentException("No CUDA device: device=" + device.name());
  }

  private static <T extends NativePointerObject> T given(String what, T handle) {
    if (handle == null || handle.equals(none(handle))) {
      throw new IllegalArgumentException("No " + what + " is given: " + what + "=" + handle);
    }
    return handle;
  }

  /** An object of the same kind that no call has filled in. */
  private static NativePointerObject none(NativePointerObject handle) {
    return switch (handle) {
      case CUcontext _ -> new CUcontext();
      case CUstream _ -> new CUstream();
      default -> new CUevent();
    };
  }
}

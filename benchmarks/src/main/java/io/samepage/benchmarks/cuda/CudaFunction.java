package io.samepage.benchmarks.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** A kernel whose arguments are set once and which is started by hand, between two events that tell how long it ran. */
final class CudaFunction {
  private final RawCuda cuda;
  private final CUfunction function = new CUfunction();
  private final CUevent start = new CUevent();
  private final CUevent end = new CUevent();
  private final MemorySegment values;
  private final MemorySegment addresses;

  /** With arguments that are an int, or a long or an address. It goes with the driver's objects. */
  CudaFunction(RawCuda cuda, CUmodule module, String name, Number... arguments) {
    this.cuda = cuda;
    Arena arena = Arena.ofShared();
    values = arena.allocate(ValueLayout.JAVA_LONG, arguments.length);
    addresses = arena.allocate(ValueLayout.JAVA_LONG, arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      set(i, arguments[i].longValue());
      addresses.setAtIndex(ValueLayout.JAVA_LONG, i, values.address() + (long) i * Long.BYTES);
    }
    RawCuda.check("cuModuleGetFunction", JCudaDriver.cuModuleGetFunction(function, module, name));
    for (CUevent event : new CUevent[] {start, end}) {
      RawCuda.check("cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT));
      cuda.onClose(() -> RawCuda.check("cuEventDestroy", JCudaDriver.cuEventDestroy(event)));
    }
    cuda.onClose(arena::close);
  }

  /** Sets an argument; of an int the low bytes are taken, as all machines with CUDA are little-endian. */
  void set(int index, long value) {
    values.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  /** Starts it over so many blocks. */
  void launch(int blocksX, int blocksY, int threadsX, int threadsY) {
    RawCuda.check("cuLaunchKernel", JCudaDriver.cuLaunchKernel(function, blocksX, blocksY, 1, threadsX, threadsY, 1, 0, cuda.stream(),
        RawCuda.at(addresses), null));
  }

  /** Starts it over so many blocks, and measures it. */
  void launchMeasured(int blocksX, int blocksY, int threadsX, int threadsY) {
    RawCuda.check("cuEventRecord", JCudaDriver.cuEventRecord(start, cuda.stream()));
    launch(blocksX, blocksY, threadsX, threadsY);
    RawCuda.check("cuEventRecord", JCudaDriver.cuEventRecord(end, cuda.stream()));
  }

  /** How long it ran when it was measured last, by the device's clock. It has ended. */
  long nanos() {
    float[] millis = new float[1];
    RawCuda.check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(millis, start, end));
    return Math.round(millis[0] * 1e6);
  }
}

package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memAddress;
import static org.lwjgl.system.MemoryUtil.memAlloc;
import static org.lwjgl.system.MemoryUtil.memFree;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;
import static org.lwjgl.system.MemoryUtil.memPutAddress;
import static org.lwjgl.system.MemoryUtil.memPutByte;
import static org.lwjgl.system.MemoryUtil.memPutDouble;
import static org.lwjgl.system.MemoryUtil.memPutFloat;
import static org.lwjgl.system.MemoryUtil.memPutInt;
import static org.lwjgl.system.MemoryUtil.memPutLong;
import static org.lwjgl.system.MemoryUtil.memPutShort;
import static org.lwjgl.system.MemoryUtil.memUTF8;

import io.samepage.DeviceException;
import io.samepage.Grid;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL20;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Pointer;

/**
 * The calls that compile programs and start kernels, for one device. Each throws a {@link DeviceException} that names the device, the
 * call and the error.
 *
 * @param subject the device, for messages
 */
record ClPrograms(String subject) {

  long createProgram(long context, String text) {
    ByteBuffer source = memUTF8(text, false);
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long strings = stack.npointer(memAddress(source));
      long program = CL10.nclCreateProgramWithSource(context, 1, strings, stack.npointer(source.remaining()), error);
      check("clCreateProgramWithSource", memGetInt(error));
      return program;
    } finally {
      memFree(source);
    }
  }

  /** {@return a program from what {@link #binary} gave, still to be built} */
  long createProgram(long context, long device, byte[] binary) {
    ByteBuffer bytes = memAlloc(binary.length).put(0, binary);
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long status = stack.nint(0);
      long error = stack.nint(0);
      long program = CL10.nclCreateProgramWithBinary(context, 1, stack.npointer(device), stack.npointer(binary.length),
          stack.npointer(memAddress(bytes)), status, error);
      check("clCreateProgramWithBinary", memGetInt(error));
      return program;
    } finally {
      memFree(bytes);
    }
  }

  /** {@return what the driver made of a program that was built for one of its context's devices} */
  byte[] binary(long program, long device) {
    ClInfo info = ClInfo.ofProgram(subject, program);
    long[] devices = info.sizes(CL10.CL_PROGRAM_DEVICES);
    long[] sizes = info.sizes(CL10.CL_PROGRAM_BINARY_SIZES);
    // PoCL names all devices of the context, and has sizes for those alone that the program was built for.
    int index = sizes.length == 1 ? 0 : LongStream.of(devices).boxed().toList().indexOf(device);
    if (index < 0 || index >= sizes.length) {
      throw new DeviceException("clGetProgramInfo gives no binary: " + subject + ", devices=" + devices.length + ", binaries="
          + sizes.length);
    }
    ByteBuffer bytes = memAlloc(Math.toIntExact(sizes[index]));
    try (MemoryStack stack = MemoryStack.stackPush()) {
      // Nothing is asked for where the pointer is null.
      PointerBuffer places = stack.callocPointer(sizes.length).put(index, memAddress(bytes));
      check("clGetProgramInfo", CL10.nclGetProgramInfo(program, CL10.CL_PROGRAM_BINARIES, (long) sizes.length * Pointer.POINTER_SIZE,
          memAddress(places), NULL));
      byte[] binary = new byte[bytes.remaining()];
      bytes.get(0, binary);
      return binary;
    } finally {
      memFree(bytes);
    }
  }

  /** {@return {@code CL_SUCCESS} or why the program can't be built} */
  int buildProgram(long program, long device, String options) {
    ByteBuffer text = memUTF8(options);
    try (MemoryStack stack = MemoryStack.stackPush()) {
      return CL10.nclBuildProgram(program, 1, stack.npointer(device), memAddress(text), NULL, NULL);
    } finally {
      memFree(text);
    }
  }

  void releaseProgram(long program) {
    check("clReleaseProgram", CL10.clReleaseProgram(program));
  }

  long createKernel(long program, String name) {
    ByteBuffer text = memUTF8(name);
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long kernel = CL10.nclCreateKernel(program, memAddress(text), error);
      check("clCreateKernel", memGetInt(error));
      return kernel;
    } finally {
      memFree(text);
    }
  }

  void releaseKernel(long kernel) {
    check("clReleaseKernel", CL10.clReleaseKernel(kernel));
  }

  void setSvmPointer(long kernel, int index, long address) {
    check("clSetKernelArgSVMPointer", index, CL20.nclSetKernelArgSVMPointer(kernel, index, address));
  }

  void setBuffer(long kernel, int index, long buffer) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      check("clSetKernelArg", index, CL10.nclSetKernelArg(kernel, index, Pointer.POINTER_SIZE, stack.npointer(buffer)));
    }
  }

  void setValue(long kernel, int index, Number value) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long place = stack.nlong(0);
      int sizeBytes = switch (value) {
        case Byte b -> put(place, b);
        case Short s -> put(place, s);
        case Integer i -> put(place, i);
        case Long l -> put(place, l);
        case Float f -> put(place, f);
        case Double d -> put(place, d);
        default -> throw new IllegalArgumentException("A value is a byte, short, int, long, float or double: value=" + value);
      };
      check("clSetKernelArg", index, CL10.nclSetKernelArg(kernel, index, sizeBytes, place));
    }
  }

  void setStruct(long kernel, int index, MemorySegment bytes) {
    ByteBuffer copy = memAlloc((int) bytes.byteSize());
    try {
      MemorySegment.ofBuffer(copy).copyFrom(bytes);
      check("clSetKernelArg", index, CL10.nclSetKernelArg(kernel, index, copy.remaining(), memAddress(copy)));
    } finally {
      memFree(copy);
    }
  }

  void setLocal(long kernel, int index, long sizeBytes) {
    check("clSetKernelArg", index, CL10.nclSetKernelArg(kernel, index, sizeBytes, NULL));
  }

  /** {@return the kernel's event, which the caller must release} It waits for an event, unless that is 0. */
  long enqueueKernel(long queue, long kernel, Grid grid, long awaited) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      boolean waits = awaited != 0;
      int code = CL10.nclEnqueueNDRangeKernel(queue, kernel, grid.dimensions(), NULL, globalSizes(stack, grid), localSizes(stack, grid),
          waits ? 1 : 0, waits ? stack.npointer(awaited) : NULL, event);
      check("clEnqueueNDRangeKernel", code);
      return memGetAddress(event);
    }
  }

  /** {@return how many work items there are in each dimension, on a stack} */
  static long globalSizes(MemoryStack stack, Grid grid) {
    return sizes(stack, grid.dimensions(), grid::roundedSize);
  }

  /** {@return how many work items a group has in each dimension, on a stack; null if the driver is to choose} */
  static long localSizes(MemoryStack stack, Grid grid) {
    return grid.isGrouped() ? sizes(stack, grid.dimensions(), grid::localSize) : NULL;
  }

  private static long sizes(MemoryStack stack, int dimensions, IntToLongFunction size) {
    long sizes = stack.nmalloc(Pointer.POINTER_SIZE, dimensions * Pointer.POINTER_SIZE);
    for (int d = 0; d < dimensions; d++) {
      memPutAddress(sizes + (long) d * Pointer.POINTER_SIZE, size.applyAsLong(d));
    }
    return sizes;
  }

  private static int put(long place, byte value) {
    memPutByte(place, value);
    return Byte.BYTES;
  }

  private static int put(long place, short value) {
    memPutShort(place, value);
    return Short.BYTES;
  }

  private static int put(long place, int value) {
    memPutInt(place, value);
    return Integer.BYTES;
  }

  private static int put(long place, long value) {
    memPutLong(place, value);
    return Long.BYTES;
  }

  private static int put(long place, float value) {
    memPutFloat(place, value);
    return Float.BYTES;
  }

  private static int put(long place, double value) {
    memPutDouble(place, value);
    return Double.BYTES;
  }

  private void check(String call, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new DeviceException(call + " failed: " + subject + ", error=" + ErrorNames.ofCall(code));
    }
  }

  private void check(String call, int index, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new DeviceException(call + " failed: " + subject + ", error=" + ErrorNames.ofCall(code) + ", argument=" + index);
    }
  }
}

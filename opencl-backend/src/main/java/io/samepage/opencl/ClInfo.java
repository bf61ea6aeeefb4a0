package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memByteBuffer;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;
import static org.lwjgl.system.MemoryUtil.memGetLong;
import static org.lwjgl.system.MemoryUtil.memUTF8;
import static org.lwjgl.system.MemoryUtil.nmemAllocChecked;
import static org.lwjgl.system.MemoryUtil.nmemFree;

import io.samepage.DeviceException;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL12;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Pointer;

/** What the driver says of one of its objects. */
final class ClInfo {
  /** One of the {@code clGet…Info} calls, bound to its object. */
  @FunctionalInterface
  private interface Getter {
    int get(int name, long sizeBytes, long value, long sizeBytesReturned);
  }

  private final String subject;
  private final String call;
  private final Getter getter;

  private ClInfo(String subject, String call, Getter getter) {
    this.subject = subject;
    this.call = call;
    this.getter = getter;
  }

  static ClInfo ofPlatform(String subject, long platform) {
    return new ClInfo(subject, "clGetPlatformInfo", (n, s, v, r) -> CL10.nclGetPlatformInfo(platform, n, s, v, r));
  }

  static ClInfo ofDevice(String subject, long device) {
    return new ClInfo(subject, "clGetDeviceInfo", (n, s, v, r) -> CL10.nclGetDeviceInfo(device, n, s, v, r));
  }

  static ClInfo ofContext(String subject, long context) {
    return new ClInfo(subject, "clGetContextInfo", (n, s, v, r) -> CL10.nclGetContextInfo(context, n, s, v, r));
  }

  static ClInfo ofQueue(String subject, long queue) {
    return new ClInfo(subject, "clGetCommandQueueInfo", (n, s, v, r) -> CL10.nclGetCommandQueueInfo(queue, n, s, v, r));
  }

  static ClInfo ofMemory(String subject, long memory) {
    return new ClInfo(subject, "clGetMemObjectInfo", (n, s, v, r) -> CL10.nclGetMemObjectInfo(memory, n, s, v, r));
  }

  static ClInfo ofEvent(String subject, long event) {
    return new ClInfo(subject, "clGetEventInfo", (n, s, v, r) -> CL10.nclGetEventInfo(event, n, s, v, r));
  }

  static ClInfo ofProgram(String subject, long program) {
    return new ClInfo(subject, "clGetProgramInfo", (n, s, v, r) -> CL10.nclGetProgramInfo(program, n, s, v, r));
  }

  static ClInfo ofBuild(String subject, long program, long device) {
    return new ClInfo(subject, "clGetProgramBuildInfo", (n, s, v, r) -> CL10.nclGetProgramBuildInfo(program, device, n, s, v, r));
  }

  static ClInfo ofKernel(String subject, long kernel) {
    return new ClInfo(subject, "clGetKernelInfo", (n, s, v, r) -> CL10.nclGetKernelInfo(kernel, n, s, v, r));
  }

  static ClInfo ofWorkGroup(String subject, long kernel, long device) {
    return new ClInfo(subject, "clGetKernelWorkGroupInfo", (n, s, v, r) -> CL10.nclGetKernelWorkGroupInfo(kernel, device, n, s, v, r));
  }

  static ClInfo ofArgument(String subject, long kernel, int index) {
    return new ClInfo(subject, "clGetKernelArgInfo", (n, s, v, r) -> CL12.nclGetKernelArgInfo(kernel, index, n, s, v, r));
  }

  /**
   * Tells whether the driver answers.
   *
   * @param name the parameter's constant
   * @return {@code CL_SUCCESS} or why not
   */
  int status(int name) {
    return getter.get(name, 0, NULL, NULL);
  }

  String string(int name) {
    int sizeBytes = Math.toIntExact(sizeBytes(name));
    long text = nmemAllocChecked(sizeBytes + 1L);
    try {
      check(name, getter.get(name, sizeBytes, text, NULL));
      String all = memUTF8(text, sizeBytes);
      int end = all.indexOf('\0');
      return (end < 0 ? all : all.substring(0, end)).strip();
    } finally {
      nmemFree(text);
    }
  }

  byte[] bytes(int name) {
    byte[] bytes = new byte[Math.toIntExact(sizeBytes(name))];
    long memory = nmemAllocChecked(Math.max(1, bytes.length));
    try {
      check(name, getter.get(name, bytes.length, memory, NULL));
      memByteBuffer(memory, bytes.length).get(bytes);
      return bytes;
    } finally {
      nmemFree(memory);
    }
  }

  int intValue(int name) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long value = stack.nint(0);
      check(name, getter.get(name, Integer.BYTES, value, NULL));
      return memGetInt(value);
    }
  }

  long longValue(int name) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long value = stack.nlong(0);
      check(name, getter.get(name, Long.BYTES, value, NULL));
      return memGetLong(value);
    }
  }

  /**
   * Asks for a {@code size_t} or several.
   *
   * @param name the parameter's constant
   * @return as many as the driver gives
   */
  long[] sizes(int name) {
    long[] sizes = new long[Math.toIntExact(sizeBytes(name) / Pointer.POINTER_SIZE)];
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long values = stack.ncalloc(Pointer.POINTER_SIZE, sizes.length, Pointer.POINTER_SIZE);
      check(name, getter.get(name, (long) sizes.length * Pointer.POINTER_SIZE, values, NULL));
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = memGetAddress(values + (long) i * Pointer.POINTER_SIZE);
      }
    }
    return sizes;
  }

  private long sizeBytes(int name) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long sizeBytes = stack.npointer(0);
      check(name, getter.get(name, 0, NULL, sizeBytes));
      return memGetAddress(sizeBytes);
    }
  }

  private void check(int name, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new DeviceException(call + " failed: " + subject + ", error=" + ErrorNames.ofCall(code) + ", parameter=0x"
          + Integer.toHexString(name));
    }
  }
}

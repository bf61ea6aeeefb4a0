package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;

import io.samepage.DeviceException;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.KHRICD;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Pointer;

/** The calls that list platforms and devices. */
final class ClPlatforms {
  /** A {@code clGet…IDs} call, bound to what it lists. */
  @FunctionalInterface
  private interface Lister {
    int list(int capacity, long identifiers, long count);
  }

  private ClPlatforms() {}

  /** {@return the platforms, none if the loader finds no driver} */
  static long[] platforms() {
    return list("clGetPlatformIDs", "", CL10::nclGetPlatformIDs, KHRICD.CL_PLATFORM_NOT_FOUND_KHR);
  }

  /**
   * Lists devices of every type.
   *
   * @param platform whose
   * @param subject the platform, for messages
   * @return the devices, maybe none
   */
  static long[] devices(long platform, String subject) {
    return list("clGetDeviceIDs", subject, (capacity, identifiers, count) ->
        CL10.nclGetDeviceIDs(platform, CL10.CL_DEVICE_TYPE_ALL, capacity, identifiers, count), CL10.CL_DEVICE_NOT_FOUND);
  }

  private static long[] list(String call, String subject, Lister lister, int codeIfNone) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long count = stack.nint(0);
      int code = lister.list(0, NULL, count);
      if (code == codeIfNone || (code == CL10.CL_SUCCESS && memGetInt(count) == 0)) {
        return new long[0];
      }
      check(call, subject, code);
      long[] identifiers = new long[memGetInt(count)];
      long list = stack.ncalloc(Pointer.POINTER_SIZE, identifiers.length, Pointer.POINTER_SIZE);
      check(call, subject, lister.list(identifiers.length, list, NULL));
      for (int i = 0; i < identifiers.length; i++) {
        identifiers[i] = memGetAddress(list + (long) i * Pointer.POINTER_SIZE);
      }
      return identifiers;
    }
  }

  private static void check(String call, String subject, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new DeviceException(call + " failed: " + subject + (subject.isEmpty() ? "" : ", ") + "error=" + ErrorNames.ofCall(code));
    }
  }
}

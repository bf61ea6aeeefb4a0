package io.samepage.opencl;

import io.samepage.node.Window;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL12;

/**
 * A buffer that the program has made.
 *
 * @param handle its {@code cl_mem}
 * @param sizeBytes how much of it is used
 */
record AdoptedWindow(long handle, long sizeBytes) implements Window {
  /** What keeps kernels from writing, or copies from being made. */
  private static final long RESTRICTIONS = CL10.CL_MEM_READ_ONLY | CL10.CL_MEM_WRITE_ONLY | CL12.CL_MEM_HOST_READ_ONLY
      | CL12.CL_MEM_HOST_WRITE_ONLY | CL12.CL_MEM_HOST_NO_ACCESS;

  /** Checks a buffer, and retains it until the window is freed. */
  static AdoptedWindow of(ClCalls calls, long context, long handle, long sizeBytes) {
    String subject = calls.subject() + ", buffer=0x" + Long.toHexString(handle);
    if (handle == 0) {
      throw new IllegalArgumentException("No buffer is given: " + subject);
    }
    ClInfo info = ClInfo.ofMemory(subject, handle);
    check(info.intValue(CL10.CL_MEM_TYPE) == CL10.CL_MEM_OBJECT_BUFFER, "The memory is no buffer", subject,
        "type=0x" + Integer.toHexString(info.intValue(CL10.CL_MEM_TYPE)));
    long itsContext = info.sizes(CL10.CL_MEM_CONTEXT)[0];
    check(itsContext == context, "The buffer belongs to another context: open the memory on that one", subject,
        "context=0x" + Long.toHexString(itsContext) + ", memorysContext=0x" + Long.toHexString(context));
    check(info.sizes(CL11.CL_MEM_ASSOCIATED_MEMOBJECT)[0] == 0, "The buffer is a part of another one: give the whole one", subject,
        "offsetBytes=" + info.sizes(CL11.CL_MEM_OFFSET)[0]);
    long itsBytes = info.sizes(CL10.CL_MEM_SIZE)[0];
    check(itsBytes >= sizeBytes, "The buffer is smaller than the pages that it is to hold: make it as large as whole pages", subject,
        "sizeBytes=" + itsBytes + ", neededBytes=" + sizeBytes);
    long flags = info.longValue(CL10.CL_MEM_FLAGS);
    check((flags & RESTRICTIONS) == 0, "Kernels and the host are to read and write the buffer, which its flags forbid", subject,
        "flags=0x" + Long.toHexString(flags));
    calls.retainMemory(handle);
    return new AdoptedWindow(handle, sizeBytes);
  }

  private static void check(boolean isFit, String explanation, String subject, String found) {
    if (!isFit) {
      throw new IllegalArgumentException(explanation + ": " + subject + ", " + found);
    }
  }

  @Override
  public boolean isAdopted() {
    return true;
  }
}

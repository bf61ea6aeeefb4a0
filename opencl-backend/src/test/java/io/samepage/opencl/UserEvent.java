package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.system.MemoryStack;

/** An event that the test completes. The test holds one reference, who is given the handle another. */
final class UserEvent {
  private final long handle;
  private boolean isEnded;

  UserEvent(long context) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      handle = CL11.clCreateUserEvent(context, error);
      assertThat(error.get(0)).isZero();
    }
    assertThat(CL10.clRetainEvent(handle)).isZero();
  }

  long handle() {
    return handle;
  }

  /** So that nothing waits for it for good where a test fails. */
  void endIfPending() {
    if (!isEnded) {
      end(CL10.CL_COMPLETE);
    }
  }

  void end(int status) {
    isEnded = true;
    assertThat(CL11.clSetUserEventStatus(handle, status)).isZero();
  }

  int references() {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer count = stack.mallocInt(1);
      assertThat(CL10.clGetEventInfo(handle, CL10.CL_EVENT_REFERENCE_COUNT, count, null)).isZero();
      return count.get(0);
    }
  }
}

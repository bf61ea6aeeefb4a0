package io.samepage.opencl;

import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Random operations against a plain model, on the context of a program, which has buffers and commands of its own. */
class OwnOpenClRandomOperationsTest extends RandomOperations {
  private final OwnOpenCl own = new OwnOpenCl();

  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return OpenClInterop.builder(own.context());
  }

  @Override
  protected OwnProgram program() {
    return new OwnOpenClProgram(own);
  }

  @AfterEach
  void closeOwn() {
    own.close();
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}

package io.samepage.cuda;

import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations on a context of the program's, which has memory and commands of its own: on the test double. */
class OwnCudaRandomOperationsTest extends RandomOperations {
  @RegisterExtension
  static final OwnCudaContext CONTEXT = new OwnCudaContext();

  private final OwnCuda own = CONTEXT.cuda();

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return CudaInterop.builder(own.context());
  }

  @Override
  protected OwnProgram program() {
    return new OwnCudaProgram(own);
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}

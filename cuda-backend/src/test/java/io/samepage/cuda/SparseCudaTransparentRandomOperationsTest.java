package io.samepage.cuda;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations on memory that is touched, against a plain model, over devices of the test double that map small units. */
class SparseCudaTransparentRandomOperationsTest extends TransparentRandomOperations {
  @RegisterExtension
  static final SparseDouble MAPPING = new SparseDouble(SparseDouble.PAGE_BYTES);

  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected int defaultOperations() {
    return 2_000;
  }
}

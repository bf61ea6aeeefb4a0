package io.samepage.cuda;

import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations against a plain model, over two devices of the test double that map each page for itself. */
class SparseCudaRandomOperationsTest extends RandomOperations {
  @RegisterExtension
  static final SparseDouble MAPPING = new SparseDouble(SparseDouble.PAGE_BYTES);

  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected int defaultOperations() {
    return 4_000;
  }
}

package io.samepage.cuda;

import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random operations against a plain model, over two devices of the test double that map four pages at a time: what a request needs may be
 * too much for a budget in pieces of address space and not in pages, so that address space is given up.
 */
class SparseUnitsRandomOperationsTest extends RandomOperations {
  @RegisterExtension
  static final SparseDouble MAPPING = new SparseDouble(4 * SparseDouble.PAGE_BYTES);

  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected int defaultOperations() {
    return 3_000;
  }
}

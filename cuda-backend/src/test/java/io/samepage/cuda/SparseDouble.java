package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The test double with memory that is mapped in small units, so that ranges of tests have many; whoever uses it has closed everything when
 * a test ends, and nothing is left behind.
 *
 * @param unitBytes in what units
 */
record SparseDouble(long unitBytes) implements BeforeEachCallback, AfterEachCallback {
  static final long PAGE_BYTES = 4096;
  private static final String LIVE = "live";

  @Override
  public void beforeEach(ExtensionContext context) {
    DoubleNative.reset();
    DoubleNative.granularity(unitBytes);
    context.getStore(ExtensionContext.Namespace.create(SparseDouble.class)).put(LIVE, DoubleNative.liveVirtual());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    long before = context.getStore(ExtensionContext.Namespace.create(SparseDouble.class)).get(LIVE, Long.class);
    try {
      assertThat(DoubleNative.notes()).as("what went wrong inside").isEmpty();
      assertThat(DoubleNative.liveVirtual()).as("reservations, memory and mappings, beside what others have left").isEqualTo(before);
    } finally {
      DoubleNative.reset();
    }
  }
}

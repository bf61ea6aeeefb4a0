package io.samepage.testkit;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is tested: some devices, and how a memory is opened over them. A nested class has those of the class around it. */
public abstract class DevicesUnderTest {
  @RegisterExtension
  static final BeforeEachCallback LOOK_AROUND = DevicesUnderTest::lookAround;

  private DevicesUnderTest around;

  private static void lookAround(ExtensionContext context) {
    List<Object> instances = context.getRequiredTestInstances().getAllInstances();
    for (int i = 1; i < instances.size(); i++) {
      if (instances.get(i) instanceof DevicesUnderTest inner && instances.get(i - 1) instanceof DevicesUnderTest outer) {
        inner.around = outer;
      }
    }
  }

  /** {@return the names of the devices under test, each of the form {@code opencl:0}; a class that is not nested says them} */
  protected List<String> devices() {
    return Objects.requireNonNull(around, () -> "Which devices are to be tested? Override devices() in " + getClass()).devices();
  }

  /** {@return where they keep pages; a class that is not nested says it where it is not in memory of their own} */
  protected MemoryKind memoryKind() {
    return around == null ? MemoryKind.DISCRETE : around.memoryKind();
  }

  /** {@return whether pages are copied to devices and back: where they use the host's, nothing moves, and there is nothing to evict} */
  protected final boolean copies() {
    return memoryKind() == MemoryKind.DISCRETE;
  }

  /** {@return a builder over {@link #devices()}; override it to set more} */
  protected UnifiedMemory.Builder builder() {
    return around == null ? UnifiedMemory.builder().devices(devices().toArray(String[]::new)).memoryKind(memoryKind()) : around.builder();
  }
}

package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.FaultStorm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on two devices of the test double, of which one has copies and one uses what is registered of the host's pages. */
class MixedCudaKindsFaultStormTest extends FaultStorm {
  @BeforeAll
  static void makeDevices() {
    DoubleNative.reset();
    DoubleNative.isIntegrated(0);
  }

  @AfterAll
  static void forgetDevices() {
    DoubleNative.reset();
  }

  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return super.builder().deviceMemoryKind("cuda:0", MemoryKind.COHERENT);
  }

  @Override
  protected Duration usualLength() {
    return Duration.ofMillis(500);
  }
}

package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.testkit.FaultStorm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Touches of pages that kernels of the test double are at work on where the host has them, while garbage is collected. */
class CoherentCudaFaultStormTest extends FaultStorm {
  @BeforeAll
  static void makeDevices() {
    DoubleNative.reset();
    DoubleNative.usesAllHostMemory(0);
  }

  @AfterAll
  static void forgetDevices() {
    DoubleNative.reset();
  }

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Override
  protected Duration usualLength() {
    return Duration.ofMillis(500);
  }
}

package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.DeviceLease;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnWorkContract;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.lwjgl.opencl.CL10;

/** Kernels in the program's queue; leases are closed by their events. */
class OpenClOwnWorkTest extends OwnWorkContract {
  private final OwnOpenCl own = new OwnOpenCl();
  /** What the program's work waits for; 0 if nothing. */
  private long gate;

  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return OpenClInterop.builder(own.context(), own.queue());
  }

  @Override
  protected void hold() {
    gate = own.gate().handle();
  }

  @Override
  protected void letGo() {
    own.endGates();
    gate = 0;
  }

  @AfterEach
  void closeOwn() {
    own.close();
  }

  @Override
  protected CompletableFuture<Void> incrementAndClose(DeviceLease lease, int by) {
    assertThat(lease.handleOffsetBytes()).isZero();
    long event = own.increment(OpenClInterop.buffer(lease), (int) (lease.slices().getFirst().sizeBytes() / 4), by, gate);
    CompletableFuture<Void> closed = OpenClInterop.closeWhen(lease, event);
    assertThat(CL10.clReleaseEvent(event)).isZero();
    return closed;
  }
}

package io.samepage.cuda;

import io.samepage.DeviceLease;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnWorkContract;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kernels in the program's stream; leases are closed by events and by the stream in turn. On the test double. */
class CudaOwnWorkTest extends OwnWorkContract {
  @RegisterExtension
  static final OwnCudaContext CONTEXT = new OwnCudaContext();

  private final OwnCuda own = CONTEXT.cuda();
  private boolean isByStream;

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return CudaInterop.builder(own.context(), own.stream());
  }

  @Override
  protected void hold() {
    own.hold(true);
  }

  @AfterEach
  @Override
  protected void letGo() {
    own.hold(false);
  }

  @Override
  protected CompletableFuture<Void> incrementAndClose(DeviceLease lease, int by) {
    own.increment(CudaInterop.pointer(lease), (int) (lease.slices().getFirst().sizeBytes() / 4), by);
    isByStream = !isByStream;
    return isByStream ? CudaInterop.closeWhen(lease, own.stream()) : CudaInterop.closeWhen(lease, own.event());
  }
}

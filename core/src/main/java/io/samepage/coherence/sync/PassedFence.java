package io.samepage.coherence.sync;

import io.samepage.Fence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The fence of what is complete already. */
public enum PassedFence implements Fence {
  /** The only one. */
  INSTANCE;

  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public void await() {}

  @Override
  public boolean await(Duration timeout) {
    Deadline.after(timeout);
    return true;
  }

  @Override
  public long kernelNanos() {
    return 0;
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    return CompletableFuture.completedFuture(null);
  }
}

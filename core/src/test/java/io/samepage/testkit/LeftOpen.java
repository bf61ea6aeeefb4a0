package io.samepage.testkit;

import io.samepage.testkit.PlainModel.Held;
import io.samepage.testkit.PlainModel.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The leases whose closing was left to the memory, and that it may not have closed yet. */
final class LeftOpen {
  private static final int MOST = 3;

  private final PlainModel model;
  private final List<Left> all = new ArrayList<>();

  /** The fence is null where work of the program's is under way, which nobody holds up. */
  private record Left(Held held, HandFence fence, CompletableFuture<Void> end) {
    void pass() {
      if (fence != null) {
        fence.pass();
      }
    }

    boolean mayBeClosed() {
      return fence == null || fence.isDone();
    }
  }

  LeftOpen(PlainModel model) {
    this.model = model;
  }

  void add(Held held, HandFence fence, CompletableFuture<Void> end) {
    if (all.size() == MOST) {
      end(all.getFirst());
    }
    all.add(new Left(held, fence, end));
    model.left().add(held);
  }

  /**
   * Sees to it that a request comes through: the fences of leases in its way pass, and it waits until these are closed. Leases that keep
   * memory of its device are closed before.
   */
  void makeWay(int node, List<Use> uses, boolean isLease, boolean needsPlace) {
    for (Left left : List.copyOf(all)) {
      if (model.conflicts(left.held, node, uses, isLease)) {
        left.pass();
      } else if (needsPlace && left.held.node() == node) {
        end(left);
      }
    }
  }

  private void end(Left left) {
    left.pass();
    left.end.join();
    forget(left);
  }

  private void forget(Left left) {
    all.remove(left);
    model.left().remove(left.held);
  }

  /** Waits for those of which nobody knows whether they are still open. */
  void endPassed() {
    List.copyOf(all).stream().filter(Left::mayBeClosed).forEach(this::end);
  }

  void endAll() {
    List.copyOf(all).forEach(this::end);
  }

  /** As well as it goes. */
  void giveUp() {
    for (Left left : List.copyOf(all)) {
      left.pass();
      try {
        left.end.join();
      } catch (CompletionException e) {
        // What went wrong first is what is told.
      }
      forget(left);
    }
  }
}

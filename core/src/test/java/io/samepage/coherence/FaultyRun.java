package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.PoisonedPageException;
import io.samepage.SamepageException;
import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyOperation.Outcome;
import io.samepage.coherence.state.CoherentDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * Does operations beside a plain model. What fails must fail by a typed exception and only where a failure was injected or a kernel
 * is broken; what was valid before stays valid; what a failed kernel was to write is lost, page by page, and nothing else.
 */
final class FaultyRun implements AutoCloseable {
  /** A launch whose end is not known yet; it may fail if it shares pages with one that failed while it was being prepared. */
  private record Pending(FaultyOperation operation, Fence fence, boolean mayFail) {}

  private final FaultyMemory world;
  private final PlainPages expected = new PlainPages();
  private final List<Pending> pending = new ArrayList<>();
  /** Whether failures were injected that may strike now. */
  private boolean armed;

  FaultyRun(FaultyMemory world) {
    this.world = world;
  }

  FaultyMemory world() {
    return world;
  }

  UnifiedRange range(int pages, int spareBytes) {
    UnifiedRange range = world.memory().allocate((long) pages * FaultyMemory.PAGE - spareBytes);
    expected.add(range);
    return range;
  }

  void arm() {
    armed = true;
  }

  /** Ends the failures, waits for everything and compares every page. */
  void calm(int devices) {
    for (int device = 0; device < devices; device++) {
      world.node(device).heal();
    }
    settle();
    armed = false;
    expected.check();
    assertThat(world.openLeases()).isZero();
    for (int device = 0; device < devices; device++) {
      assertThat(((CoherentDevice) world.device(device)).books().balances()).as("bytes charged are bytes held").isTrue();
      assertThat(world.device(device).usedBytes()).isBetween(0L, world.device(device).budgetBytes());
    }
  }

  void run(FaultyOperation operation) {
    Outcome outcome = null;
    SamepageException thrown = null;
    try {
      outcome = operation.perform(world);
    } catch (SamepageException e) {
      thrown = e;
    }
    boolean isEntangled = pending.stream().anyMatch(before -> before.operation.sharesPages(operation));
    boolean someFailed = (isEntangled || thrown != null) && settle();
    boolean mayBeTouched = isEntangled && someFailed && operation.device() >= 0;
    if (thrown != null) {
      judge(operation, thrown, mayBeTouched);
      return;
    }
    assertThat(operation.needsLost(expected) && !mayBeTouched).as("went on with lost pages: %s", operation).isFalse();
    if (outcome.fence() != null) {
      pending.add(new Pending(operation, outcome.fence(), mayBeTouched));
    } else if (outcome.read() != null) {
      expected.check(operation.slice(), outcome.read());
    } else {
      operation.apply(expected);
    }
  }

  private void judge(FaultyOperation operation, SamepageException thrown, boolean mayFail) {
    switch (thrown) {
      case PoisonedPageException e -> assertThat(expected.isLost(e.range(), e.offsetBytes())).as("%s: %s", operation, e).isTrue();
      case DeviceException e when armed || mayFail -> { }
      case OutOfDeviceMemoryException e when armed -> { }
      default -> fail(operation + " failed for no reason", thrown);
    }
  }

  /** Waits for all launches; answers whether one failed. */
  boolean settle() {
    boolean someFailed = false;
    for (Pending launch : pending) {
      someFailed |= !succeeds(launch);
    }
    pending.clear();
    return someFailed;
  }

  private boolean succeeds(Pending launch) {
    FaultyOperation operation = launch.operation;
    try {
      launch.fence.await();
    } catch (KernelFailedException e) {
      assertThat(armed || launch.mayFail || operation.kind() == FaultyOperation.Kind.BREAK).as("%s: %s", operation, e).isTrue();
      if (operation.kind().access.writes()) {
        expected.lose(operation.slice());
      }
      return false;
    }
    operation.apply(expected);
    return true;
  }

  /** Makes all pages sound again, and closes range after range, which gives all device memory back. */
  void end(int devices) {
    calm(devices);
    for (UnifiedRange range : expected.ranges()) {
      run(FaultyOperation.onHost(FaultyOperation.Kind.HOST_FILL, range.all(), 77));
      run(FaultyOperation.on(0, FaultyOperation.Kind.ADD, range.slice(0, 8), 1));
    }
    calm(devices);
    expected.ranges().forEach(UnifiedRange::close);
    if (world.memory().statistics().openRanges() == 0) {
      for (int device = 0; device < devices; device++) {
        assertThat(world.device(device).usedBytes()).isZero();
      }
    }
  }

  @Override
  public void close() {
    world.close();
  }
}

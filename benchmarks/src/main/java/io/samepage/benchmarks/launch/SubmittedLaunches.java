package io.samepage.benchmarks.launch;

import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostStatistics;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Moved;

/** Launches of an empty kernel on memory that is there already, submitted while the device is busy with another kernel. */
final class SubmittedLaunches implements Launches {
  private final LaunchedMemory launched;
  private final UnifiedMemory memory;
  private final Slice data;
  private final Kernel busy;
  private final Kernel nothing;
  private final Object[][] arguments;
  private final long steps;
  private final Moved moved;
  private long launches;
  private HostStatistics before;
  private Fence ahead;
  private Fence last;

  /**
   * Compiles.
   *
   * @param launched the memory, which is closed with it
   * @param data what the kernel that keeps the device busy writes to, so that launches that use any of it come behind
   * @param arguments those of each launch; there may be fewer, then they are used again from the first one on
   */
  SubmittedLaunches(LaunchedMemory launched, boolean writes, Slice data, Object[]... arguments) {
    this.launched = launched;
    memory = launched.memory();
    this.data = data;
    this.arguments = arguments;
    Device device = BenchmarkMemory.device(memory);
    KernelSource source = KernelSource.builder().openClC(EmptyKernel.source(writes)).build();
    busy = device.kernel(source, BusyKernel.NAME);
    nothing = device.kernel(source, EmptyKernel.NAME);
    steps = BusyKernel.steps(count -> launchBusy(count).await());
    moved = new Moved(memory);
  }

  private Fence launchBusy(long count) {
    return busy.launch(Grid.of(1), Argument.inOut(data), Argument.value(count));
  }

  @Override
  public void occupy() {
    ahead = launchBusy(steps);
    moved.start();
    launches = memory.statistics().launches();
    before = memory.hostStatistics();
  }

  @Override
  public void submit() {
    for (int i = 0; i < COUNT; i++) {
      last = nothing.launch(Grid.of(1), arguments[i % arguments.length]);
    }
  }

  /** Nothing is to be moved or scanned. */
  @Override
  public boolean check() {
    boolean isDone = ahead.isDone();
    await();
    moved.check(0, 0);
    Expected.same("launches", memory.statistics().launches() - launches, COUNT);
    Expected.same("faults", memory.hostStatistics().faults() - before.faults(), 0);
    Expected.same("scanNanos", memory.hostStatistics().scanNanos() - before.scanNanos(), 0);
    return !isDone;
  }

  @Override
  public void await() {
    last.await();
  }

  @Override
  public void close() {
    launched.close();
  }
}

package io.samepage.benchmarks.work;

import com.sun.management.ThreadMXBean;
import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.turn.TimedRun;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that lease the same slice again and again, which host and device both have; the calling thread is one of them. */
final class ReaderThreads extends TimedRun {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  /** So many in a loop, and so many loops: one that is long would be compiled while it runs, which isn't as good. */
  private static final int LEASES = 1_000;
  private static final int LOOPS = 200;
  private static final long SIZE_BYTES = 1 << 20;

  /** What another thread has got, and what it has allocated for that. */
  private record Reading(long sum, long allocatedBytes) {}

  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final Device device = BenchmarkMemory.device(memory);
  private final Slice slice = memory.allocate(SIZE_BYTES).all();
  private final LeaseThreads.Node node;
  private final int others;
  private final int loops;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<Reading>> readings = new ArrayList<>();
  private volatile boolean mayBegin;
  private long sum;
  private long othersBytes;

  ReaderThreads(LeaseThreads.Node node, int threads, boolean isSmall) {
    this.node = node;
    others = threads - 1;
    loops = isSmall ? 1 : LOOPS;
    try (var lease = slice.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    device.acquire(slice, Access.READ).close();
  }

  @Override
  public int operations() {
    return (1 + others) * loops * LEASES;
  }

  /** The others are awake when it begins. */
  @Override
  public void prepare() {
    mayBegin = false;
    CountDownLatch ready = new CountDownLatch(others);
    for (int i = 0; i < others; i++) {
      readings.add(threads.submit(() -> readAlong(ready)));
    }
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts a benchmark", e);
    }
  }

  private Reading readAlong(CountDownLatch ready) {
    ready.countDown();
    while (!mayBegin) {
      Thread.onSpinWait();
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long its = read();
    return new Reading(its, THREADS.getCurrentThreadAllocatedBytes() - before);
  }

  @Override
  protected void work() {
    mayBegin = true;
    sum = read();
    for (Future<Reading> future : readings) {
      Reading reading = result(future);
      sum += reading.sum;
      othersBytes += reading.allocatedBytes;
    }
  }

  private long read() {
    long its = 0;
    for (int i = 0; i < loops; i++) {
      its += node.read(device, slice, LEASES);
    }
    return its;
  }

  private static Reading result(Future<Reading> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("A thread could not lease what it reads", e);
    }
  }

  @Override
  public long otherThreadsBytes() {
    return othersBytes;
  }

  /** Checks that all have got the same, as often as they should. */
  @Override
  public void finish() {
    readings.clear();
    Expected.same("sum", sum, operations() * node.read(device, slice, 1));
  }

  @Override
  public void close() {
    threads.close();
    memory.close();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.turn.CountedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that lease the same slice again and again, which host and device both have; the calling thread is one of them. */
final class ReaderThreads implements CountedRun {
  /** So many in a loop, and so many loops: one that is long would be compiled while it runs, which isn't as good. */
  private static final int LEASES = 1_000;
  private static final int LOOPS = 200;
  private static final long SIZE_BYTES = 1 << 20;

  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final Device device = BenchmarkMemory.device(memory);
  private final Slice slice = memory.allocate(SIZE_BYTES).all();
  private final LeaseThreads.Node node;
  private final int threads;
  private final int loops;
  private final ExecutorService others;
  private final List<Future<Long>> readings = new ArrayList<>();
  private long sum;

  ReaderThreads(LeaseThreads.Node node, int threads, boolean isSmall) {
    this.node = node;
    this.threads = threads;
    loops = isSmall ? 1 : LOOPS;
    others = Executors.newFixedThreadPool(threads);
    try (var lease = slice.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    device.acquire(slice, Access.READ).close();
  }

  @Override
  public int operations() {
    return threads * loops * LEASES;
  }

  @Override
  public long run() {
    long start = System.nanoTime();
    for (int i = 1; i < threads; i++) {
      readings.add(others.submit(this::read));
    }
    sum = read();
    for (Future<Long> reading : readings) {
      sum += result(reading);
    }
    return System.nanoTime() - start;
  }

  private long read() {
    long handles = 0;
    for (int i = 0; i < loops; i++) {
      handles += node.read(device, slice, LEASES);
    }
    return handles;
  }

  private static long result(Future<Long> reading) {
    try {
      return reading.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("A thread could not lease what it reads", e);
    }
  }

  /** Checks that all have got the same. */
  @Override
  public void finish() {
    readings.clear();
    Expected.same("handles", sum, operations() * node.read(device, slice, 1));
  }

  @Override
  public void close() {
    others.close();
    memory.close();
  }
}

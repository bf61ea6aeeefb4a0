package io.samepage.benchmarks.cuda;

import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What {@link io.samepage.benchmarks.work.FaultLatency} is measured against on CUDA: a blocking copy of a page to pinned memory, and
 * touches of pages of managed memory that a kernel wrote, in the same order and at the same distances.
 */
@BenchmarkMode(Mode.SampleTime)
public class CudaFaults {
  /** Memory of one page. */
  @State(Scope.Thread)
  public static class Pinned {
    private PinnedCopy page;

    /** Takes memory. */
    @Setup
    public void open() {
      page = new PinnedCopy(PageKernels.PAGE_BYTES);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      page.close();
    }
  }

  /** Pages of managed memory. */
  @State(Scope.Thread)
  public static class Managed {
    private ManagedPages pages;

    ManagedPages make() {
      return new ManagedPages(false);
    }

    /** Has the kernel write them. */
    @Setup
    public void open() {
      pages = make();
    }

    /** Sees to it that there is a page to touch. */
    @Setup(Level.Invocation)
    public void prepare() {
      pages.prepare();
    }

    /** Checks that the kernel wrote; gives everything back. */
    @TearDown
    public void close() {
      pages.check();
      pages.close();
    }

    long touch() {
      return pages.touch();
    }
  }

  /** Pages of managed memory that is to stay on the device; each is called to the host before it is touched. */
  @State(Scope.Thread)
  public static class Hinted extends Managed {
    @Override
    ManagedPages make() {
      return new ManagedPages(true);
    }
  }

  /**
   * Copies the page.
   *
   * @param state the page
   * @return its first byte
   */
  @Benchmark
  public byte jcuda(Pinned state) {
    state.page.readNow();
    return state.page.host().get(ValueLayout.JAVA_BYTE, 0);
  }

  /**
   * Touches a page.
   *
   * @param state the pages
   * @return its first word
   */
  @Benchmark
  public long managed(Managed state) {
    return state.touch();
  }

  /**
   * Prefetches a page to the host, waits for it, and touches it.
   *
   * @param state the pages
   * @return its first word
   */
  @Benchmark
  public long managedHinted(Hinted state) {
    return state.touch();
  }
}

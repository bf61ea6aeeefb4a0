package io.samepage.benchmarks.transfer;

import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes pages on the device by kernels that are given some of them each. */
final class PageWriter {
  private static final int PAGES_PER_LAUNCH = 32;

  private final Kernel kernel;
  private final List<Object[]> launches = new ArrayList<>();

  /** Compiles the kernel. The count of pages is a multiple of what one launch writes. */
  PageWriter(Device device, List<Slice> pages) {
    kernel = device.kernel(KernelSource.builder().openClC(source()).build(), "write_pages");
    for (int i = 0; i < pages.size(); i += PAGES_PER_LAUNCH) {
      launches.add(pages.subList(i, i + PAGES_PER_LAUNCH).stream().map(Argument::inOut).toArray());
    }
  }

  private static String source() {
    String parameters = IntStream.range(0, PAGES_PER_LAUNCH).mapToObj(i -> "__global int* p" + i).collect(Collectors.joining(", "));
    String stores = IntStream.range(0, PAGES_PER_LAUNCH).mapToObj(i -> "p" + i + "[0]++;").collect(Collectors.joining(" "));
    return "__kernel void write_pages(" + parameters + ") { " + stores + " }";
  }

  /** Writes a word of each page and waits for it. */
  void write() {
    Fence last = null;
    for (Object[] arguments : launches) {
      last = kernel.launch(Grid.of(1), arguments);
    }
    last.await();
  }
}

package io.samepage.coherence.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the state of pages costs at its worst: every second page of 1 GiB on a device, two nodes. The bar is a byte a page, of which the
 * fault table takes half where the host touches memory.
 */
class MetadataCostTest {
  private static final int PAGES = (1 << 30) / 4096;

  private static PageDirectory mixed() {
    PageDirectory directory = new PageDirectory(PAGES, 4096, new UniformBlocks(2));
    for (int page = 0; page < PAGES; page += 2) {
      directory.fetched(1, page, page + 1);
    }
    return directory;
  }

  @Test
  void everySecondPageOnADeviceCostsThreeBitsAPageByItsOwnCount() {
    double bytesPerPage = (double) mixed().heapBytes() / PAGES;
    System.out.printf("metadata counted: %.3f bytes a page%n", bytesPerPage);
    assertThat(bytesPerPage).as("three bits, and references").isBetween(3.0 / 8, 0.39);
  }

  @Test
  void everySecondPageOnADeviceCostsAByteAPageAtMostOnTheHeap() {
    int count = 64;
    List<PageDirectory> directories = new ArrayList<>(count);
    long before = usedHeapBytes();
    for (int i = 0; i < count; i++) {
      directories.add(mixed());
    }
    double bytesPerPage = (double) (usedHeapBytes() - before) / PAGES / count;
    System.out.printf("metadata on the heap: %.3f bytes a page%n", bytesPerPage);
    assertThat(bytesPerPage).isBetween(0.1, 1.0);
    assertThat(directories).hasSize(count);
  }

  private static long usedHeapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}

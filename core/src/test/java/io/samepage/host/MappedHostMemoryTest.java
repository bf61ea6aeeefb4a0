package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class MappedHostMemoryTest extends HostMemoryContract {
  private static final long BLOCK_BYTES = 2 << 20;
  /** The system counts in batches for each processor; before Linux 6.17 it tells what it has of them. */
  private static final long UNCOUNTED_BYTES = 4 << 20;

  @Override
  HostMemory open() {
    return new MappedHostMemory();
  }

  @Override
  int many() {
    return 50_000;
  }

  private static long mappings() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("memfd:samepage")).count();
    }
  }

  /** What touched pages of files without a name take, of ours and others'. */
  private static long sharedBytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith("RssShmem:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() << 10;
    }
  }

  @Test
  void itIsWhatLinuxUses() {
    try (HostMemory chosen = HostMemory.open()) {
      assertThat(chosen).isInstanceOf(MappedHostMemory.class);
    }
  }

  @Test
  void aCoreDumpLeavesItOut() throws IOException {
    try (HostMemory memory = open()) {
      memory.allocate(BLOCK_BYTES);
      List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
      int mapping = lines.indexOf(lines.stream().filter(line -> line.contains("memfd:samepage")).findFirst().orElseThrow());
      String flags = lines.subList(mapping, lines.size()).stream().filter(line -> line.startsWith("VmFlags:")).findFirst().orElseThrow();
      assertThat(flags).contains(" dd ");
    }
  }

  @Test
  void manyExtentsShareFewMappingsAndClosingGivesThemBack() throws IOException {
    long before = mappings();
    MappedHostMemory memory = new MappedHostMemory();
    for (int i = 0; i < 1000; i++) {
      memory.allocate(100_000);
    }
    assertThat(mappings() - before).isEqualTo(1);
    memory.close();
    assertThat(mappings()).isEqualTo(before);
  }

  @Test
  void moreIsReservedWhereOneReservationIsNotEnoughAndGivenBackWhenItIsUnused() throws IOException {
    long before = mappings();
    HostExtent small = memory().allocate(1);
    List<HostExtent> large = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      large.add(memory().allocate(40L << 30));
    }
    assertThat(mappings() - before).isGreaterThanOrEqualTo(4);
    large.forEach(HostExtent::free);
    assertThat(mappings() - before).isEqualTo(1);
    bytes(small, 1).fill((byte) 1);
  }

  @Test
  void extentsOfABlockOrMoreStartOnABlock() {
    memory().allocate(1);
    long first = memory().allocate(BLOCK_BYTES).address();
    memory().allocate(5000);
    long second = memory().allocate(BLOCK_BYTES + 1).address();
    assertThat(Math.abs(second - first) % BLOCK_BYTES).isZero();
  }

  @Test
  void freeingGivesTouchedPagesBackToTheSystem() throws IOException {
    long sizeBytes = 64 << 20;
    HostExtent extent = memory().allocate(sizeBytes);
    long before = sharedBytes();
    bytes(extent, sizeBytes).fill((byte) 1);
    long touched = sharedBytes();
    extent.free();
    assertThat(touched - before).isGreaterThanOrEqualTo(sizeBytes - UNCOUNTED_BYTES);
    assertThat(touched - sharedBytes()).isGreaterThanOrEqualTo(sizeBytes - UNCOUNTED_BYTES);
  }
}

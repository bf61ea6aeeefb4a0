package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.node.CopyRun;
import io.samepage.node.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many runs in one call, whichever way they are moved. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HostCopiesTest {
  private static final int PAGE_BYTES = 4096;
  private static final int WINDOW_PAGES = 512;
  private static final int WINDOW_BYTES = WINDOW_PAGES * PAGE_BYTES;

  private final Arena arena = Arena.ofConfined();
  private OpenClNode node;
  private final List<Window> windows = new ArrayList<>();

  @BeforeEach
  void open() {
    node = Devices.open();
    for (int i = 0; i < 2; i++) {
      windows.add(node.allocate(WINDOW_BYTES));
      node.zero(windows.get(i), 0, WINDOW_BYTES);
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    finish();
    windows.forEach(node::free);
    node.close();
    arena.close();
  }

  private void finish() throws InterruptedException {
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
  }

  private MemorySegment host() {
    return arena.allocate(WINDOW_BYTES, PAGE_BYTES);
  }

  private MemorySegment randomHost(Random random) {
    MemorySegment host = host();
    for (long i = 0; i < WINDOW_BYTES / Long.BYTES; i++) {
      host.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    return host;
  }

  private MemorySegment downloaded(Window window) throws InterruptedException {
    MemorySegment host = host();
    node.download(List.of(new CopyRun(host.address(), window, 0, WINDOW_BYTES)));
    finish();
    return host;
  }

  /** Runs that share no byte, of all lengths, in any order, with gaps; a few don't fit pages. */
  private static List<int[]> randomRuns(Random random, int oddOneIn) {
    List<int[]> runs = new ArrayList<>();
    int[] lengths = {1, 1, 1, 2, 3, 15, 16, 17, 40};
    for (int page = random.nextInt(3); page < WINDOW_PAGES;) {
      int pages = Math.min(lengths[random.nextInt(lengths.length)], WINDOW_PAGES - page);
      boolean isOdd = random.nextInt(oddOneIn) == 0;
      runs.add(new int[] {page * PAGE_BYTES + (isOdd ? 1 : 0), pages * PAGE_BYTES - (isOdd ? 1 + random.nextInt(1000) : 0)});
      page += pages + random.nextInt(3);
    }
    if (random.nextBoolean()) {
      Collections.shuffle(runs, random);
    }
    return runs;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 1000})
  void allBytesOfAllRunsArriveAndNoOthers(int oddOneIn) throws InterruptedException {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      MemorySegment source = randomHost(random);
      MemorySegment expected = downloaded(windows.getFirst());
      List<CopyRun> up = new ArrayList<>();
      for (int[] run : randomRuns(random, oddOneIn)) {
        up.add(new CopyRun(source.address() + run[0], windows.getFirst(), run[0], run[1]));
        MemorySegment.copy(source, run[0], expected, run[0], run[1]);
      }
      node.upload(up);
      assertThat(downloaded(windows.getFirst()).mismatch(expected)).as("seed=%d, up", seed).isEqualTo(-1);

      MemorySegment target = host();
      MemorySegment expectedBack = host();
      List<CopyRun> down = new ArrayList<>();
      for (int[] run : randomRuns(random, oddOneIn)) {
        down.add(new CopyRun(target.address() + run[0], windows.getFirst(), run[0], run[1]));
        MemorySegment.copy(expected, run[0], expectedBack, run[0], run[1]);
      }
      node.download(down);
      finish();
      assertThat(target.mismatch(expectedBack)).as("seed=%d, down", seed).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 4, 2052, 512", "2048, 4, 8196, 200", "16, 1, 17, 1000", "4097, 100, 4096, 500", "0, 4096, 8192, 256", "36, 7, 9, 16"})
  void runsAtEvenDistancesAreOneCommandAndNothingBesideThemChanges(long offset, long size, long stride, int count)
      throws InterruptedException {
    MemorySegment source = randomHost(new Random(7));
    MemorySegment target = host();
    MemorySegment expected = host();
    List<CopyRun> up = new ArrayList<>();
    List<CopyRun> down = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = offset + i * stride;
      up.add(new CopyRun(source.address() + at, windows.getFirst(), at, size));
      down.add(new CopyRun(target.address() + at, windows.getFirst(), at, size));
      MemorySegment.copy(source, at, expected, at, size);
    }
    HostCopies copies = new HostCopies(node, Devices.found());
    EventList commands = new EventList();
    copies.upload(node.queueHandle(), up, commands);
    copies.download(node.queueHandle(), down, commands);
    node.finish(commands);
    assertThat(commands.size()).as("commands").isEqualTo(2);
    assertThat(target.mismatch(expected)).isEqualTo(-1);
    assertThat(downloaded(windows.getFirst()).mismatch(expected)).isEqualTo(-1);
  }

  @Test
  void runsThatReachBeyondTheEndAreRefusedAlsoAtEvenDistances() {
    MemorySegment host = host();
    List<CopyRun> runs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long at = WINDOW_BYTES - 99L * 2000 + i * 2000L;
      runs.add(new CopyRun(host.address() + i * 2000L, windows.getFirst(), at, 4));
    }
    assertThatThrownBy(() -> node.upload(runs)).isInstanceOf(DeviceException.class).hasMessageContaining("CL_INVALID_VALUE (-30)");
  }

  @Test
  void soManyPagesThatTheyAreStoredPastTheCachesArriveToo() throws InterruptedException {
    int pages = 5000;
    Window window = node.allocate(2L * pages * PAGE_BYTES);
    windows.add(window);
    MemorySegment source = arena.allocate(2L * pages * PAGE_BYTES, PAGE_BYTES);
    MemorySegment target = arena.allocate(2L * pages * PAGE_BYTES, PAGE_BYTES);
    List<CopyRun> up = new ArrayList<>();
    List<CopyRun> down = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      long offset = 2L * page * PAGE_BYTES;
      for (long word = 0; word < PAGE_BYTES; word += Long.BYTES) {
        source.set(ValueLayout.JAVA_LONG, offset + word, (offset + word) * 0x9E3779B97F4A7C15L);
      }
      up.add(new CopyRun(source.address() + offset, window, offset, PAGE_BYTES));
      down.add(new CopyRun(target.address() + offset, window, offset, PAGE_BYTES));
    }
    node.upload(up);
    node.download(down);
    finish();
    assertThat(target.mismatch(source)).isEqualTo(-1);
  }

  @Test
  void poclReadsAndWritesHostMemoryInPlace() {
    assertThat(PageMoverTrial.run(node, Devices.found().limits())).isPresent();
  }

  @Test
  void runsOfSeveralWindowsMayAlternate() throws InterruptedException {
    MemorySegment source = randomHost(new Random(1));
    List<CopyRun> runs = new ArrayList<>();
    for (int page = 0; page < WINDOW_PAGES; page++) {
      long offset = (long) page * PAGE_BYTES;
      runs.add(new CopyRun(source.address() + offset, windows.get(page / 40 % 2), WINDOW_BYTES - PAGE_BYTES - offset, PAGE_BYTES));
    }
    node.upload(runs);
    MemorySegment[] back = {downloaded(windows.get(0)), downloaded(windows.get(1))};
    for (int page = 0; page < WINDOW_PAGES; page++) {
      long offset = (long) page * PAGE_BYTES;
      MemorySegment arrived = back[page / 40 % 2].asSlice(WINDOW_BYTES - PAGE_BYTES - offset, PAGE_BYTES);
      assertThat(arrived.mismatch(source.asSlice(offset, PAGE_BYTES))).as("page %d", page).isEqualTo(-1);
    }
  }

  @Test
  void eachRunIsCountedOnce() throws InterruptedException {
    MemorySegment host = host();
    List<CopyRun> runs = new ArrayList<>();
    for (int page = 0; page < 100; page++) {
      runs.add(new CopyRun(host.address() + 2L * page * PAGE_BYTES, windows.getFirst(), 2L * page * PAGE_BYTES, PAGE_BYTES));
    }
    node.upload(runs);
    node.download(runs.subList(0, 99));
    finish();
    assertThat(node.counters().runsToDevice()).isEqualTo(100);
    assertThat(node.counters().bytesToDevice()).isEqualTo(100 * PAGE_BYTES);
    assertThat(node.counters().runsToHost()).isEqualTo(99);
    assertThat(node.counters().bytesToHost()).isEqualTo(99 * PAGE_BYTES);
    assertThat(node.counters().launches()).isZero();
  }

  @Test
  void aShortRunBeyondTheEndIsRefusedAlsoAmongMany() {
    MemorySegment host = host();
    List<CopyRun> runs = new ArrayList<>();
    for (int page = 0; page <= 100; page++) {
      runs.add(new CopyRun(host.address() + (long) page * PAGE_BYTES, windows.getFirst(),
          WINDOW_BYTES - (long) (100 - page) * PAGE_BYTES, PAGE_BYTES));
    }
    assertThatThrownBy(() -> node.upload(runs)).isInstanceOf(DeviceException.class).hasMessageContaining("CL_INVALID_VALUE (-30)");
  }

  /** Memory that takes none where it isn't touched. */
  private MemorySegment sparse(Path file, long sizeBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
    }
  }

  @Test
  void pagesFarApartOnTheHostAreCopiedToo(@TempDir Path folder) throws InterruptedException, IOException {
    MemorySegment far = sparse(folder.resolve("sparse"), 3L << 30);
    List<CopyRun> runs = new ArrayList<>();
    for (int page = 0; page < WINDOW_PAGES; page++) {
      MemorySegment there = far.asSlice(page % 100 * (30L << 20) + (long) page * PAGE_BYTES, PAGE_BYTES);
      there.fill((byte) (page + 1));
      runs.add(new CopyRun(there.address(), windows.getFirst(), (long) page * PAGE_BYTES, PAGE_BYTES));
    }
    node.upload(runs);
    MemorySegment back = downloaded(windows.getFirst());
    for (int page = 0; page < WINDOW_PAGES; page++) {
      assertThat(back.get(ValueLayout.JAVA_BYTE, (long) page * PAGE_BYTES + 77)).isEqualTo((byte) (page + 1));
    }
  }
}

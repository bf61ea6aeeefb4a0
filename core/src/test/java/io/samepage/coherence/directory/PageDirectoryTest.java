package io.samepage.coherence.directory;

import static io.samepage.coherence.directory.PlainDirectory.runs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory beside the same written plainly. The seed is the name of each run. */
class PageDirectoryTest {
  private static final int STEPS = 300;

  static Stream<Arguments> worlds() {
    Random random = new Random(20_251_121);
    List<Arguments> worlds = new ArrayList<>();
    for (int pageSize : new int[] {4096, 16_384, 65_536}) {
      for (int pages : new int[] {1, 2, 31, 63, 64, 65, 128, 511, 512, 513, 1000, 4096, 6001}) {
        worlds.add(Arguments.of(pageSize, pages, 2 + random.nextInt(4), random.nextLong()));
      }
    }
    return worlds.stream();
  }

  @ParameterizedTest(name = "pageSizeBytes={0} pages={1} nodes={2} seed={3}")
  @MethodSource("worlds")
  void randomTransitionsDoWhatTheyDoToPlainPages(int pageSizeBytes, int pages, int nodes, long seed) {
    PageDirectory directory = new PageDirectory(pages, pageSizeBytes, new UniformBlocks(nodes));
    PlainDirectory plain = new PlainDirectory(pages);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      int[] run = run(random, pages);
      String what = change(directory, plain, random, nodes, run[0], run[1]);
      int[] asked = run(random, pages);
      assertSame(directory, plain, nodes, asked[0], asked[1], "step=" + step + " after " + what);
      assertSamePlans(directory, plain, random, nodes, pages, "step=" + step + " after " + what);
    }
    assertSame(directory, plain, nodes, 0, pages, "at the end");
  }

  @ParameterizedTest(name = "pageSizeBytes={0} pages={1} nodes={2} seed={3}")
  @MethodSource("worlds")
  void nodesThatComeLateHoldNothingAndAreThenLikeTheOthers(int pageSizeBytes, int pages, int nodes, long seed) {
    PageDirectory directory = new PageDirectory(pages, pageSizeBytes, new UniformBlocks(nodes));
    PlainDirectory plain = new PlainDirectory(pages);
    Random random = new Random(seed);
    for (int more = 0; more < 4; more++) {
      for (int step = 0; step < STEPS / 10; step++) {
        int[] run = run(random, pages);
        String what = change(directory, plain, random, nodes + more, run[0], run[1]);
        assertSame(directory, plain, nodes + more, 0, pages, "more=" + more + " step=" + step + " after " + what);
      }
      directory = new PageDirectory(directory, pageSizeBytes, new UniformBlocks(nodes + more + 1));
      assertSame(directory, plain, nodes + more + 1, 0, pages, "with more=" + (more + 1));
    }
    directory.wrote(1, 0, pages);
    assertThat(new PageDirectory(directory, pageSizeBytes, new UniformBlocks(nodes + 5)).heapBytes()).as("blocks that agree are shared")
        .isEqualTo(directory.heapBytes());
  }

  /** Runs of any length, often at the borders of groups, blocks and the range. */
  private static int[] run(Random random, int pages) {
    int first = random.nextInt(pages);
    int end = switch (random.nextInt(4)) {
      case 0 -> first + 1;
      case 1 -> pages;
      case 2 -> Math.min(pages, first + 1 + random.nextInt(130));
      default -> first + 1 + random.nextInt(pages - first);
    };
    return random.nextInt(4) == 0 ? new int[] {first / 64 * 64, Math.min(pages, Math.ceilDiv(end, 64) * 64)} : new int[] {first, end};
  }

  private static String change(PageDirectory directory, PlainDirectory plain, Random random, int nodes, int first, int end) {
    int node = random.nextInt(nodes);
    int device = 1 + random.nextInt(nodes - 1);
    String on = " first=" + first + " end=" + end + " node=";
    switch (random.nextInt(8)) {
      case 0 -> {
        directory.wrote(node, first, end);
        plain.wrote(node, first, end);
        return "wrote" + on + node;
      }
      case 1 -> {
        directory.wroteInPart(device, first, end);
        plain.wroteInPart(device, first, end);
        return "wroteInPart" + on + device;
      }
      case 2 -> {
        directory.lost(device, first, end);
        plain.lost(device, first, end);
        return "lost" + on + device;
      }
      case 4 -> {
        directory.discarded(first, end);
        plain.discarded(first, end);
        return "discarded" + on + Layout.HOST_NODE;
      }
      case 3 -> {
        directory.onlyOn(device, first, end).forEach((from, to) -> {
          directory.fetched(Layout.HOST_NODE, from, to);
          plain.fetched(Layout.HOST_NODE, (int) from, (int) to);
        });
        directory.evicted(device, first, end);
        plain.evicted(device, first, end);
        return "evicted" + on + device;
      }
      case 5 -> {
        directory.poison(first, end);
        plain.poisoned(first, end);
        return "poison" + on + "all";
      }
      default -> {
        directory.fetched(node, first, end);
        plain.fetched(node, first, end);
        return "fetched" + on + node;
      }
    }
  }

  private static void assertSame(PageDirectory directory, PlainDirectory plain, int nodes, int first, int end, String when) {
    for (int each = 0; each < nodes; each++) {
      int node = each;
      assertThat(runs(directory.heldBy(node, first, end))).as("heldBy %s %s", node, when)
          .isEqualTo(runs(first, end, page -> plain.holds(node, page)));
      assertThat(runs(directory.onlyOn(node, first, end))).as("onlyOn %s %s", node, when)
          .isEqualTo(runs(first, end, page -> plain.holdsAlone(node, page)));
      assertThat(directory.holdsAll(node, first, end)).as("holdsAll %s %s", node, when)
          .isEqualTo(IntStream.range(first, end).allMatch(page -> plain.holds(node, page)));
    }
    BitSet untouched = new BitSet();
    BitSet poisoned = new BitSet();
    IntStream.range(first, end).filter(plain::isUntouched).forEach(page -> untouched.set(page - first));
    IntStream.range(first, end).filter(plain::isPoisoned).forEach(page -> poisoned.set(page - first));
    assertThat(directory.untouched(first, end)).as("untouched %s", when).isEqualTo(untouched);
    assertThat(directory.poisoned(first, end)).as("poisoned %s", when).isEqualTo(poisoned);
  }

  /** One plan over two runs, as for a lease over two slices. */
  private static void assertSamePlans(PageDirectory directory, PlainDirectory plain, Random random, int nodes, int pages, String when) {
    int node = random.nextInt(nodes);
    int middle = random.nextInt(pages + 1);
    int firstEnd = middle == 0 ? 0 : random.nextInt(middle + 1);
    FetchPlan plan = directory.newPlan();
    long poisonedBefore = directory.plan(plan, node, 0, firstEnd);
    long poisonedBehind = directory.plan(plan, node, middle, pages);
    assertThat(poisonedBefore).as("first poisoned %s", when).isEqualTo(firstPoisoned(plain, 0, firstEnd));
    assertThat(poisonedBehind).as("first poisoned %s", when).isEqualTo(firstPoisoned(plain, middle, pages));
    assertThat(runs(plan.zero())).as("zeroed for %s %s", node, when).isEqualTo(sourced(plain, node, -2, firstEnd, middle, pages));
    boolean isEmpty = plan.zero().isEmpty();
    for (int source = 0; source < nodes; source++) {
      assertThat(runs(plan.from(source))).as("from %s for %s %s", source, node, when)
          .isEqualTo(sourced(plain, node, source, firstEnd, middle, pages));
      isEmpty &= plan.from(source).isEmpty();
    }
    assertThat(plan.isEmpty()).isEqualTo(isEmpty);
  }

  private static long firstPoisoned(PlainDirectory plain, int first, int end) {
    return IntStream.range(first, end).filter(plain::isPoisoned).findFirst().orElse(-1);
  }

  private static List<String> sourced(PlainDirectory plain, int node, int source, int firstEnd, int middle, int pages) {
    return runs(0, pages, page -> (page < firstEnd || page >= middle) && plain.source(node, page) == source);
  }

  @Test
  void holdsAllOfRunsAsksForEachOfThem() {
    PageDirectory directory = new PageDirectory(1000, 4096, new UniformBlocks(2));
    directory.fetched(1, 10, 20);
    directory.fetched(1, 70, 600);
    PageRuns runs = new PageRuns();
    assertThat(directory.holdsAll(1, runs)).as("of none").isTrue();
    runs.add(12, 20);
    runs.add(70, 600);
    assertThat(directory.holdsAll(1, runs)).isTrue();
    runs.add(599, 601);
    assertThat(directory.holdsAll(1, runs)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 64, 700})
  void theLastCopyOfAPageCantBeDroppedUnnoticed(int pages) {
    PageDirectory directory = new PageDirectory(pages, 4096, new UniformBlocks(3));
    directory.wrote(1, 0, pages);
    directory.fetched(2, 0, pages - 3);
    directory.fetched(0, pages - 2, pages);
    assertThatThrownBy(() -> directory.evicted(1, 0, pages)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("node=1, pages=[%s, %s]", pages - 3, pages - 2);
    assertThat(directory.heldBy(1, 0, pages).pages()).as("nothing is dropped").isEqualTo(pages);
    directory.lost(1, pages - 3, pages - 2);
    directory.evicted(1, 0, pages);
    assertThat(directory.poisoned(0, pages).stream()).as("what was said to be lost").containsExactly(pages - 3);
  }

  @Test
  void poisonedPagesStaySoWhereNodesComeLate() {
    PageDirectory directory = new PageDirectory(1000, 4096, new UniformBlocks(2));
    directory.wrote(1, 0, 1000);
    directory.lost(1, 300, 1000);
    PageDirectory wider = new PageDirectory(directory, 4096, new UniformBlocks(4));
    assertThat(runs(wider.poisonedRuns(0, 1000))).containsExactly("300-1000");
    wider.fetched(3, 0, 1000);
    assertThat(runs(wider.poisonedRuns(0, 1000))).as("there was nothing to fetch").containsExactly("300-1000");
    wider.wrote(3, 999, 1000);
    assertThat(runs(wider.poisonedRuns(0, 1000))).containsExactly("300-999");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64, 100, 512, 700, 6001})
  void pagesThatAgreeAgainCostNothing(int pages) {
    PageDirectory directory = new PageDirectory(pages, 4096, new UniformBlocks(3));
    directory.wrote(0, 0, pages);
    long uniform = directory.heapBytes();
    assertThat(uniform).as("no more than references").isLessThan(Long.BYTES * 1100);
    for (int page = 0; page < pages; page += 2) {
      directory.wrote(1 + page / 2 % 2, page, page + 1);
    }
    assertThat(directory.heapBytes()).isGreaterThan(uniform);
    for (int page = 0; page < pages; page++) {
      directory.wrote(2, page, page + 1);
    }
    assertThat(directory.heapBytes()).as("written page by page").isEqualTo(uniform);
    directory.fetched(0, 0, pages);
    directory.lost(2, 0, pages);
    directory.lost(0, 0, pages);
    assertThat(directory.heapBytes()).as("poisoned").isEqualTo(uniform);
  }

  @Test
  void nothingIsTakenForPagesThatWereNeverChanged() {
    PageDirectory directory = new PageDirectory(1L << 28, 4096, new UniformBlocks(2));
    assertThat(directory.heapBytes()).as("1 TiB").isLessThan(4096);
    assertThat(directory.holdsAll(0, 0, 1L << 20)).isTrue();
    directory.plan(directory.newPlan(), 1, (1L << 28) - 1, 1L << 28);
    assertThat(directory.heapBytes()).as("asked about").isLessThan(4096);
    directory.wrote(1, (1L << 28) - 1, 1L << 28);
    assertThat(directory.heapBytes()).as("one page written").isLessThan(10_000);
    assertThat(runs(directory.heldBy(1, (1L << 28) - 700, 1L << 28))).containsExactly(((1L << 28) - 1) + "-" + (1L << 28));
  }
}

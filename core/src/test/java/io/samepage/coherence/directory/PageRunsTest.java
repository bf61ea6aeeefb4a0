package io.samepage.coherence.directory;

import static io.samepage.coherence.directory.PlainDirectory.runs;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Runs of pages. */
class PageRunsTest {
  @Test
  void runsThatTouchOrOverlapAreOne() {
    PageRuns runs = new PageRuns();
    assertThat(runs.isEmpty()).isTrue();
    runs.add(3, 5);
    runs.add(5, 7);
    runs.add(6, 9);
    runs.add(4, 6);
    runs.add(10, 11);
    assertThat(runs(runs)).containsExactly("3-9", "10-11");
    assertThat(runs.count()).isEqualTo(2);
    assertThat(runs.pages()).isEqualTo(7);
    assertThat(runs.isEmpty()).isFalse();
  }

  @Test
  void manyRunsAreKept() {
    PageRuns runs = new PageRuns();
    for (int i = 0; i < 1000; i++) {
      runs.add(3L * i, 3L * i + 2);
    }
    assertThat(runs.count()).isEqualTo(1000);
    assertThat(runs.pages()).isEqualTo(2000);
  }

  @Test
  void masksBecomeRunsWhateverTheirBits() {
    Random random = new Random(7);
    List<Long> masks = new ArrayList<>(List.of(0L, -1L, 1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1, 0x5555_5555_5555_5555L));
    for (int i = 0; i < 500; i++) {
      masks.add(random.nextLong() & random.nextLong() | (random.nextBoolean() ? -1L << random.nextInt(64) : 0));
    }
    PageRuns runs = new PageRuns();
    BitSet expected = new BitSet();
    for (int i = 0; i < masks.size(); i++) {
      runs.addMask(64L * i, masks.get(i));
      for (int bit = 0; bit < 64; bit++) {
        expected.set(64 * i + bit, (masks.get(i) >>> bit & 1) != 0);
      }
    }
    assertThat(runs(runs)).isEqualTo(runs(0, 64 * masks.size(), expected::get));
    assertThat(runs.bits(0)).isEqualTo(expected);
    assertThat(runs.pages()).isEqualTo(expected.cardinality());
  }

  @Test
  void runsAreAddedAndComparedPageByPage() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      BitSet left = randomPages(random);
      BitSet right = randomPages(random);
      PageRuns mine = runsOf(left);
      PageRuns others = runsOf(right);
      BitSet both = (BitSet) left.clone();
      both.and(right);
      BitSet either = (BitSet) left.clone();
      either.or(right);
      assertThat(runs(mine.plus(others))).isEqualTo(runs(0, 100, either::get));
      assertThat(runs(mine.common(others))).isEqualTo(runs(0, 100, both::get));
      assertThat(runs(mine)).as("unchanged").isEqualTo(runs(0, 100, left::get));
    }
  }

  private static BitSet randomPages(Random random) {
    BitSet pages = new BitSet();
    for (int i = random.nextInt(6); i > 0; i--) {
      int first = random.nextInt(90);
      pages.set(first, first + random.nextInt(10));
    }
    return pages;
  }

  private static PageRuns runsOf(BitSet pages) {
    PageRuns runs = new PageRuns();
    pages.stream().forEach(page -> runs.add(page, page + 1));
    return runs;
  }

  @Test
  void bitsAreCountedFromTheFirstPageAskedAbout() {
    PageRuns runs = new PageRuns();
    runs.add(100, 102);
    runs.add(105, 106);
    assertThat(runs.bits(98)).hasToString("{2, 3, 7}");
  }

  @Test
  void gapsAreFilledThatAreSmallBesideTheirNeighboursAndMayBe() {
    PageRuns runs = new PageRuns();
    runs.add(0, 10);
    runs.add(12, 20);
    runs.add(24, 30);
    runs.add(31, 40);
    runs.add(41, 50);
    assertThat(runs(runs.bridged(4, (first, end) -> true))).containsExactly("0-20", "24-50");
    assertThat(runs(runs.bridged(4, (first, end) -> first != 30))).containsExactly("0-20", "24-30", "31-50");
    assertThat(runs(runs.bridged(20, (first, end) -> true))).isEqualTo(runs(runs));
    assertThat(runs(new PageRuns().bridged(20, (first, end) -> true))).isEmpty();
  }

  @Test
  void gapsAreFilledFromTheFirstOnUntilTooManyPagesWouldBeAdded() {
    PageRuns runs = new PageRuns();
    for (int first = 0; first < 16; first += 4) {
      runs.add(first, first + 2);
    }
    assertThat(runs(runs.bridged(2, (first, end) -> true))).as("8 pages, so 4 more").containsExactly("0-10", "12-14");
  }

  @Test
  void aPlanBridgesTheTwentiethPartOfEachSourcesPagesAtMost() {
    PageDirectory directory = new PageDirectory(200, 4096, new UniformBlocks(2));
    directory.wrote(0, 0, 200);
    directory.fetched(1, 50, 52);
    directory.fetched(1, 100, 103);
    directory.fetched(1, 150, 155);
    FetchPlan plan = directory.newPlan();
    directory.plan(plan, 1, 0, 200);
    plan.bridge(0, (first, end) -> true);
    assertThat(runs(plan.from(0))).as("190 pages, 9 more").containsExactly("0-150", "155-200");
  }
}

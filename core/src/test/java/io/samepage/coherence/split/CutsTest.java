package io.samepage.coherence.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.coherence.split.Cuts.Slices;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CutsTest {
  private static final long PAGE = 4096;
  private static final long SEED = Long.getLong("samepage.seed", 20_261_121);

  private static List<Long> borders(long items, long group, List<Slices> apart, Double... shares) {
    return Cuts.of(items, group, apart, PAGE).borders(List.of(shares));
  }

  @Test
  void whereNothingIsInTheWayPartsAreEven() {
    assertThat(borders(10, 1, List.of(), 1.0, 1.0)).containsExactly(0L, 5L, 10L);
    assertThat(borders(9, 1, List.of(), 1.0, 1.0, 1.0)).containsExactly(0L, 3L, 6L, 9L);
    assertThat(borders(7, 1, List.of(), 1.0)).containsExactly(0L, 7L);
  }

  @Test
  void sharesAreKept() {
    assertThat(borders(100, 1, List.of(), 1.0, 3.0)).containsExactly(0L, 25L, 100L);
    assertThat(borders(100, 1, List.of(), 1.0, 1e-9, 1.0)).containsExactly(0L, 50L, 50L, 100L);
  }

  @Test
  void groupsAreNotCut() {
    assertThat(borders(100, 16, List.of(), 1.0, 1.0)).containsExactly(0L, 48L, 100L);
    assertThat(borders(15, 16, List.of(), 1.0, 1.0)).containsExactly(0L, 15L, 15L);
  }

  @Test
  void bordersAreThoseOfPages() {
    assertThat(borders(4000, 1, List.of(new Slices(0, 4)), 1.0, 1.0)).containsExactly(0L, 2048L, 4000L);
    assertThat(borders(4000, 1, List.of(new Slices(4000, 4)), 1.0, 1.0)).containsExactly(0L, 2072L, 4000L);
    assertThat(borders(5000, 7, List.of(new Slices(0, 400), new Slices(0, 20_000)), 1.0, 1.0, 1.0))
        .containsExactly(0L, 1792L, 3584L, 5000L);
    assertThat(borders(64, 1, List.of(new Slices(8192, 4096)), 1.0, 1.0)).containsExactly(0L, 32L, 64L);
  }

  @Test
  void whereSlicesNeverBeginTogetherWithAPageThereIsOnePart() {
    assertThat(borders(4000, 1, List.of(new Slices(2, 4)), 1.0, 1.0)).hasSize(3).containsOnly(0L, 4000L);
    assertThat(borders(4000, 1, List.of(new Slices(0, 4), new Slices(400, 4)), 1.0, 1.0)).hasSize(3).containsOnly(0L, 4000L);
    assertThat(borders(1000, 1, List.of(new Slices(0, 1001)), 1.0, 1.0)).hasSize(3).containsOnly(0L, 1000L);
  }

  @Test
  void cutsAreFineWhereNoBorderMovesFar() {
    assertThat(Cuts.of(1024 * 16, 1, List.of(new Slices(0, 4)), PAGE).areFine(2)).isTrue();
    assertThat(Cuts.of(1024 * 16 - 1, 1, List.of(new Slices(0, 4)), PAGE).areFine(2)).isFalse();
    assertThat(Cuts.of(1024 * 16, 1, List.of(new Slices(2, 4)), PAGE).areFine(1)).isFalse();
  }

  @Test
  void allItemsAreInOnePartEachWhateverIsAsked() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      long items = random.nextLong(1, 1L << random.nextInt(1, 40));
      long group = random.nextLong(1, 1L << random.nextInt(1, 10));
      List<Slices> apart = random.ints(random.nextInt(3), 1, 1 << random.nextInt(1, 15)).mapToObj(size ->
          new Slices(random.nextInt(3) * 4096L + random.nextInt(2) * size, size)).toList();
      Double[] shares = random.doubles(random.nextInt(1, 5), 0.1, 10).boxed().toArray(Double[]::new);
      List<Long> borders = borders(items, group, apart, shares);
      String asked = "seed=" + SEED + ", items=" + items + ", group=" + group + ", apart=" + apart + ", shares=" + List.of(shares);
      assertThat(borders).as(asked).hasSize(shares.length + 1).startsWith(0L).endsWith(items).isSorted();
      for (long border : borders.subList(1, borders.size() - 1)) {
        if (border != 0 && border != items) {
          assertThat(border % group).as(asked).isZero();
          assertThat(apart).as(asked).allMatch(slices -> (slices.offsetBytes() + border * slices.itemSizeBytes()) % PAGE == 0);
        }
      }
    }
  }
}

package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The free parts of a reservation, beside one bit for each unit. */
class FreeListTest {
  private static final int CAPACITY = 500;
  private static final int STEPS = 2000;

  private record Taken(int offset, int size) {}

  static LongStream seeds() {
    return new Random(20_251_121).longs(20);
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void whatIsTakenIsFreeAndAlignedAndWhatFitsIsFound(long seed) {
    Random random = new Random(seed);
    FreeList list = new FreeList(CAPACITY);
    BitSet used = new BitSet(CAPACITY);
    List<Taken> taken = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (taken.isEmpty() || random.nextInt(5) < 3) {
        take(list, used, taken, 1 + random.nextInt(random.nextBoolean() ? 8 : 120), 1 << random.nextInt(7), "step=" + step);
      } else {
        Taken given = taken.remove(random.nextInt(taken.size()));
        list.give(given.offset, given.size);
        used.clear(given.offset, given.offset + given.size);
      }
      assertThat(list.isUnused()).as("step=%s", step).isEqualTo(used.isEmpty());
    }
    taken.forEach(each -> list.give(each.offset, each.size));
    assertThat(list.isUnused()).isTrue();
    assertThat(list.take(CAPACITY, 1)).as("all parts are one again").isZero();
  }

  private static void take(FreeList list, BitSet used, List<Taken> taken, int size, int alignment, String when) {
    int offset = (int) list.take(size, alignment);
    if (offset < 0) {
      for (int at = 0; at + size <= CAPACITY; at += alignment) {
        assertThat(used.nextSetBit(at)).as("%s: size=%s, alignment=%s fits at %s", when, size, alignment, at).isBetween(0, at + size - 1);
      }
      return;
    }
    assertThat(offset % alignment).as("%s: alignment", when).isZero();
    assertThat(offset + size).as("%s: end", when).isLessThanOrEqualTo(CAPACITY);
    int clash = used.nextSetBit(offset);
    assertThat(clash < 0 || clash >= offset + size).as("%s: taken twice at %s", when, clash).isTrue();
    used.set(offset, offset + size);
    taken.add(new Taken(offset, size));
  }

  @Test
  void theSmallestPartThatFitsIsTaken() {
    FreeList list = new FreeList(100);
    assertThat(list.take(30, 1)).isZero();
    assertThat(list.take(10, 1)).isEqualTo(30);
    assertThat(list.take(20, 1)).isEqualTo(40);
    list.give(0, 30);
    list.give(40, 20);
    assertThat(list.take(25, 1)).as("of 30 at 0 and 60 at 40").isZero();
    assertThat(list.take(5, 1)).isEqualTo(25);
    assertThat(list.take(60, 1)).isEqualTo(40);
    assertThat(list.take(1, 1)).isEqualTo(-1);
  }

  @Test
  void sizesBeyondAnIntAreTakenAndGiven() {
    FreeList list = new FreeList(1L << 46);
    assertThat(list.take(1L << 40, 1L << 21)).isZero();
    assertThat(list.take(4096, 4096)).isEqualTo(1L << 40);
    assertThat(list.take(1L << 45, 1L << 21)).isEqualTo((1L << 40) + (1L << 21));
    list.give((1L << 40) + (1L << 21), 1L << 45);
    list.give(0, 1L << 40);
    list.give(1L << 40, 4096);
    assertThat(list.isUnused()).isTrue();
  }
}

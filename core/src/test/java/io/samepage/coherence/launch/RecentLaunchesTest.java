package io.samepage.coherence.launch;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.local;
import static io.samepage.Argument.value;
import static io.samepage.SplitArgument.firstItem;
import static io.samepage.SplitArgument.itemCount;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentLaunchesTest {
  private static final Grid GRID = Grid.of(8);

  private final RecentLaunches<String> recent = new RecentLaunches<>();
  private UnifiedMemory memory;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    memory = UnifiedMemory.builder().devices("embedded").open();
    range = memory.allocate(64);
  }

  @AfterEach
  void close() {
    memory.close();
  }

  private String taken(Object known, Object given) {
    RecentLaunches<String> one = new RecentLaunches<>();
    one.keep(GRID, new Object[] {known}, () -> "known");
    return one.find(GRID, new Object[] {given});
  }

  @Test
  void argumentsThatAreMadeAnewAreTheSame() {
    List<Supplier<Object>> makers = List.of(() -> range, () -> range.slice(8, 8), () -> in(range.slice(8, 8)), () -> inOut(range),
        () -> 300, () -> 3_000_000_000L, () -> 2.5f, () -> -2.5, () -> (short) 300, () -> (byte) 3, () -> 'x', () -> true, () -> value(2f),
        () -> local(64), () -> sliced(inOut(range.slice(8, 8)), 4), () -> sliced(range, 4), () -> firstItem(), () -> itemCount());
    makers.forEach(maker -> assertThat(taken(maker.get(), maker.get())).as("%s", maker.get()).isEqualTo("known"));
  }

  @Test
  void whatDiffersInAnythingIsNotTheSame() {
    Slice slice = range.slice(8, 8);
    List<Object> different = List.of(range, memory.allocate(64), slice, range.slice(8, 16), range.slice(16, 8), in(slice), inOut(slice),
        in(range), 1, 2, 1L, 1f, 0f, -0f, 0.0, -0.0, (short) 1, (byte) 1, '1', true, value(1), value(2), value(1f), local(1), local(2),
        sliced(slice, 4), sliced(slice, 8), sliced(in(slice), 4), firstItem(), itemCount());
    for (Object known : different) {
      for (Object given : different) {
        if (known != given) {
          assertThat(taken(known, given)).as("known=%s, given=%s", known, given).isNull();
        }
      }
    }
  }

  @Test
  void numbersThatAreNoneDifferByTheirBits() {
    float other = Float.intBitsToFloat(Float.floatToRawIntBits(Float.NaN) + 1);
    assertThat(taken(Float.NaN, Float.NaN)).isEqualTo("known");
    assertThat(taken(Float.NaN, other)).isNull();
    assertThat(taken(Double.NaN, Double.longBitsToDouble(Double.doubleToRawLongBits(Double.NaN) + 1))).isNull();
  }

  @Test
  void whatCanChangeIsNeverTheSame() {
    MemorySegment segment = MemorySegment.ofArray(new int[4]);
    for (Object argument : List.of(segment, value(segment), in(segment), new Argument.Struct(segment), sliced(segment, 4))) {
      assertThat(taken(argument, argument)).as("%s", argument).isNull();
    }
    assertThat(taken(1, null)).isNull();
  }

  @Test
  void theGridAndTheNumberOfArgumentsCount() {
    recent.keep(GRID, new Object[] {1, 2}, () -> "known");
    assertThat(recent.find(Grid.of(8), new Object[] {1, 2})).isEqualTo("known");
    assertThat(recent.find(Grid.of(8).local(4), new Object[] {1, 2})).isNull();
    assertThat(recent.find(GRID, new Object[] {1})).isNull();
    assertThat(recent.find(GRID, new Object[] {1, 2, 3})).isNull();
  }

  @Test
  void whatIsFoundStaysWhenAnotherIsKept() {
    recent.keep(GRID, new Object[] {1}, () -> "one");
    recent.keep(GRID, new Object[] {2}, () -> "two");
    assertThat(recent.find(GRID, new Object[] {1})).isEqualTo("one");
    recent.keep(GRID, new Object[] {3}, () -> "three");
    assertThat(recent.find(GRID, new Object[] {1})).isEqualTo("one");
    assertThat(recent.find(GRID, new Object[] {2})).isNull();
  }

  @Test
  void whatCanNotBeFoundPushesNothingOut() {
    MemorySegment segment = MemorySegment.ofArray(new int[4]);
    recent.keep(GRID, new Object[] {1}, () -> "one");
    recent.keep(GRID, new Object[] {2}, () -> "two");
    recent.keep(GRID, new Object[] {3, segment}, () -> {
      throw new AssertionError("made for nothing");
    });
    assertThat(recent.find(GRID, new Object[] {1})).isEqualTo("one");
    assertThat(recent.find(GRID, new Object[] {2})).isEqualTo("two");
  }

  @Test
  void theLastTwoAreKept() {
    assertThat(recent.find(GRID, new Object[] {1})).isNull();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      recent.keep(GRID, new Object[] {number}, () -> "launch " + number);
    }
    assertThat(recent.find(GRID, new Object[] {1})).isNull();
    assertThat(recent.find(GRID, new Object[] {2})).isEqualTo("launch 2");
    assertThat(recent.find(GRID, new Object[] {3})).isEqualTo("launch 3");
  }
}

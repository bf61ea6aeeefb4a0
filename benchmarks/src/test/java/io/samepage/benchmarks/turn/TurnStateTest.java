package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.options.TimeValue;

class TurnStateTest {
  private static final String OTHER = "other";

  private final List<String> done = new ArrayList<>();
  private final Counted counted = new Counted();
  private final RunCounts counts = new RunCounts();
  @TempDir
  Path folder;

  /** Ours, and who is called other. */
  private final class Told extends TurnState<ToldRun> {
    private ToldRun opened;
    private ToldRun ours;

    Told(Order order, String beside) {
      super(order, List.of(new RunCounts()));
      this.beside = beside;
      besideFile = "";
    }

    @Override
    protected ToldRun open(boolean isSmall) {
      ours = new ToldRun(isSmall ? "small ours" : "ours", done);
      return ours;
    }

    @Override
    protected ToldRun openOther(String who, boolean isSmall) {
      if (!who.equals(OTHER)) {
        return super.openOther(who, isSmall);
      }
      opened = new ToldRun(isSmall ? "small other" : OTHER, done);
      return opened;
    }

    void iterate(IterationType type, int runs) {
      beginIteration(new IterationParams(type, 1, TimeValue.NONE, 1));
      for (int i = 0; i < runs; i++) {
        run(counted, List.of(counts));
      }
      endIteration();
    }
  }

  private Told state(TurnState.Order order, String beside) {
    Told state = new Told(order, beside);
    state.begin(0, 0);
    return state;
  }

  private List<String> runs() {
    return done.stream().filter(Predicate.not(name -> name.matches("(prepare|finish|counts|check|close) .*"))).toList();
  }

  @Test
  void whoComesFirstAlternatesFromRunToRun() {
    state(TurnState.Order.ALTERNATING, OTHER).iterate(IterationType.MEASUREMENT, 3);

    assertThat(runs()).containsExactly(OTHER, "ours", "ours", OTHER, OTHER, "ours");
  }

  @Test
  void theOtherOneComesFirstEachTimeWhereItIsToBeSo() {
    state(TurnState.Order.OTHER_FIRST, OTHER).iterate(IterationType.MEASUREMENT, 3);

    assertThat(runs()).containsExactly(OTHER, "ours", OTHER, "ours", OTHER, "ours");
  }

  @Test
  void nobodyIsRunInTurnWhereNobodyIsNamed() {
    Told state = state(TurnState.Order.ALTERNATING, "");
    state.iterate(IterationType.MEASUREMENT, 2);
    state.close();

    assertThat(runs()).containsExactly("ours", "ours");
    assertThat(counts.amounts).isEqualTo(2);
  }

  @Test
  void whoIsNotKnownIsRefused() {
    assertThatThrownBy(() -> state(TurnState.Order.ALTERNATING, "somebody")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beside=somebody");
  }

  @Test
  void bothWarmUpInTurnWithLittleDataFirstAndSettle() {
    Told state = new Told(TurnState.Order.ALTERNATING, OTHER);
    state.begin(1, 1);

    assertThat(runs()).startsWith("small ours", "small other").endsWith("ours", OTHER, "ours", OTHER);
    assertThat(done).contains("close small ours", "close small other").doesNotContain("close ours", "close other");
  }

  @Test
  void eachRunIsPreparedAndFinishedWhetherItCountsOrNot() {
    Told state = new Told(TurnState.Order.OTHER_FIRST, OTHER);
    state.begin(0, 1);
    List<String> ours = List.of("prepare ours", "ours", "finish ours");
    List<String> other = List.of("prepare other", OTHER, "finish other");
    assertThat(done).containsExactlyElementsOf(both(ours, other));

    done.clear();
    state.iterate(IterationType.WARMUP, 1);
    state.iterate(IterationType.MEASUREMENT, 1);
    List<String> countedOurs = List.of("prepare ours", "ours", "finish ours", "counts ours");
    List<String> countedOther = List.of("prepare other", OTHER, "finish other", "counts other");
    assertThat(done).containsExactlyElementsOf(both(both(other, ours), both(countedOther, countedOurs)));
  }

  @Test
  void aRunMayBeSeveralOperationsAndOtherThreadsMayAllocateForThem() {
    Told state = state(TurnState.Order.ALTERNATING, "");
    state.iterate(IterationType.MEASUREMENT, 1);
    long ownBytes = counted.countedBytes;
    state.ours.setOperations(1_000);
    state.iterate(IterationType.MEASUREMENT, 2);

    assertThat(counted.countedOperations).isEqualTo(1 + 2 * 1_000);
    assertThat(counted.countedBytes - ownBytes).isBetween(200_000L, 210_000L);
  }

  private static List<String> both(List<String> one, List<String> two) {
    List<String> all = new ArrayList<>(one);
    all.addAll(two);
    return all;
  }

  @Test
  void theOtherOnesRunsOfIterationsThatCountGoToTheFile() throws IOException {
    Told state = state(TurnState.Order.ALTERNATING, OTHER);
    state.besideFile = folder.resolve("counts").toString();
    state.iterate(IterationType.WARMUP, 5);
    state.iterate(IterationType.MEASUREMENT, 3);
    state.iterate(IterationType.MEASUREMENT, 3);
    state.close();

    assertThat(BesideCounts.read(Path.of(state.besideFile))).containsEntry("countedNanos", 6.0 * 9).containsEntry("amounts", 6.0)
        .containsEntry("wholeNanosCount", 60.0).containsEntry("kernelNanosCount", 6.0).containsEntry("movedBytesCount", 48.0);
  }

  @Test
  void bothAreCheckedAndClosedAtTheEnd() {
    state(TurnState.Order.ALTERNATING, OTHER).close();

    assertThat(done).containsExactly("check ours", "check other", "close other", "close ours");
  }

  @Test
  void wrongResultsOfTheOtherOneFailAndNothingIsWritten() {
    Told state = state(TurnState.Order.ALTERNATING, OTHER);
    state.besideFile = folder.resolve("counts").toString();
    state.opened.spoil();

    assertThatThrownBy(state::close).hasMessage("other is wrong");
    assertThat(done).contains("close other", "close ours");
    assertThat(Files.exists(Path.of(state.besideFile))).isFalse();
  }
}

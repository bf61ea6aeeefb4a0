package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimedStateTest {
  private final List<String> done = new ArrayList<>();
  private final TimedState state = state();

  /** Of no class with a name, as that would be a benchmark. */
  private TimedState state() {
    TimedState made = new TimedState() {
      @Override
      protected CountedRun openOurs(boolean isSmall) {
        return new ToldRun("ours", done);
      }

      @Override
      protected CountedRun openBaseline(boolean isSmall) {
        return new ToldRun("baseline", done);
      }
    };
    made.beside = "";
    made.besideFile = "";
    return made;
  }

  private List<String> runs() {
    state.open();
    state.timed(new Counted());
    state.close();
    return done.stream().filter(name -> !name.contains(" ")).toList();
  }

  @Test
  void oursIsRunAloneWhereNothingElseIsSaid() {
    assertThat(runs()).containsExactly("ours");
  }

  @Test
  void theBaselineIsRunInPlaceOfOurs() {
    state.isBaseline = true;
    assertThat(runs()).containsExactly("baseline");
  }

  @Test
  void theBaselineIsRunInTurnWithOurs() {
    state.beside = TimedState.BASELINE;
    assertThat(runs()).containsExactlyInAnyOrder("ours", "baseline");
  }

  @Test
  void nobodyElseIsRunInTurn() {
    state.beside = "lwjgl";
    assertThatThrownBy(this::runs).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("beside=lwjgl");
  }
}

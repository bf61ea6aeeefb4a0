package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<String> ran = new ArrayList<>();

  @Test
  void nothingRunsInNoTime() {
    WarmUp.run(0, () -> ran.add("little"), () -> ran.add("measured"));
    WarmUp.run(0, () -> ran.add("measured"));
    assertThat(ran).isEmpty();
  }

  @Test
  void bothRunInTheShortestTimeAndLittleFirst() {
    WarmUp.run(1, () -> ran.add("little"), () -> ran.add("measured"));
    assertThat(ran).startsWith("little").contains("measured");
  }
}

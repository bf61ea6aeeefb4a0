package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<String> ran = new ArrayList<>();

  private final class Little implements WarmUp.Little {
    Little() {
      ran.add("open");
    }

    @Override
    public void run() {
      ran.add("little");
    }

    @Override
    public void close() {
      ran.add("close");
    }
  }

  @Test
  void nothingRunsInNoTime() {
    WarmUp.run(0, Little::new, () -> ran.add("measured"));
    WarmUp.run(0, () -> ran.add("measured"));
    assertThat(ran).isEmpty();
  }

  @Test
  void bothRunInTheShortestTimeAndLittleFirstWhichIsClosedBeforeWhatIsMeasuredRuns() {
    WarmUp.run(1, Little::new, () -> ran.add("measured"));
    assertThat(ran.stream().distinct()).containsExactly("open", "little", "close", "measured");
  }
}

package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTableTest {
  @Test
  void bothRatiosAndWhatBecameOfThemAreShown() {
    List<String> lines = ChangeTable.lines(Change.between(List.of(pair("bulk", 1)), List.of(pair("bulk", 0.5), pair("sweep", 0.7))));

    assertThat(lines.get(2)).containsSubsequence("| bulk ", "| 1.00 (1.00 to 1.00) ", "| 0.50 (0.50 to 0.50) ", "| worse ");
    assertThat(lines.get(3)).containsSubsequence("| sweep ", "| – ", "| 0.70 ", "| new ");
  }
}

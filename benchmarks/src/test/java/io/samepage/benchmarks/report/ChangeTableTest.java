package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Change;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTableTest {
  private static final String DAY = "2026-11-21";

  @Test
  void bothRatiosAndWhatBecameOfThemAreShown() {
    List<String> lines = ChangeTable.lines(Change.between(List.of(pair("bulk", 1)), List.of(pair("bulk", 0.5), pair("sweep", 0.7))));

    assertThat(lines.get(2)).containsSubsequence("| bulk ", "| 1.00 (1.00 to 1.00) ", "| 0.50 (0.50 to 0.50) ", "| worse ");
    assertThat(lines.get(3)).containsSubsequence("| sweep ", "| – ", "| 0.70 ", "| new ");
  }

  @Test
  void changesAreCountedByTheirKindWithoutWhatIsNewOrGone() {
    Spread two = new Spread(1, 1, 1);
    List<Row> before = List.of(pair("same", 1), pair("alike", 1), pair("worse", 1), pair("better", 1), pair("few", DAY, two, 2),
        pair("gone", 1));
    List<Row> after = List.of(pair("same", 1), pair("alike", 1), pair("worse", 0.5), pair("better", 2), pair("few", DAY, two, 2),
        pair("new", 1));

    assertThat(ChangeTable.summary(Change.between(before, after)))
        .isEqualTo("within the spreads: 2 of 5; better: 1, worse: 1; not to be told: 1");
  }
}

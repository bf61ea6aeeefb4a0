package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.alone;
import static io.samepage.benchmarks.result.Rows.amount;
import static io.samepage.benchmarks.result.Rows.pair;
import static io.samepage.benchmarks.result.Rows.results;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import io.samepage.benchmarks.targets.Target;
import io.samepage.benchmarks.targets.Targets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTableTest {
  private static final String DAY = "2026-11-21";

  private static Optional<Results> of(Row... rows) {
    return Optional.of(results(DAY, rows));
  }

  private static String line(List<String> lines, String work) {
    return lines.stream().filter(line -> line.contains(work)).findFirst().orElseThrow();
  }

  @Test
  void withoutFiguresEveryTargetSaysWhatMakesThem() {
    for (List<String> lines : List.of(TargetTable.lines(Optional.empty()), TargetTable.summary(Optional.empty()))) {
      assertThat(lines).hasSize(2 + Targets.ALL.size());
      for (Target target : Targets.ALL) {
        assertThat(line(lines, target.work())).contains(target.goal(), "no figure", "`" + target.command() + "`");
      }
    }
    assertThat(TargetTable.summary(Optional.empty())).filteredOn(line -> line.contains("not measured")).hasSize(Targets.ALL.size());
  }

  @Test
  void everyRowThatTellsIsALine() {
    List<String> lines = TargetTable.lines(of(pair("bulk to the host, 2 MiB", 0.96), pair("bulk to the device, 2 MiB", 0.94)));

    assertThat(lines).hasSize(2 + Targets.ALL.size() + 1);
    assertThat(line(lines, "bulk to the host")).contains("| yes ", "| 0.96 (0.96 to 0.96) ", "| 62.0 µs ", "| 60.0 µs ", "| " + DAY);
    assertThat(line(lines, "bulk to the device")).contains("| no ");
  }

  @Test
  void theSummaryHasTheRangeOfTheRatiosAndHowManyReachTheGoal() {
    List<String> lines = TargetTable.summary(of(pair("bulk to the host, 2 MiB", 0.96), pair("bulk to the device, 2 MiB", 0.94)));

    assertThat(line(lines, "bulk transfer")).contains("0.94 to 0.96 × as fast", "| 1 of 2 ");
  }

  @Test
  void costsAmountsAndExcessesAreSummedUpInTheirUnits() {
    List<String> lines = TargetTable.summary(of(alone("device lease, nothing to move", 17, 0),
        amount("metadata of 1024 MiB of mixed pages, under leases", new Spread(1.2, 1.3, 1.4), "bytes a page"),
        pair("launch behind a busy kernel, reading a range of 64 KiB", 0.3)));

    assertThat(line(lines, "device lease")).contains("| 17 ns, 0 bytes ", "| yes ");
    assertThat(line(lines, "metadata")).contains("| 1.30 bytes a page ", "| no ");
    assertThat(line(lines, "launch submitted")).contains("| 2.00 µs more ", "| yes ");
  }

  @Test
  void aRowThatTellsNothingOfTheGoalIsNotCountedAsReachingIt() {
    Row old = new Row("launch behind a busy kernel, reading a range of 64 KiB", "./bench", DAY, Optional.empty(), "–", Optional.empty(),
        "ns", new Spread(1, 1, 1), Optional.empty(), Optional.empty(), Optional.empty(), 1, Optional.empty(), null, null, null, null);

    assertThat(line(TargetTable.summary(of(old)), "launch submitted")).contains("| not measured ");
    assertThat(line(TargetTable.summary(of(old, pair("launch behind a busy kernel, writing a range of 64 KiB", 0.3))), "launch submitted"))
        .contains("| yes, as far as measured ");
  }
}

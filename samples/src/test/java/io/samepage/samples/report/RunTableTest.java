package io.samepage.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.accounting.DeviceUse;
import io.samepage.samples.accounting.HostUse;
import io.samepage.samples.accounting.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTableTest {
  @Test
  void stagesAreFollowedByTheTotalAndTheAlternatives() {
    RunReport report = new RunReport("pipeline", List.of(new DeviceUse("embedded", "embedded:0", 2)),
        new RunReport.Problem(1, 1, 1, 1, 1L), new RunReport.Outcome(true, 0.0, ""), new RunReport.Bytes(1234567, 4096, 0, 1000, 100,
        99999, 50), new HostUse("explicit", 0, 0), 0.0125, 0.001,
        List.of(new Stage("fill", 0.0025, 0, 0), new Stage("multiply", 0.01, 1234567, 4096)));

    assertThat(RunTable.lines(report)).containsExactly(
        "stage                               time   bytes to device   bytes to host",
        "fill                              2.5 ms                 0               0",
        "multiply                         10.0 ms         1,234,567           4,096",
        "total                            12.5 ms         1,234,567           4,096",
        "the least                                            1,000             100",
        "every argument at every launch                      99,999              50");
  }
}

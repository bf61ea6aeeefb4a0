package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.samepage.samples.hostview.HostModes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What runs that end well report as JSON. */
final class Reports {
  private static final double MARGIN = 1.02;
  private static final long UNIT_BYTES = 64 << 10;
  private static final int HANDLERS = 4;

  private Reports() {}

  /** Runs the program in this process. */
  static JsonNode of(Path folder, String... arguments) throws IOException {
    Path json = folder.resolve("report.json");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--json", json.toString()));
    ProgramRun run = ProgramRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  static long number(JsonNode report, String field) {
    assertThat(report.at("/" + field).isIntegralNumber()).as(field).isTrue();
    return report.at("/" + field).asLong();
  }

  /** What {@code --host} can be here. */
  static List<String> hosts() {
    return HostModes.here().stream().map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** It is right, and moved no byte more than it must, device to device or not; where the host touches, hardly one more. */
  static void assertVerifiedWithTheLeastMoved(JsonNode report) {
    long toDevice = number(report, "bytesToDevice") + number(report, "bytesDeviceToDevice");
    long toHost = number(report, "bytesToHost");
    long leastToDevice = number(report, "leastBytesToDevice");
    long leastToHost = number(report, "leastBytesToHost");
    assertThat(report.at("/verified").asBoolean()).isTrue();
    if (report.at("/hostAccess").asText().equals("explicit")) {
      assertThat(List.of(toDevice, toHost)).containsExactly(leastToDevice, leastToHost);
      assertThat(List.of(number(report, "hostFaults"), number(report, "pagesFoundWritten"))).containsExactly(0L, 0L);
    } else {
      assertThat(toDevice).isBetween(leastToDevice, (long) (MARGIN * leastToDevice));
      // Who touches a page goes on before the others of its unit have come; as many units can be on their way as threads bring them.
      assertThat(toHost).isPositive().isBetween(leastToHost - HANDLERS * UNIT_BYTES, (long) (MARGIN * leastToHost));
      assertThat(List.of(number(report, "hostFaults"), number(report, "pagesFoundWritten"))).allMatch(count -> count > 0);
    }
  }
}

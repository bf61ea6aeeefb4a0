package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What runs that end well report as JSON. */
final class Reports {
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

  /** It is right, and moved no byte more than it must, device to device or not. */
  static void assertVerifiedWithTheLeastMoved(JsonNode report) {
    assertThat(report.at("/verified").asBoolean()).isTrue();
    assertThat(number(report, "bytesToDevice") + number(report, "bytesDeviceToDevice")).isEqualTo(number(report, "leastBytesToDevice"));
    assertThat(number(report, "bytesToHost")).isEqualTo(number(report, "leastBytesToHost"));
  }
}

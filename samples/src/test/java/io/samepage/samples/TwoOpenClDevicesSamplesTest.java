package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline over two OpenCL devices, each with a block of rows. */
@Tag("two-devices")
class TwoOpenClDevicesSamplesTest {
  private static final int KIB = 1 << 10;

  @TempDir
  private Path folder;

  @Test
  void twoDevicesShareTheWorkAndGetBOnceEach() throws IOException {
    for (String host : Reports.hosts()) {
      assertShared(Reports.of(folder, "pipeline", "--device", "opencl:0,opencl:1", "--host", host, "--rows", "512", "--inner", "64",
          "--cols", "64", "--rounds", "3"));
    }
  }

  private static void assertShared(JsonNode report) {
    Reports.assertVerifiedWithTheLeastMoved(report);
    assertThat(report.at("/devices").findValuesAsText("name")).containsExactly("opencl:0", "opencl:1");
    assertThat(report.at("/devices").findValuesAsText("launches")).containsExactly("6", "6");
    // A goes to one of them or the other, 128 KiB and twice a page anew, B of 16 KiB to both, C of 128 KiB to both each round.
    assertThat(Reports.number(report, "leastBytesToDevice")).isEqualTo(128 * KIB + 2 * 4096 + 2 * 16 * KIB + 3 * 2 * 128 * KIB);
  }

  @Test
  void bothArePickedWhereNothingWasAskedFor() {
    assertThat(ProgramRun.of("--size", "100").out()).startsWith("pipeline on opencl:0, opencl:1: rows=100").contains("verified");
  }
}

package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.network.SyntheticNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program's kernels under oclgrind, which reports bad accesses, races and reads of what nobody wrote. */
@Tag("oclgrind")
@Timeout(300)
class OclgrindSamplesTest {
  private final Path log = Path.of(System.getenv("OCLGRIND_LOG"));

  @TempDir
  private Path folder;

  @Test
  void theProductsMakeNoError() throws IOException {
    for (String host : Reports.hosts()) {
      Reports.assertVerifiedWithTheLeastMoved(Reports.of(folder, "pipeline", "--device", "opencl", "--host", host, "--rows", "33",
          "--inner", "17", "--cols", "20", "--rounds", "2"));
    }

    assertThat(Files.readString(log)).isEmpty();
  }

  @Test
  void theNetworksProductMakesNoError() throws IOException {
    new SyntheticNetwork(12, 70, 3, 1).write(folder);

    for (String host : Reports.hosts()) {
      Reports.assertVerifiedWithTheLeastMoved(Reports.of(folder, "network", "--data", folder.toString(), "--device", "opencl", "--host",
          host));
    }

    assertThat(Files.readString(log)).isEmpty();
  }

  @Test
  void itIsNeverPickedWhereNothingWasAskedFor() {
    assertThat(ProgramRun.of("--size", "16").out()).startsWith("pipeline on embedded:0: ");
    assertThat(ProgramRun.of("doctor").out()).containsPattern("opencl:0 +not tried, it is a simulator");
  }
}

package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.samepage.samples.network.SyntheticNetwork;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program on the test double of NVIDIA's driver, whose kernels are C functions: no GPU is in this. */
@Tag("cuda-double")
class CudaDoubleSamplesTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--size 100", "--rows 33 --inner 17 --cols 65", "--rows 512 --inner 64 --cols 64"})
  void thePipelineIsVerifiedAndMovesTheLeast(String sizes) throws IOException {
    for (String host : Reports.hosts()) {
      JsonNode report = Reports.of(folder, ("pipeline --device cuda:0 --rounds 3 --host " + host + " " + sizes).split(" "));

      Reports.assertVerifiedWithTheLeastMoved(report);
      assertThat(report.at("/devices").toString()).isEqualTo("[{\"backend\":\"cuda\",\"name\":\"cuda:0\",\"launches\":6}]");
    }
  }

  @Test
  void twoDevicesShareThePipeline() throws IOException {
    JsonNode report = Reports.of(folder, "pipeline", "--device", "cuda:0,cuda:1", "--rows", "512", "--inner", "64", "--cols", "64");

    Reports.assertVerifiedWithTheLeastMoved(report);
    assertThat(report.at("/devices").findValuesAsText("launches")).containsExactly("6", "6");
  }

  @Test
  void theNetworkIsVerifiedAndMovesTheLeast() throws IOException {
    new SyntheticNetwork(60, 300, 6, 1).write(folder);

    for (String host : Reports.hosts()) {
      JsonNode report = Reports.of(folder, "network", "--data", folder.toString(), "--device", "cuda:0", "--host", host);

      Reports.assertVerifiedWithTheLeastMoved(report);
      assertThat(report.at("/categoriesMatch").asBoolean()).isTrue();
    }
  }

  @Test
  void theDoctorFindsItWellAndItsNameSaysWhatItIs() {
    assertThat(ProgramRun.of("doctor").out()).contains("cuda: available.").containsPattern("cuda:0 +works +"
        + (Reports.hosts().contains("transparent") ? "works" : "not to be had"));
    assertThat(ProgramRun.of("devices").out()).containsPattern("cuda:0 +gpu .* Samepage test double of a GPU \\(no hardware\\)");
  }
}

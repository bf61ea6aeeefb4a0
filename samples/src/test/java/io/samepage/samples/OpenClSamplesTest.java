package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.samepage.samples.network.SyntheticNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program on an OpenCL device. Fails where there is none. */
class OpenClSamplesTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--rows 512 --inner 64 --cols 64", "--size 1", "--size 100", "--rows 33 --inner 17 --cols 65",
      "--rows 5 --inner 1100 --cols 3"})
  void thePipelineIsVerifiedAndMovesTheLeast(String sizes) throws IOException {
    for (String host : Reports.hosts()) {
      JsonNode report = Reports.of(folder, ("pipeline --device opencl --rounds 3 --host " + host + " " + sizes).split(" "));

      Reports.assertVerifiedWithTheLeastMoved(report);
      assertThat(report.at("/hostAccess").asText()).isEqualTo(host);
      assertThat(report.at("/devices").toString()).isEqualTo("[{\"backend\":\"opencl\",\"name\":\"opencl:0\",\"launches\":6}]");
      assertThat(report.at("/kernelSeconds").asDouble()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 300, 1024})
  void theNetworkIsVerifiedAndMovesTheLeast(int neurons) throws IOException {
    new SyntheticNetwork(60, neurons, 6, 1).write(folder);

    for (String host : Reports.hosts()) {
      JsonNode report = Reports.of(folder, "network", "--data", folder.toString(), "--device", "opencl", "--host", host);

      Reports.assertVerifiedWithTheLeastMoved(report);
      assertThat(report.at("/categoriesMatch").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--memory coherent --host explicit", "--memory coherent --host transparent", "--memory svm"})
  void thePipelineMovesNothingInTheHostsOwnMemory(String options) throws IOException {
    JsonNode report = Reports.of(folder, ("pipeline --device opencl --size 100 " + options).split(" "));

    assertThat(report.at("/verified").asBoolean()).isTrue();
    assertThat(List.of("bytesToDevice", "bytesToHost", "bytesDeviceToDevice", "leastBytesToDevice", "leastBytesToHost"))
        .allSatisfy(field -> assertThat(Reports.number(report, field)).as(field).isZero());
    assertThat(Reports.number(report, "naiveBytesToDevice")).isPositive();
    assertThat(report.at("/hostAccess").asText()).isEqualTo(options.contains("transparent") ? "transparent" : "explicit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"coherent", "svm"})
  void theNetworkMovesNothingInTheHostsOwnMemory(String kind) throws IOException {
    new SyntheticNetwork(60, 300, 6, 1).write(folder);

    JsonNode report = Reports.of(folder, "network", "--data", folder.toString(), "--device", "opencl", "--memory", kind);

    assertThat(report.at("/verified").asBoolean()).isTrue();
    assertThat(report.at("/categoriesMatch").asBoolean()).isTrue();
    assertThat(Reports.number(report, "bytesToDevice") + Reports.number(report, "bytesToHost")).isZero();
  }

  @Test
  void aListOfTheHostsIsWalkedByAKernel() {
    ProgramRun run = ProgramRun.of("list", "--device", "opencl");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines("list on opencl:0: nodes=10000, sum=50005000, sumOfSquares=333383335000, verified");
  }

  @Test
  void theKindsOfMemoryAreListedAndOthersRefused() {
    assertThat(ProgramRun.of("devices").out()).containsPattern("opencl:0 +cpu .* discrete, or coherent, or svm ");
    for (String command : List.of("pipeline --device embedded --memory svm", "pipeline --memory vast", "list --device embedded",
        "pipeline --device opencl --memory svm --host transparent")) {
      ProgramRun refused = ProgramRun.of(command.split(" "));
      assertThat(refused.exitCode()).as(command).isPositive();
      assertThat(refused.err()).containsIgnoringCase("svm");
    }
  }

  @Test
  void itIsPickedWhereNothingWasAskedFor() {
    assertThat(ProgramRun.of("--size", "16").out()).startsWith("pipeline on opencl:0: rows=16");
  }

  @Test
  void theDoctorFindsItWell() {
    assertThat(ProgramRun.of("doctor").out()).contains("opencl: available.").containsPattern("opencl:0 +works +"
        + (Reports.hosts().contains("transparent") ? "works" : "not to be had"));
  }
}

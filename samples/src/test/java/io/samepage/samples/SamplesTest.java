package io.samepage.samples;

import static io.samepage.samples.Reports.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.samepage.samples.network.SyntheticNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole program on the embedded device. */
class SamplesTest {
  private static final String[] FIELDS = {"command", "devices", "rows", "inner", "cols", "rounds", "seed", "verified", "maxError",
      "bytesToDevice", "bytesToHost", "bytesDeviceToDevice", "leastBytesToDevice", "leastBytesToHost", "naiveBytesToDevice",
      "naiveBytesToHost", "hostAccess", "hostFaults", "pagesFoundWritten", "seconds", "kernelSeconds", "stages"};
  private static final String[] NETWORK_FIELDS = {"layers", "neurons", "images", "categoriesFound", "categoriesExpected",
      "categoriesMatch", "liveRows"};
  private static final String SYNTHETIC = "synthetic";

  private static final String ACCESS_PROPERTY = "samepage.host.access";

  private final String usualAccess = System.getProperty(ACCESS_PROPERTY, "auto");

  @TempDir
  private Path folder;

  @AfterEach
  void restoreProperty() {
    System.setProperty(ACCESS_PROPERTY, usualAccess);
  }

  @Test
  void thePipelineReportsWhatItDid() throws IOException {
    JsonNode report = report("pipeline", "--device", "embedded", "--rows", "512", "--inner", "64", "--cols", "64", "--rounds", "3",
        "--seed", "7");

    assertThat(report.fieldNames()).toIterable().containsExactly(FIELDS);
    assertThat(report.at("/command").asText()).isEqualTo("pipeline");
    assertThat(report.at("/devices").toString())
        .isEqualTo("[{\"backend\":\"embedded\",\"name\":\"embedded:0\",\"launches\":6}]");
    assertThat(List.of(number(report, "rows"), number(report, "inner"), number(report, "cols"), number(report, "rounds"),
        number(report, "seed"))).containsExactly(512L, 64L, 64L, 3L, 7L);
    assertThat(report.at("/verified").asBoolean()).isTrue();
    assertThat(report.at("/maxError").asDouble()).isBetween(1e-9, 1e-5);
  }

  @Test
  void thePipelineMovesTheLeast() throws IOException {
    JsonNode report = report("pipeline", "--device", "embedded", "--host", "explicit", "--rows", "512", "--inner", "64", "--cols", "64",
        "--rounds", "3");

    // A and C: 128 KiB, B: 16 KiB, a row of A: a page. Of D the 512 elements of its diagonal.
    assertThat(number(report, "leastBytesToDevice")).isEqualTo((128 << 10) + (16 << 10) + 3 * (128 << 10) + 2 * 4096);
    assertThat(number(report, "leastBytesToHost")).isEqualTo(3 * ((128 << 10) + 512 * 4));
    Reports.assertVerifiedWithTheLeastMoved(report);
    assertThat(number(report, "naiveBytesToDevice")).isEqualTo(3 * ((128 << 10) + (16 << 10) + (128 << 10) + (128 << 10) + (1 << 20)));
    assertThat(number(report, "naiveBytesToHost")).isEqualTo(3 * ((128 << 10) + (1 << 20)));
  }

  @Test
  void touchingTheDiagonalBringsItsUnitsAndUnderLeasesItsElements() throws IOException {
    for (String host : Reports.hosts()) {
      JsonNode report = report("pipeline", "--device", "embedded", "--host", host, "--rows", "2048", "--inner", "16", "--cols", "16",
          "--rounds", "2");

      // C: 128 KiB. A row of D: 8 KiB, so a diagonal element in all of its units.
      long diagonal = host.equals("explicit") ? 2048 * 4 : 16 << 20;
      assertThat(report.at("/hostAccess").asText()).isEqualTo(host);
      assertThat(number(report, "leastBytesToHost")).isEqualTo(2 * ((128 << 10) + diagonal));
      Reports.assertVerifiedWithTheLeastMoved(report);
    }
  }

  @Test
  void theHostTouchesWhereItIsToBeHadAndNothingElseIsAskedFor() throws IOException {
    JsonNode report = report("pipeline", "--device", "embedded", "--size", "64", "--host", "auto");

    assertThat(report.at("/hostAccess").asText()).isEqualTo(Reports.hosts().getLast())
        .isEqualTo(report("pipeline", "--device", "embedded", "--size", "64").at("/hostAccess").asText());
    Reports.assertVerifiedWithTheLeastMoved(report);
  }

  @Test
  void whereTouchingIsNotToBeHadItIsRefusedWithTheReasonAndLeasesWork() throws IOException {
    new SyntheticNetwork(10, 16, 3, 1).write(folder);
    System.setProperty(ACCESS_PROPERTY, "explicit");

    for (String command : List.of("pipeline --size 64", "network --data " + folder)) {
      ProgramRun refused = ProgramRun.of((command + " --device embedded --host transparent").split(" "));
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.errorLines()).hasSize(2);
      assertThat(refused.err()).startsWith("error: --host transparent").contains("samepage.host.access=explicit", "--host explicit");
      assertThat(refused.out()).isEmpty();
      Reports.assertVerifiedWithTheLeastMoved(report((command + " --device embedded --host explicit").split(" ")));
      assertThat(report((command + " --device embedded").split(" ")).at("/hostAccess").asText()).isEqualTo("explicit");
    }
  }

  @Test
  void theDoctorTellsTheReasonWhereTouchingIsNotToBeHad() {
    System.setProperty(ACCESS_PROPERTY, "explicit");
    assertThat(ProgramRun.of("doctor").out()).containsPattern("host access +explicit: .*samepage.host.access=explicit")
        .containsPattern("embedded:0 +works +not to be had");

    System.setProperty(ACCESS_PROPERTY, "sometimes");
    ProgramRun run = ProgramRun.of("doctor");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("host access +can't be told: .*sometimes")
        .containsPattern("embedded:0 +works +fails: .*sometimes");
  }

  @Test
  void stagesAddUpToTheTotals() throws IOException {
    JsonNode report = report("pipeline", "--device", "embedded", "--size", "100", "--rounds", "2");

    assertThat(report.at("/stages").findValuesAsText("name"))
        .containsExactly("fill", "multiply, scale", "gram, diagonal", "change row");
    assertThat(sum(report, "bytesToDevice")).isEqualTo(report.at("/bytesToDevice").asDouble());
    assertThat(sum(report, "bytesToHost")).isEqualTo(report.at("/bytesToHost").asDouble());
    assertThat(sum(report, "seconds")).isCloseTo(report.at("/seconds").asDouble(), Offset.offset(1e-9));
    assertThat(report.at("/kernelSeconds").asDouble()).isPositive();
  }

  @Test
  void twoDevicesShareTheWorkAndGetBOnceEach() throws IOException {
    JsonNode report = report("pipeline", "--device", "embedded:0,embedded:1", "--rows", "512", "--inner", "64", "--cols", "64",
        "--rounds", "3");

    assertThat(report.at("/verified").asBoolean()).isTrue();
    assertThat(report.at("/devices").findValuesAsText("name")).containsExactly("embedded:0", "embedded:1");
    assertThat(report.at("/devices").findValuesAsText("launches")).containsExactly("6", "6");
    assertThat(number(report, "leastBytesToDevice")).isEqualTo((128 << 10) + 2 * (16 << 10) + 2 * 3 * (128 << 10) + 2 * 4096);
    Reports.assertVerifiedWithTheLeastMoved(report);
  }

  @Test
  void theTableEndsTheRun() {
    ProgramRun run = ProgramRun.of("--device", "embedded", "--size", "64");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("pipeline on embedded:0: rows=64, inner=64, cols=64, rounds=3")
        .containsSubsequence("stage", "fill", "multiply, scale", "gram, diagonal", "total", "the least",
            "every argument at every launch", "host access: " + Reports.hosts().getLast() + ", faults=", "verified, all elements")
        .doesNotContain("%", "\r", "\u001b");
  }

  /** A synthetic network always, and the one of the acceptance runs where it lies beside the project or is named. */
  static List<String> networks() {
    String real = System.getProperty("samepage.network.data", "../../shared/data/sparse-dnn-1024");
    return Files.isDirectory(Path.of(real)) ? List.of(SYNTHETIC, real) : List.of(SYNTHETIC);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theNetworkMovesLiveRowsAndWeightsAlone(String network) throws IOException {
    if (network.equals(SYNTHETIC)) {
      new SyntheticNetwork(60, 1024, 6, 1).write(folder);
    }
    String data = network.equals(SYNTHETIC) ? folder.toString() : network;
    for (String host : Reports.hosts()) {
      assertMovesLiveRowsAndWeightsAlone(report("network", "--data", data, "--device", "embedded", "--host", host));
    }
  }

  private static void assertMovesLiveRowsAndWeightsAlone(JsonNode report) {
    assertThat(report.fieldNames()).toIterable().containsExactly(Stream.of(FIELDS, NETWORK_FIELDS)
        .flatMap(Stream::of).toArray(String[]::new));
    Reports.assertVerifiedWithTheLeastMoved(report);
    assertThat(report.at("/categoriesMatch").asBoolean()).isTrue();
    assertThat(number(report, "categoriesFound")).isEqualTo(number(report, "categoriesExpected")).isPositive();
    assertThat(report.at("/liveRows")).hasSize((int) number(report, "layers"));
    assertThat(number(report, "leastBytesToHost")).isEqualTo(4096 * rowsEntering(report));
    assertThat(number(report, "bytesToDevice")).isLessThan(number(report, "naiveBytesToDevice"));
  }

  private static long rowsEntering(JsonNode report) {
    long rows = number(report, "images");
    for (int layer = 0; layer < number(report, "layers") - 1; layer++) {
      rows += report.at("/liveRows").get(layer).asLong();
    }
    return rows;
  }

  @Test
  void aNetworkWithAnotherTruthEndsWithOneAndIsReportedAllTheSame() throws IOException {
    new SyntheticNetwork(20, 32, 3, 2).write(folder);
    Files.writeString(folder.resolve("categories.mtx"), "%%MatrixMarket matrix coordinate pattern general\n20 1 1\n1 1\n");
    Path json = folder.resolve("f.json");

    ProgramRun run = ProgramRun.of("network", "--data", folder.toString(), "--device", "embedded", "--json", json.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.err()).startsWith("error: not verified, the images alive are not the categories");
    assertThat(new ObjectMapper().readTree(json.toFile()).at("/verified").asBoolean(true)).isFalse();
  }

  @Test
  void devicesAreListedWithTheirBackEnds() {
    ProgramRun run = ProgramRun.of("devices");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("embedded:0", "embedded: available.");
  }

  @Test
  void theDoctorTriesEachDevice() {
    ProgramRun run = ProgramRun.of("doctor");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("java", "bytes a page", "native access")
        .containsPattern("host access +" + Reports.hosts().getLast() + ": ")
        .containsPattern("embedded:0 +works +" + (Reports.hosts().contains("transparent") ? "works" : "not to be had"));
  }

  @Test
  void helpIsShown() {
    assertThat(ProgramRun.of("--help").out()).contains("pipeline", "network", "devices", "doctor");
    assertThat(ProgramRun.of("pipeline", "--help").out()).contains("--device", "--host", "--rows", "--rounds", "--seed", "--json");
    assertThat(ProgramRun.of("network", "--help").exitCode()).isZero();
  }

  private JsonNode report(String... arguments) throws IOException {
    return Reports.of(folder, arguments);
  }

  private static double sum(JsonNode report, String field) {
    return report.at("/stages").findValues(field).stream().mapToDouble(JsonNode::asDouble).sum();
  }
}

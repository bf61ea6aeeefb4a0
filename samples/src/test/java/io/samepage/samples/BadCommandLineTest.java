package io.samepage.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.network.SyntheticNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadCommandLineTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      pipeline --size 0                                      | size=0
      pipeline --size -1                                     | size=-1
      --size 0                                               | size=0
      pipeline --size 3000000000                             | '3000000000' is not an int
      pipeline --size x                                      | 'x' is not an int
      pipeline --size 1073741824                             | too large
      pipeline --size 10000000                               | memoryBytes=
      pipeline --rows 0 --inner 1 --cols 1                   | rows=0
      pipeline --rows 1 --inner 0 --cols 1                   | inner=0
      pipeline --rows 1 --inner 1 --cols -7                  | cols=-7
      pipeline --rows 1 --inner 1                            | --cols
      pipeline --size 1 --rows 1 --inner 1 --cols 1          | mutually exclusive
      pipeline --rounds 0                                    | rounds=0
      pipeline --rounds -2                                   | rounds=-2
      pipeline --seed x                                      | 'x' is not a long
      pipeline --device nowhere                              | nowhere
      pipeline --device embedded:99                          | embedded:99
      pipeline --device embedded,embedded                    | embedded
      pipeline --device ,                                    | --device
      pipeline --host                                        | --host
      pipeline --host sometimes                              | sometimes
      network --data . --host sometimes                      | transparent
      pipeline --json                                        | --json
      pipeline --nonsense                                    | --nonsense
      pipeline nonsense                                      | nonsense
      nonsense                                               | nonsense
      network                                                | --data
      network --data . --device nowhere                      | nowhere
      devices --size 1                                       | --size
      """)
  void isToldInTwoLinesAndEndsWithTwo(String commandLine, String problem) {
    ProgramRun run = ProgramRun.of(commandLine.split(" +"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines()).hasSizeBetween(2, 3).noneMatch(line -> line.startsWith("\tat "));
    assertThat(run.errorLines().getFirst()).startsWith("error: ").contains(problem);
    assertThat(run.errorLines().getLast()).startsWith("Try: ./run").endsWith("--help");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aJsonFileThatCanNotBeWrittenIsFoundBeforeAnythingRuns() {
    String nowhere = folder.resolve("nowhere").resolve("f.json").toString();

    for (String[] command : new String[][] {{"pipeline", "--json", nowhere}, {"network", "--data", "nowhere", "--json", nowhere},
        {"pipeline", "--json", folder.toString()}}) {
      ProgramRun run = ProgramRun.of(command);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.errorLines()).hasSize(2);
      assertThat(run.err()).contains("--json", command[command.length - 1]);
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void aJsonFileThatIsNotWrittenToIsNotLeftBehind() {
    Path json = folder.resolve("f.json");

    assertThat(ProgramRun.of("pipeline", "--device", "nowhere", "--json", json.toString()).exitCode()).isEqualTo(2);

    assertThat(json).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"images.mtx", "layer-02.mtx", "categories.mtx"})
  void aMissingDataFileEndsWithOne(String name) throws IOException {
    new SyntheticNetwork(10, 16, 3, 1).write(folder);
    Files.delete(folder.resolve(name));

    assertDataError(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not Matrix Market", "%%MatrixMarket matrix coordinate real general\n16 16 2\n1 1 1\n",
      "%%MatrixMarket matrix coordinate real general\n16 16 1\n17 1 1\n"})
  void aDataFileThatCanNotBeReadEndsWithOne(String content) throws IOException {
    new SyntheticNetwork(10, 16, 3, 1).write(folder);
    Files.writeString(folder.resolve("layer-02.mtx"), content);

    assertDataError("layer-02.mtx:");
  }

  @Test
  void imagesLargerThanTheMachineEndWithOne() throws IOException {
    new SyntheticNetwork(10, 16, 1, 1).write(folder);
    Files.writeString(folder.resolve("images.mtx"), "%%MatrixMarket matrix coordinate real general\n2147483647 16777216 0\n");
    Files.writeString(folder.resolve("layer-01.mtx"), "%%MatrixMarket matrix coordinate real general\n16777216 16777216 0\n");
    Files.writeString(folder.resolve("categories.mtx"), "%%MatrixMarket matrix coordinate pattern general\n2147483647 1 0\n");

    assertDataError("don't fit into this machine's memory");
  }

  @Test
  void aMissingFolderEndsWithOne() {
    ProgramRun run = ProgramRun.of("network", "--device", "embedded", "--data", folder.resolve("nowhere").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errorLines()).containsExactly("error: " + folder.resolve("nowhere") + ": no such folder");
  }

  @Test
  void tooLittleDeviceMemoryEndsWithOne() {
    // D alone is larger than the embedded device's budget of 1 GiB; nothing that large is touched before the launch is refused.
    ProgramRun run = ProgramRun.of("pipeline", "--device", "embedded", "--rows", "20000", "--inner", "1", "--cols", "1", "--rounds", "1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errorLines()).hasSizeBetween(1, 3);
    assertThat(run.err()).startsWith("error: ").contains("Out of device memory");
  }

  @Test
  void theStackTraceIsShownWhenAskedForAlone() {
    assertThat(ProgramRun.of("network", "--data", "nowhere", "--stacktrace").err()).contains("\tat ");
    assertThat(ProgramRun.of("network", "--data", "nowhere").err()).doesNotContain("\tat ");
  }

  private void assertDataError(String problem) {
    ProgramRun run = ProgramRun.of("network", "--device", "embedded", "--data", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.err()).startsWith("error: " + folder).contains(problem);
    assertThat(run.out()).isEmpty();
  }
}

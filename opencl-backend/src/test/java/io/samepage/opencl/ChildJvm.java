package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own: drivers read their environment once a process. */
final class ChildJvm {
  private static final long TIMEOUT_SECONDS = 300;

  /**
   * How a child ended.
   *
   * @param exitCode its exit code
   * @param out what it printed
   * @param err what it printed as errors
   */
  record Result(int exitCode, List<String> out, String err) {}

  private ChildJvm() {}

  /**
   * Runs a main class to its end.
   *
   * @param folder where its output may be kept
   * @param main the class
   * @param environment what its environment has besides; an empty value removes a variable
   * @param jvmArguments arguments for the JVM besides the usual
   * @return how it ended
   */
  static Result run(Path folder, Class<?> main, Map<String, String> environment, String... jvmArguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
        "--enable-native-access=ALL-UNNAMED", "-Dorg.lwjgl.system.memoryBackend=ffm"));
    command.addAll(List.of(jvmArguments));
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, main.getName()));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    environment.forEach((name, value) -> set(builder.environment(), name, value));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("the child ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readAllLines(out), Files.readString(err, StandardCharsets.UTF_8));
  }

  private static void set(Map<String, String> environment, String name, String value) {
    if (value.isEmpty()) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
  }
}

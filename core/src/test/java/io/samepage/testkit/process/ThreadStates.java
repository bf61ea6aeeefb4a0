package io.samepage.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What threads of another process are at. */
final class ThreadStates {
  private static final String NEW_LINE = System.lineSeparator();

  private ThreadStates() {}

  /** What the system knows of them, also where the JVM can't stop them: names, states, and where in the system they wait. */
  static String of(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.map(ThreadStates::line).sorted().collect(Collectors.joining());
    } catch (IOException e) {
      return "No list of threads: " + e + NEW_LINE;
    }
  }

  private static String line(Path thread) {
    try {
      String state = Files.readAllLines(thread.resolve("status")).stream().filter(line -> line.startsWith("State:")).findFirst().orElse("");
      return Files.readString(thread.resolve("comm")).strip() + ": " + state + ", waits in " + Files.readString(thread.resolve("wchan"))
          + ", thread=" + thread.getFileName() + NEW_LINE;
    } catch (IOException e) {
      return thread.getFileName() + ": gone" + NEW_LINE;
    }
  }

  /** What the JVM says of them, if it still answers. */
  static String stacks(String java, long pid, Duration timeout) {
    String jcmd = Path.of(java).resolveSibling("jcmd").toString();
    try {
      Path dump = Files.createTempFile("threads", ".txt");
      try {
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print").redirectErrorStream(true)
            .redirectOutput(dump.toFile()).start();
        boolean answered = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        return (answered ? "" : "The JVM does not answer, as while a thread waits in a page fault." + NEW_LINE) + Files.readString(dump);
      } finally {
        Files.delete(dump);
      }
    } catch (IOException e) {
      return "No stacks: " + e + NEW_LINE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "No stacks: interrupted" + NEW_LINE;
    }
  }
}

package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a range costs that nobody touches. The bar: under 1 MiB for 1 TiB, heap, resident memory and page tables together. */
@EnabledOnOs(OS.LINUX)
class FootprintTest {
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void aTebibyteThatNobodyTouchesCostsLessThanAMebibyte(@TempDir Path folder) throws IOException, InterruptedException {
    Map<String, Long> cost = cost(folder.resolve("out"));
    System.out.println("1 TiB untouched costs " + cost);
    assertThat(cost).containsOnlyKeys("heapBytes", "residentBytes", "pageTableBytes", "nanos");
    assertThat(cost.get("heapBytes")).as("measured at all").isPositive();
    assertThat(Math.max(0, cost.get("heapBytes")) + Math.max(0, cost.get("residentBytes")) + Math.max(0, cost.get("pageTableBytes")))
        .isLessThan(1 << 20);
  }

  /** Measured in a JVM of its own with a heap that is resident from the start. */
  private static Map<String, Long> cost(Path out) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process = new ProcessBuilder(List.of(java, "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Footprint.class.getName()))
        .redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(process.waitFor()).as("exit code").isZero();
    Map<String, Long> cost = new HashMap<>();
    for (String line : Files.readAllLines(out)) {
      cost.put(line.substring(0, line.indexOf('=')), Long.parseLong(line.substring(line.indexOf('=') + 1)));
    }
    return cost;
  }
}

package io.samepage.benchmarks.starpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds StarPU, and compiles the small library over it. */
public final class StarPuLibrary {
  private static final String PACKAGE = "starpu-1.3";

  private StarPuLibrary() {}

  /** {@return why there is no StarPU, or nothing if there is} */
  public static Optional<String> missing() {
    try {
      run("pkg-config", "--exists", PACKAGE);
      run("cc", "--version");
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("StarPU isn't installed (Debian: libstarpu-dev): " + e.getMessage());
    }
  }

  /** Compiles it into a file of its own, which lasts as long as this JVM. */
  static Path compile() throws IOException {
    Path folder = Files.createTempDirectory("samepage-starpu");
    Path source = folder.resolve("starpu.c");
    Path library = folder.resolve("libsamepage-starpu.so");
    try (InputStream text = StarPuLibrary.class.getResourceAsStream("starpu.c")) {
      Files.copy(text, source);
    }
    List<String> command = new ArrayList<>(List.of("cc", "-std=gnu11", "-O2", "-fPIC", "-shared", "-o", library.toString(), "" + source));
    command.addAll(Arrays.asList(run("pkg-config", "--cflags", "--libs", PACKAGE).strip().split("\\s+")));
    command.add("-lOpenCL");
    run(command.toArray(String[]::new));
    Files.delete(source);
    library.toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    return library;
  }

  /** Answers what a program prints; throws if it isn't there or fails, and says what it printed. */
  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed: exit=" + process.exitValue() + ", output=" + text.strip());
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted: " + command[0], e);
    }
  }
}

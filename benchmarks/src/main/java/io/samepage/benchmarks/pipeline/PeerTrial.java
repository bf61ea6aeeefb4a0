package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.starpu.StarPuLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries whether a peer computes here, each in a JVM of its own: what it breaks is not ours. */
public final class PeerTrial {
  private static final int SIZE = 32;
  private static final String REASON = "reason: ";

  private final Map<Peer, Optional<String>> reasons = new EnumMap<>(Peer.class);

  /**
   * Tries it, once.
   *
   * @param peer who
   * @return why it can't be measured here, in a line, or nothing if it can
   */
  public Optional<String> missing(Peer peer) {
    return peer.isForeign() ? reasons.computeIfAbsent(peer, PeerTrial::reason) : Optional.empty();
  }

  private static Optional<String> reason(Peer peer) {
    Optional<String> absent = peer == Peer.STARPU ? StarPuLibrary.missing() : Optional.empty();
    return absent.isPresent() ? absent : failure(peer);
  }

  private static Optional<String> failure(Peer peer) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-D" + BenchmarkMemory.DEVICE_PROPERTY + "=" + BenchmarkMemory.deviceName());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerTrial.class.getName(), peer.name()));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (InputStream output = process.getInputStream()) {
        List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip().lines().toList();
        return process.waitFor() == 0 ? Optional.empty() : Optional.of(explanation(lines, process.exitValue()));
      }
    } catch (IOException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(e.toString());
    }
  }

  /** What the trial said of it, or else how it ended. */
  static String explanation(List<String> lines, int exitCode) {
    return lines.stream().filter(line -> line.startsWith(REASON)).map(line -> line.substring(REASON.length())).findFirst()
        .orElseGet(() -> "it ended the JVM: exit=" + exitCode + ", last line=" + (lines.isEmpty() ? "" : lines.getLast()));
  }

  /**
   * Computes a small pipeline, and verifies it. What goes wrong is printed in a line.
   *
   * @param arguments the peer
   */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    try (PipelineRun run = Peer.valueOf(arguments[0]).open(PipelineState.shape(SIZE))) {
      run.run();
      run.check();
    } catch (RuntimeException | LinkageError e) {
      out.println(REASON + e.toString().lines().findFirst().orElse(""));
      out.flush();
      Runtime.getRuntime().halt(1);
    }
  }
}

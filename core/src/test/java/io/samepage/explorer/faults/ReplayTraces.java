package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Search;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Traces of the model for replay_test.c: some by chance, and as many more as it takes to have every kind of step that there is. */
public final class ReplayTraces {
  private static final int TRIES_MAX = 400_000;

  private final List<List<String>> traces = new ArrayList<>();
  private int steps;

  private ReplayTraces() {}

  /**
   * Writes traces.
   *
   * @param file where to
   * @param seed of the choice
   * @param byChance how many there are at least
   * @return what they cover
   */
  public static String write(Path file, long seed, int byChance) throws IOException {
    List<FaultScenario> scenarios = FaultScenarios.replayed().toList();
    ReplayTraces traces = new ReplayTraces();
    Set<StepKind> missing = allKinds(scenarios);
    int kinds = missing.size();
    Random random = new Random(seed);
    for (int i = 0; i < TRIES_MAX && (traces.traces.size() < byChance || !missing.isEmpty()); i++) {
      Walk walk = Walk.take(scenarios.get(i % scenarios.size()), random);
      if (walk != null && (traces.traces.size() < byChance || walk.kinds().stream().anyMatch(missing::contains))) {
        traces.add(walk);
        missing.removeAll(walk.kinds());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("No trace has these kinds of steps: seed=" + seed + ", kinds=" + missing);
    }
    Files.createDirectories(file.getParent());
    Files.write(file, traces.lines());
    return "traces=%,d, steps=%,d, kinds of steps=%d, seed=%d".formatted(traces.traces.size(), traces.steps, kinds, seed);
  }

  private void add(Walk walk) {
    traces.add(walk.lines());
    steps += (int) walk.lines().stream().filter(line -> line.startsWith("step")).count();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < traces.size(); i++) {
      String first = traces.get(i).getFirst();
      lines.add(first.replaceFirst("0", Integer.toString(i)));
      lines.addAll(traces.get(i).subList(1, traces.get(i).size()));
    }
    return lines;
  }

  /** Every kind of step that exploring comes across. */
  private static Set<StepKind> allKinds(List<FaultScenario> scenarios) {
    Set<StepKind> kinds = new HashSet<>();
    scenarios.forEach(scenario -> Search.explore(new WatchedSpace(scenario, kinds)));
    // Discards are explored alone.
    for (Phase phase : EnumSet.range(Phase.IDLE, Phase.CLOSED)) {
      if (kinds.stream().noneMatch(kind -> kind.phase() == phase)) {
        throw new IllegalStateException("Exploring does not come across a phase: phase=" + phase);
      }
    }
    return kinds;
  }
}

package io.samepage.coherence;

import java.util.ArrayList;
import java.util.List;

/** Things that are done one after the other, whatever becomes of each. */
final class Steps {
  private Steps() {}

  /** Does all, and throws then what the first that failed has thrown, with what others have thrown suppressed in it. */
  static void runAll(List<Runnable> steps) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      failures.stream().skip(1).forEach(failures.getFirst()::addSuppressed);
      throw failures.getFirst();
    }
  }
}

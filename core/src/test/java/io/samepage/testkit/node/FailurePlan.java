package io.samepage.testkit.node;

import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which calls are to fail, and how many there were. Safe for use by several threads. */
final class FailurePlan {
  /** What becomes of a call. */
  enum Outcome { WORKS, THROWS, FAILS_LATE }

  private final Map<Call, Long> counts = new EnumMap<>(Call.class);
  private final Map<Call, Map<Long, Outcome>> planned = new EnumMap<>(Call.class);
  private final Map<Call, Outcome> always = new EnumMap<>(Call.class);
  /** Threads with a command that failed late, which no fence of theirs has told of yet. */
  private final Set<Thread> lateFailures = new HashSet<>();

  synchronized void planNth(Call call, long n, Outcome outcome) {
    planned.computeIfAbsent(call, any -> new HashMap<>()).put(count(call) + n, outcome);
  }

  synchronized void planAll(Call call, Outcome outcome) {
    always.put(call, outcome);
  }

  synchronized void clear() {
    planned.clear();
    always.clear();
  }

  synchronized long count(Call call) {
    return counts.getOrDefault(call, 0L);
  }

  /** Counts a call and tells what becomes of it. */
  synchronized Outcome next(Call call) {
    long number = counts.merge(call, 1L, Long::sum);
    Outcome outcome = planned.getOrDefault(call, Map.of()).get(number);
    return outcome != null ? outcome : always.getOrDefault(call, Outcome.WORKS);
  }

  /** The calling thread's command is lost, and its next fence is to tell. */
  synchronized void failLate() {
    lateFailures.add(Thread.currentThread());
  }

  /** Whether a fence of the calling thread is to fail, under the rule of {@link InjectedFailures}. */
  synchronized boolean claimLateFailure() {
    boolean isAny = !lateFailures.isEmpty();
    lateFailures.remove(Thread.currentThread());
    lateFailures.removeIf(thread -> !thread.isAlive());
    return isAny;
  }
}

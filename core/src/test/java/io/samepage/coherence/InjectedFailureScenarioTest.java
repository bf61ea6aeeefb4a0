package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.pages;
import static io.samepage.coherence.FaultyOperation.copy;
import static io.samepage.coherence.FaultyOperation.copyThere;
import static io.samepage.coherence.FaultyOperation.on;
import static io.samepage.coherence.FaultyOperation.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyOperation.Kind;
import io.samepage.testkit.node.InjectedFailures;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One scenario that uploads, zeroes, copies between devices and within one, evicts and downloads, run again and again: each time
 * another of its driver calls fails.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class InjectedFailureScenarioTest {
  private static final int DEVICES = 2;

  private static FaultyRun open() {
    return new FaultyRun(new FaultyMemory(8, 8));
  }

  private static List<FaultyOperation> scenario(FaultyRun run) {
    UnifiedRange a = run.range(3, 0);
    UnifiedRange b = run.range(3, 100);
    UnifiedRange c = run.range(3, 0);
    UnifiedRange large = run.range(12, 0);
    List<FaultyOperation> operations = new ArrayList<>();
    operations.add(onHost(Kind.HOST_FILL, a.all(), 5));
    operations.add(on(0, Kind.FILL, b.all(), 6));
    operations.add(copy(0, pages(a, 0, 2), pages(c, 1, 2)));
    operations.add(on(0, Kind.ADD, a.slice(PAGE - 8, 16), 3));
    operations.add(onHost(Kind.HOST_READ, b.slice(4, 3 * PAGE - 200), 0));
    operations.add(on(1, Kind.ADD, b.slice(PAGE, PAGE), 2));
    operations.add(copy(1, pages(c, 0, 1), pages(a, 1, 1)));
    operations.add(on(0, Kind.LEASE_READ, pages(large, 9, 1), 0));
    operations.add(on(0, Kind.FILL, pages(large, 0, 2), 7));
    operations.add(on(0, Kind.FILL, pages(large, 3, 1), 8));
    operations.add(on(0, Kind.ADD, pages(large, 1, 4), 1));
    operations.add(on(1, Kind.LEASE_READ, large.slice(PAGE + 4, 3 * PAGE), 0));
    operations.add(on(1, Kind.LEASE_FILL, large.slice(2 * PAGE + 4, 2 * PAGE), 9));
    operations.add(onHost(Kind.HOST_ADD, large.slice(2 * PAGE - 8, 16), 4));
    operations.add(on(0, Kind.BREAK, c.slice(PAGE + 8, PAGE), 0));
    operations.add(on(0, Kind.ADD, pages(c, 0, 3), 1));
    operations.add(on(0, Kind.PREFETCH, pages(a, 0, 2), 0));
    operations.add(on(0, Kind.FILL_THERE, pages(a, 0, 1), 13));
    operations.add(on(0, Kind.FILL, pages(b, 0, 1), 14));
    operations.add(on(0, Kind.FILL_THERE, b.slice(8, PAGE - 120), 15));
    operations.add(copyThere(pages(b, 0, 1), pages(c, 0, 1)));
    operations.add(on(1, Kind.FILL, pages(a, 1, 1), 16));
    operations.add(on(1, Kind.FILL_THERE, a.slice(PAGE + 4, PAGE - 8), 17));
    operations.add(copyThere(a.slice(PAGE, 1000), b.slice(PAGE - 4, 1000)));
    operations.add(onHost(Kind.PREFETCH_HOME, pages(b, 0, 2), 0));
    operations.add(on(1, Kind.FILL, pages(c, 1, 1), 11));
    operations.add(onHost(Kind.HOST_FILL, pages(c, 2, 1), 12));
    operations.add(on(1, Kind.ADD, pages(large, 4, 7), 1));
    operations.add(on(0, Kind.ADD, pages(large, 5, 7), 1));
    operations.add(copy(0, pages(b, 0, 1), pages(a, 2, 1)));
    operations.add(onHost(Kind.HOST_READ, pages(a, 1, 2), 0));
    return operations;
  }

  private static long callsOf(int device, Call call) {
    try (FaultyRun run = open()) {
      runAll(run);
      return run.world().node(device).calls(call);
    }
  }

  /** Each launch is waited for at once, so that a failure is told by the operation that met it. */
  private static void runAll(FaultyRun run) {
    for (FaultyOperation operation : scenario(run)) {
      run.run(operation);
      run.settle();
      assertThat(run.world().openLeases()).as("leases open after %s", operation).isZero();
    }
  }

  static Stream<Arguments> waysToFail() {
    List<Arguments> ways = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      for (Call call : Call.values()) {
        ways.add(Arguments.of(device, call, false));
        if (call != Call.ALLOCATE) {
          ways.add(Arguments.of(device, call, true));
        }
      }
    }
    return ways.stream();
  }

  @Test
  void theScenarioMakesCallsOfEverySortOnBothDevices() {
    try (FaultyRun run = open()) {
      runAll(run);
      for (int device = 0; device < DEVICES; device++) {
        InjectedFailures node = run.world().node(device);
        assertThat(Call.values()).allMatch(call -> node.calls(call) > 0);
        assertThat(run.world().device(device).statistics().evictedBytes()).isPositive();
      }
      run.end(DEVICES);
    }
  }

  @ParameterizedTest(name = "device={0} call={1} late={2}")
  @MethodSource("waysToFail")
  void whicheverCallFailsNothingValidIsLostAndNothingIsLeftOpen(int device, Call call, boolean late) {
    long calls = callsOf(device, call);
    for (long n = 1; n <= calls; n++) {
      try (FaultyRun run = open()) {
        run.arm();
        inject(run.world().node(device), call, n, late);
        runAll(run);
        run.end(DEVICES);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("device=" + device + ", call=" + call + ", n=" + n + ", late=" + late, e);
      }
    }
  }

  private static void inject(InjectedFailures node, Call call, long n, boolean late) {
    if (late) {
      node.failNthLate(call, n);
    } else {
      node.failNth(call, n);
    }
  }

  /** A device that refuses every fence leaves no way to wait for what is under way, so that is left out. */
  static Stream<Arguments> waysToFailAlways() {
    return waysToFail().filter(way -> way.get()[1] != Call.FENCE || (boolean) way.get()[2]);
  }

  @ParameterizedTest(name = "device={0} call={1} late={2}")
  @MethodSource("waysToFailAlways")
  void aDeviceOfWhichOneSortOfCallAlwaysFailsLosesNothingThatWasValid(int device, Call call, boolean late) {
    try (FaultyRun run = open()) {
      List<FaultyOperation> scenario = scenario(run);
      run.arm();
      for (int i = 0; i < scenario.size(); i++) {
        if (i == 2) {
          failAll(run.world().node(device), call, late);
        }
        run.run(scenario.get(i));
        run.settle();
        assertThat(run.world().openLeases()).isZero();
      }
      run.end(DEVICES);
    }
  }

  private static void failAll(InjectedFailures node, Call call, boolean late) {
    if (late) {
      node.failAllLate(call);
    } else {
      node.failAll(call);
    }
  }
}

package io.samepage.explorer;

import static org.assertj.core.api.Assertions.fail;

import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The shipped rules hold in every state of every scenario. Prints how many states that were; a violation is told by the shortest trace
 * to it. The tests tagged {@code full-exploration} explore far more; docs/HACKING.md has the command.
 */
class CoherenceTest {
  private static final long RANDOM_SCENARIOS = 120;
  private static final long RANDOM_SCENARIOS_FULL = 20_000;

  private static void assertHolds(String what, Supplier<Stream<Scenario>> scenarios) {
    Tally tally = new Tally(Rules.SHIPPED).explore(scenarios.get());
    System.out.println("[explorer] " + what + ": " + tally);
    if (tally.shortest() != null) {
      fail(tally.shortest().toString());
    }
  }

  @Test
  void holdsInChosenScenarios() {
    assertHolds("chosen scenarios", Scenarios::chosen);
  }

  @Test
  void holdsInChosenScenariosWhereSomethingFails() {
    assertHolds("chosen scenarios, two failures", () -> Scenarios.chosen().map(scenario -> scenario.failures(2)));
  }

  @Test
  void holdsForEveryThreeActsWhereSomethingFails() {
    assertHolds("three threads, an act each, a failure", () -> Scenarios.triples(scenario -> scenario.failures(1)));
  }

  @Test
  void holdsWhereCopiesGoByWayOfTheHostAndTheLastPageIsShort() {
    assertHolds("the same by way of the host, a short page",
        () -> Scenarios.triples(scenario -> scenario.withoutPeerCopies().rangeSizeBytes(Small.CELLS - 1)));
  }

  @Test
  void holdsForEveryTwoThreadsOfTwoActs() {
    assertHolds("two threads, two acts each", () -> Scenarios.pairs(false, scenario -> scenario));
  }

  @Test
  void holdsForRandomThreads() {
    assertHolds("random threads", () -> LongStream.range(0, RANDOM_SCENARIOS).mapToObj(Scenarios::random));
  }

  @Test
  void holdsWherePagesAreCopiedAlong() {
    assertHolds("pages copied along", () -> Stream.concat(Stream.of(Scenarios.failingCopyAlong(), Scenarios.overlappingCopyAlong()),
        LongStream.range(0, RANDOM_SCENARIOS).mapToObj(Scenarios::random).map(Scenario::bridging)));
  }

  @Test
  void holdsWhereHostLeasesComeBehindLaunches() {
    assertHolds("leases behind launches", () -> Stream.concat(BehindScenarios.chosen(), BehindScenarios.triples()));
  }

  @Test
  void holdsWhereHostLeasesComeBehindLaunchesAndSomethingFails() {
    assertHolds("leases behind launches, a failure", () -> Stream.concat(BehindScenarios.chosen(),
        BehindScenarios.triples()).map(scenario -> scenario.failures(1)));
  }

  @Test
  @Tag("full-exploration")
  void holdsForEveryThreeActsWhereTwoThingsFail() {
    assertHolds("three threads, two failures", () -> Scenarios.triples(scenario -> scenario.failures(2)));
    assertHolds("the same by way of the host", () -> Scenarios.triples(scenario -> scenario.failures(2).withoutPeerCopies()));
  }

  @Test
  @Tag("full-exploration")
  void holdsWhereHostLeasesComeBehindLaunchesAndTwoThingsFail() {
    assertHolds("leases behind launches, two failures", () -> Stream.concat(BehindScenarios.chosen(), BehindScenarios.triples())
        .map(scenario -> scenario.failures(2)));
    assertHolds("the same by way of the host, a short page", () -> Stream.concat(BehindScenarios.chosen(), BehindScenarios.triples())
        .map(scenario -> scenario.failures(2).withoutPeerCopies().rangeSizeBytes(Small.CELLS - 1)));
  }

  @Test
  @Tag("full-exploration")
  void holdsForEveryTwoThreadsOfTwoActsOfAllSorts() {
    assertHolds("two threads, two acts each, a failure", () -> Scenarios.pairs(false, scenario -> scenario.failures(1)));
    assertHolds("two threads, two acts each, of all sorts", () -> Scenarios.pairs(true, scenario -> scenario));
  }

  @Test
  @Tag("full-exploration")
  void holdsForManyRandomThreads() {
    assertHolds("random threads", () -> LongStream.range(0, RANDOM_SCENARIOS_FULL).mapToObj(Scenarios::random));
  }
}

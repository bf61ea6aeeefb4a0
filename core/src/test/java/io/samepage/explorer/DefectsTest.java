package io.samepage.explorer;

import static io.samepage.Access.READ;
import static io.samepage.Access.READ_WRITE;
import static io.samepage.Access.WRITE;
import static io.samepage.explorer.Act.discard;
import static io.samepage.explorer.Act.evict;
import static io.samepage.explorer.Act.launch;
import static io.samepage.explorer.Act.lease;
import static io.samepage.explorer.Small.DEV1;
import static io.samepage.explorer.Small.DEV2;
import static io.samepage.explorer.Small.HOST;
import static io.samepage.explorer.Start.ON_DEV1;
import static io.samepage.explorer.Start.ON_DEV2;
import static io.samepage.explorer.Start.ON_HOST;
import static io.samepage.explorer.Start.UNTOUCHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule is needed: without it the explorer finds a violation, by the steps and in the words that are expected. */
class DefectsTest {
  private static final String OLD_COPY = "counts as valid, but has old bytes";
  private static final String NOT_ON_HOST = "the directory's own invariant is broken";
  private static final String DROPPED = "nobody has p0, though not lost";
  private static final String KEPT = "somebody has p0, though lost";

  /**
   * What safety does not need: that who came first is served first, that what arrives is looked at for poison, that leases which give up
   * again and again don't fill queues with copies, and that a lease behind a launch that failed looks where its pages are now: its copy
   * has failed too.
   */
  private static final Set<Enum<?>> HARMLESS = Set.of(Defects.NOBODY_WAITS_HIS_TURN, Defects.FETCHED_IGNORES_POISON, Care.LEAVES_ONE_COPY,
      Care.PREPARES_ANEW);

  /**
   * A rule that is broken, and what comes of it.
   *
   * @param rule which
   * @param scenario where it shows
   * @param lastStep what the last step before the violation is
   * @param violation what is violated
   */
  record Defect(Enum<?> rule, Scenario scenario, String lastStep, String violation) {
    Rules rules() {
      return DefectsTest.rules(rule);
    }

    @Override
    public String toString() {
      return rule.toString();
    }
  }

  private static Rules rules(Enum<?> rule) {
    return rule instanceof Care care ? Defects.without(care) : (Defects) rule;
  }

  /** Of the transitions and the plan. */
  static Stream<Defect> directory() {
    return Stream.of(
        new Defect(Defects.WROTE_LEAVES_ANOTHER_DEVICE, one(lease(HOST, WRITE, 0, 2)).start(ON_HOST | ON_DEV2, UNTOUCHED),
            "T0a host lease WRITE p0 closes", "the copy on dev2 " + OLD_COPY),
        new Defect(Defects.WROTE_LEAVES_PAGES_UNTOUCHED, one(launch(DEV1, WRITE, 0, 2)), "is entered as launched", NOT_ON_HOST),
        new Defect(Defects.WROTE_LEAVES_PAGES_POISONED, one(launch(DEV1, WRITE, 0, 2), launch(DEV2, WRITE, 0, 2)).failures(1),
            "T0b launch dev2 WRITE p0 is entered as launched", DROPPED),
        new Defect(Defects.FETCHED_INVALIDATES_OTHERS, one(launch(DEV1, READ, 0, 2), launch(DEV2, READ, 0, 2)).start(ON_HOST, UNTOUCHED),
            "T0b launch dev2 READ p0 enters copies of p0 on dev2", "T0a launch dev1 READ p0 was promised p0, and has not got it"),
        new Defect(Defects.DISCARDED_LEAVES_A_DEVICE, one(discard(0, 1)).start(ON_HOST | ON_DEV1, UNTOUCHED),
            "T0a discard p0 drops its claim", "the copy on dev1 " + OLD_COPY),
        new Defect(Defects.DISCARDED_LEAVES_PAGES_POISONED, one(launch(DEV1, WRITE, 0, 2), discard(0, 1)).failures(1),
            "T0b discard p0 enters that nobody has written p0", DROPPED),
        new Defect(Defects.EVICTED_LEAVES_PAGES_HELD, one(evict(DEV1, 0, 1)).start(ON_HOST | ON_DEV1, UNTOUCHED),
            "T0a eviction dev1 p0 gives its window back", "the copy on dev1 " + OLD_COPY),
        new Defect(Defects.LOST_POISONS_NOTHING, one(launch(DEV1, WRITE, 0, 2)).failures(1), "is retired: it has failed", KEPT),
        new Defect(Defects.GRANT_FETCHES_WHAT_IS_HELD, two(lease(HOST, READ, 0, 1), lease(HOST, READ_WRITE, 1, 2))
            .start(ON_HOST | ON_DEV1, UNTOUCHED), "T0a host lease READ p0.a enters copies of p0 on host", "the copy on host " + OLD_COPY),
        new Defect(Defects.SOURCES_PREFER_DEVICES, one(launch(DEV1, READ, 0, 2), lease(DEV2, READ, 0, 2)).start(ON_HOST, UNTOUCHED)
            .failures(1), "T0b device lease dev2 READ p0 enters copies of p0 on dev2", "the copy on dev2 " + OLD_COPY));
  }

  /** Of claims, and what is in the way of an eviction. */
  static Stream<Defect> claims() {
    return Stream.of(
        new Defect(Defects.PARTS_ARE_NOT_NEEDED, one(lease(HOST, WRITE, 0, 1)).start(ON_DEV1, UNTOUCHED),
            "T0a host lease WRITE p0.a is prepared and open", "was promised p0, and has not got it"),
        new Defect(Defects.LEASES_COMPARE_BYTES_ONLY, two(lease(HOST, WRITE, 0, 1), lease(DEV1, WRITE, 1, 2)).start(ON_HOST, UNTOUCHED),
            "T1b device lease dev1 WRITE p0.b enters the arrival of p0", "the copy on dev1 " + OLD_COPY + " in p0.a"),
        new Defect(Defects.LEASES_COMPARE_NODES_ONLY, two(lease(DEV1, WRITE, 0, 1), launch(DEV1, READ, 0, 1)), "holds its claim",
            "are both held"),
        new Defect(Defects.PREPARING_CLAIMS_BLOCK_NOBODY, two(lease(HOST, WRITE, 0, 1), lease(HOST, READ, 1, 2)).start(ON_DEV1, UNTOUCHED),
            "T1b host lease READ p0.b enters copies of p0 on host", "the copy on host " + OLD_COPY + " in p0.a"),
        new Defect(Defects.LAUNCHES_FOLLOW_THE_LAST_ALONE,
            one(launch(DEV1, WRITE, 0, 2), launch(DEV1, WRITE, 2, 4), launch(DEV1, READ, 0, 4)), "is retired",
            "T0c launch dev1 READ p0 p1 has read old bytes, and its fence tells of no failure"),
        new Defect(Defects.EVICTION_IGNORES_CLAIMS_ON_ITS_NODE, two(lease(DEV1, READ, 0, 2), evict(DEV1, 0, 1)),
            "T1b eviction dev1 p0 gives its window back", "frees a window that is in use"),
        new Defect(Defects.EVICTION_IGNORES_PREPARING_CLAIMS, two(lease(HOST, READ, 0, 2), evict(DEV1, 0, 1)).start(ON_DEV1, UNTOUCHED),
            "T1b eviction dev1 p0 gives its window back", "frees a window that is in use by T0a host lease READ p0 (DOWNLOAD on dev1)"));
  }

  /** Of those who lease, launch and evict. */
  static Stream<Defect> callers() {
    return Stream.of(
        new Defect(Care.OVERTAKES_WITH_OPEN_LEASE, two(lease(HOST, READ, 0, 2).around(lease(HOST, READ, 0, 4)), lease(HOST, WRITE, 0, 2)),
            "T0b host lease READ p0 p1 queues for its claim", Search.STUCK),
        new Defect(Care.ENTERS_WHAT_HAS_ARRIVED, one(lease(HOST, READ, 0, 2)).start(ON_DEV1, UNTOUCHED).failures(1),
            "fails, as a copy failed", "the copy on host " + OLD_COPY),
        new Defect(Care.WAITS_FOR_OTHERS_UPLOADS, two(launch(DEV1, READ, 0, 2), lease(DEV1, READ, 0, 2)).start(ON_HOST, UNTOUCHED),
            "T1b device lease dev1 READ p0 reads", "T1b device lease dev1 READ p0 reads old bytes of p0"),
        new Defect(Care.FOLLOWS_CONFLICTS, one(launch(DEV1, WRITE, 0, 2), launch(DEV1, READ, 0, 2)), "is retired",
            "T0b launch dev1 READ p0 has read old bytes, and its fence tells of no failure"),
        new Defect(Care.FOLLOWS_SHARED_COPIES, one(launch(DEV1, READ, 0, 2), launch(DEV1, READ, 0, 2)).start(ON_HOST, UNTOUCHED),
            "is retired", "T0b launch dev1 READ p0 has read old bytes, and its fence tells of no failure"),
        new Defect(Care.ENQUEUES_BEFORE_ENTERING, one(launch(DEV1, WRITE, 0, 2)).start(ON_HOST, UNTOUCHED).failures(1), "is given up",
            "the copy on dev1 " + OLD_COPY),
        new Defect(Care.SETTLES_UPLOADS, two(launch(DEV1, READ, 0, 2), evict(DEV1, 0, 1)).start(ON_HOST, UNTOUCHED).failures(1),
            "T1b eviction dev1 p0 gives its window back", "frees a window that is in use by T0a launch dev1 READ p0 (UPLOAD on dev1)"),
        new Defect(Care.KEEPS_CLAIM_IN_FLIGHT, two(launch(DEV1, WRITE, 0, 2), lease(HOST, READ, 0, 2)).start(ON_HOST, UNTOUCHED),
            "is entered as launched", "the copy on dev1 " + OLD_COPY),
        new Defect(Care.ENTERS_BEFORE_RETIRING, one(launch(DEV1, WRITE, 0, 2)).start(ON_HOST, UNTOUCHED), "is retired",
            "the copy on host " + OLD_COPY),
        new Defect(Care.CLOSES_AT_ONCE, one(lease(HOST, WRITE, 0, 2)).start(ON_DEV1, UNTOUCHED), "drops its claim", "the copy on dev1 "
            + OLD_COPY),
        new Defect(Care.BRINGS_HOME, one(evict(DEV1, 0, 1)).start(ON_DEV1, UNTOUCHED), "gives its window back", DROPPED),
        new Defect(Care.ENTRUSTS_OVERWRITTEN_PAGES, two(lease(HOST, WRITE, 0, 2), evict(DEV1, 0, 1)).start(ON_DEV1, UNTOUCHED),
            "T1b eviction dev1 p0 drops its claim", "the copy on host " + OLD_COPY),
        new Defect(Care.CLAIMS_WHAT_IT_DISCARDS, two(lease(HOST, READ, 0, 2), discard(0, 1)).start(ON_DEV1, UNTOUCHED),
            "T1b discard p0 drops the frames", "the copy on dev1 " + OLD_COPY),
        new Defect(Care.DROPS_DISCARDED_FRAMES, one(discard(0, 1)).start(ON_HOST, UNTOUCHED), "T0a discard p0 drops its claim",
            "the copy on host " + OLD_COPY),
        new Defect(Care.CLAIMS_WHAT_IT_EVICTS, two(lease(HOST, READ, 0, 2), evict(DEV1, 0, 1)).start(ON_DEV1, UNTOUCHED),
            "T1b eviction dev1 p0 gives its window back", "frees a window that is in use"));
  }

  /** Of those who notice that something failed. */
  static Stream<Defect> failures() {
    return Stream.of(
        new Defect(Care.WITHDRAWS_RESULTS, one(launch(DEV1, WRITE, 0, 2)).failures(1), "is retired: it has failed", "the copy on dev1 "
            + OLD_COPY),
        new Defect(Care.WITHDRAWS_UPLOADS, one(launch(DEV1, READ, 0, 2)).failures(1), "is retired: it has failed", "the copy on dev1 "
            + OLD_COPY),
        new Defect(Care.POISONS_LOST_UPLOADS, two(launch(DEV1, READ, 0, 1), launch(DEV1, WRITE, 1, 2)).start(ON_HOST, UNTOUCHED)
            .failures(1), "T0a launch dev1 READ p0.a is retired: it has failed", DROPPED),
        new Defect(Care.INHERITS_FAILURES, two(launch(DEV1, READ, 0, 1), launch(DEV1, READ, 0, 2)).start(ON_HOST, UNTOUCHED).failures(1),
            "is retired: it has failed", "was promised p0, and has not got it"),
        new Defect(Care.INHERITS_FAILURES, one(launch(DEV1, WRITE, 0, 2), launch(DEV1, READ, 0, 2)).failures(1),
            "T0b launch dev1 READ p0 is retired", "T0b launch dev1 READ p0 has read old bytes, and its fence tells of no failure"),
        new Defect(Care.RETIRES_PREDECESSORS_FIRST, one(launch(DEV1, WRITE, 0, 2), launch(DEV1, READ, 0, 2)).failures(1),
            "T0b launch dev1 READ p0 is retired", "T0b launch dev1 READ p0 has read old bytes, and its fence tells of no failure"),
        new Defect(Care.LOOKS_AGAIN_WHEN_ENTERED, two(launch(DEV1, WRITE, 0, 1), launch(DEV1, WRITE, 1, 2)).start(ON_DEV1, UNTOUCHED)
            .failures(1), "is entered as launched", "the copy on dev1 " + OLD_COPY),
        new Defect(Care.RETIRES_BEFORE_IT_OPENS, two(launch(DEV1, READ, 0, 2), lease(DEV1, READ, 0, 2)).start(ON_HOST, UNTOUCHED)
            .failures(1), "T1b device lease dev1 READ p0 reads", "T1b device lease dev1 READ p0 reads old bytes of p0"),
        new Defect(Care.KEEPS_POISON_OF_PARTS, two(launch(DEV1, WRITE, 0, 1), lease(DEV1, WRITE, 1, 2)).start(ON_DEV1, UNTOUCHED)
            .failures(1), "T1b device lease dev1 WRITE p0.b closes", "the copy on dev1 " + OLD_COPY + " in p0.a"),
        new Defect(Care.BRIDGES_AS_IF_MISSING, Scenarios.failingCopyAlong(), "fails, as an upload failed", "the copy on dev1 " + OLD_COPY),
        new Defect(Care.BRIDGES_AS_IF_MISSING, Scenarios.overlappingCopyAlong(), "enqueues copies", "may run at the same time"));
  }

  /** Of host leases that come behind launches. */
  static Stream<Defect> behind() {
    return Stream.of(
        new Defect(Care.COMES_BEHIND_WHAT_IS_ENTERED, behindKernel(lease(HOST, READ, 0, 2)), "T1b host lease READ p0 is prepared and open",
            "T0a launch dev1 READ_WRITE p0 and T1b host lease READ p0 are both held"),
        new Defect(Care.COPIES_BEHIND_LAUNCHES, two(launch(DEV1, READ_WRITE, 0, 2), lease(HOST, READ, 0, 2)).start(ON_DEV1, ON_HOST)
            .following(), "T1b host lease READ p0 enters copies of p0 on host", "the copy on host " + OLD_COPY),
        new Defect(Care.AWAITS_WHAT_IT_COMES_BEHIND, behindKernel(lease(HOST, WRITE, 0, 2)), "T1b host lease WRITE p0 is prepared and open",
            "T0a launch dev1 READ_WRITE p0 and T1b host lease WRITE p0 are both held"),
        new Defect(Care.CLAIMS_WHAT_IT_COPIES, behindKernel(lease(HOST, READ, 0, 2)).thread(evict(DEV1, 0, 1)), "runs T1d copy dev1 p0",
            "writes on the host what is in use by T2c eviction dev1 p0 (DOWNLOAD on dev1)"),
        new Defect(Care.CLAIMS_WHAT_IT_COPIES, behindKernel(lease(HOST, READ, 0, 2)).thread(lease(HOST, WRITE, 0, 2)),
            "runs T1d copy dev1 p0", "writes on the host what is in use by T2c host lease WRITE p0"),
        new Defect(Care.KEEPS_OTHERS_OFF_WHAT_IT_COPIES_TO, behindKernel(lease(HOST, READ, 0, 2)).thread(lease(HOST, READ, 0, 2)),
            "runs T1d copy dev1 p0", "writes on the host what is in use by T2e copy dev1 p0"),
        new Defect(Care.KEEPS_OTHERS_OFF_WHAT_IT_COPIES_TO, behindKernel(lease(HOST, READ, 0, 2)).thread(launch(DEV2, READ, 0, 2))
            .withoutPeerCopies(), "runs T1d copy dev1 p0",
            "writes on the host what is in use by T2c launch dev2 READ p0 (DOWNLOAD on dev1)"),
        new Defect(Care.LOOKS_WHETHER_IT_WAS_COPIED, behindKernel(lease(HOST, READ, 0, 2)).failures(1),
            "T1b host lease READ p0 enters copies of p0 on host", "the copy on host " + OLD_COPY),
        new Defect(Care.FORGETS_WHAT_WAS_GIVEN_UP, behindKernel(lease(HOST, READ, 0, 2)).failures(1),
            "T1c copy dev1 p0 is retired: it has failed", "the copy on host " + OLD_COPY),
        new Defect(Defects.LEASES_COME_BEHIND_PARTS_TOO, behindKernel(lease(HOST, READ, 0, 4)).thread(lease(HOST, READ, 2, 4)),
            "T2c host lease READ p1 queues for its claim", "is kept off by T1b host lease READ p0 p1"));
  }

  private static Scenario behindKernel(Act lease) {
    return two(launch(DEV1, READ_WRITE, 0, 2), lease).start(ON_HOST, ON_HOST).impatient();
  }

  static Stream<Defect> all() {
    return Stream.of(directory(), claims(), callers(), failures(), behind()).flatMap(defects -> defects);
  }

  private static Scenario one(Act... acts) {
    return Scenario.of("one thread").thread(acts);
  }

  private static Scenario two(Act first, Act second) {
    return Scenario.of("two threads").thread(first).thread(second);
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFoundByAShortestTrace(Defect defect) {
    Exploration found = Explorer.explore(defect.scenario, defect.rules());
    assertThat(found.isSound()).as("found nothing").isFalse();
    System.out.println("[explorer] " + defect + ": steps=" + found.length() + found.violation());
    assertThat(found.violation()).contains(defect.violation);
    assertThat(found.trace().get(found.length())).contains(defect.lastStep);
    assertThat(found.length()).isBetween(found.depth(), found.depth() + 1);
    assertThat(Explorer.explore(defect.scenario, Rules.SHIPPED).trace()).as("with all rules").isEmpty();
  }

  @Test
  void areTriedForEveryRule() {
    Set<Enum<?>> tried = all().map(Defect::rule).collect(Collectors.toSet());
    List<Enum<?>> rules = Stream.<Enum<?>>concat(Stream.of(Defects.values()), Stream.of(Care.values())).toList();
    assertThat(rules).filteredOn(rule -> !tried.contains(rule)).containsExactlyInAnyOrderElementsOf(HARMLESS);
  }

  @Test
  void areNotFoundWhereSafetyDoesNotNeedTheRule() {
    for (Enum<?> rule : HARMLESS) {
      Stream<Scenario> scenarios = rule instanceof Care ? BehindScenarios.chosen() : Scenarios.chosen();
      Tally tally = new Tally(rules(rule)).explore(scenarios.map(scenario -> scenario.failures(1)));
      System.out.println("[explorer] " + rule + " is not found: " + tally);
      assertThat(tally.shortest()).isNull();
    }
  }
}

package io.samepage.explorer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the fault table is needed: without it the explorer finds a violation, by the steps and in the words that are expected. */
class FaultDefectsTest {
  /**
   * What nobody would miss: whoever waits for a page that is closed has an event that the handler still reads; and zeroing claims pages
   * whoever has them.
   */
  private static final Set<Rule> HARMLESS = EnumSet.of(Rule.CLOSING_WAKES, Rule.TAKES_PAGES_OVER);

  private static final String OLD_LOAD = "loads an old value from p0";
  private static final String OLD_KERNEL = "a kernel reads an old value";
  private static final String LOST = "at rest a write was lost of p0";
  private static final String DIRTY = "p0 was discarded, and counts as written";
  private static final String DIFFERENT = "at rest two valid copies differ of p0";

  /**
   * A rule that is broken, and what comes of it.
   *
   * @param rule which
   * @param scenario where it shows
   * @param lastStep what the last step is
   * @param violation what is violated
   */
  record Defect(Rule rule, FaultScenario scenario, String lastStep, String violation) {
    @Override
    public String toString() {
      return rule.toString();
    }
  }

  /** Of the handler, and of whoever fetches. */
  static Stream<Defect> serving() {
    return Stream.of(
        new Defect(Rule.CLAIMS_BEFORE_PUBLISHING, FaultScenarios.edges(), "H map: p0 clean", "p0 is mapped, and its word says HOSTU"),
        new Defect(Rule.MAPS_WHAT_IT_CLAIMED, FaultScenarios.raceFree(), "H map: p0 clean", "p0 is mapped, and its word says DEV0"),
        new Defect(Rule.REMAPS_UNPROTECTED, FaultScenarios.reclaiming(), "goes-on", DIFFERENT),
        new Defect(Rule.FLAGS_BEHIND_THE_CLAIM, FaultScenarios.unmapping(), "D0 command: runs the kernel", OLD_KERNEL),
        new Defect(Rule.MARKS_WAITERS, FaultScenarios.safepoints(), "T0 release: p0 to DEV0", Search.STUCK),
        new Defect(Rule.WAKES_WAITERS, FaultScenarios.safepoints(), "T0 release: p0 to DEV0", Search.STUCK),
        new Defect(Rule.LOOKS_UP_WINDOWS_UNDER_THE_CLAIM, FaultScenarios.evictionUnderAFault(), "H producer",
            "a fetch uses a window that is gone"),
        new Defect(Rule.AWAITS_PRODUCERS, FaultScenarios.mappedInOrder(), "H map: p0", OLD_LOAD),
        new Defect(Rule.AWAITS_EDGES, FaultScenarios.edges(), "T1 goes-on: load of p0", OLD_LOAD));
  }

  /** Of launches. */
  static Stream<Defect> launching() {
    return Stream.of(
        new Defect(Rule.PUBLISHES_BEFORE_WITHDRAWING, FaultScenarios.edges(), "D0 command: runs the kernel", OLD_KERNEL),
        new Defect(Rule.PUBLISHES_IN_ORDER, FaultScenarios.raceFree(), "D0 command: runs the kernel", OLD_KERNEL),
        new Defect(Rule.ENQUEUES_BEFORE_WITHDRAWING, FaultScenarios.edges(), "T1 goes-on: load of p0", OLD_LOAD),
        new Defect(Rule.MASKS_BEHIND_THE_SCAN, FaultScenarios.eviction(), "", DIFFERENT),
        new Defect(Rule.TAKES_BACK_WHAT_IS_PRESENT, FaultScenarios.reclaiming(), "", DIFFERENT),
        new Defect(Rule.NEEDS_PAGES_WRITTEN_IN_PART, FaultScenarios.overwritten(), "T0 enter", LOST),
        new Defect(Rule.PREPARES_ALONE, FaultScenarios.parts(), "T1 enter", LOST),
        new Defect(Rule.HOLDS_CLAIMS_IN_FLIGHT, FaultScenarios.twoDevices(), "runs the kernel", "a kernel reads a later kernel's value"),
        new Defect(Rule.CLAIMS_END_WITH_THE_CALL, FaultScenarios.safepoints(), "H touch: p0 is claimed, drops the event", Search.STUCK));
  }

  /** Of withdrawals. */
  static Stream<Defect> withdrawing() {
    return Stream.of(
        new Defect(Rule.UNMAPS_BEFORE_SCANNING, FaultScenarios.edges(), "T0 enter", LOST),
        new Defect(Rule.UNMAPS_BEFORE_RELEASING, FaultScenarios.edges(), "T0 take: claims p0", "p0 is mapped, and its word says DEV0"),
        new Defect(Rule.SENDS_EDGES, FaultScenarios.edges(), "T0 enter", LOST),
        new Defect(Rule.WITHDRAWS_NO_CLAIMED_PAGES, FaultScenarios.edges(), "T0 take", "p0 is mapped, and its word says DEV0"),
        new Defect(Rule.DOUBTS_FLAGS, FaultScenarios.neighbours(), "D0 command: runs the kernel", OLD_KERNEL),
        new Defect(Rule.LOOKS_BEFORE_IT_CLEARS, FaultScenarios.edges(), "", "at rest p0 may be mapped, and the flag is clear"),
        new Defect(Rule.CONFIRMS_DOUBTS, FaultScenarios.edges(), "", "at rest p0 may be mapped, and the flag is clear"));
  }

  /** Of evictions, and of closing. */
  static Stream<Defect> ending() {
    return Stream.of(
        new Defect(Rule.BRINGS_HOME, FaultScenarios.eviction(), "T1 free", "at rest the directory doesn't say that the device has p0"),
        new Defect(Rule.EVICTS_BEHIND_FETCHES, FaultScenarios.eviction(), "", "a fetch uses a window that is gone"),
        new Defect(Rule.FORGETS_WITHDRAWN_BLOCKS, FaultScenarios.eviction(), "T0 enter", LOST),
        new Defect(Rule.CLOSES_NO_CLAIMED_PAGES, FaultScenarios.closing(), "T0 closed", "a window is freed that is being fetched from"));
  }

  /** Of discards. */
  static Stream<Defect> discarding() {
    return Stream.of(
        new Defect(Rule.ZEROES_UNDER_A_CLAIM, FaultScenarios.discarding(), "plan", DIRTY),
        new Defect(Rule.ZEROES_NO_CLAIMED_PAGES, FaultScenarios.discarding(), "H map: p0 clean", "p0 is mapped, and its word says FETCH"),
        new Defect(Rule.UNMAPS_BEFORE_ZEROING, FaultScenarios.discarding(), "take: claims p0", "p0 is mapped, and its word says FETCH"),
        new Defect(Rule.ZEROES_BEFORE_RELEASING, FaultScenarios.discarding(), "plan", DIRTY),
        new Defect(Rule.LOOKS_TWICE, FaultScenarios.discarding(), "plan", DIRTY),
        new Defect(Rule.ENTERS_DISCARDS, FaultScenarios.discardingTwo(), "discarded", DIFFERENT),
        new Defect(Rule.DISCARDS_ALONE, FaultScenarios.discarding(), "T0 enter", DIFFERENT));
  }

  /** Of devices in the host's pages. */
  static Stream<Defect> inPlace() {
    return Stream.of(
        new Defect(Rule.COPIES_WHAT_IS_OVERWRITTEN_IN_PLACE, FaultScenarios.overwrittenInPlace(), "T0 goes-on: load of p0", OLD_LOAD),
        new Defect(Rule.AWAITS_PRODUCERS, FaultScenarios.inPlace(), "H map: p0", OLD_LOAD),
        new Defect(Rule.ENQUEUES_BEFORE_WITHDRAWING, FaultScenarios.inPlace(), "", OLD_LOAD),
        new Defect(Rule.HOLDS_CLAIMS_IN_FLIGHT, FaultScenarios.besideInPlace(), "", OLD_KERNEL));
  }

  static Stream<Defect> all() {
    return Stream.of(serving(), launching(), withdrawing(), ending(), discarding(), inPlace()).flatMap(defects -> defects);
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFoundByAShortestTrace(Defect defect) {
    Exploration found = Search.explore(new FaultSpace(defect.scenario.without(defect.rule)));
    assertThat(found.isSound()).as("found nothing").isFalse();
    System.out.println("[explorer] fault table without " + defect + ": steps=" + found.length() + found.violation());
    assertThat(found.violation()).contains(defect.violation);
    assertThat(found.trace().get(found.length())).contains(defect.lastStep);
    assertThat(found.length()).isBetween(found.depth(), found.depth() + 1);
  }

  @Test
  void areTriedForEveryRule() {
    Set<Rule> tried = all().map(Defect::rule).collect(Collectors.toSet());
    assertThat(EnumSet.allOf(Rule.class)).filteredOn(rule -> !tried.contains(rule)).containsExactlyInAnyOrderElementsOf(HARMLESS);
  }

  @Test
  void areNotFoundWhereSafetyDoesNotNeedTheRule() {
    for (Rule rule : HARMLESS) {
      FaultScenario scenario = rule == Rule.CLOSING_WAKES ? FaultScenarios.closing() : FaultScenarios.discarding();
      Exploration found = Search.explore(new FaultSpace(scenario.without(rule)));
      assertThat(found.isSound()).as(found.toString()).isTrue();
    }
  }
}

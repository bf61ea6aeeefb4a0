package io.samepage.explorer;

import static io.samepage.Access.READ;
import static io.samepage.explorer.Act.launch;
import static io.samepage.explorer.Act.lease;
import static io.samepage.explorer.Small.DEV1;
import static io.samepage.explorer.Small.HOST;
import static io.samepage.explorer.Start.ON_DEV2;
import static io.samepage.explorer.Start.ON_HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the shipped code is known not to hold. A test here that fails is good news: the rule belongs in {@link CoherenceTest} then. */
class WeaknessesTest {
  /** The shipped rules, and pages that are copied along count as missing. */
  private static final Rules AS_IF_MISSING = new Rules() {
    @Override
    public boolean take(Care care) {
      return Rules.super.take(care) || care == Care.BRIDGES_AS_IF_MISSING;
    }
  };

  private static void assertBreaks(Scenario scenario, String violation) {
    Exploration found = Explorer.explore(scenario, Rules.SHIPPED);
    assertThat(found.isSound()).as("it holds now").isFalse();
    System.out.println("[explorer] known: " + found);
    assertThat(found.violation()).contains(violation);
  }

  /** Both pages are wanted on the device, and one is there already. What a failed copy leaves is garbage, as nothing is promised. */
  private static Scenario failingCopyAlong() {
    return Scenario.of("a page is copied along and that fails").thread(launch(DEV1, READ, 0, 2), lease(DEV1, READ, 0, 4))
        .start(ON_HOST, ON_HOST).bridging().failures(1);
  }

  /** The copy goes over bytes that another device's queue reads. */
  private static Scenario overlappingCopyAlong() {
    return Scenario.of("a page is copied along to the host while it is uploaded from there").thread(launch(DEV1, READ, 0, 2))
        .thread(lease(HOST, READ, 0, 4)).start(ON_HOST | ON_DEV2, ON_DEV2).bridging();
  }

  @Test
  void aCopyAlongThatFailsSpoilsASoundCopyWhichStaysValid() {
    assertBreaks(failingCopyAlong(), "the copy on dev1 counts as valid, but has old bytes in p0");
  }

  @Test
  void aPageCopiedAlongToTheHostMayBeOnItsWayToAnotherDevice() {
    assertBreaks(overlappingCopyAlong(), "may run at the same time");
  }

  @Test
  void copyingAlongIsSoundWherePagesCountAsMissingMeanwhile() {
    Supplier<Stream<Scenario>> random = () -> LongStream.range(0, 100).mapToObj(Scenarios::random).map(Scenario::bridging);
    Tally tally = new Tally(AS_IF_MISSING).explore(Stream.concat(Stream.of(failingCopyAlong(), overlappingCopyAlong()), random.get()));
    System.out.println("[explorer] pages copied along as if missing: " + tally);
    assertThat(tally.shortest()).isNull();
  }
}

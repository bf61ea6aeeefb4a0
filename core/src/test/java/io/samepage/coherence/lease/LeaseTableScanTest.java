package io.samepage.coherence.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whom a claim has to follow and who is in its way, among many launches of two nodes, beside the same found by a look at all of them.
 * {@code -Dsamepage.seed=n} runs one seed alone.
 */
class LeaseTableScanTest {
  private static final int PAGE = 8;
  private static final int PAGES = 64;
  private static final int SEEDS = 200;
  private static final int STEPS = 300;

  /** A launch, and whether others may have to follow it even if they only read. */
  private record Launched(Claim<Integer> claim, boolean isMaker) {}

  private final List<Claim<Integer>> held = new ArrayList<>();
  private final List<Launched> launched = new ArrayList<>();
  private LeaseTable<Integer> table;
  private int made;

  static LongStream seeds() {
    return Long.getLong("samepage.seed") == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.getLong("samepage.seed"));
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void findsWhomAScanFinds(long seed) {
    Random random = new Random(seed);
    table = new LeaseTable<>();
    int most = 4 + random.nextInt(100);
    for (int step = 0; step < STEPS; step++) {
      if (launched.size() + held.size() < most && random.nextInt(5) > 0) {
        enter(random);
      } else {
        drop(random);
      }
      Claim<Integer> asked = claim(random, random.nextInt(3) > 0);
      assertThat(table.predecessors(asked)).as("seed=%d, step=%d, followed by %s", seed, step, asked.spans()).isEqualTo(followed(asked));
      assertThat(table.blockers(asked)).as("seed=%d, step=%d, in the way of %s", seed, step, asked.spans()).isEqualTo(inTheWay(asked));
      assertThat(table.hasLaunches(true)).as("seed=%d, step=%d, launches", seed, step).isEqualTo(!launched.isEmpty());
      assertThat(table.hasLaunches(false)).as("seed=%d, step=%d, launches that write", seed, step)
          .isEqualTo(launched.stream().anyMatch(each -> each.claim.writes()));
    }
  }

  private void enter(Random random) {
    boolean isLaunch = random.nextInt(8) > 0;
    Claim<Integer> claim = claim(random, isLaunch);
    table.hold(claim);
    if (!isLaunch) {
      if (random.nextBoolean()) {
        claim.prepared();
      }
      held.add(claim);
      return;
    }
    claim.prepared();
    boolean hasArrivals = random.nextInt(4) == 0;
    table.launched(claim, hasArrivals);
    launched.add(new Launched(claim, hasArrivals || claim.writes()));
  }

  /** Mostly the oldest, as launches are retired in order. */
  private void drop(Random random) {
    boolean isLaunch = held.isEmpty() || !launched.isEmpty() && random.nextInt(8) > 0;
    int size = isLaunch ? launched.size() : held.size();
    if (size > 0) {
      int index = random.nextInt(4) > 0 ? 0 : random.nextInt(size);
      table.drop(isLaunch ? launched.remove(index).claim : held.remove(index));
    }
  }

  private Claim<Integer> claim(Random random, boolean isLaunch) {
    int node = isLaunch ? 1 + random.nextInt(2) : random.nextInt(3);
    Claim.Kind kind = isLaunch ? Claim.Kind.LAUNCH : random.nextInt(4) == 0 ? Claim.Kind.WHOLE_PAGES : Claim.Kind.PLAIN;
    return new Claim<>(made++, node, spans(random), (long) PAGES * PAGE, PAGE, kind);
  }

  private static List<Span> spans(Random random) {
    List<Span> spans = new ArrayList<>();
    boolean isWide = random.nextInt(12) == 0;
    long at = isWide ? 0 : random.nextInt(PAGES * PAGE - 1);
    for (int i = random.nextInt(3); i >= 0 && at < PAGES * PAGE; i--) {
      long end = isWide && i == 0 ? PAGES * PAGE : Math.min(PAGES * PAGE, at + 1 + random.nextInt(3 * PAGE));
      spans.add(new Span(at, end, Access.values()[random.nextInt(3)]));
      at = end + random.nextInt(4 * PAGE);
    }
    return spans;
  }

  private List<Claim<Integer>> followed(Claim<Integer> claim) {
    List<Claim<Integer>> found = new ArrayList<>();
    for (Launched entry : launchedOn(claim.node(), true)) {
      if (claim.sharesPage(entry.claim)) {
        found.add(entry.claim);
        if (entry.claim.doesAllOf(claim) && claim.conflictsWith(entry.claim)) {
          break;
        }
      }
    }
    launchedOn(claim.node(), false).stream().filter(entry -> claim.writes() && claim.conflictsWith(entry.claim))
        .forEach(entry -> found.add(entry.claim));
    return found;
  }

  private List<Claim<Integer>> inTheWay(Claim<Integer> claim) {
    List<Claim<Integer>> found = new ArrayList<>();
    for (int node = 2; node > 0; node--) {
      if (!claim.isLaunch() || claim.node() != node) {
        launchedOn(node, false).stream().filter(entry -> claim.conflictsWith(entry.claim)).forEach(entry -> found.add(entry.claim));
        launchedOn(node, true).stream().filter(entry -> claim.conflictsWith(entry.claim)).forEach(entry -> found.add(entry.claim));
      }
    }
    held.reversed().stream().filter(claim::conflictsWith).forEach(found::add);
    held.stream().filter(other -> !claim.conflictsWith(other) && other.isPreparing() && claim.sharesPage(other))
        .forEach(found::add);
    return found;
  }

  /** Newest first. */
  private List<Launched> launchedOn(int node, boolean makers) {
    return launched.reversed().stream().filter(entry -> entry.claim.node() == node && entry.isMaker == makers).toList();
  }
}

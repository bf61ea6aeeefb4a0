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

import io.samepage.Access;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The scenarios that are explored: chosen ones, all small combinations of some acts, and random ones. */
final class Scenarios {
  /** Acts that get in each other's way: on the first page, on halves of it, across both pages. */
  private static final List<Act> ACTS = List.of(
      lease(HOST, READ, 0, 1), lease(HOST, READ, 0, 2), lease(HOST, READ, 0, 4), lease(HOST, WRITE, 0, 1), lease(HOST, WRITE, 0, 2),
      lease(HOST, READ_WRITE, 1, 3), lease(HOST, WRITE, 0, 3), lease(DEV1, READ, 0, 2), lease(DEV1, READ, 0, 4), lease(DEV1, WRITE, 0, 1),
      lease(DEV1, READ_WRITE, 1, 2), lease(DEV2, READ, 0, 2), lease(DEV2, WRITE, 1, 4), launch(DEV1, READ, 0, 1), launch(DEV1, WRITE, 0, 1),
      launch(DEV1, READ_WRITE, 1, 2), launch(DEV1, WRITE, 0, 2), launch(DEV1, READ, 0, 2).and(WRITE, 2, 4), launch(DEV2, READ, 0, 2),
      launch(DEV2, WRITE, 0, 1), launch(DEV2, READ, 0, 4), evict(DEV1, 0, 1), evict(DEV2, 0, 2), discard(0, 1));

  /** Fewer of them, for longer programs. */
  private static final List<Act> FEW_ACTS = List.of(
      lease(HOST, READ, 0, 2), lease(HOST, WRITE, 0, 2), lease(HOST, READ_WRITE, 1, 3), lease(DEV1, WRITE, 0, 1), lease(DEV2, READ, 0, 2),
      launch(DEV1, READ, 0, 1), launch(DEV1, READ_WRITE, 1, 2), launch(DEV2, WRITE, 0, 2), evict(DEV1, 0, 1), discard(0, 1));

  private Scenarios() {}

  /** Longer programs of three threads, each about something. */
  static Stream<Scenario> chosen() {
    return Stream.of(
        Scenario.of("a pipeline over both devices, read and evicted meanwhile")
            .thread(launch(DEV1, READ, 0, 2).and(WRITE, 2, 4), launch(DEV2, READ, 2, 4).and(WRITE, 0, 2))
            .thread(lease(HOST, READ, 0, 4), lease(HOST, READ_WRITE, 0, 4)).thread(evict(DEV1, 0, 2), evict(DEV2, 0, 2)),
        Scenario.of("halves of a page, written by one device's launches and leases")
            .thread(launch(DEV1, WRITE, 0, 1), lease(DEV1, READ, 0, 1)).thread(lease(DEV1, READ_WRITE, 1, 2), launch(DEV1, READ, 1, 2))
            .thread(lease(HOST, READ, 0, 2), evict(DEV1, 0, 1)),
        Scenario.of("halves of a page, written by host and devices in turn")
            .thread(lease(HOST, WRITE, 0, 1), lease(HOST, READ, 0, 2)).thread(launch(DEV1, WRITE, 1, 2), lease(DEV1, READ, 0, 2))
            .thread(lease(DEV2, READ_WRITE, 0, 2), evict(DEV2, 0, 1)),
        Scenario.of("slices across the border of the pages")
            .thread(launch(DEV1, WRITE, 1, 3), lease(HOST, READ, 1, 3)).thread(launch(DEV2, READ, 0, 1).and(WRITE, 3, 4))
            .thread(lease(HOST, WRITE, 0, 4), evict(DEV1, 1, 2)),
        Scenario.of("a lease open while others are opened, launched and waited for")
            .thread(lease(HOST, READ, 0, 2).around(lease(HOST, READ, 0, 4), launch(DEV1, READ, 0, 2)))
            .thread(lease(HOST, WRITE, 0, 2)).thread(launch(DEV2, WRITE, 2, 4), lease(DEV2, READ, 0, 2)),
        Scenario.of("a device lease open while kernels run beside it")
            .thread(lease(DEV1, WRITE, 0, 1).around(launch(DEV1, READ_WRITE, 1, 2), lease(HOST, READ, 2, 4)))
            .thread(launch(DEV2, WRITE, 2, 4)).thread(lease(HOST, READ, 0, 2), evict(DEV1, 0, 2)),
        Scenario.of("pages discarded while they are written, read and evicted")
            .thread(discard(0, 1), launch(DEV1, READ_WRITE, 1, 3)).thread(launch(DEV2, WRITE, 0, 1), discard(0, 2))
            .thread(lease(HOST, READ_WRITE, 0, 2), evict(DEV1, 0, 2)))
        .map(scenario -> scenario.starts(mixed()));
  }

  /** Ways to start, from nothing written to everything somewhere else. */
  private static Start[] mixed() {
    return new Start[] {new Start(UNTOUCHED, UNTOUCHED), new Start(ON_HOST, UNTOUCHED), new Start(ON_DEV1, ON_HOST),
        new Start(ON_DEV2, ON_DEV1), new Start(ON_HOST | ON_DEV1, ON_DEV2), new Start(ON_DEV1 | ON_DEV2, ON_HOST | ON_DEV1 | ON_DEV2)};
  }

  /** Every three acts, each by a thread of its own. */
  static Stream<Scenario> triples(UnaryOperator<Scenario> variant) {
    int count = ACTS.size();
    return IntStream.range(0, count).boxed().flatMap(i -> IntStream.range(i, count).boxed().flatMap(j -> IntStream.range(j, count)
        .mapToObj(k -> named(List.of(List.of(ACTS.get(i)), List.of(ACTS.get(j)), List.of(ACTS.get(k)))))))
        .map(variant);
  }

  /** Every two threads of two acts. */
  static Stream<Scenario> pairs(boolean isFull, UnaryOperator<Scenario> variant) {
    List<Act> acts = isFull ? ACTS : FEW_ACTS;
    List<List<Act>> programs = acts.stream().flatMap(first -> acts.stream().map(second -> List.of(first, second))).toList();
    return IntStream.range(0, programs.size()).boxed().flatMap(i -> IntStream.range(i, programs.size())
        .mapToObj(j -> named(List.of(programs.get(i), programs.get(j))))).map(variant);
  }

  private static Scenario named(List<List<Act>> threads) {
    Scenario scenario = Scenario.of(threads.toString()).starts(mixed());
    threads.forEach(acts -> scenario.thread(acts.toArray(Act[]::new)));
    return scenario;
  }

  /** Three threads of one or two acts of any sort; the name has the seed. */
  static Scenario random(long seed) {
    Random random = new Random(seed);
    Scenario scenario = Scenario.of("seed=" + seed).failures(random.nextInt(3)).starts(
        new Start(random.nextInt(1 << Small.NODES), random.nextInt(1 << Small.NODES)), new Start(ON_HOST, UNTOUCHED));
    for (int thread = 0; thread < Small.THREADS_MAX; thread++) {
      scenario.thread(Stream.generate(() -> act(random)).limit(1 + random.nextInt(2)).toArray(Act[]::new));
    }
    return random.nextInt(3) == 0 ? scenario.withoutPeerCopies() : scenario;
  }

  private static Act act(Random random) {
    int first = random.nextInt(Small.CELLS);
    int end = first + 1 + random.nextInt(Small.CELLS - first);
    Access access = Access.values()[random.nextInt(3)];
    int device = DEV1 + random.nextInt(Small.DEVICES);
    return switch (random.nextInt(11)) {
      case 0, 1, 2 -> lease(HOST, access, first, end);
      case 3, 4 -> lease(device, access, first, end);
      case 5 -> evict(device, first / Small.PAGE_SIZE_BYTES, 1 + (end - 1) / Small.PAGE_SIZE_BYTES);
      case 10 -> discard(first / Small.PAGE_SIZE_BYTES, 1 + (end - 1) / Small.PAGE_SIZE_BYTES);
      case 6, 7 -> first == 0 ? launch(device, access, 0, end) : launch(device, access, first, end).and(READ_WRITE, 0, first);
      default -> launch(device, access, first, end);
    };
  }

  /** Both pages are wanted on the device, and one is there already, so it may be copied along; that copy may fail. */
  static Scenario failingCopyAlong() {
    return Scenario.of("a page is copied along and that fails")
        .thread(launch(DEV1, READ, 0, 2), lease(DEV1, READ, 0, 4)).start(ON_HOST, ON_HOST)
        .bridging().failures(1);
  }

  /** A copy along to the host would go over bytes that another device's queue reads. */
  static Scenario overlappingCopyAlong() {
    return Scenario.of("a page is copied along to the host while it is uploaded from there")
        .thread(launch(DEV1, READ, 0, 2)).thread(lease(HOST, READ, 0, 4))
        .start(ON_HOST | ON_DEV2, ON_DEV2).bridging();
  }
}

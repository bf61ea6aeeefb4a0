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
import static io.samepage.explorer.Start.ON_HOST;

import java.util.List;
import java.util.stream.Stream;

/** Scenarios in which host leases come behind launches: chosen ones, and all combinations of a launch, a lease and something else. */
final class BehindScenarios {
  private static final List<Act> LAUNCHES = List.of(launch(DEV1, READ_WRITE, 0, 2), launch(DEV1, WRITE, 0, 4),
      launch(DEV2, READ_WRITE, 0, 2));

  private static final List<Act> LEASES = List.of(lease(HOST, READ, 0, 2), lease(HOST, READ, 0, 4), lease(HOST, WRITE, 0, 2),
      lease(HOST, READ_WRITE, 1, 3));

  private static final List<Act> OTHERS = List.of(lease(HOST, READ, 0, 1), lease(HOST, READ, 0, 4), lease(HOST, WRITE, 0, 2),
      lease(HOST, READ_WRITE, 1, 3), lease(DEV1, READ, 0, 2), lease(DEV1, WRITE, 0, 1), launch(DEV1, READ, 0, 2), launch(DEV1, WRITE, 2, 4),
      launch(DEV2, READ, 0, 4), launch(DEV2, WRITE, 0, 2), evict(DEV1, 0, 1), evict(DEV2, 0, 2), discard(0, 1));

  private BehindScenarios() {}

  /** Longer ones, each about something. */
  static Stream<Scenario> chosen() {
    return Stream.of(
        Scenario.of("leases behind two kernels, one of which gives up")
            .thread(launch(DEV1, READ_WRITE, 0, 2), launch(DEV1, READ_WRITE, 2, 4)).thread(lease(HOST, READ, 0, 2))
            .thread(lease(HOST, READ, 0, 4)).start(ON_DEV1, ON_DEV1),
        Scenario.of("a lease behind kernels of two devices")
            .thread(launch(DEV1, READ_WRITE, 0, 2)).thread(launch(DEV2, READ_WRITE, 2, 4))
            .thread(lease(HOST, READ, 0, 4), evict(DEV1, 0, 1)),
        Scenario.of("one thread's leases, again and again")
            .thread(launch(DEV1, READ_WRITE, 0, 2)).thread(lease(HOST, READ, 0, 2), lease(HOST, READ_WRITE, 0, 2))
            .start(ON_HOST, ON_HOST),
        Scenario.of("kernels behind a copy that was given up")
            .thread(launch(DEV1, READ_WRITE, 0, 2), lease(HOST, READ, 0, 2), launch(DEV1, READ_WRITE, 0, 2),
                launch(DEV2, READ_WRITE, 0, 2))
            .start(ON_HOST, ON_HOST),
        Scenario.of("a lease open while another comes behind a kernel")
            .thread(lease(HOST, READ, 2, 4).around(lease(HOST, READ, 0, 2))).thread(launch(DEV1, READ_WRITE, 0, 2))
            .thread(launch(DEV2, READ, 0, 4))
            .start(ON_HOST, ON_HOST))
        .map(Scenario::impatient);
  }

  /** A launch, a lease, and something else, each by a thread of its own. */
  static Stream<Scenario> triples() {
    return LAUNCHES.stream().flatMap(launch -> LEASES.stream().flatMap(lease -> OTHERS.stream()
        .map(other -> triple(launch, lease, other))));
  }

  private static Scenario triple(Act launch, Act lease, Act other) {
    return Scenario.of(launch + " | " + lease + " | " + other).thread(launch).thread(lease).thread(other).start(ON_HOST, ON_HOST)
        .impatient();
  }
}

package io.samepage.explorer;

import static io.samepage.Access.READ;
import static io.samepage.Access.WRITE;
import static io.samepage.explorer.Act.launch;
import static io.samepage.explorer.Act.lease;
import static io.samepage.explorer.Small.DEV1;
import static io.samepage.explorer.Small.HOST;
import static io.samepage.explorer.Start.ON_DEV2;
import static io.samepage.explorer.Start.ON_HOST;
import static io.samepage.explorer.Start.UNTOUCHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Fifo;
import io.samepage.explorer.engine.Packer;
import io.samepage.explorer.engine.Search;
import io.samepage.explorer.engine.StateStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The explorer itself: that it visits what it should, once, and tells the shortest way. */
class ExplorerTest {
  @Test
  void visitsEachStateOfALeaseOnce() {
    // Claimed, planned, open, used, closed, and the start.
    Exploration lone = explore(Scenario.of("a lease").thread(lease(HOST, READ, 0, 2)));
    assertThat(lone.states()).isEqualTo(6);
    assertThat(lone.steps()).isEqualTo(5);
    assertThat(lone.depth()).isEqualTo(5);
  }

  @Test
  void visitsTheProductOfStatesWhereThreadsShareNothing() {
    Exploration both = explore(Scenario.of("two leases").thread(lease(HOST, READ, 0, 2)).thread(lease(HOST, WRITE, 2, 4)));
    assertThat(both.states()).isEqualTo(6 * 6);
    assertThat(both.steps()).isEqualTo(2 * 5 * 6);
    assertThat(both.depth()).isEqualTo(5 + 5);
  }

  @Test
  void letsDevicesAndRetirementInterleaveWithTheThreadThatLaunched() {
    // The start, claimed, planned; then the kernel is queued, run, retired, each with the thread still there or past it.
    assertThat(explore(Scenario.of("a launch").thread(launch(DEV1, WRITE, 0, 2))).states()).isEqualTo(3 + 3 * 2);
  }

  @Test
  void startsInEachWayThatIsGiven() {
    Scenario scenario = Scenario.of("three starts").thread(lease(HOST, READ, 0, 2)).start(UNTOUCHED, UNTOUCHED).start(ON_HOST, UNTOUCHED)
        .start(ON_DEV2, UNTOUCHED);
    // From device 2 come three more: enqueued, copied, entered.
    assertThat(explore(scenario).states()).isEqualTo(6 + 6 + 9);
  }

  @Test
  void branchesWhereSomethingMayFail() {
    Scenario scenario = Scenario.of("a download").thread(lease(HOST, READ, 0, 2)).start(ON_DEV2, UNTOUCHED);
    // A copy that failed, and the end after it.
    assertThat(explore(scenario.failures(1)).states()).isEqualTo(9 + 2);
  }

  @Test
  void tellsEachStepAndWhatItLeadsTo() {
    Scenario scenario = Scenario.of("a lease").thread(lease(HOST, WRITE, 0, 1)).start(ON_DEV2, UNTOUCHED);
    List<String> trace = Explorer.explore(scenario, Defects.PARTS_ARE_NOT_NEEDED).trace();
    assertThat(trace.stream().map(line -> line.replaceAll(" {2,}", " | ").strip())).containsExactly(
        "| 0. start | p0: dev2 | p1: zero host",
        "| 1. T0a host lease WRITE p0.a holds its claim | p0: dev2 | p1: zero host",
        "| 2. T0a host lease WRITE p0.a plans: nothing | p0: dev2 | p1: zero host",
        "| 3. T0a host lease WRITE p0.a is prepared and open | p0: dev2 | p1: zero host",
        "| => T0a host lease WRITE p0.a was promised p0, and has not got it");
  }

  @Test
  void findsThatNobodyCanGoOn() {
    Scenario crossed = Scenario.of("leases taken crosswise")
        .thread(lease(HOST, WRITE, 0, 2).around(lease(HOST, WRITE, 2, 4)))
        .thread(lease(HOST, WRITE, 2, 4).around(lease(HOST, WRITE, 0, 2)));
    assertThat(Explorer.explore(crossed, Rules.SHIPPED).violation()).contains(Search.STUCK);
  }

  @Test
  void storesManyStatesOnceEach() {
    StateStore store = new StateStore(2);
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      assertThat(store.add(new long[] {i % 7, i}, i - 1)).isEqualTo(i);
      assertThat(store.add(new long[] {i / 2 % 7, i / 2}, 0)).isEqualTo(i / 2);
    }
    long[] state = new long[2];
    store.get(count - 1, state);
    assertThat(store.size()).isEqualTo(count);
    assertThat(state).containsExactly((count - 1) % 7, count - 1);
    assertThat(store.parent(count - 1)).isEqualTo(count - 2);
  }

  @Test
  void readsBackWhatWasPacked() {
    long[] words = new long[3];
    Packer out = new Packer(words);
    int[] widths = {10, 12, 4, 42, 56, 24, 2};
    for (int width : widths) {
      out.put((1L << width) - 1 - width, width);
    }
    Packer in = new Packer(words);
    for (int width : widths) {
      assertThat(in.get(width)).isEqualTo((1L << width) - 1 - width);
    }
  }

  @Test
  void packsSeveralNumbersAtOnceAsIfOneByOne() {
    int[] bytes = {255, 0, 1, 128, 7, 64, 0, 254};
    int[] small = {5, 0, 3};
    long[] words = new long[2];
    Packer out = new Packer(words);
    out.putAll(small, 3, 3);
    out.putAll(bytes, 8, 8);
    long[] oneByOne = new long[2];
    Packer single = new Packer(oneByOne);
    IntStream.of(small).forEach(value -> single.put(value, 3));
    IntStream.of(bytes).forEach(value -> single.put(value, 8));
    assertThat(words).containsExactly(oneByOne);
    int[] smallBack = new int[3];
    int[] bytesBack = new int[8];
    Packer in = new Packer(words);
    in.getAll(smallBack, 3, 3);
    in.getAll(bytesBack, 8, 8);
    assertThat(smallBack).containsExactly(small);
    assertThat(bytesBack).containsExactly(bytes);
  }

  @Test
  void keepsTheOrderOfQueues() {
    long fifo = Fifo.add(Fifo.add(Fifo.add(Fifo.EMPTY, 5), 255), 7);
    assertThat(Fifo.length(fifo)).isEqualTo(3);
    assertThat(Fifo.head(fifo)).isEqualTo(5);
    assertThat(Fifo.contains(fifo, 255)).isTrue();
    assertThat(Fifo.without(fifo, 255)).isEqualTo(Fifo.add(Fifo.add(Fifo.EMPTY, 5), 7));
    assertThat(Fifo.without(fifo, 6)).isEqualTo(fifo);
    assertThat(Fifo.withoutHead(Fifo.withoutHead(Fifo.withoutHead(fifo)))).isEqualTo(Fifo.EMPTY);
  }

  private static Exploration explore(Scenario scenario) {
    Exploration exploration = Explorer.explore(scenario, Rules.SHIPPED);
    assertThat(exploration.isSound()).as(exploration.toString()).isTrue();
    return exploration;
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.LeaseTimeoutException;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Host leases on several slices again, which may be taken for what they were before: as long as that is right. */
public abstract class RepeatedHostLeasesContract extends MemoryContract {
  private static final int COUNT = 20;

  /** Every eighth int, from one on. */
  private static List<Slice> slices(UnifiedRange range, int first) {
    return List.copyOf(IntStream.range(0, COUNT).mapToObj(i -> range.slice(4L * (8 * i + first), 4)).toList());
  }

  private int[] read(List<Slice> slices) {
    try (HostLease lease = memory().host(Access.READ, slices)) {
      assertThat(lease.slices()).isEqualTo(slices);
      return lease.segments().stream().mapToInt(segment -> segment.getAtIndex(INT, 0)).toArray();
    }
  }

  private void write(List<Slice> slices, int value) {
    try (HostLease lease = memory().host(Access.WRITE, slices)) {
      lease.segments().forEach(segment -> segment.setAtIndex(INT, 0, value));
    }
  }

  private static int[] expected(int start, int first) {
    return IntStream.range(0, COUNT).map(i -> start + 8 * i + first).toArray();
  }

  @Test
  void eachHasWhatTheKernelBeforeItLeft() {
    UnifiedRange range = pages(2);
    write(range, 0);
    List<Slice> kept = slices(range, 3);
    for (int round = 1; round <= 5; round++) {
      kernel("increment").launch(Grid.of(range.sizeBytes() / Integer.BYTES), inOut(range), value(1));
      assertThat(read(kept)).isEqualTo(expected(round, 3));
      assertThat(read(slices(range, 3))).as("slices that are equal").isEqualTo(expected(round, 3));
    }
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void threeThatTakeTurnsAndDifferByRangeSliceOrAccessAreNotTakenForEachOther() {
    UnifiedRange range = pages(1);
    UnifiedRange other = pages(1);
    write(range, 100);
    write(other, 9_000);
    for (int round = 0; round < 3; round++) {
      assertThat(read(slices(range, 1))).isEqualTo(expected(100, 1));
      assertThat(read(slices(other, 1))).isEqualTo(expected(9_000, 1));
      write(slices(range, 2), -1);
      assertThat(read(slices(range, 2))).containsOnly(-1);
      write(slices(range, 2), -2);
      assertThat(read(slices(range, 2))).containsOnly(-2);
      assertThat(read(slices(range, 3))).isEqualTo(expected(100, 3));
      assertThat(read(slices(range, 3).subList(0, 5))).isEqualTo(Arrays.copyOf(expected(100, 3), 5));
    }
  }

  @Test
  void aListThatItsUserChangesIsTakenAsItIsThen() {
    UnifiedRange range = pages(1);
    write(range, 0);
    List<Slice> changing = new ArrayList<>(slices(range, 0));
    assertThat(read(changing)).isEqualTo(expected(0, 0));
    changing.set(7, range.slice(4, 4));
    int[] changed = expected(0, 0);
    changed[7] = 1;
    HostLease lease = memory().host(Access.READ, changing);
    changing.set(8, range.slice(8, 4));
    assertThat(lease.segments().stream().mapToInt(segment -> segment.getAtIndex(INT, 0)).toArray()).isEqualTo(changed);
    lease.close();
  }

  @Test
  void eachBelongsToTheThreadThatOpenedIt() {
    UnifiedRange range = pages(1);
    write(range, 0);
    List<Slice> slices = slices(range, 1);
    HostLease mine = memory().host(Access.READ, slices);
    try (OtherThread other = new OtherThread("other")) {
      HostLease its = other.call(() -> memory().host(Access.READ, slices));
      assertThatThrownBy(its::close).isInstanceOf(WrongThreadException.class).hasMessageContaining("other");
      other.run(its::close);
      HostLease anyones = memory().hostShared(Access.READ, slices, Duration.ofSeconds(10));
      other.run(anyones::close);
    }
    assertThat(mine.segments()).allMatch(segment -> segment.scope().isAlive());
    mine.close();
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void anOpenOneIsStillInTheWayOfTheNext() {
    UnifiedRange range = pages(1);
    List<Slice> slices = slices(range, 0);
    write(slices, 1);
    HostLease lease = memory().host(Access.WRITE, slices);
    try (OtherThread other = new OtherThread("other")) {
      assertThatThrownBy(() -> other.run(() -> memory().host(Access.WRITE, slices, Duration.ZERO)))
          .isInstanceOfSatisfying(LeaseTimeoutException.class, e -> assertThat(e.holders()).singleElement().asString().contains("WRITE"));
    }
    lease.segments().forEach(segment -> segment.setAtIndex(INT, 0, 2));
    lease.close();
    assertThat(read(slices)).containsOnly(2);
  }

  @Test
  void whoHasOneOpenMayReadMoreThoughSomebodyWaitsToWrite() {
    UnifiedRange range = pages(1);
    List<Slice> slices = slices(range, 0);
    write(slices, 1);
    read(slices);
    HostLease lease = memory().host(Access.READ, slices);
    try (OtherThread other = new OtherThread("writer")) {
      var writing = other.start(() -> memory().host(Access.WRITE, slices));
      other.awaitWaiting(writing);
      memory().host(Access.READ, slices, Duration.ofSeconds(10)).close();
      lease.close();
      HostLease written = OtherThread.result(writing);
      other.run(written::close);
    }
  }

  @Test
  void threadsThatDoItAtATimeEachGetTheirOwn() {
    UnifiedRange range = pages(4);
    write(range, 0);
    List<OtherThread> threads = IntStream.range(0, 4).mapToObj(i -> new OtherThread("reader " + i)).toList();
    var started = IntStream.range(0, threads.size()).mapToObj(i -> threads.get(i).start(() -> {
      for (int round = 0; round < 200; round++) {
        int first = (i + round) % 3;
        assertThat(read(slices(range, first))).isEqualTo(expected(0, first));
      }
      return i;
    })).toList();
    assertThat(started.stream().map(OtherThread::result)).containsExactly(0, 1, 2, 3);
    threads.forEach(OtherThread::close);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void whatWasClosedIsRefusedAndForeignSlicesAre() {
    UnifiedRange range = pages(1);
    List<Slice> slices = slices(range, 0);
    write(slices, 1);
    UnifiedMemory second = open();
    assertThatThrownBy(() -> second.host(Access.WRITE, slices)).isInstanceOf(IllegalArgumentException.class);
    List<Slice> its = slices(second.allocate(page()), 0);
    second.host(Access.READ, its).close();
    second.host(Access.READ, its).close();
    assertThatThrownBy(() -> memory().host(Access.READ, its)).isInstanceOf(IllegalArgumentException.class);
    second.close();
    assertThatThrownBy(() -> second.host(Access.READ, its)).isInstanceOf(IllegalStateException.class).hasMessageContaining("memory");
    range.close();
    assertThatThrownBy(() -> memory().host(Access.WRITE, slices)).isInstanceOf(IllegalStateException.class);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void slicesThatMayNotOverlapAreRefusedEachTime() {
    UnifiedRange range = pages(1);
    List<Slice> overlapping = List.of(range.slice(0, 8), range.slice(4, 8));
    for (int round = 0; round < 2; round++) {
      try (HostLease lease = memory().host(Access.READ, overlapping)) {
        assertThat(lease.segments()).extracting(MemorySegment::byteSize).containsOnly(8L);
      }
      assertThatThrownBy(() -> memory().host(Access.READ_WRITE, overlapping)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}

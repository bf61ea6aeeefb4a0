package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one node writes is brought to another one that is said to access it, and in nobody's way. */
public abstract class AccessedByContract extends MemoryContract {
  private static final int RANGE_PAGES = 4;

  private UnifiedRange range() {
    return pages(RANGE_PAGES);
  }

  /** A range that the device alone has; {@code value} is in every int. */
  private UnifiedRange onDevice(int value) {
    UnifiedRange range = range();
    fillOnDevice(range, value);
    return range;
  }

  @Test
  void whatALaunchWritesIsBroughtToAHostThatAccessesIt() {
    UnifiedRange range = onDevice(1);
    range.slice(page(), 2 * page()).advise(Advice.accessedByHost());
    assertThat(Moved.during(memory(), () -> {
      kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(4));
      awaitCopies(range.slice(page(), 2 * page()), Residency.HOST);
    })).isEqualTo(toHost(2 * page(), 1));
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(2, RANGE_PAGES));
    assertThat(Moved.during(memory(), () -> assertThat(ints(range.slice(page(), 2 * page()))).containsOnly(5))).isEqualTo(Moved.NOTHING);
    assertThat(range.all().residency().pagesOn(device().name())).isEqualTo(RANGE_PAGES);
  }

  @Test
  void whatADeviceFillsOrCopiesOrALeaseWritesIsBroughtToAHostThatAccessesIt() {
    UnifiedRange range = onDevice(1);
    UnifiedRange source = onDevice(3);
    range.advise(Advice.accessedByHost());
    range.all().fill((byte) 2);
    awaitCopies(range.all(), Residency.HOST);
    assertThat(bytes(range.all())).containsOnly(2);
    source.all().copyTo(range.all());
    awaitCopies(range.all(), Residency.HOST);
    assertThat(ints(range)).containsOnly(3);
    try (DeviceLease lease = device().acquire(range.all(), Access.READ_WRITE)) {
      assertThat(lease.isOpen()).isTrue();
    }
    awaitCopies(range.all(), Residency.HOST);
    assertThat(ints(range)).containsOnly(3);
  }

  @Test
  void nothingIsBroughtToAHostThatAccessesItNoMore() {
    UnifiedRange given = onDevice(1);
    UnifiedRange taken = onDevice(1);
    given.advise(Advice.accessedByHost());
    taken.advise(Advice.accessedByHost());
    taken.unadvise(Advice.accessedByHost());
    fillOnDevice(taken, 2);
    // Updates are made in turn, so the other one's would have come first.
    fillOnDevice(given, 3);
    awaitCopies(given.all(), Residency.HOST);
    assertThat(taken.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(device().name()));
  }

  @Test
  void whatTheHostWritesIsBroughtToADeviceThatAccessesIt() {
    UnifiedRange range = onDevice(1);
    Slice accessed = range.slice(page(), 2 * page());
    accessed.advise(Advice.accessedBy(device()));
    assertThat(ints(range)).containsOnly(1);
    assertThat(Moved.during(memory(), () -> {
      write(range, 10);
      awaitCopies(accessed, device().name());
    })).isEqualTo(toDevice(2 * page(), 1));
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(Moved.during(memory(), () ->
        kernel("increment").launch(Grid.of(page() / 2), inOut(accessed), value(1)).await())).isEqualTo(Moved.NOTHING);
    assertThat(ints(accessed)).isEqualTo(sequence(11 + (int) page() / 4, 2 * page()));
  }

  @Test
  void whatTheHostFillsOrCopiesIsBroughtToADeviceThatAccessesIt() {
    UnifiedRange range = range();
    UnifiedRange source = range();
    write(source, 1);
    write(range, 1);
    readOnDevice(range);
    range.advise(Advice.accessedBy(device()));
    range.all().fill((byte) 3);
    awaitCopies(range.all(), device().name());
    source.all().copyTo(range.all());
    awaitCopies(range.all(), device().name());
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(Moved.NOTHING);
    assertThat(ints(range)).isEqualTo(sequence(1, range.sizeBytes()));
  }

  @Test
  void nothingIsBroughtToADeviceThatAccessesItNoMoreOrHasNoPlaceForIt() {
    UnifiedRange given = onDevice(1);
    UnifiedRange taken = onDevice(1);
    UnifiedRange placeless = range();
    List.of(given, taken, placeless).forEach(range -> range.advise(Advice.accessedBy(device())));
    taken.unadvise(Advice.accessedBy(device()));
    write(taken, 1);
    write(placeless, 2);
    write(given, 3);
    awaitCopies(given.all(), device().name());
    assertThat(taken.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(placeless.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(device().statistics().evictedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void updatesAreInNobodysWay(boolean isHost) {
    UnifiedRange range = onDevice(0);
    range.advise(isHost ? Advice.accessedByHost() : Advice.accessedBy(device()));
    for (int round = 1; round <= 200; round++) {
      if (isHost) {
        fillOnDevice(range, round);
        device().acquire(range.all(), Access.READ_WRITE, Duration.ZERO).close();
      } else {
        write(range, round);
        range.all().host(Access.READ_WRITE, Duration.ZERO).close();
        fillOnDevice(range.slice(0, 4), round);
      }
      assertThat(ints(range.slice(0, 4))).containsExactly(round);
    }
  }
}

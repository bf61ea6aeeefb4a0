package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefetching, filling and copying: what moves for them, where they leave the pages, and that they take their turn. */
public abstract class TransfersContract extends MemoryContract {
  private static final int STEPS = 20_000_000;

  private Moved moved(Supplier<Fence> action) {
    return Moved.during(memory(), () -> action.get().await());
  }

  private void assertHolders(Slice slice, String... nodes) {
    Residency residency = slice.residency();
    for (int page = 0; page < residency.pageCount(); page++) {
      assertThat(residency.nodes(page)).as("page %d of %s, %s", page, slice, residency)
          .containsExactlyInAnyOrder(holders(nodes));
    }
  }

  @Test
  void aPrefetchBringsEachPageOnceAndWhatFollowsMovesNothing() {
    UnifiedRange range = pages(8);
    write(range, 1);
    assertThat(moved(() -> range.all().prefetchTo(device()))).isEqualTo(toDevice(8 * page(), 1));
    assertHolders(range.all(), Residency.HOST, device().name());
    assertThat(moved(() -> range.all().prefetchTo(device()))).isEqualTo(Moved.NOTHING);
    assertThat(moved(() -> kernel("increment").launch(Grid.of(2 * page()), inOut(range), value(1)))).isEqualTo(Moved.NOTHING);
    assertThat(ints(range)).isEqualTo(sequence(2, 8 * page()));
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aPrefetchLeavesPagesAloneThatAreThere() {
    UnifiedRange range = pages(6);
    write(range, 1);
    readOnDevice(range.slice(2 * page(), page()));
    assertThat(moved(() -> range.slice(page() + 7, 4 * page()).prefetchTo(device()))).isEqualTo(toDevice(4 * page(), 2));
    assertHolders(range.slice(0, page()), Residency.HOST);
    assertHolders(range.slice(page(), 5 * page()), Residency.HOST, device().name());
  }

  @Test
  void aPrefetchOfWhatNobodyHasWrittenMovesNothing() {
    UnifiedRange range = pages(3);
    assertThat(moved(() -> range.all().prefetchTo(device()))).isEqualTo(Moved.NOTHING);
    assertThat(moved(() -> range.all().prefetchToHost())).isEqualTo(Moved.NOTHING);
    kernel("increment").launch(Grid.of(3 * page() / 4), inOut(range), value(5));
    assertThat(ints(range)).containsOnly(5);
  }

  @Test
  void aPrefetchToTheHostBringsEachPageOnceAndLeavesTheDevicesCopies() {
    UnifiedRange range = pages(4);
    UnifiedRange result = pages(4);
    fillOnDevice(range, 7);
    Slice part = range.slice(page(), 2 * page());
    assertThat(moved(part::prefetchToHost)).isEqualTo(toHost(2 * page(), 1));
    assertHolders(part, Residency.HOST, device().name());
    assertThat(Moved.during(memory(), () -> assertThat(ints(part)).containsOnly(7))).isEqualTo(Moved.NOTHING);
    assertThat(moved(part::prefetchToHost)).isEqualTo(Moved.NOTHING);
    assertThat(moved(() -> kernel("copy").launch(Grid.of(4 * page()), in(range), out(result)))).isEqualTo(Moved.NOTHING);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void fencesOfPrefetchesTellThatTheyAreDone() {
    UnifiedRange range = pages(2);
    write(range, 1);
    Fence toDevice = range.all().prefetchTo(device());
    assertThat(toDevice.await(Duration.ofMinutes(2))).isTrue();
    assertThat(toDevice.isDone()).isTrue();
    assertThat(toDevice.kernelNanos()).isZero();
    Fence toHost = range.all().prefetchToHost();
    assertThat(toHost.isDone()).isTrue();
    assertThat(toHost.await(Duration.ZERO)).isTrue();
    assertThat(toHost.kernelNanos()).isZero();
    assertThatThrownBy(() -> toHost.await(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void prefetchesDuringAKernelTakeTheirTurn() {
    UnifiedRange churned = pages(1);
    UnifiedRange other = pages(1);
    UnifiedRange sum = pages(1);
    write(churned, 3);
    write(other, 100);
    readOnDevice(churned);
    kernel("churn").launch(Grid.of(1), inOut(churned.slice(0, 4)), value(STEPS));
    Moved both = moved(() -> {
      other.all().prefetchTo(device());
      return kernel("add").launch(Grid.of(2), in(churned.slice(0, 8)), in(other.slice(0, 8)), out(sum.slice(0, 8)));
    });
    assertThat(both).isEqualTo(toDevice(page(), 1));
    assertThat(moved(() -> churned.all().prefetchToHost())).isEqualTo(toHost(page(), 1));
    assertThat(ints(churned.slice(0, 8))).containsExactly(TestKernels.churned(3, STEPS), 4);
    assertThat(ints(sum.slice(0, 8))).containsExactly(TestKernels.churned(3, STEPS) + 100, 105);
  }

  @Test
  void aPrefetchWaitsForLeasesThatWriteAndForNoneThatRead() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (OtherThread other = new OtherThread("prefetcher"); HostLease host = range.host(Access.READ);
        DeviceLease device = device().acquire(range.all(), Access.READ)) {
      other.call(() -> range.all().prefetchTo(device())).await();
      other.call(() -> range.all().prefetchToHost()).await();
      assertThat(host.isOpen() && device.isOpen()).isTrue();
    }
    try (OtherThread other = new OtherThread("prefetcher")) {
      HostLease host = range.host(Access.READ_WRITE);
      Future<Fence> toDevice = other.start(() -> range.all().prefetchTo(device()));
      other.awaitWaiting(toDevice);
      host.segment().set(INT, 0, 77);
      host.close();
      OtherThread.result(toDevice).await();
      DeviceLease device = device().acquire(range.all(), Access.READ_WRITE);
      Future<Fence> toHost = other.start(() -> range.all().prefetchToHost());
      other.awaitWaiting(toHost);
      device.close();
      OtherThread.result(toHost).await();
    }
    assertThat(ints(range.slice(0, 8))).containsExactly(77, 2);
  }

  @Test
  void whatWouldWaitForItsOwnThreadIsRefusedAndWhatWaitsTooLongGivesUp() {
    UnifiedRange range = pages(1);
    UnifiedRange other = pages(1);
    try (HostLease lease = range.host(Access.WRITE)) {
      assertThat(lease.isOpen()).isTrue();
      for (ThrowingCallable use : List.<ThrowingCallable>of(() -> range.all().prefetchTo(device()), () -> range.all().prefetchToHost(),
          () -> range.all().fill((byte) 1), () -> range.all().copyTo(other.all()), () -> other.all().copyTo(range.all()))) {
        assertThatThrownBy(use).isInstanceOf(LeaseConflictException.class).isNotInstanceOf(LeaseTimeoutException.class)
            .hasMessageContaining(range.name());
      }
    }
    try (UnifiedMemory impatient = builder().leaseTimeout(Duration.ofMillis(20)).open(); OtherThread holder = new OtherThread("holder")) {
      UnifiedRange held = impatient.allocate(page());
      HostLease lease = holder.call(() -> held.host(Access.WRITE));
      assertThatThrownBy(() -> held.all().prefetchTo(impatient.devices().getFirst())).isInstanceOf(LeaseTimeoutException.class);
      assertThatThrownBy(() -> held.all().fill((byte) 1)).isInstanceOf(LeaseTimeoutException.class);
      holder.run(lease::close);
      assertThat(impatient.statistics().openLeases()).isZero();
    }
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void slicesOfOtherMemoriesAndClosedOnesAreRefused() {
    UnifiedRange ours = pages(1);
    UnifiedRange closed = pages(1);
    Slice slice = closed.all();
    closed.close();
    UnifiedMemory other = builder().open();
    UnifiedRange theirs = other.allocate(page());
    Slice theirSlice = theirs.all();
    for (ThrowingCallable use : List.<ThrowingCallable>of(() -> theirSlice.prefetchTo(device()), () -> memory().prefetchToHost(theirSlice),
        () -> memory().fill(theirSlice, (byte) 1), () -> ours.all().copyTo(theirSlice), () -> memory().copy(theirSlice, ours.all()))) {
      assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("another memory");
    }
    other.close();
    for (Slice gone : List.of(slice, theirSlice)) {
      for (ThrowingCallable use : List.<ThrowingCallable>of(() -> gone.prefetchTo(gone.range().memory().devices().getFirst()),
          gone::prefetchToHost, () -> gone.fill((byte) 1), () -> gone.copyTo(gone))) {
        assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
      }
    }
  }

  @Test
  void whatADeviceAloneHasIsFilledThere() {
    UnifiedRange range = pages(4);
    fillOnDevice(range, 1);
    assertThat(moved(() -> range.all().fill((byte) 7))).isEqualTo(Moved.NOTHING);
    assertHolders(range.all(), device().name());
    assertThat(ints(range)).containsOnly(0x07070707);
  }

  @Test
  void whatTheHostHasIsFilledThereWhoeverElseHasIt() {
    UnifiedRange range = pages(4);
    write(range, 1);
    readOnDevice(range);
    assertThat(moved(() -> range.all().fill((byte) -1))).isEqualTo(Moved.NOTHING);
    assertHolders(range.all(), Residency.HOST);
    assertThat(ints(range)).containsOnly(-1);
    UnifiedRange untouched = pages(4);
    assertThat(moved(() -> untouched.slice(1, 3 * page()).fill((byte) 2))).isEqualTo(Moved.NOTHING);
    assertHolders(untouched.all(), Residency.HOST);
  }

  @Test
  void aFillBringsThePagesAloneThatItCoversInPart() {
    UnifiedRange range = pages(5);
    fillOnDevice(range, 1);
    write(range.slice(0, 2 * page()), 0);
    assertThat(moved(() -> range.slice(4, 5 * page() - 4).fill((byte) 3))).isEqualTo(toDevice(page(), 1));
    assertHolders(range.all(), device().name());
    int[] expected = repeated(0x03030303, 5 * page());
    expected[0] = 0;
    assertThat(ints(range)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fillsOfAnySizeAnywhereChangeTheirBytesAlone(boolean onDevice) {
    UnifiedRange range = memory().allocate(4 * page() + 44);
    byte[] expected = background(range, onDevice, 5);
    int[][] parts = {{0, 1}, {1, 1}, {3, 5}, {(int) page() - 1, 2}, {100, (int) page() * 2}, {(int) page(), (int) page()},
        {(int) (4 * page()) + 40, 4}, {16, 32}, {7, (int) (3 * page()) + 900}};
    byte value = 1;
    for (int[] part : parts) {
      Arrays.fill(expected, part[0], part[0] + part[1], value);
      assertThat(moved(range.slice(part[0], part[1]), value++)).isEqualTo(Moved.NOTHING);
    }
    assertHolders(range.all(), onDevice ? device().name() : Residency.HOST);
    assertThat(bytes(range.all())).isEqualTo(expected);
  }

  private Moved moved(Slice slice, byte value) {
    return moved(() -> slice.fill(value));
  }

  /** Random bytes in a range, which one node alone has then. */
  private byte[] background(UnifiedRange range, boolean onDevice, long seed) {
    byte[] bytes = new byte[(int) range.sizeBytes()];
    new SplittableRandom(seed).nextBytes(bytes);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().copyFrom(MemorySegment.ofArray(bytes));
    }
    if (onDevice) {
      device().acquire(range.all(), Access.READ_WRITE).close();
    }
    return bytes;
  }

  @Test
  void fillsCopiesAndLaunchesFollowEachOther() {
    UnifiedRange a = pages(2);
    UnifiedRange b = pages(2);
    fillOnDevice(a, 0);
    for (int round = 1; round <= 30; round++) {
      a.all().fill((byte) round);
      kernel("increment").launch(Grid.of(page() / 2), inOut(a), value(round));
      a.all().copyTo(b.all());
      kernel("increment").launch(Grid.of(page() / 2), inOut(b), value(1));
      b.slice(0, page()).copyTo(a.slice(page(), page()));
    }
    int last = 0x1E1E1E1E + 30;
    assertThat(ints(b)).containsOnly(last + 1);
    assertThat(ints(a.slice(0, page()))).containsOnly(last);
    assertThat(ints(a.slice(page(), page()))).containsOnly(last + 1);
  }

  @Test
  void whatADeviceAloneHasIsCopiedThere() {
    UnifiedRange source = pages(4);
    UnifiedRange target = pages(4);
    fillOnDevice(source, 9);
    write(target, 1);
    long within = device().statistics().bytesWithinDevice();
    assertThat(moved(() -> source.all().copyTo(target.all()))).isEqualTo(Moved.NOTHING);
    assertThat(device().statistics().bytesWithinDevice() - within).isEqualTo(whereCopied(4 * page(), 0));
    assertHolders(source.all(), device().name());
    assertHolders(target.all(), device().name());
    assertThat(ints(target)).containsOnly(9);
    assertThat(ints(source)).containsOnly(9);
  }

  @Test
  void whatTheHostHasIsCopiedThereWhoeverElseHasIt() {
    UnifiedRange source = pages(4);
    UnifiedRange target = pages(4);
    write(source, 1);
    readOnDevice(source);
    fillOnDevice(target, 5);
    assertThat(moved(() -> source.all().copyTo(target.all()))).isEqualTo(Moved.NOTHING);
    assertHolders(source.all(), Residency.HOST, device().name());
    assertHolders(target.all(), Residency.HOST);
    assertThat(ints(target)).isEqualTo(sequence(1, 4 * page()));
  }

  @Test
  void copiesOfWhatNobodyHasWrittenAreZero() {
    UnifiedRange source = pages(2);
    UnifiedRange target = pages(2);
    fillOnDevice(target, 5);
    assertThat(moved(() -> source.all().copyTo(target.all()))).isEqualTo(Moved.NOTHING);
    assertThat(ints(target)).containsOnly(0);
  }

  @Test
  void whatIsMissingWhereACopyIsMadeIsBroughtThere() {
    UnifiedRange source = pages(4);
    UnifiedRange target = pages(6);
    fillOnDevice(source, 9);
    write(source.slice(0, page()), 1);
    write(target, 50);
    Slice to = target.slice(page() - 4, 4 * page());
    assertThat(moved(() -> source.all().copyTo(to))).isEqualTo(toDevice(3 * page(), 3));
    int[] expected = sequence(50, 6 * page());
    System.arraycopy(ints(source), 0, expected, (int) page() / 4 - 1, (int) page());
    assertThat(ints(target)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 2, 1", "3, 4094, 5", "4095, 1, 4098", "0, 4096, 8192", "100, 8000, 6001", "8191, 0, 8193", "0, 3, 12332"})
  void copiesOfAnySizeAnywhereChangeTheTargetAlone(int from, int to, int size) {
    for (boolean onDevice : new boolean[] {false, true}) {
      UnifiedRange source = memory().allocate(4 * 4096 + 44);
      UnifiedRange target = memory().allocate(4 * 4096 + 44);
      byte[] copied = background(source, onDevice, 1);
      byte[] expected = background(target, onDevice, 2);
      System.arraycopy(copied, from, expected, to, size);
      assertThat(moved(() -> source.slice(from, size).copyTo(target.slice(to, size)))).isEqualTo(Moved.NOTHING);
      assertThat(bytes(target.all())).isEqualTo(expected);
      assertThat(bytes(source.all())).isEqualTo(copied);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partsOfOneRangeAreCopiedUnlessTheyShareAByte(boolean onDevice) {
    UnifiedRange range = pages(2);
    byte[] expected = background(range, onDevice, 3);
    Slice slice = range.slice(100, 500);
    slice.copyTo(range.slice(600, 500));
    System.arraycopy(expected, 100, expected, 600, 500);
    range.slice(page() - 50, 200).copyTo(range.slice(10, 200).slice(0, 200)).await();
    System.arraycopy(expected, (int) page() - 50, expected, 10, 200);
    assertThat(bytes(range.all())).isEqualTo(expected);
    assertThatThrownBy(() -> slice.copyTo(range.slice(599, 500))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("share bytes").hasMessageContaining(slice.toString());
    assertThatThrownBy(() -> slice.copyTo(slice)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> slice.copyTo(range.slice(1000, 499))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sizeBytes=499").hasMessageContaining("sizeBytes=500");
    assertThat(bytes(range.all())).isEqualTo(expected);
  }

  @Test
  void theHostDoesWhatTheDeviceHasNoPlaceFor() {
    try (UnifiedMemory small = builder().deviceBudget(devices().getFirst(), 6 * page()).open()) {
      UnifiedRange source = small.allocate(4 * page());
      UnifiedRange target = small.allocate(4 * page());
      fillOn(small.devices().getFirst(), source.all(), 8);
      source.all().copyTo(target.all()).await();
      assertHolders(target.all(), Residency.HOST);
      assertThat(ints(target)).containsOnly(8);
    }
  }
}

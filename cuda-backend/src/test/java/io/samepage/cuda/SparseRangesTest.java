package io.samepage.cuda;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.KernelSource;
import io.samepage.LeaseTimeoutException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges in address space of a device that is theirs as long as they are there, on the test double: pieces of it come and go. */
class SparseRangesTest {
  @RegisterExtension
  static final SparseDouble MAPPING = new SparseDouble(SparseDouble.PAGE_BYTES);

  private static final long PAGE = SparseDouble.PAGE_BYTES;
  private static final int BUDGET_PAGES = 8;

  private UnifiedMemory memory;
  private Device device;
  private long liveBefore;
  /** By the trials of devices that were opened. */
  private long reservedBefore;
  private long createdBefore;

  @BeforeEach
  void open() {
    liveBefore = DoubleNative.liveVirtual();
    open(BUDGET_PAGES * PAGE);
  }

  private void open(long budgetBytes) {
    memory = UnifiedMemory.builder().devices("cuda:0").deviceBudget("cuda:0", budgetBytes).open();
    device = memory.devices().getFirst();
    reservedBefore = DoubleNative.calls("cuMemAddressReserve");
    createdBefore = DoubleNative.calls("cuMemCreate");
  }

  @AfterEach
  void close() {
    memory.close();
  }

  private void reopen(long unitBytes, long budgetBytes) {
    memory.close();
    DoubleNative.granularity(unitBytes);
    open(budgetBytes);
  }

  private UnifiedRange pages(long count) {
    return memory.allocate(count * PAGE);
  }

  private void fill(Slice slice, int value) {
    device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(value)).await();
  }

  private void increment(Slice slice) {
    device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(1)).await();
  }

  private static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(ValueLayout.JAVA_INT);
    }
  }

  private long address(Slice slice) {
    try (DeviceLease lease = device.acquire(slice, Access.READ)) {
      return lease.handle() + lease.handleOffsetBytes();
    }
  }

  private long resident(UnifiedRange range) {
    return range.all().residency().pagesOn(device.name());
  }

  @Test
  void noByteEverChangesItsAddress() {
    UnifiedRange range = pages(2 * BUDGET_PAGES);
    long first = address(range.slice(0, PAGE));
    for (int round = 0; round < 3; round++) {
      for (int page = 0; page < 2 * BUDGET_PAGES; page += 2) {
        assertThat(address(range.slice(page * PAGE, 2 * PAGE))).as("page %d", page).isEqualTo(first + page * PAGE);
        fill(range.slice(page * PAGE, 2 * PAGE), 10 * round + page);
      }
      fill(pages(BUDGET_PAGES).all(), -1);
      assertThat(resident(range)).as("all were evicted").isZero();
    }
    assertThat(address(range.slice(3 * PAGE, BUDGET_PAGES * PAGE))).as("another slice").isEqualTo(first + 3 * PAGE);
    for (int page = 0; page < 2 * BUDGET_PAGES; page += 2) {
      assertThat(ints(range.slice(page * PAGE, 2 * PAGE))).containsOnly(20 + page);
    }
    assertThat(DoubleNative.calls("cuMemAddressReserve")).as("ranges").isEqualTo(reservedBefore + 4);
  }

  @Test
  void asManyPiecesGoAsAreNeededTheLongestUnusedFirst() {
    UnifiedRange range = pages(BUDGET_PAGES);
    fill(range.all(), 1);
    increment(range.slice(0, 3 * PAGE));
    UnifiedRange other = pages(2);
    fill(other.all(), 5);
    assertThat(resident(range)).isEqualTo(BUDGET_PAGES - 2);
    assertThat(range.slice(0, 3 * PAGE).residency().pagesOn(device.name())).as("used last").isEqualTo(3);
    assertThat(range.slice(3 * PAGE, 2 * PAGE).residency().pagesOn(device.name())).as("unused for longest").isZero();
    assertThat(device.usedBytes()).isEqualTo(BUDGET_PAGES * PAGE);
    assertThat(DoubleNative.mappings()).isEqualTo(BUDGET_PAGES);
    assertThat(DoubleNative.usedBytes(0)).isEqualTo(BUDGET_PAGES * PAGE);
    assertThat(ints(range.all())).startsWith(2).endsWith(1);
    assertThat(ints(other.all())).containsOnly(5);
  }

  @Test
  void piecesThatALeaseReadsAgainAndAgainAreNotTheLongestUnused() {
    UnifiedRange read = pages(4);
    UnifiedRange other = pages(4);
    fill(read.all(), 1);
    fill(other.all(), 2);
    for (int i = 0; i < 4; i++) {
      device.acquire(read.all(), Access.READ).close();
    }
    fill(pages(4).all(), 3);
    assertThat(resident(read)).isEqualTo(4);
    assertThat(resident(other)).isZero();
  }

  @Test
  void whatIsNotUsedTakesNoMemory() {
    UnifiedRange range = memory.allocate(1L << 40);
    fill(range.slice(PAGE, PAGE), 1);
    fill(range.slice((1L << 39) + 8, PAGE / 2), 2);
    assertThat(device.usedBytes()).isLessThanOrEqualTo(BUDGET_PAGES * PAGE);
    assertThat(ints(range.slice(PAGE, PAGE))).containsOnly(1);
    assertThat(ints(range.slice((1L << 39) + 8, PAGE / 2))).containsOnly(2);
  }

  @Test
  void slicesGrowTogetherWithoutACopy() {
    UnifiedRange range = pages(BUDGET_PAGES);
    fill(range.slice(0, 3 * PAGE), 1);
    fill(range.slice(5 * PAGE, 3 * PAGE), 1);
    assertThat(DoubleNative.mappings()).isEqualTo(6);
    fill(range.slice(3 * PAGE, 2 * PAGE), 1);
    increment(range.all());
    assertThat(ints(range.all())).containsOnly(2);
    assertThat(DoubleNative.calls("cuMemcpyDtoDAsync_v2")).isZero();
    assertThat(device.statistics().evictedBytes()).isZero();
    assertThat(DoubleNative.mappings()).isEqualTo(BUDGET_PAGES);
  }

  @Test
  void oneCopyBringsWhatLiesInManyPieces() {
    UnifiedRange range = pages(BUDGET_PAGES);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    device.acquire(range.all(), Access.READ).close();
    assertThat(DoubleNative.calls("cuMemcpyHtoDAsync_v2")).isEqualTo(PinnedChunks.of(range));
    increment(range.all());
    assertThat(ints(range.all())).containsOnly(0x01010102);
    assertThat(DoubleNative.calls("cuMemcpyDtoHAsync_v2")).isEqualTo(PinnedChunks.of(range));
  }

  @Test
  void theLastPieceIsChargedAsWhatItTakes() {
    reopen(16 * PAGE, 48 * PAGE);
    UnifiedRange range = pages(34);
    fill(range.all(), 3);
    assertThat(device.usedBytes()).isEqualTo(48 * PAGE);
    assertThat(DoubleNative.usedBytes(0)).isEqualTo(48 * PAGE);
    fill(pages(32).all(), 4);
    assertThat(device.usedBytes()).isLessThanOrEqualTo(48 * PAGE);
    assertThat(ints(range.all())).containsOnly(3);
  }

  @Test
  void aRangeHasAThousandPiecesAtMost() {
    reopen(PAGE, 1 << 30);
    UnifiedRange range = pages(5000);
    fill(range.all(), 1);
    assertThat(DoubleNative.mappings()).isEqualTo(5000 / 8);
    assertThat(device.usedBytes()).isEqualTo(range.sizeBytes());
  }

  @Test
  void aRangeThatIsSmallerThanTwoUnitsHasAWindowOfItsOwn() {
    reopen(16 * PAGE, 48 * PAGE);
    fill(pages(31).all(), 3);
    assertThat(DoubleNative.calls("cuMemAddressReserve")).isEqualTo(reservedBefore);
    assertThat(device.usedBytes()).isEqualTo(31 * PAGE);
  }

  @Test
  void wherePiecesAreTooMuchForTheBudgetPagesAreNot() {
    reopen(16 * PAGE, 32 * PAGE);
    UnifiedRange range = pages(160);
    fill(range.slice(0, 2 * PAGE), 1);
    fill(range.slice(15 * PAGE, 2 * PAGE), 5);
    device.kernel(TestKernels.SOURCE, "add").launch(Grid.of(PAGE / 4), in(range.slice(PAGE, PAGE)), in(range.slice(16 * PAGE, PAGE)),
        out(range.slice(100 * PAGE, PAGE))).await();
    increment(range.slice(8 * PAGE, 20 * PAGE));
    assertThat(device.usedBytes()).isLessThanOrEqualTo(32 * PAGE);
    assertThat(ints(range.slice(100 * PAGE, PAGE))).containsOnly(6);
    assertThat(ints(range.slice(0, 2 * PAGE))).containsOnly(1);
    assertThat(ints(range.slice(15 * PAGE, 2 * PAGE))).containsOnly(6);
    assertThat(ints(range.slice(20 * PAGE, PAGE))).containsOnly(1);
  }

  @Test
  void piecesOfAddressSpaceThatIsGivenUpAreMergedAsAllWindowsAre() {
    reopen(4 * PAGE, 10 * PAGE);
    UnifiedRange range = pages(9);
    fill(range.slice(6 * PAGE, 3 * PAGE), 5);
    device.kernel(TestKernels.SOURCE, "add").launch(Grid.of(2 * PAGE / 4), in(range.slice(7 * PAGE, 2 * PAGE)),
        in(range.slice(3 * PAGE, 2 * PAGE)), out(range.slice(0, 2 * PAGE))).await();
    assertThat(device.usedBytes()).as("windows for six pages").isLessThanOrEqualTo(9 * PAGE);
    increment(range.all());
    assertThat(ints(range.slice(0, 2 * PAGE))).containsOnly(6);
    assertThat(ints(range.slice(2 * PAGE, 4 * PAGE))).containsOnly(1);
    assertThat(ints(range.slice(6 * PAGE, 3 * PAGE))).containsOnly(6);
  }

  @Test
  void addressSpaceIsKeptWhereALeaseLiesAcrossItsPieces() {
    reopen(4 * PAGE, 10 * PAGE);
    UnifiedRange range = pages(24);
    fill(range.slice(2 * PAGE, 4 * PAGE), 7);
    try (DeviceLease lease = device.acquire(range.slice(2 * PAGE, 4 * PAGE), Access.READ)) {
      long first = lease.handle() + lease.handleOffsetBytes();
      assertThatThrownBy(() -> fill(range.slice(11 * PAGE, 10 * PAGE), 1)).as("four pieces, ten pages")
          .isInstanceOf(OutOfDeviceMemoryException.class).hasMessageContaining("device lease on");
      assertThat(address(range.slice(3 * PAGE, 2 * PAGE))).as("used along with the lease").isEqualTo(first + PAGE);
    }
    fill(range.slice(11 * PAGE, 10 * PAGE), 1);
    assertThat(ints(range.slice(11 * PAGE, 10 * PAGE))).containsOnly(1);
    assertThat(ints(range.slice(2 * PAGE, 4 * PAGE))).containsOnly(7);
  }

  @Test
  void addressSpaceIsGivenUpBesideALeaseWithinOnePieceWhichStaysWhereItIs() {
    reopen(4 * PAGE, 10 * PAGE);
    UnifiedRange range = pages(24);
    fill(range.slice(0, PAGE), 7);
    try (DeviceLease lease = device.acquire(range.slice(0, PAGE), Access.READ)) {
      fill(range.slice(7 * PAGE, 6 * PAGE), 1);
      assertThat(DoubleNative.calls("cuMemAlloc_v2")).as("a window for six pages that lie in three pieces").isEqualTo(1);
      assertThat(address(range.slice(PAGE / 2, PAGE))).as("in the same piece").isEqualTo(
          lease.handle() + lease.handleOffsetBytes() + PAGE / 2);
    }
    assertThat(ints(range.slice(0, PAGE))).containsOnly(7);
    assertThat(ints(range.slice(7 * PAGE, 6 * PAGE))).containsOnly(1);
  }

  @Test
  void addressSpaceIsKeptWhereSomebodyIsOnHisWayToWhatLiesAcrossItsPieces() throws Exception {
    reopen(4 * PAGE, 10 * PAGE);
    UnifiedRange range = pages(24);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    FutureTask<Long> reader = new FutureTask<>(() -> address(range.slice(2 * PAGE, 4 * PAGE)));
    DoubleNative.hold(true);
    try {
      Thread.ofPlatform().start(reader);
      while (DoubleNative.calls("cuMemcpyHtoDAsync_v2") == 0 && !reader.isDone()) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> device.acquire(range.slice(11 * PAGE, 10 * PAGE), Access.WRITE, Duration.ofMillis(50)))
          .isInstanceOf(LeaseTimeoutException.class);
    } finally {
      DoubleNative.hold(false);
    }
    long first = reader.get();
    assertThat(address(range.slice(3 * PAGE, 2 * PAGE))).isEqualTo(first + PAGE);
  }

  @Test
  void whereTheRestOfTheLastPieceIsTooMuchForTheBudgetPagesAreNot() {
    reopen(16 * PAGE, 40 * PAGE);
    UnifiedRange range = pages(34);
    fill(range.all(), 3);
    assertThat(device.usedBytes()).isEqualTo(34 * PAGE);
    assertThat(ints(range.all())).containsOnly(3);
  }

  @Test
  void whatIsTooMuchInAnyCaseIsRefusedAndAddressesStay() {
    UnifiedRange range = pages(2 * BUDGET_PAGES);
    long first = address(range.slice(0, PAGE));
    assertThatThrownBy(() -> fill(range.all(), 1)).isInstanceOf(OutOfDeviceMemoryException.class);
    fill(range.slice(PAGE, BUDGET_PAGES * PAGE), 2);
    assertThat(address(range.slice(2 * PAGE, PAGE))).isEqualTo(first + 2 * PAGE);
    assertThat(DoubleNative.calls("cuMemAlloc_v2")).isZero();
  }

  @Test
  void whereTheDeviceOffersNoneWindowsAreAllocated() {
    reopen(0, BUDGET_PAGES * PAGE);
    assertWindowsAreAllocated();
  }

  @Test
  void whereTheDriverReservesNothingWindowsAreAllocated() {
    DoubleNative.fail("cuMemAddressReserve", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, true);
    assertWindowsAreAllocated();
  }

  @Test
  void whereTheDriverDoesNotTellItsUnitsWindowsAreAllocated() {
    memory.close();
    DoubleNative.fail("cuMemGetAllocationGranularity", 1, CUresult.CUDA_ERROR_NOT_SUPPORTED, true);
    open(BUDGET_PAGES * PAGE);
    assertWindowsAreAllocated();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuMemCreate", "cuMemMap", "cuMemSetAccess"})
  void whereTheDriverOffersAddressSpaceButGivesItNoMemoryWindowsAreAllocated(String function) {
    memory.close();
    DoubleNative.fail(function, 2, CUresult.CUDA_ERROR_NOT_SUPPORTED, true);
    open(BUDGET_PAGES * PAGE);
    assertThat(DoubleNative.liveVirtual()).isEqualTo(liveBefore);
    long allocated = DoubleNative.calls("cuMemAlloc_v2");
    UnifiedRange range = pages(4);
    fill(range.all(), 1);
    assertThat(ints(range.all())).containsOnly(1);
    assertThat(DoubleNative.calls("cuMemAddressReserve")).isEqualTo(reservedBefore);
    assertThat(DoubleNative.calls("cuMemAlloc_v2")).isEqualTo(allocated + 1);
  }

  @Test
  void aDeviceThatIsFullWhenItIsOpenedSaysNothingOfItsAddressSpace() {
    memory.close();
    DoubleNative.fail("cuMemCreate", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, false);
    DoubleNative.fail("cuMemAlloc_v2", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, false);
    open(BUDGET_PAGES * PAGE);
    UnifiedRange range = pages(4);
    fill(range.all(), 1);
    assertThat(ints(range.all())).containsOnly(1);
    assertThat(DoubleNative.mappings()).isEqualTo(4);
  }

  @Test
  void whereUnitsAreNoPowerOfTwoWindowsAreAllocated() {
    reopen(3 * PAGE, BUDGET_PAGES * PAGE);
    assertWindowsAreAllocated();
    fill(pages(6).all(), 1);
    assertThat(DoubleNative.calls("cuMemAddressReserve")).isEqualTo(reservedBefore);
  }

  @Test
  void whereAPropertySaysSoWindowsAreAllocated() {
    System.setProperty(SparseMemory.PROPERTY, "false");
    try {
      reopen(PAGE, BUDGET_PAGES * PAGE);
    } finally {
      System.clearProperty(SparseMemory.PROPERTY);
    }
    assertWindowsAreAllocated();
  }

  private void assertWindowsAreAllocated() {
    UnifiedRange range = pages(4);
    fill(range.all(), 1);
    assertThat(ints(range.all())).containsOnly(1);
    assertThat(DoubleNative.calls("cuMemCreate")).isEqualTo(createdBefore);
    assertThat(DoubleNative.calls("cuMemAlloc_v2")).isEqualTo(1);
  }

  @Test
  void whereTheDriverHasLessThanTheBudgetSaysPiecesAreEvicted() {
    UnifiedRange older = pages(3);
    fill(older.all(), 1);
    DoubleNative.fail("cuMemCreate", 2, CUresult.CUDA_ERROR_OUT_OF_MEMORY, false);
    UnifiedRange newer = pages(3);
    fill(newer.all(), 2);
    assertThat(resident(older)).isEqualTo(2);
    assertThat(ints(older.all())).containsOnly(1);
    assertThat(ints(newer.all())).containsOnly(2);
  }

  @Test
  void whateverIsRefusedNothingIsLeftBehindAndItGoesOnAfterwards() {
    for (String function : List.of("cuMemCreate", "cuMemMap", "cuMemSetAccess")) {
      UnifiedRange range = pages(4);
      DoubleNative.fail(function, 2, CUresult.CUDA_ERROR_OUT_OF_MEMORY, true);
      assertThatThrownBy(() -> fill(range.all(), 1)).as(function).isInstanceOf(OutOfDeviceMemoryException.class)
          .hasRootCauseInstanceOf(DeviceException.class).rootCause().hasMessageContaining(function);
      long refused = DoubleNative.mappings();
      DoubleNative.reset();
      DoubleNative.granularity(PAGE);
      assertThat(device.usedBytes()).as(function).isEqualTo(refused * PAGE);
      fill(range.all(), 2);
      assertThat(ints(range.all())).as(function).containsOnly(2);
      range.close();
      assertThat(DoubleNative.liveVirtual()).as(function).isEqualTo(liveBefore);
    }
  }

  @Test
  void aDeviceThatIsLostLeavesNothingBehind() {
    UnifiedRange range = pages(4);
    fill(range.all(), 1);
    assertThat(ints(range.all())).containsOnly(1);
    KernelSource failing = KernelSource.builder().ptxResource(SparseRangesTest.class, "FailingKernels.ptx").build();
    UnifiedRange argument = pages(2);
    assertThatThrownBy(() -> device.kernel(failing, "trap").launch(Grid.of(1), inOut(argument)).await())
        .isInstanceOf(KernelFailedException.class);
    assertThat(ints(range.all())).containsOnly(1);
    range.close();
    argument.close();
    assertThat(DoubleNative.liveVirtual()).isEqualTo(liveBefore);
  }

  @Test
  void aColumnOfAMatrixThatLiesInManyPiecesComesByOneCall() {
    UnifiedRange range = pages(BUDGET_PAGES);
    fill(range.all(), 3);
    List<Slice> column = IntStream.range(0, 32).mapToObj(i -> range.slice(i * PAGE / 4, 8)).toList();
    try (HostLease lease = memory.host(Access.READ, column)) {
      assertThat(lease.segments()).allSatisfy(segment -> assertThat(segment.get(ValueLayout.JAVA_INT, 4)).isEqualTo(3));
    }
    assertThat(DoubleNative.calls("cuMemcpyDtoHAsync_v2")).isZero();
    assertThat(DoubleNative.calls("cuMemcpy2DAsync_v2")).isEqualTo(PinnedChunks.of(range));
  }
}

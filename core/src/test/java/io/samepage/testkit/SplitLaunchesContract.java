package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.SplitArgument.firstItem;
import static io.samepage.SplitArgument.itemCount;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BrokenPromiseException;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelArguments;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.SplitKernel;
import io.samepage.SplitKernel.Part;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Launches that are split over two devices: what each computes, what moves, and that all parts are reserved or none. */
public abstract class SplitLaunchesContract extends MemoryContract {
  /**
   * {@code rows(out int[] c, in int[] b, int first, long count, int columns)}: each element of c is its row's number and b's element;
   * {@code addRow(inOut int[] c, in int[] b)}: adds b to each row, which is as long as the grid is wide.
   */
  static final KernelSource ROWS = KernelSource.builder()
      .openClC("""
          __kernel void rows(__global int* c, __global const int* b, int first, long count, int columns) {
            size_t x = get_global_id(0);
            size_t y = get_global_id(1);
            if (x < columns && y < count) c[y * columns + x] = 1000 * (first + (int) y) + b[x];
          }
          __kernel void addRow(__global int* c, __global const int* b) {
            c[get_global_id(1) * get_global_size(0) + get_global_id(0)] += b[get_global_id(0)];
          }
          """)
      .java("addRow", List.of(KernelParameter.inOut("c", 4), KernelParameter.in("b", 4)), SplitLaunchesContract::addRow)
      .java("rows", List.of(KernelParameter.out("c", 4), KernelParameter.in("b", 4), KernelParameter.value("first", int.class),
          KernelParameter.value("count", long.class), KernelParameter.value("columns", int.class)), SplitLaunchesContract::rows)
      .build();

  private static void rows(WorkGroup group, KernelArguments arguments) {
    MemorySegment c = arguments.segment(0);
    int columns = arguments.intValue(4);
    for (long y = group.startY(); y < Math.min(group.endY(), arguments.longValue(3)); y++) {
      for (long x = group.startX(); x < Math.min(group.endX(), columns); x++) {
        c.setAtIndex(INT, y * columns + x, 1000 * (arguments.intValue(2) + (int) y) + arguments.segment(1).getAtIndex(INT, x));
      }
    }
  }

  private static void addRow(WorkGroup group, KernelArguments arguments) {
    MemorySegment c = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    int columns = (int) (b.byteSize() / 4);
    for (long y = group.startY(); y < group.endY(); y++) {
      for (long x = group.startX(); x < group.endX(); x++) {
        c.setAtIndex(INT, y * columns + x, c.getAtIndex(INT, y * columns + x) + b.getAtIndex(INT, x));
      }
    }
  }

  private SplitKernel split(String name) {
    return memory().splitKernel(TestKernels.SOURCE, name);
  }

  private Device first() {
    return memory().devices().get(0);
  }

  private Device second() {
    return memory().devices().get(1);
  }

  private Grid each(UnifiedRange range) {
    return Grid.of(range.sizeBytes() / 4);
  }

  @Test
  void eachDeviceComputesItsPartOfTheItems() {
    UnifiedRange range = pages(8);
    write(range, 1);
    Moved moved = Moved.during(memory(), () -> split("increment").launch(each(range), sliced(range, 4), 10).await());
    assertThat(moved).isEqualTo(Moved.toDevice(8 * page(), 2));
    assertThat(memory().devices()).allMatch(device -> device.statistics().launches() == 1);
    for (int i = 0; i < 8; i++) {
      assertThat(range.all().residency().nodes(i)).containsExactly((i < 4 ? first() : second()).name());
    }
    assertThat(ints(range)).isEqualTo(sequence(11, 8 * page()));
  }

  @Test
  void whatAllPartsReadGoesToEachDeviceOnceAndStaysThere() {
    UnifiedRange columns = pages(1);
    UnifiedRange rows = memory().allocate(64 * page());
    write(columns, 5);
    int width = (int) page() / 4;
    SplitKernel kernel = memory().splitKernel(ROWS, "rows");
    Grid grid = Grid.of(width, 64);
    Moved moved = Moved.during(memory(), () -> kernel.launch(grid, sliced(rows, page()), columns.slice(0, page()), firstItem(), itemCount(),
        width).await());
    assertThat(moved).isEqualTo(Moved.toDevice(2 * page(), 2));
    assertThat(Moved.during(memory(), () -> kernel.launch(grid, sliced(out(rows), page()), in(columns), firstItem(), itemCount(), width)
        .await())).isEqualTo(Moved.NOTHING);
    assertThat(ints(rows)).isEqualTo(IntStream.range(0, 64 * width).map(i -> 1000 * (i / width) + 5 + i % width).toArray());
  }

  @Test
  void rowsAreCutBetweenGroupsAndAtPages() {
    UnifiedRange columns = pages(1);
    int width = (int) page() / 16;
    UnifiedRange rows = memory().allocate(101L * 4 * width);
    write(columns, 0);
    SplitKernel kernel = memory().splitKernel(ROWS, "rows");
    Object[] arguments = {sliced(out(rows), 4L * width), columns, firstItem(), itemCount(), width};
    Grid grid = Grid.of(width, 101).local(8, 8);
    assertThat(kernel.parts(grid, arguments)).containsExactly(new Part(first(), 0, 48), new Part(second(), 48, 53));
    assertThat(kernel.shares(1, 3).parts(grid, arguments)).containsExactly(new Part(first(), 0, 24), new Part(second(), 24, 77));
    assertThat(kernel.parts(Grid.of(width, 101), arguments)).containsExactly(new Part(first(), 0, 52), new Part(second(), 52, 49));
    assertThat(memory().statistics().launches()).isZero();
    kernel.launch(grid, arguments).await();
    assertThat(ints(rows)).isEqualTo(IntStream.range(0, 101 * width).map(i -> 1000 * (i / width) + i % width).toArray());
  }

  @Test
  void aGridIsSplitAlongTheDimensionThatIsAskedFor() {
    UnifiedRange range = pages(8);
    write(range, 1);
    long items = range.sizeBytes() / 4;
    SplitKernel kernel = split("increment");
    Object[] arguments = {sliced(inOut(range), 4), 10};
    assertThat(kernel.along(0).parts(Grid.of(items, 1, 1), arguments))
        .containsExactly(new Part(first(), 0, items / 2), new Part(second(), items / 2, items / 2));
    kernel.along(0).launch(Grid.of(items, 1, 1), arguments).await();
    assertThat(ints(range)).isEqualTo(sequence(11, 8 * page()));
    assertThatThrownBy(() -> kernel.along(1).launch(Grid.of(items), arguments)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dimension=1");
    assertThatThrownBy(() -> kernel.along(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theOrderOfTheKernelsIsTheOrderOfTheParts() {
    UnifiedRange range = pages(4);
    SplitKernel kernel = memory().splitKernel(List.of(second().kernel(TestKernels.SOURCE, "fill"), first().kernel(TestKernels.SOURCE,
        "fill")));
    assertThat(kernel.kernels()).extracting(each -> each.device().name()).containsExactly(second().name(), first().name());
    kernel.launch(each(range), sliced(range, 4), 3).await();
    assertThat(range.all().residency().nodes(0)).containsExactly(second().name());
    assertThat(range.all().residency().nodes(3)).containsExactly(first().name());
    assertThat(ints(range)).containsOnly(3);
  }

  @Test
  void devicesThatWouldWriteOnePageAreNotBothUsed() {
    UnifiedRange small = pages(1);
    split("fill").launch(each(small), sliced(small, 4), 7).await();
    assertThat(ints(small)).containsOnly(7);
    assertThat(first().statistics().launches()).isEqualTo(1);
    assertThat(second().statistics().launches()).isZero();
    // Of rows of that length one in 1,024 begins with a page.
    UnifiedRange odd = memory().allocate(100 * 4004);
    assertThat(memory().splitKernel(ROWS, "rows").shares(1, 2).parts(Grid.of(1001, 100), sliced(out(odd), 4004), in(pages(1)), firstItem(),
        itemCount(), 1001)).containsExactly(new Part(second(), 0, 100));
    // The end of what one part writes and the beginning of what the other reads lie in one page.
    UnifiedRange both = pages(9);
    long bytes = 4 * page() + page() / 2;
    assertThat(split("copy").parts(Grid.of(bytes), sliced(in(both.slice(bytes, bytes)), 1), sliced(out(both.slice(0, bytes)), 1)))
        .hasSize(1);
  }

  @Test
  void whatIsReadAtABorderGoesToBothDevices() {
    UnifiedRange from = memory().allocate(6 * page());
    UnifiedRange to = pages(6);
    write(from, 1);
    long bytes = 5 * page();
    split("copy").launch(Grid.of(bytes), sliced(in(from.slice(page() / 2, bytes)), 1), sliced(out(to.slice(0, bytes)), 1)).await();
    assertThat(memory().statistics().bytesToDevice()).isEqualTo(7 * page());
    assertThat(ints(to.slice(0, bytes))).isEqualTo(sequence(1 + (int) page() / 8, bytes));
  }

  @Test
  void aLaunchThatDoesNotFitIsRefusedBeforeAnythingMoves() {
    UnifiedRange range = pages(4);
    UnifiedRange other = pages(4);
    write(range, 1);
    Grid grid = each(range);
    refused(() -> split("increment").launch(grid, range, 1), "read alone", "index=0");
    refused(() -> split("increment").launch(grid, sliced(range, 8), 1), "itemSizeBytes=8");
    refused(() -> split("increment").launch(grid, sliced(range, 4)), "parameters=2", "arguments=1");
    refused(() -> split("increment").launch(grid, sliced(range, 4), null), "null", "index=1");
    refused(() -> split("increment").launch(grid, sliced(range, 4), sliced(other, 4)), "index=1");
    refused(() -> split("increment").launch(grid, sliced(range, 4), 1L), "wanted=int");
    refused(() -> split("copy").launch(Grid.of(4 * page()), sliced(in(range), 1), sliced(out(range), 1)), "share bytes");
    refused(() -> split("increment").launch(Grid.of(1L << 31), sliced(memory().allocate(1L << 33), 4), itemCount()), "number=2147483648");
    refused(() -> kernel("increment").launch(grid, range, itemCount()), "index=1");
    refused(() -> sliced("a", 4), "java.lang.String");
    refused(() -> sliced(range, 0), "itemSizeBytes=0");
    refused(() -> split("increment").shares(1), "kernels=");
    refused(() -> split("increment").shares(1, 0), "0.0");
    refused(() -> memory().splitKernel(List.of()), "kernels=[]");
    refused(() -> memory().splitKernel(List.of(kernel("fill"), kernel("add"))), "different devices");
    try (UnifiedMemory stranger = builder().open()) {
      refused(() -> memory().splitKernel(stranger.splitKernel(TestKernels.SOURCE, "fill").kernels()), "another memory");
    }
    assertThat(memory().statistics().launches()).isZero();
    assertThat(memory().statistics().bytesToDevice()).isZero();
    assertThat(memory().statistics().openLeases()).isZero();
  }

  private static void refused(Runnable launch, String... says) {
    assertThatThrownBy(launch::run).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(says);
  }

  @Test
  void whereOnePartFindsNoRoomNoneIsLaunched() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().get(1), 2 * page()).open()) {
      UnifiedRange range = memory.allocate(8 * page());
      write(range, 1);
      SplitKernel kernel = memory.splitKernel(TestKernels.SOURCE, "increment");
      assertThatThrownBy(() -> kernel.launch(each(range), sliced(range, 4), 1)).isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining(devices().get(1));
      assertThat(memory.statistics().launches()).isZero();
      assertThat(memory.statistics().bytesToDevice()).isZero();
      assertThat(memory.statistics().openLeases()).isZero();
      kernel.shares(3, 1).launch(each(range), sliced(range, 4), 1).await();
      assertThat(ints(range)).isEqualTo(sequence(2, 8 * page()));
    }
  }

  @Test
  void aConflictWithOnePartKeepsAllFromStarting() {
    UnifiedRange range = pages(8);
    HostLease lease = range.slice(6 * page(), page()).host(Access.READ);
    try (OtherThread other = new OtherThread("splitter")) {
      assertThatThrownBy(() -> split("increment").launch(each(range), sliced(range, 4), 1)).isInstanceOf(LeaseConflictException.class)
          .isNotInstanceOf(LeaseTimeoutException.class).hasMessageContaining(lease.slices().getFirst().toString());
      Future<Fence> launched = other.start(() -> split("increment").launch(each(range), sliced(range, 4), 1));
      other.awaitWaiting(launched);
      // It holds nothing while it waits.
      try (HostLease between = range.slice(0, page()).host(Access.WRITE, Duration.ofMinutes(1))) {
        between.segment().setAtIndex(INT, 0, 41);
      }
      assertThat(memory().statistics().launches()).isZero();
      lease.close();
      OtherThread.result(launched).await();
      assertThat(ints(range.slice(0, 8))).containsExactly(42, 1);
    }
  }

  @Test
  void whoWaitsTooLongForOnePartIsToldForWhom() {
    try (UnifiedMemory memory = builder().leaseTimeout(Duration.ofMillis(50)).open(); OtherThread other = new OtherThread("splitter")) {
      UnifiedRange range = memory.allocate(8 * page());
      SplitKernel kernel = memory.splitKernel(TestKernels.SOURCE, "increment");
      try (HostLease lease = range.slice(6 * page(), page()).host(Access.READ)) {
        assertThatThrownBy(() -> other.call(() -> kernel.launch(each(range), sliced(range, 4), 1)))
            .isInstanceOf(LeaseTimeoutException.class).hasMessageContaining(lease.slices().getFirst().toString());
      }
      assertThat(memory.statistics().launches()).isZero();
      kernel.launch(each(range), sliced(range, 4), 1).await();
      assertThat(ints(range)).containsOnly(1);
    }
  }

  @Test
  void theFenceIsThatOfAllParts() {
    UnifiedRange range = pages(2);
    write(range, 5);
    Fence fence = split("churn").launch(each(range), sliced(range, 4), 20_000);
    assertThat(range.all().fill((byte) 0)).as("what comes later follows all parts").isNotNull();
    fence.await();
    assertThat(fence.isDone()).isTrue();
    assertThat(fence.await(Duration.ZERO)).isTrue();
    assertThat(fence.toFuture().join()).isNull();
    assertThat(fence.kernelNanos()).isNotNegative();
    assertThat(ints(range)).containsOnly(0);
  }

  @Test
  void launchesThatFollowEachOtherSeeEachOthersResults() {
    UnifiedRange range = pages(8);
    UnifiedRange sums = pages(8);
    for (int i = 0; i < 20; i++) {
      // The border moves, so pages go from device to device.
      split("increment").shares(1 + i % 3, 1 + i % 2).launch(each(range), sliced(range, 4), 1);
      split("add").launch(each(range), sliced(in(range), 4), sliced(in(range), 4), sliced(out(sums), 4));
    }
    assertThat(ints(sums)).containsOnly(40);
    assertThat(ints(range)).containsOnly(20);
  }

  @Test
  void threadsThatSplitInOppositeOrdersDoNotWaitForEachOtherForEver() {
    UnifiedRange a = pages(8);
    UnifiedRange b = pages(8);
    List<SplitKernel> kernels = List.of(split("increment"), memory().splitKernel(split("increment").kernels().reversed()));
    Crew.run(4, Duration.ofMinutes(2), thread -> {
      for (int i = 0; i < 25; i++) {
        UnifiedRange range = (i + thread) % 2 == 0 ? a : b;
        kernels.get(thread % 2).launch(each(range), sliced(range, 4), 1);
      }
    }, () -> "splitting");
    assertThat(ints(a)[0] + ints(b)[0]).isEqualTo(100);
    assertThat(ints(a)).containsOnly(ints(a)[0]);
    assertThat(ints(b)).containsOnly(ints(b)[0]);
  }

  @Test
  void partsFindRoomWhereOthersMustGiveWay() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().get(0), 10 * page()).deviceBudget(devices().get(1), 10 * page()).open()) {
      List<UnifiedRange> ranges = List.of(memory.allocate(12 * page()), memory.allocate(12 * page()), memory.allocate(12 * page()));
      SplitKernel increment = memory.splitKernel(TestKernels.SOURCE, "increment");
      SplitKernel add = memory.splitKernel(TestKernels.SOURCE, "add");
      int[] expected = new int[3];
      for (int i = 0; i < 30; i++) {
        int to = i % 3;
        UnifiedRange target = ranges.get(to);
        if (i % 5 < 3) {
          increment.shares(2 + i % 2, 3 - i % 2).launch(each(target), sliced(target, 4), 1);
          expected[to]++;
        } else {
          UnifiedRange source = ranges.get((i + 1) % 3);
          add.shares(1, 1).launch(Grid.of(target.sizeBytes() / 8), sliced(in(source.slice(0, 6 * page())), 4),
              sliced(in(source.slice(6 * page(), 6 * page())), 4), sliced(out(target.slice(0, 6 * page())), 4));
          int back = expected[to] - 2 * expected[(i + 1) % 3];
          increment.launch(Grid.of(target.sizeBytes() / 8), sliced(target.slice(0, 6 * page()), 4), back);
        }
      }
      for (int i = 0; i < 3; i++) {
        assertThat(ints(ranges.get(i))).as("range %s", i).containsOnly(expected[i]);
      }
    }
  }

  @Test
  void checkedLaunchesFindThePartThatDoesNotKeepItsPromise() {
    try (UnifiedMemory memory = builder().checkLaunches(true).open()) {
      UnifiedRange range = memory.allocate(8 * page());
      UnifiedRange columns = memory.allocate(page());
      int width = (int) page() / 4;
      SplitKernel kernel = memory.splitKernel(ROWS, "rows");
      kernel.launch(Grid.of(width, 8), sliced(out(range), page()), in(columns), firstItem(), itemCount(), width).await();
      assertThat(ints(range.slice(7 * page(), 4))).containsExactly(7000);
      assertThatThrownBy(() -> kernel.launch(Grid.of(width, 8), sliced(out(range), page()), in(columns), firstItem(), 3L, width))
          .isInstanceOf(BrokenPromiseException.class).hasMessageContaining(devices().getFirst());
      assertThat(memory.statistics().openLeases()).isZero();
    }
  }
}

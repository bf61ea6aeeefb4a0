package io.samepage.coherence.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.coherence.FaultyMemory;
import io.samepage.node.CopyRun;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows of two devices that come and go, found by their bytes, beside a look at all of them. {@code -Dsamepage.seed=n} runs one seed. */
class RangeWindowsTest {
  private static final int SIZE = 200;
  private static final int SEEDS = 20;
  private static final int STEPS = 300;

  private FaultyMemory world;

  static LongStream seeds() {
    return Long.getLong("samepage.seed") == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.getLong("samepage.seed"));
  }

  @BeforeEach
  void open() {
    world = new FaultyMemory(4, 4);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void windowsAreFoundByTheirBytes(long seed) {
    Random random = new Random(seed);
    CoherentRange range = (CoherentRange) world.pages(1);
    RangeWindows windows = new RangeWindows();
    List<PlacedWindow> all = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      long first = random.nextInt(SIZE);
      long end = first + 1 + random.nextInt(30);
      CoherentDevice device = (CoherentDevice) world.device(random.nextInt(2));
      List<PlacedWindow> overlapping = all.stream().filter(window -> window.device() == device && window.overlaps(first, end))
          .sorted(Comparator.comparingLong(PlacedWindow::firstByte)).toList();
      assertThat(windows.overlapping(device, first, end)).as("seed=%d, step=%d", seed, step).isEqualTo(overlapping);
      assertThat(windows.containing(device, first, end)).as("seed=%d, step=%d", seed, step)
          .isSameAs(overlapping.stream().filter(window -> window.contains(first, end)).findFirst().orElse(null));
      assertThat(windows.isEmpty(device)).isEqualTo(all.stream().noneMatch(window -> window.device() == device));
      long revision = windows.revision();
      int count = all.size();
      if (overlapping.isEmpty()) {
        PlacedWindow window = new PlacedWindow(device, range, first, end, null, null, new AtomicBoolean());
        windows.add(window);
        all.add(window);
      } else if (random.nextBoolean()) {
        PlacedWindow window = overlapping.get(random.nextInt(overlapping.size()));
        windows.remove(window);
        all.remove(window);
      }
      assertThat(windows.all()).containsExactlyInAnyOrderElementsOf(all);
      assertThat(windows.revision() == revision).isEqualTo(all.size() == count);
    }
  }

  /** Address space with units of 10 bytes. */
  private record Space(long sizeBytes) implements Window {
    @Override
    public long handle() {
      return 1 << 20;
    }

    @Override
    public long sparseUnitBytes() {
      return 10;
    }
  }

  @Test
  void neighboursInOneAddressSpaceHoldWhatSpansThem() {
    CoherentRange range = (CoherentRange) world.pages(1);
    CoherentDevice device = (CoherentDevice) world.device(0);
    RangeWindows windows = new RangeWindows();
    Space space = new Space(100);
    PlacedWindow[] pieces = new PlacedWindow[10];
    for (int i : new int[] {4, 0, 1, 3, 7}) {
      pieces[i] = new PlacedWindow(device, range, 10 * i, 10 * i + 10, space, null, new AtomicBoolean());
      windows.add(pieces[i]);
    }
    Space other = new Space(10);
    windows.add(new PlacedWindow(device, range, 20, 30, other, null, new AtomicBoolean()));
    assertThat(windows.containing(device, 3, 17)).isSameAs(pieces[0]);
    assertThat(windows.containing(device, 30, 50)).isSameAs(pieces[3]);
    assertThat(windows.containing(device, 49, 51)).as("behind it nothing").isNull();
    assertThat(windows.containing(device, 50, 51)).isNull();
    assertThat(windows.containing(device, 15, 25)).as("behind it another's").isNull();
    assertThat(windows.containing(device, 25, 35)).as("before it another's").isNull();
    List<String> parts = new ArrayList<>();
    windows.forEachPart(device, 5, 48, (window, first, end) -> parts.add(first + "-" + end + " at " + window.offsetOf(first)));
    assertThat(parts).containsExactly("5-20 at 5", "20-30 at 20", "30-48 at 30");
    long[] runs = {5, 48, 1, 3, 71, 80};
    assertThat(windows.copies(range, device, runs, 3)).containsExactly(
        new CopyRun(range.address() + 5, space, 5, 15),
        new CopyRun(range.address() + 20, other, 20, 10),
        new CopyRun(range.address() + 30, space, 30, 18),
        new CopyRun(range.address() + 1, space, 1, 2),
        new CopyRun(range.address() + 71, space, 71, 9));
    for (long[] none : new long[][] {{49, 51}, {60, 61}, {0, 100}}) {
      assertThatThrownBy(() -> windows.copies(range, device, none, 1)).isInstanceOf(AssertionError.class).hasMessageContaining("No window");
    }
    assertThatThrownBy(() -> windows.copies(range, (CoherentDevice) world.device(1), runs, 1)).isInstanceOf(AssertionError.class);
    List<PlacedWindow> under = new ArrayList<>();
    windows.forEachUnder(device, 31, 41, under::add);
    assertThat(under).containsExactly(pieces[3], pieces[4]);
  }

  @Test
  void neighboursAreOfferedAsOneWhileTheirAddressSpaceIsInUse() {
    CoherentRange range = (CoherentRange) world.pages(1);
    CoherentDevice device = (CoherentDevice) world.device(0);
    RangeWindows windows = new RangeWindows();
    Space space = new Space(100);
    PlacedWindow first = new PlacedWindow(device, range, 0, 10, space, null, new AtomicBoolean());
    windows.add(first);
    windows.add(new PlacedWindow(device, range, 10, 20, space, null, new AtomicBoolean()));
    windows.reserved(device, new Reservation(space, 10));
    assertThat(windows.offered(device, 5, 15)).isSameAs(first);
    windows.giveUpReservation(device);
    assertThat(windows.isReserved(device)).isTrue();
    assertThat(windows.offered(device, 5, 15)).isNull();
    assertThat(windows.offered(device, 5, 9)).as("all in one").isSameAs(first);
    assertThat(windows.containing(device, 5, 15)).as("for who was given both before").isSameAs(first);
  }
}

package io.samepage.coherence.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.coherence.FaultyMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
    }
  }
}

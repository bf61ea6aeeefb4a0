package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.in;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.out;
import static io.samepage.testkit.node.NodeFixture.pass;
import static io.samepage.testkit.node.NodeFixture.run;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.DeviceNode;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node is used by any number of threads at once. */
abstract class ConcurrencyContract extends NodeContract {
  private static final int THREADS = 4;
  private static final int ROUNDS = 100;
  private static final int COUNT = 2000;

  ConcurrencyContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  /** Runs a task a thread and throws what one of them threw. */
  static void inParallel(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Void> task : tasks.stream().map(threads::submit).toList()) {
        task.get(150, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int seed = 1; seed <= THREADS; seed++) {
      tasks.add(new Worker(node, seed));
    }
    inParallel(tasks);
    assertThat(node.counters().runsToDevice()).isEqualTo(THREADS * ROUNDS);
    assertThat(node.counters().bytesToHost()).isEqualTo(4L * COUNT * THREADS * ROUNDS);
    assertThat(node.counters().launches()).isEqualTo(2L * THREADS * ROUNDS);
  }

  @Test
  void threadsAllocateAndFreeAtOnce() throws Exception {
    Callable<Void> task = () -> {
      for (int i = 0; i < 200; i++) {
        Window window = node.allocate((1 + i % 16) * (long) UNIT_BYTES);
        pass(launch(node, "fill", 16, out(window, 0, 64), value(i)));
        assertThat(fixture.downloadInts(node, window, 0, 16)).containsOnly(i);
        node.free(window);
      }
      return null;
    };
    inParallel(List.of(task, task, task, task));
  }

  /** Changes windows of its own and compares with an array. */
  private final class Worker implements Callable<Void> {
    private final DeviceNode device;
    private final int seed;
    private final Random random;
    private final Window window;
    private final Window other;
    private final MemorySegment host = fixture.host(4 * COUNT);
    private final int[] model = new int[COUNT];

    Worker(DeviceNode device, int seed) {
      this.device = device;
      this.seed = seed;
      random = new Random(seed);
      window = fixture.window(device, UNIT_BYTES);
      other = fixture.window(device, UNIT_BYTES);
    }

    @Override
    public Void call() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        round(4 * random.nextInt(1000));
        assertThat(host.toArray(ValueLayout.JAVA_INT)).as("seed=%d, round=%d", seed, round).isEqualTo(model);
      }
      return null;
    }

    private void round(int offset) throws InterruptedException {
      int by = random.nextInt();
      Arrays.setAll(model, i -> random.nextInt());
      MemorySegment.copy(model, 0, host, ValueLayout.JAVA_INT, 0, COUNT);
      device.upload(List.of(run(host, window, offset)));
      launch(device, "increment", COUNT, inOut(window, offset, 4 * COUNT), value(by));
      device.copyFrom(device, List.of(new PeerRun(window, offset, other, 4, 4 * COUNT)));
      launch(device, "add", COUNT, in(window, offset, 4 * COUNT), in(other, 4, 4 * COUNT), out(other, 32_768, 4 * COUNT));
      device.download(List.of(run(host, other, 32_768)));
      pass(device.fence());
      for (int i = 0; i < COUNT; i++) {
        model[i] = 2 * (model[i] + by);
      }
    }
  }
}

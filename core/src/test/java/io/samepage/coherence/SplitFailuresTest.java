package io.samepage.coherence;

import static io.samepage.Argument.in;
import static io.samepage.SplitArgument.sliced;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.PoisonedPageException;
import io.samepage.SplitKernel;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Split launches where a driver refuses something for one part: no part has been launched then, unless it refuses the launch itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class SplitFailuresTest {
  private final FaultyMemory world = new FaultyMemory(32, 32);
  private final UnifiedRange range = world.pages(8);
  private final SplitKernel increment = world.memory().splitKernel(TestKernels.SOURCE, "increment");

  private void launch() {
    increment.launch(Grid.of(range.sizeBytes() / 4), sliced(range, 4), 1);
  }

  private void assertNothingStartedAndThenAllWorks(long launchesBefore, int... expected) {
    assertThat(world.memory().statistics().launches()).isEqualTo(launchesBefore);
    assertThat(world.openLeases()).isZero();
    world.node(0).heal();
    world.node(1).heal();
    launch();
    assertThat(ints(range.all())).containsSubsequence(expected);
  }

  @AfterEach
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void closeMemory() {
    world.close();
  }

  @Test
  void kernelsThatSayDifferentThingsOfMemoryAreRefused() {
    UnifiedRange table = world.pages(1);
    SplitKernel mixed = world.memory().splitKernel(List.of(adding(0, KernelParameter.in("table", 4)),
        adding(1, KernelParameter.inOut("table", 4))));
    assertThatThrownBy(() -> mixed.launch(Grid.of(range.sizeBytes() / 4), sliced(range, 4), table))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("access=READ on embedded:0, READ_WRITE on embedded:1");
    assertThatThrownBy(() -> mixed.parts(Grid.of(range.sizeBytes() / 4), sliced(range, 4), table))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(world.memory().statistics().launches()).isZero();
    assertThat(world.openLeases()).isZero();
  }

  private Kernel adding(int device, KernelParameter table) {
    KernelSource source = KernelSource.builder().java("adding", List.of(KernelParameter.inOut("a", 4), table),
        (group, arguments) -> { }).build();
    return world.device(device).kernel(source, "adding");
  }

  @Test
  void whatCannotBeCopiedForOnePartKeepsAllFromStarting() {
    fill(range.all(), 1);
    world.launchFill(0, pages(range, 6, 1), 7).await();
    world.node(1).failNth(Call.COPY_FROM, 1);
    assertThatThrownBy(this::launch).isInstanceOf(DeviceException.class);
    assertNothingStartedAndThenAllWorks(1, 2, 8, 2);
  }

  @Test
  void noMemoryForOnePartKeepsAllFromStarting() {
    fill(range.all(), 1);
    world.node(1).failAll(Call.ALLOCATE);
    assertThatThrownBy(this::launch).isInstanceOf(OutOfDeviceMemoryException.class).hasMessageContaining("embedded:1");
    assertNothingStartedAndThenAllWorks(0, 2);
  }

  @Test
  void poisonForOnePartKeepsAllFromStarting() {
    fill(range.all(), 1);
    SplitKernel add = world.memory().splitKernel(TestKernels.SOURCE, "add");
    world.node(0).failNthLate(Call.LAUNCH, 1);
    assertThatThrownBy(world.launchFill(0, pages(range, 6, 1), 7)::await).isInstanceOf(RuntimeException.class);
    long before = world.memory().statistics().launches();
    assertThatThrownBy(() -> add.launch(Grid.of(range.sizeBytes() / 4), sliced(in(range), 4), sliced(in(range), 4),
        sliced(world.pages(8), 4))).isInstanceOf(PoisonedPageException.class);
    fill(pages(range, 6, 1), 7);
    assertNothingStartedAndThenAllWorks(before, 2, 8, 2);
  }

  @Test
  void whereADriverRefusesToEnqueueAPartThoseBeforeItRun() {
    fill(range.all(), 1);
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    world.node(1).failNth(Call.LAUNCH, 1);
    assertThatThrownBy(this::launch).isInstanceOf(DeviceException.class);
    assertThat(world.openLeases()).as("of the part that runs").isEqualTo(1);
    fences.countDown();
    assertThat(ints(pages(range, 0, 4))).containsOnly(2);
    assertThat(ints(pages(range, 4, 4))).containsOnly(1);
    assertNothingStartedAndThenAllWorks(1, 3, 2);
  }

  @Test
  void anUploadThatIsRefusedForTheFirstPartLetsNoneRun() {
    fill(range.all(), 1);
    world.node(0).failNth(Call.UPLOAD, 1);
    assertThatThrownBy(this::launch).isInstanceOf(DeviceException.class);
    assertNothingStartedAndThenAllWorks(0, 2);
  }
}

package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.GridKernels;
import io.samepage.testkit.process.ChildJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernels of the contract under oclgrind, which reports bad accesses, races, reads of what nobody wrote, and refused calls. In a JVM
 * whose only OpenCL driver it is, with its checks on.
 */
@Tag("oclgrind")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OclgrindTest {
  private static final int WINDOW_BYTES = 64 << 10;
  private static final int ITEMS = 50;

  private final Path log = Path.of(System.getenv("OCLGRIND_LOG"));
  private final Arena arena = Arena.ofConfined();
  private OpenClNode node;
  private Window window;

  @BeforeEach
  void open() throws InterruptedException {
    node = Devices.open();
    assertThat(node.info().kind()).isEqualTo(DeviceInfo.Kind.SIMULATOR);
    window = node.allocate(WINDOW_BYTES);
    // It doesn't take zeroing for writing.
    node.upload(List.of(new CopyRun(arena.allocate(WINDOW_BYTES).address(), window, 0, WINDOW_BYTES)));
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
  }

  @AfterEach
  void close() {
    node.free(window);
    node.close();
    arena.close();
  }

  /** It begins anew with each context. */
  private String logged() throws IOException {
    return Files.readString(log);
  }

  private void launch(KernelSource source, String name, Grid grid, NodeArgument... arguments) throws InterruptedException {
    var kernel = node.kernel(source, name);
    node.checkGrid(kernel, grid);
    assertThat(node.launch(kernel, grid, List.of(arguments)).await(Long.MAX_VALUE)).isTrue();
  }

  private NodeArgument memory(long offset, long size, Access access) {
    return new NodeArgument.Memory(window, offset, size, access);
  }

  private static NodeArgument value(Number value) {
    return new NodeArgument.Value(value);
  }

  @Test
  void allKernelsOfTheContractRunWithoutAnError() throws Exception {
    for (long shift : List.of(0L, 8L)) {
      NodeArgument a = memory(shift, 4 * ITEMS, Access.READ);
      NodeArgument b = memory(1024 + shift, 4 * ITEMS, Access.READ);
      NodeArgument changed = memory(2048 + shift, 4 * ITEMS, Access.READ_WRITE);
      NodeArgument written = memory(4096 + shift, 4 * ITEMS, Access.WRITE);
      NodeArgument longs = memory(8192 + shift, 8 * ITEMS, Access.WRITE);
      Grid grid = Grid.of(ITEMS);
      launch(TestKernels.SOURCE, "add", grid, a, b, written);
      launch(TestKernels.SOURCE, "increment", grid, changed, value(3));
      launch(TestKernels.SOURCE, "fill", grid, written, value(7));
      launch(TestKernels.SOURCE, "copy", Grid.of(4 * ITEMS), a, written);
      launch(TestKernels.SOURCE, "affine", grid, a, written, value(2f), value(1f));
      launch(TestKernels.SOURCE, "weigh", grid, a, longs, value(5L), value(2.5), value((short) 1), value((byte) 2));
      launch(TestKernels.SOURCE, "churn", grid, changed, value(10));
      launch(GridKernels.SOURCE, "visit", Grid.of(5, 2, 5), changed, value(5), value(2));
    }
    assertThat(logged()).isEmpty();
  }

  @Test
  void copiesOfAllSortsMakeNoErrorAndArrive() throws Exception {
    MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4);
    MemorySegment back = arena.allocate(16);
    node.upload(List.of(new CopyRun(host.address(), window, 4, 16)));
    node.copyFrom(node, List.of(new PeerRun(window, 4, window, 1000, 16)));
    node.download(List.of(new CopyRun(back.address(), window, 1000, 16)));
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
    assertThat(back.toArray(ValueLayout.JAVA_INT)).containsExactly(1, 2, 3, 4);
    assertThat(logged()).isEmpty();
  }

  @Test
  void theKernelThatMovesPagesMakesNoError() throws Exception {
    move(false);
    assertThat(logged()).isEmpty();
    move(true);
    // It takes a host's memory for memory that nobody wrote.
    assertThat(logged().replace("Uninitialized value written", "")).doesNotContain("Invalid", "race", "error");
  }

  private void move(boolean isUpload) {
    MemorySegment host = arena.allocate(WINDOW_BYTES, 4096);
    List<CopyRun> runs = IntStream.range(0, 16).mapToObj(i -> new CopyRun(host.address() + i * 4096L, window, (15 - i) * 4096L, 4096))
        .toList();
    EventList commands = new EventList();
    PageMover mover = new PageMover(node, Devices.found().limits());
    mover.move(node.queueHandle(), mover.batch(runs, 0), isUpload, commands);
    node.finish(commands);
  }

  @Test
  void oclgrindWouldHaveTold() throws Exception {
    KernelSource bad = KernelSource.builder().openClC("__kernel void beyond(__global int* a) { a[1 << 20] = 1; }").build();
    launch(bad, "beyond", Grid.of(1), memory(0, 4, Access.WRITE));
    assertThat(logged()).contains("Invalid write");
  }

  @Test
  void itIsNumberedBehindRealDevicesAlthoughItsDriverComesFirst(@TempDir Path folder) throws Exception {
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.copy(Path.of(System.getenv("OCL_ICD_VENDORS"), "oclgrind.icd"), vendors.resolve("a.icd"));
    Files.copy(Path.of("/etc/OpenCL/vendors/pocl.icd"), vendors.resolve("b.icd"));
    ChildJvm.Result result = ChildJvm.Command.of(ProbeMain.class, folder)
        .withEnvironment(Map.of("OCL_ICD_VENDORS", vendors.toString())).run(Duration.ofMinutes(5));
    assertThat(result.out().subList(0, 4)).containsExactly("AVAILABLE", "Found 2 devices", "", "CPU SIMULATOR");
  }
}

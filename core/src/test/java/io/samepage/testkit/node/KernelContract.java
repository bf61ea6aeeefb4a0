package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.bytes;
import static io.samepage.testkit.node.NodeFixture.finish;
import static io.samepage.testkit.node.NodeFixture.in;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.out;
import static io.samepage.testkit.node.NodeFixture.pass;
import static io.samepage.testkit.node.NodeFixture.random;
import static io.samepage.testkit.node.NodeFixture.run;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.node.NodeKernel;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels are found, described and run, on any slice of a window. */
abstract class KernelContract extends NodeContract {
  private static final KernelSource BROKEN = KernelSource.builder()
      .openClC("__kernel void broken(__global int* a) { a[0] = undeclaredName; }")
      .ptx(".version 7.0\n.target sm_50\n.address_size 64\n.visible .entry broken() { no.such.instruction; }")
      .build();

  private final Random random = new Random(20_261_102);

  KernelContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  @Test
  void addsTwoSlicesIntoAThird() throws InterruptedException {
    Window a = fixture.window(node, UNIT_BYTES);
    Window b = fixture.window(node, UNIT_BYTES);
    Window c = fixture.window(node, UNIT_BYTES);
    int[] as = random.ints(1000).toArray();
    int[] bs = random.ints(1000).toArray();
    fixture.upload(node, a, 0, as);
    fixture.upload(node, b, 0, bs);
    pass(launch(node, "add", 1000, in(a, 0, 4000), in(b, 0, 4000), out(c, 0, 4000)));
    assertThat(fixture.downloadInts(node, c, 0, 1000)).isEqualTo(IntStream.range(0, 1000).map(i -> as[i] + bs[i]).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 12, 60, 100, 124, 128, 132, 4092, 4096, 4100, 65_000})
  void slicesBeginAtAnyMultipleOfTheElementSize(int offset) throws InterruptedException {
    Window window = fixture.window(node, 2 * UNIT_BYTES);
    int[] values = random.ints(2 * UNIT_BYTES / 4).toArray();
    fixture.upload(node, window, 0, values);
    pass(launch(node, "increment", 77, inOut(window, offset, 4 * 77), value(5)));
    for (int i = offset / 4; i < offset / 4 + 77; i++) {
      values[i] += 5;
    }
    assertThat(fixture.downloadInts(node, window, 0, values.length)).isEqualTo(values);
  }

  @Test
  void allSlicesMayLieInOneWindow() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    int[] values = random.ints(UNIT_BYTES / 4).toArray();
    fixture.upload(node, window, 0, values);
    pass(launch(node, "add", 21, in(window, 4, 84), in(window, 88, 84), out(window, 8_004, 84)));
    for (int i = 0; i < 21; i++) {
      values[2001 + i] = values[1 + i] + values[22 + i];
    }
    assertThat(fixture.downloadInts(node, window, 0, values.length)).isEqualTo(values);
  }

  @Test
  void twoReadersMayShareASlice() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    fixture.upload(node, window, 12, 1, 2, 3);
    pass(launch(node, "add", 2, in(window, 12, 8), in(window, 16, 8), out(window, 100, 8)));
    assertThat(fixture.downloadInts(node, window, 100, 2)).containsExactly(3, 5);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 32768, 1000", "3, 32775, 129", "127, 40001, 7777"})
  void byteSlicesBeginAnywhere(int from, int to, int size) throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    byte[] bytes = random(random, UNIT_BYTES);
    fixture.upload(node, window, 0, bytes);
    pass(launch(node, "copy", size, in(window, from, size), out(window, to, size)));
    System.arraycopy(bytes, from, bytes, to, size);
    assertThat(fixture.download(node, window, 0, UNIT_BYTES)).isEqualTo(bytes);
  }

  @Test
  void floatsAndTheirValuesArrive() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    MemorySegment host = fixture.host(12);
    MemorySegment.copy(new float[] {1f, -2f, 1024f}, 0, host, ValueLayout.JAVA_FLOAT, 0, 3);
    node.upload(List.of(run(host, window, 4)));
    launch(node, "affine", 3, in(window, 4, 12), out(window, 100, 12), value(-0.5f), value(8f));
    node.download(List.of(run(host, window, 100)));
    finish(node);
    assertThat(host.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(7.5f, 9f, -504f);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 24, 104, 4104})
  void valuesOfEveryTypeArrive(int offset) throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    MemorySegment host = fixture.host(24);
    fixture.upload(node, window, 20_004, 1, -1, 7);
    launch(node, "weigh", 3, in(window, 20_004, 12), out(window, offset, 24), value(1L << 40), value(-3_000_000_000.75),
        value((short) -300), value((byte) -7));
    node.download(List.of(run(host, window, offset)));
    finish(node);
    long shift = -3_000_000_000L - 307;
    assertThat(host.toArray(ValueLayout.JAVA_LONG)).containsExactly((1L << 40) + shift, -(1L << 40) + shift, (7L << 40) + shift);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 1000, 1021, 1023, 1024, 1025, 4096, 100_003})
  void everyItemRunsOnce(int items) throws InterruptedException {
    Window window = fixture.window(node, 4L * items + 4);
    fixture.upload(node, window, 0, new int[items + 1]);
    pass(launch(node, "increment", items, inOut(window, 0, 4L * items), value(1)));
    int[] after = fixture.downloadInts(node, window, 0, items + 1);
    assertThat(IntStream.range(0, items).filter(i -> after[i] != 1)).isEmpty();
    assertThat(after[items]).as("behind the last item").isZero();
  }

  static List<Grid> grids() {
    return List.of(Grid.of(90), Grid.of(30, 7), Grid.of(7, 30), Grid.of(130, 33), Grid.of(5, 6, 7), Grid.of(1, 1, 9), Grid.of(65, 3, 5),
        Grid.of(96).local(32), Grid.of(64, 12).local(8, 4), Grid.of(8, 6, 4).local(4, 2, 2), Grid.of(96).local(16).exact());
  }

  @ParameterizedTest
  @MethodSource("grids")
  void itemsOfGridsOfOneToThreeDimensionsRunOnce(Grid grid) throws InterruptedException {
    int cells = (int) (grid.x() * grid.y() * grid.z());
    Window window = fixture.window(node, 4L * cells);
    fixture.upload(node, window, 0, new int[cells]);
    NodeKernel visit = node.kernel(subject.gridKernels(), "visit");
    node.checkGrid(visit, grid);
    pass(node.launch(visit, grid, List.of(inOut(window, 0, 4L * cells), value((int) grid.x()), value((int) grid.y()))));
    int[] expected = IntStream.range(0, cells)
        .map(i -> GridKernels.mark(i % grid.x(), i / grid.x() % grid.y(), i / grid.x() / grid.y())).toArray();
    assertThat(fixture.downloadInts(node, window, 0, cells)).isEqualTo(expected);
  }

  @Test
  void gridsThatNoDeviceCanRunAreRefused() {
    NodeKernel kernel = node.kernel(subject.kernels(), "increment");
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(1L << 62, 1L << 62))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(Long.MAX_VALUE).local(64))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void kernelsSeeWhatWasEnqueuedBeforeThem() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    MemorySegment back = fixture.host(4000);
    MemorySegment first = fixture.host(4000);
    first.fill((byte) 1);
    node.upload(List.of(run(first, window, 4)));
    for (int i = 0; i < 1000; i++) {
      launch(node, "increment", 1000, inOut(window, 4, 4000), value(i));
    }
    node.download(List.of(run(back, window, 4)));
    node.upload(List.of(run(fixture.host(4000), window, 4)));
    finish(node);
    assertThat(back.toArray(ValueLayout.JAVA_INT)).containsOnly(0x01010101 + 999 * 1000 / 2);
  }

  @Test
  void zeroAndCopiesAreSeenByKernels() throws InterruptedException {
    Window window = fixture.window(node, 2 * UNIT_BYTES);
    launch(node, "fill", 100, out(window, 0, 400), value(-1));
    node.zero(window, 0, UNIT_BYTES);
    launch(node, "increment", 100, inOut(window, 0, 400), value(9));
    node.copyFrom(node, List.of(new PeerRun(window, 0, window, UNIT_BYTES + 12, 400)));
    launch(node, "increment", 100, inOut(window, UNIT_BYTES + 12, 400), value(1));
    assertThat(fixture.downloadInts(node, window, UNIT_BYTES + 12, 100)).containsOnly(10);
  }

  @Test
  void parametersSayWhatTheKernelTakes() {
    List<KernelParameter> weigh = node.kernel(subject.kernels(), "weigh").parameters();
    assertThat(weigh).hasSize(6);
    assertReads(weigh.get(0), 4);
    assertWrites(weigh.get(1), 8);
    List<Class<?>> types = List.of(long.class, double.class, short.class, byte.class);
    for (int i = 0; i < 4; i++) {
      assertTakes(weigh.get(2 + i), types.get(i));
    }

    List<KernelParameter> affine = node.kernel(subject.kernels(), "affine").parameters();
    assertTakes(affine.get(2), float.class);

    List<KernelParameter> copy = node.kernel(subject.kernels(), "copy").parameters();
    assertReads(copy.get(0), 1);
    assertWrites(copy.get(1), 1);
  }

  private static void assertTakes(KernelParameter parameter, Class<?> type) {
    assertThat(parameter).isInstanceOfSatisfying(KernelParameter.Value.class, value -> assertThat((Object) value.type()).isEqualTo(type));
  }

  private static void assertReads(KernelParameter parameter, int elementSize) {
    assertThat(parameter).isInstanceOfSatisfying(KernelParameter.Buffer.class, buffer -> {
      assertThat(buffer.elementSizeBytes()).isEqualTo(elementSize);
      assertThat(buffer.access()).isEqualTo(Optional.of(Access.READ));
    });
  }

  private static void assertWrites(KernelParameter parameter, int elementSize) {
    assertThat(parameter).isInstanceOfSatisfying(KernelParameter.Buffer.class, buffer -> {
      assertThat(buffer.elementSizeBytes()).isEqualTo(elementSize);
      assertThat(buffer.access().map(Access::writes).orElse(true)).as("may write").isTrue();
    });
  }

  @Test
  void aKernelMayBeAskedForAgainAndKnowsItsName() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    fixture.upload(node, window, 0, 1);
    NodeKernel first = node.kernel(subject.kernels(), "increment");
    NodeKernel second = node.kernel(subject.kernels(), "increment");
    assertThat(first.name()).isEqualTo("increment").isEqualTo(second.name());
    node.launch(first, Grid.of(1), List.of(inOut(window, 0, 4), value(10)));
    node.launch(second, Grid.of(1), List.of(inOut(window, 0, 4), value(100)));
    node.launch(first, Grid.of(1), List.of(inOut(window, 0, 4), value(1000)));
    assertThat(fixture.downloadInts(node, window, 0, 1)).containsExactly(1111);
  }

  @Test
  void anUnknownKernelIsRefusedByName() {
    assertThatThrownBy(() -> node.kernel(subject.kernels(), "noSuchKernel")).isInstanceOf(KernelBuildException.class)
        .hasMessageContaining("noSuchKernel").hasMessageContaining(node.info().name());
  }

  @Test
  void aSourceWithoutAFormForTheDeviceIsRefused() {
    assertThatThrownBy(() -> node.kernel(KernelSource.builder().build(), "increment")).isInstanceOf(KernelBuildException.class)
        .hasMessageContaining("increment").hasMessageContaining(node.info().name());
  }

  @Test
  void aBrokenProgramIsRefusedWithTheCompilersLogWhereOneCompiles() {
    KernelBuildException refusal = catchThrowableOfType(KernelBuildException.class, () -> node.kernel(BROKEN, "broken"));
    assertThat(refusal).isNotNull().hasMessageContaining(node.info().name());
    assertThat(refusal.log().isBlank()).as("without a log: %s", refusal.getMessage()).isEqualTo(!subject.compilesText());
  }

  @Test
  void aRefusedKernelLeavesTheDeviceUsable() throws InterruptedException {
    assertThatThrownBy(() -> node.kernel(BROKEN, "broken")).isInstanceOf(KernelBuildException.class);
    addsTwoSlicesIntoAThird();
  }

  @Test
  void launchesAreCountedAndMoveNothing() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    for (int i = 0; i < 7; i++) {
      launch(node, "fill", 16_384, out(window, 0, UNIT_BYTES), value(i));
    }
    finish(node);
    assertThat(node.counters().launches()).isEqualTo(7);
    assertThat(node.counters().bytesToDevice() + node.counters().bytesToHost() + node.counters().bytesWithin()).isZero();
  }

  @Test
  void surplusWindowBytesAreNotTouched() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    byte[] bytes = random(random, UNIT_BYTES);
    MemorySegment back = fixture.host(UNIT_BYTES);
    node.upload(List.of(run(fixture.host(bytes), window, 0)));
    launch(node, "fill", 3, out(window, 4096, 12), value(0));
    node.download(List.of(run(back, window, 0)));
    finish(node);
    Arrays.fill(bytes, 4096, 4108, (byte) 0);
    assertThat(bytes(back)).isEqualTo(bytes);
  }
}

package io.samepage.testkit.node;

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

import io.samepage.DeviceException;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeQueue.After;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a device does that reserves address space and gives parts of it memory. Needs one. */
public abstract class SparseWindowContract extends BackendUnderTest {
  /** For subclasses. */
  protected SparseWindowContract() {}

  @Nested
  class Sparse extends NodeContract {
    private static final int UNITS = 6;

    private final Random random = new Random(20_261_121);
    private int unit;
    private Window window;

    Sparse() {
      super(SparseWindowContract.this, 1);
    }

    @BeforeEach
    void reserve() {
      unit = Math.toIntExact(node.sparseUnitBytes());
      window = node.reserve((long) UNITS * unit);
    }

    /** Before the nodes are closed. */
    @AfterEach
    void free() throws InterruptedException {
      for (DeviceNode each : fixture.nodes()) {
        finish(each);
      }
      node.free(window);
    }

    private void back(int... units) {
      Arrays.stream(units).forEach(each -> node.back(window, (long) each * unit, unit));
    }

    private void unback(int... units) throws InterruptedException {
      finish(node);
      Arrays.stream(units).forEach(each -> node.unback(window, (long) each * unit, unit));
    }

    @Test
    void addressSpaceSaysWhatItIs() {
      assertThat(unit).isPositive().matches(bytes -> Integer.bitCount(bytes) == 1, "a power of two");
      assertThat(window.isSparse()).isTrue();
      assertThat(window.sparseUnitBytes()).isEqualTo(unit);
      assertThat(window.sizeBytes()).isEqualTo((long) UNITS * unit);
      assertThat(window.handle()).isNotZero();
      assertThat(window.isAdopted()).isFalse();
      assertThat(fixture.window(node, 1).isSparse()).isFalse();
    }

    @Test
    void addressSpaceMayBeLargerThanTheDevice() {
      long units = node.info().memoryBytes() / unit + 1;
      Window large = node.reserve(units * unit);
      assertThat(large.sizeBytes()).isGreaterThan(node.maxWindowBytes());
      node.back(large, (units - 1) * unit, unit);
      node.unback(large, (units - 1) * unit, unit);
      node.free(large);
    }

    @Test
    void partsWithMemoryHoldWhatWasPutThere() throws InterruptedException {
      back(1, 4);
      byte[] one = random(random, unit);
      byte[] four = random(random, unit);
      fixture.upload(node, window, unit, one);
      fixture.upload(node, window, 4L * unit, four);
      assertThat(fixture.download(node, window, unit, unit)).isEqualTo(one);
      assertThat(fixture.download(node, window, 4L * unit, unit)).isEqualTo(four);
      unback(1);
      assertThat(fixture.download(node, window, 4L * unit, unit)).as("beside what was taken").isEqualTo(four);
      back(1, 2, 3);
      assertThat(fixture.download(node, window, 4L * unit, unit)).as("beside what was given").isEqualTo(four);
      unback(3, 1, 4, 2);
    }

    @Test
    void neighboursAreUsedByOneCommand() throws InterruptedException {
      back(3, 1, 2);
      long bytes = 3L * unit;
      byte[] model = random(random, (int) bytes);
      node.upload(List.of(run(fixture.host(model), window, unit)));
      assertThat(fixture.download(node, window, unit, bytes)).isEqualTo(model);
      launch(node, "fill", bytes / 4, out(window, unit, bytes), value(7));
      launch(node, "increment", bytes / 8, inOut(window, unit + bytes / 4, bytes / 2), value(2));
      int[] ints = fixture.downloadInts(node, window, unit, bytes / 4);
      assertThat(ints).isEqualTo(IntStream.range(0, ints.length).map(i -> i * 4L < bytes / 4 || i * 4L >= bytes / 4 * 3 ? 7 : 9)
          .toArray());
      node.fill(window, unit + 5, bytes - 9, (byte) 3);
      byte[] filled = new byte[(int) bytes - 9];
      Arrays.fill(filled, (byte) 3);
      assertThat(fixture.download(node, window, unit + 5, bytes - 9)).isEqualTo(filled);
      unback(1, 2, 3);
    }

    @Test
    void aPartOfSeveralUnitsGetsAndLosesItsMemoryAtOnce() throws InterruptedException {
      node.back(window, unit, 4L * unit);
      byte[] model = random(random, 4 * unit);
      fixture.upload(node, window, unit, model);
      assertThat(fixture.download(node, window, unit, 4L * unit)).isEqualTo(model);
      finish(node);
      node.unback(window, unit, 4L * unit);
    }

    @Test
    void copiesWithinADeviceSpanUnits() throws InterruptedException {
      back(0, 1, 3, 4);
      byte[] model = random(random, 2 * unit);
      fixture.upload(node, window, 0, model);
      pass(node.computeQueues().getFirst().copy(new PeerRun(window, 1, window, 3L * unit + 1, 2L * unit - 1), After.NOTHING));
      assertThat(fixture.download(node, window, 3L * unit + 1, 2L * unit - 1)).isEqualTo(Arrays.copyOfRange(model, 1, 2 * unit));
      unback(0, 1, 3, 4);
    }

    @Test
    void aKernelReadsAndWritesPartsOfOneWindow() throws InterruptedException {
      back(0, 5);
      long items = unit / 4;
      fixture.upload(node, window, 0, IntStream.range(0, (int) items).toArray());
      launch(node, "fill", items, out(window, 5L * unit, unit), value(100));
      launch(node, "add", items, in(window, 0, unit), in(window, 5L * unit, unit), out(window, 5L * unit, unit));
      assertThat(fixture.downloadInts(node, window, 5L * unit, items)).isEqualTo(IntStream.range(100, 100 + (int) items).toArray());
      unback(0, 5);
    }

    @Test
    void evenlySpacedRunsSpanUnitsThatHaveMemoryAndGoAroundThoseThatHaveNone() throws InterruptedException {
      back(0, 1, 2, 5);
      byte[] model = random(random, UNITS * unit);
      for (int part : new int[] {0, 1, 2, 5}) {
        fixture.upload(node, window, (long) part * unit, Arrays.copyOfRange(model, part * unit, (part + 1) * unit));
      }
      MemorySegment host = fixture.host((long) UNITS * unit);
      int stride = unit / 8 + 24;
      List<Integer> places = IntStream.range(0, 3 * unit / stride - 1).mapToObj(i -> 16 + i * stride).toList();
      node.download(places.stream().map(at -> run(host.asSlice(at, 40), window, at)).toList());
      List<Integer> far = List.of(0, unit, 2 * unit, 5 * unit);
      node.download(far.stream().map(at -> run(host.asSlice(at, 8), window, at)).toList());
      finish(node);
      assertThat(places).hasSizeGreaterThan(16).allSatisfy(at ->
          assertThat(NodeFixture.bytes(host.asSlice(at, 40))).isEqualTo(Arrays.copyOfRange(model, at, at + 40)));
      assertThat(far).allSatisfy(at ->
          assertThat(NodeFixture.bytes(host.asSlice(at, 8))).isEqualTo(Arrays.copyOfRange(model, at, at + 8)));
      unback(0, 1, 2, 5);
    }

    @Test
    void memoryThatTheDeviceDoesNotHaveIsRefusedAndNothingIsLeftOfIt() throws InterruptedException {
      long units = node.info().memoryBytes() / unit + 1;
      Window large = node.reserve(units * unit);
      assertThatThrownBy(() -> node.back(large, 0, units * unit)).isInstanceOf(DeviceException.class)
          .hasMessageContaining(node.info().name());
      node.back(large, 0, unit);
      byte[] model = random(random, unit);
      fixture.upload(node, large, 0, model);
      assertThat(fixture.download(node, large, 0, unit)).isEqualTo(model);
      node.unback(large, 0, unit);
      node.free(large);
    }
  }
}

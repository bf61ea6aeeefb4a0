package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.bytes;
import static io.samepage.testkit.node.NodeFixture.finish;
import static io.samepage.testkit.node.NodeFixture.pass;
import static io.samepage.testkit.node.NodeFixture.random;
import static io.samepage.testkit.node.NodeFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.CopyRun;
import io.samepage.node.PeerRun;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes go where they are told to, in order, and are counted. */
abstract class CopyContract extends NodeContract {
  private final Random random = new Random(20_261_101);

  CopyContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "3, 5", "127, 129", "4095, 4098", "65535, 100001", "0, 262144", "262143, 1"})
  void bytesComeBackAsTheyWentUp(int offset, int size) throws InterruptedException {
    Window window = fixture.window(node, 4 * UNIT_BYTES);
    byte[] background = random(random, 4 * UNIT_BYTES);
    byte[] bytes = random(random, size);
    fixture.upload(node, window, 0, background);
    fixture.upload(node, window, offset, bytes);
    assertThat(fixture.download(node, window, offset, size)).isEqualTo(bytes);
    System.arraycopy(bytes, 0, background, offset, size);
    assertThat(fixture.download(node, window, 0, background.length)).as("bytes beside it").isEqualTo(background);
  }

  @Test
  void hostAddressesNeedNoAlignment() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    byte[] bytes = random(random, 1000);
    MemorySegment host = fixture.host(3003);
    MemorySegment.copy(bytes, 0, host, ValueLayout.JAVA_BYTE, 1, 1000);
    node.upload(List.of(run(host.asSlice(1, 1000), window, 7)));
    node.download(List.of(run(host.asSlice(2003, 1000), window, 7)));
    finish(node);
    assertThat(bytes(host.asSlice(2003, 1000))).isEqualTo(bytes);
    assertThat(bytes(host.asSlice(1001, 1002))).containsOnly(0);
  }

  @Test
  void manyRunsInOneCallGoWhereTheyBelong() throws InterruptedException {
    byte[][] expected = {random(random, 4 * UNIT_BYTES), random(random, 4 * UNIT_BYTES)};
    Window[] windows = new Window[2];
    for (int w = 0; w < 2; w++) {
      windows[w] = fixture.window(node, 4 * UNIT_BYTES);
      fixture.upload(node, windows[w], 0, expected[w]);
    }
    List<CopyRun> uploads = new ArrayList<>();
    for (int offset = 0; offset < 4 * UNIT_BYTES - 800; offset += 400 + random.nextInt(400)) {
      byte[] bytes = random(random, 1 + random.nextInt(400));
      int w = random.nextInt(2);
      System.arraycopy(bytes, 0, expected[w], offset, bytes.length);
      uploads.add(run(fixture.host(bytes), windows[w], offset));
    }
    node.upload(uploads);
    MemorySegment[] back = {fixture.host(4 * UNIT_BYTES), fixture.host(4 * UNIT_BYTES)};
    node.download(pieces(back[0], windows[0], 999));
    node.download(pieces(back[1], windows[1], 1024));
    finish(node);
    assertThat(bytes(back[0])).isEqualTo(expected[0]);
    assertThat(bytes(back[1])).isEqualTo(expected[1]);
  }

  private static List<CopyRun> pieces(MemorySegment host, Window window, int pieceSize) {
    List<CopyRun> runs = new ArrayList<>();
    for (long offset = 0; offset < host.byteSize(); offset += pieceSize) {
      runs.add(run(host.asSlice(offset, Math.min(pieceSize, host.byteSize() - offset)), window, offset));
    }
    return runs;
  }

  @Test
  void noRunsAreNoCopies() throws InterruptedException {
    node.upload(List.of());
    node.download(List.of());
    node.copyFrom(node, List.of());
    finish(node);
    assertCounts(0, 0, 0, 0, 0);
  }

  @Test
  void largeRunsAreCopiedWhole() throws InterruptedException {
    Window window = fixture.window(node, (16 << 20) + UNIT_BYTES);
    byte[] bytes = random(random, (16 << 20) + 12_345);
    fixture.upload(node, window, 1, bytes);
    assertThat(Arrays.mismatch(fixture.download(node, window, 1, bytes.length), bytes)).isEqualTo(-1);
  }

  @Test
  void commandsRunInTheOrderTheyWereEnqueued() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    List<byte[]> versions = new ArrayList<>();
    List<MemorySegment> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] version = random(random, 5000);
      MemorySegment back = fixture.host(5000);
      node.upload(List.of(run(fixture.host(version), window, 11)));
      node.download(List.of(run(back, window, 11)));
      versions.add(version);
      seen.add(back);
    }
    finish(node);
    for (int i = 0; i < 100; i++) {
      assertThat(bytes(seen.get(i))).as("version %d", i).isEqualTo(versions.get(i));
    }
  }

  @Test
  void hostBytesMayBeChangedBehindAFence() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    byte[] bytes = random(random, UNIT_BYTES);
    MemorySegment host = fixture.host(bytes);
    node.upload(List.of(run(host, window, 0)));
    pass(node.fence());
    host.fill((byte) 0);
    assertThat(fixture.download(node, window, 0, UNIT_BYTES)).isEqualTo(bytes);
  }

  @Test
  void zeroClearsItsPartAlone() throws InterruptedException {
    Window window = fixture.window(node, 4 * UNIT_BYTES);
    byte[] bytes = random(random, 4 * UNIT_BYTES);
    fixture.upload(node, window, 0, bytes);
    node.zero(window, UNIT_BYTES, 2 * UNIT_BYTES);
    Arrays.fill(bytes, UNIT_BYTES, 3 * UNIT_BYTES, (byte) 0);
    assertThat(fixture.download(node, window, 0, bytes.length)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "3, 5", "8, 24", "16, 48", "127, 129", "4095, 4098", "65535, 100001", "0, 262144", "262143, 1"})
  void fillSetsItsPartAlone(int offset, int size) throws InterruptedException {
    Window window = fixture.window(node, 4 * UNIT_BYTES);
    byte[] bytes = random(random, 4 * UNIT_BYTES);
    fixture.upload(node, window, 0, bytes);
    node.fill(window, offset, size, (byte) -77);
    Arrays.fill(bytes, offset, offset + size, (byte) -77);
    assertThat(fixture.download(node, window, 0, bytes.length)).isEqualTo(bytes);
    assertThat(node.counters().bytesWithin()).isZero();
  }

  @Test
  void zeroRunsInOrderAndIsNotCounted() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    MemorySegment back = fixture.host(UNIT_BYTES);
    node.upload(List.of(run(fixture.host(random(random, UNIT_BYTES)), window, 0)));
    node.zero(window, 0, UNIT_BYTES);
    node.upload(List.of(run(fixture.host(new byte[] {1, 2, 3}), window, 5)));
    node.download(List.of(run(back, window, 0)));
    finish(node);
    byte[] expected = new byte[UNIT_BYTES];
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 5, 3);
    assertThat(bytes(back)).isEqualTo(expected);
    assertCounts(UNIT_BYTES + 3, 2, UNIT_BYTES, 1, 0);
  }

  @Test
  void copiesBetweenItsOwnWindows() throws InterruptedException {
    assertThat(node.canCopyFrom(node)).isTrue();
    Window source = fixture.window(node, 2 * UNIT_BYTES);
    Window target = fixture.window(node, 2 * UNIT_BYTES);
    byte[] from = random(random, 2 * UNIT_BYTES);
    byte[] to = random(random, 2 * UNIT_BYTES);
    fixture.upload(node, source, 0, from);
    fixture.upload(node, target, 0, to);
    node.copyFrom(node, List.of(new PeerRun(source, 1, target, 70_000, 30_001), new PeerRun(source, 99_999, target, 3, 1)));
    System.arraycopy(from, 1, to, 70_000, 30_001);
    to[3] = from[99_999];
    assertThat(fixture.download(node, target, 0, to.length)).isEqualTo(to);
    assertThat(fixture.download(node, source, 0, from.length)).isEqualTo(from);
  }

  @Test
  void copiesWithinOneWindowInOrder() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    byte[] bytes = random(random, 100);
    MemorySegment back = fixture.host(100);
    node.upload(List.of(run(fixture.host(bytes), window, 0)));
    node.copyFrom(node, List.of(new PeerRun(window, 0, window, 1000, 100)));
    node.copyFrom(node, List.of(new PeerRun(window, 1000, window, 501, 100)));
    node.upload(List.of(run(fixture.host(new byte[100]), window, 1000)));
    node.download(List.of(run(back, window, 501)));
    finish(node);
    assertThat(bytes(back)).isEqualTo(bytes);
  }

  @Test
  void everyCopyIsCounted() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    node.upload(List.of(run(fixture.host(10), window, 0), run(fixture.host(11), window, 100), run(fixture.host(12), window, 200)));
    node.download(List.of(run(fixture.host(500), window, 0), run(fixture.host(1), window, 9)));
    node.copyFrom(node, List.of(new PeerRun(window, 0, window, 1000, 77), new PeerRun(window, 0, window, 2000, 1)));
    finish(node);
    assertCounts(33, 3, 501, 2, 78);
  }

  private void assertCounts(long up, long upRuns, long down, long downRuns, long within) {
    TransferCounters counters = node.counters();
    assertThat(List.of(counters.bytesToDevice(), counters.runsToDevice(), counters.bytesToHost(), counters.runsToHost(),
        counters.bytesWithin(), counters.bytesFromPeers(), counters.launches()))
        .as("bytes and runs up, bytes and runs down, bytes within, bytes from peers, launches")
        .containsExactly(up, upRuns, down, downRuns, within, 0L, 0L);
  }
}

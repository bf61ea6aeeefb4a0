package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs of one size at even distances are copied by one call, on the test double. */
class RowCopiesTest {
  private static final String ROWS = "cuMemcpy2DAsync_v2";
  private static final int BYTES = 1 << 18;

  private final Arena arena = Arena.ofShared();
  private final Random random = new Random(20_261_121);
  private DeviceNode node;
  private Window window;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    node = opened();
    window = node.allocate(BYTES);
  }

  private static DeviceNode opened() {
    CudaBackend backend = new CudaBackend();
    DeviceInfo first = backend.probe().devices().getFirst();
    return backend.open(List.of(new DeviceRequest(first, first.budgetBytes()))).getFirst();
  }

  @AfterEach
  void close() {
    node.fence().awaitUninterruptibly();
    node.free(window);
    node.close();
    arena.close();
    assertThat(DoubleNative.notes()).isEmpty();
    DoubleNative.reset();
  }

  private byte[] filled() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    node.upload(List.of(new CopyRun(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address(), window, 0, BYTES)));
    node.fence().awaitUninterruptibly();
    return bytes;
  }

  private List<CopyRun> rows(MemorySegment host, long first, long sizeBytes, long strideBytes, int count) {
    return IntStream.range(0, count).mapToObj(i -> new CopyRun(host.address() + first + i * strideBytes, window, first + i * strideBytes,
        sizeBytes)).toList();
  }

  /** Copies rows from the device and answers how many calls for rows that took; the bytes between them stay. */
  private long download(MemorySegment host, long first, int sizeBytes, int strideBytes, int count) {
    byte[] model = host.asSlice(0, BYTES).toArray(ValueLayout.JAVA_BYTE);
    byte[] device = filled();
    long before = DoubleNative.calls(ROWS);
    node.download(rows(host, first, sizeBytes, strideBytes, count));
    node.fence().awaitUninterruptibly();
    for (int i = 0; i < count; i++) {
      int at = (int) first + i * strideBytes;
      System.arraycopy(device, at, model, at, sizeBytes);
    }
    assertThat(host.asSlice(0, BYTES).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model);
    return DoubleNative.calls(ROWS) - before;
  }

  private long callsDuring(String function, Consumer<DeviceNode> action) {
    long before = DoubleNative.calls(function);
    action.accept(node);
    return DoubleNative.calls(function) - before;
  }

  @Test
  void evenlySpacedRunsComeByOneCall() {
    MemorySegment host = arena.allocate(BYTES);
    assertThat(download(host, 12, 4, 1028, 200)).isEqualTo(1);
    assertThat(download(host, 1020, 8, 1024, 200)).as("rows that a pitch from the window's start would cut").isEqualTo(1);
    assertThat(node.counters().runsToHost()).isEqualTo(400);
    assertThat(node.counters().bytesToHost()).isEqualTo(200 * 12);
  }

  @Test
  void evenlySpacedRunsGoByOneCall() {
    byte[] model = filled();
    byte[] changed = new byte[BYTES];
    random.nextBytes(changed);
    MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_BYTE, changed);
    assertThat(callsDuring(ROWS, it -> it.upload(rows(host, 5, 100, 300, 800)))).isEqualTo(1);
    // Taken when the call returned, as it is not pinned.
    host.fill((byte) 0);
    IntStream.range(0, 800).forEach(i -> System.arraycopy(changed, 5 + i * 300, model, 5 + i * 300, 100));
    node.download(List.of(new CopyRun(host.address(), window, 0, BYTES)));
    node.fence().awaitUninterruptibly();
    assertThat(host.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model);
    assertThat(node.counters().runsToDevice()).isEqualTo(801);
  }

  @Test
  void whatIsNotEvenlySpacedGoesByItself() {
    MemorySegment host = arena.allocate(BYTES);
    assertThat(download(host, 0, 4, 64, 3)).as("too few").isZero();
    assertThat(download(host, 0, 64, 64, 10)).as("nothing between").isZero();
    List<CopyRun> runs = IntStream.range(0, 50).mapToObj(i -> new CopyRun(host.address() + i * i * 8L, window, i * i * 8L, 4)).toList();
    assertThat(callsDuring(ROWS, it -> it.download(runs))).isZero();
    assertThat(callsDuring("cuMemcpyDtoHAsync_v2", it -> it.download(runs))).isEqualTo(50);
  }

  @Test
  void rowsThatAreFurtherApartThanTheDriverTakesGoByThemselves() {
    node.free(window);
    node.close();
    DoubleNative.mostPitch(1024);
    node = opened();
    window = node.allocate(BYTES);
    MemorySegment host = arena.allocate(BYTES);
    assertThat(download(host, 0, 4, 1024, 200)).isEqualTo(1);
    assertThat(download(host, 0, 4, 1028, 200)).isZero();
  }

  @Test
  void noCallGoesFromOnePinnedChunkToTheNext() {
    MemorySegment chunks = arena.allocate(2 * HostPins.CHUNK_BYTES, HostPins.CHUNK_BYTES);
    node.useHost(chunks.address(), chunks.byteSize());
    MemorySegment host = chunks.asSlice(HostPins.CHUNK_BYTES - BYTES / 2, BYTES);
    node.download(List.of(new CopyRun(host.address(), window, 0, BYTES)));
    node.fence().awaitUninterruptibly();
    assertThat(DoubleNative.registeredBytes()).isEqualTo(2 * HostPins.CHUNK_BYTES);
    assertThat(download(host, 0, 16, 1024, 256)).as("one for each chunk").isEqualTo(2);
    assertThat(download(host, 1024 - 8, 16, 1024, 254)).as("a row in both by its halves").isEqualTo(4);
    assertThat(download(host, 0, 16, 1024, 128)).as("all in the first").isEqualTo(1);
    node.leaveHost(chunks.address(), chunks.byteSize());
  }

  @Test
  void aCallThatIsRefusedIsSaid() {
    MemorySegment host = arena.allocate(BYTES);
    DoubleNative.fail(ROWS, 1, CUresult.CUDA_ERROR_INVALID_VALUE, false);
    assertThatThrownBy(() -> node.download(rows(host, 0, 4, 64, 100))).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("cuMemcpy2DAsync", "CUDA_ERROR_INVALID_VALUE (1)", "cuda:0", "sizeBytes=400");
  }
}

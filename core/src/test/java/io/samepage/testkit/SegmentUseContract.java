package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Grid;
import io.samepage.UnifiedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

/** What Java code does with segments: on pages that a device has just written, and on pages that a device reads next. */
public abstract class SegmentUseContract extends TouchContract {
  /** Units, pages and a part of one. */
  private static final int SIZE_BYTES = 3 * UNIT_BYTES + 5000;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Test
  void copyingToTheHeapTakesWhatADeviceWrote() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    int[] heap = new int[SIZE_BYTES / 4];
    MemorySegment.copy(a, INT, 4, heap, 0, heap.length - 1);
    assertThat(Arrays.copyOf(heap, heap.length - 1)).isEqualTo(sequence(2, SIZE_BYTES - 4));
    increment(a, 1);
    byte[] odd = new byte[UNIT_BYTES];
    MemorySegment.copy(a, BYTE, UNIT_BYTES - 3, odd, 0, odd.length);
    MemorySegment expected = MemorySegment.ofArray(sequence(2, SIZE_BYTES));
    assertThat(odd).isEqualTo(expected.asSlice(UNIT_BYTES - 3, UNIT_BYTES).toArray(BYTE));
  }

  @Test
  void copyingFromTheHeapIsSeenByTheNextLaunch() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    int[] heap = sequence(1000, 2 * page());
    MemorySegment.copy(heap, 0, a, INT, page() - 8, heap.length);
    int[] expected = sequence(1, SIZE_BYTES);
    System.arraycopy(heap, 0, expected, (int) page() / 4 - 2, heap.length);
    assertThat(intsSeenByDevice(a)).isEqualTo(expected);
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void copyingToAndFromNativeMemoryKeepsEveryByte() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment other = confined.allocate(SIZE_BYTES);
      other.copyFrom(a);
      assertThat(other.toArray(INT)).isEqualTo(sequence(1, SIZE_BYTES));
      increment(a, 5);
      MemorySegment.copy(a, 3, other, 3, UNIT_BYTES);
      MemorySegment.copy(other, 0, a, 0, SIZE_BYTES);
    }
    MemorySegment expected = MemorySegment.ofArray(sequence(1, SIZE_BYTES));
    MemorySegment.copy(MemorySegment.ofArray(sequence(6, SIZE_BYTES)), 3, expected, 3, UNIT_BYTES);
    assertThat(seenByDevice(a)).isEqualTo(expected.toArray(BYTE));
  }

  @Test
  void copyingFromArenaToArenaTakesOneDevicePagesOverAnothers() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    try (UnifiedArena other = memory().confinedArena()) {
      MemorySegment b = other.allocate(SIZE_BYTES);
      fill(b, -1);
      MemorySegment.copy(a, page(), b, 2 * page(), UNIT_BYTES);
      int[] expected = repeated(-1, SIZE_BYTES);
      System.arraycopy(sequence(1, SIZE_BYTES), (int) page() / 4, expected, (int) page() / 2, UNIT_BYTES / 4);
      assertThat(intsSeenByDevice(b)).isEqualTo(expected);
      assertThat(loads(b)).isEqualTo(expected);
    }
    assertThat(loads(a)).isEqualTo(sequence(1, SIZE_BYTES));
  }

  @Test
  void copyingWithinASegmentMayOverlap() {
    MemorySegment a = onDevice(0, SIZE_BYTES);
    int[] expected = sequence(0, SIZE_BYTES);
    MemorySegment.copy(a, 0, a, page() + 4, UNIT_BYTES);
    System.arraycopy(expected, 0, expected, (int) page() / 4 + 1, UNIT_BYTES / 4);
    assertThat(intsSeenByDevice(a)).isEqualTo(expected);
    increment(a, 0);
    MemorySegment.copy(a, page() + 4, a, 8, UNIT_BYTES);
    System.arraycopy(expected, (int) page() / 4 + 1, expected, 2, UNIT_BYTES / 4);
    assertThat(intsSeenByDevice(a)).isEqualTo(expected);
  }

  @Test
  void fillingAPartKeepsWhatADeviceWroteAround() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    MemorySegment expected = MemorySegment.ofArray(sequence(1, SIZE_BYTES));
    for (long at : new long[] {1, page() - 1, UNIT_BYTES + 7, SIZE_BYTES - 9}) {
      a.asSlice(at, 9).fill((byte) 0x5A);
      expected.asSlice(at, 9).fill((byte) 0x5A);
    }
    assertThat(seenByDevice(a)).isEqualTo(expected.toArray(BYTE));
    assertThat(a.mismatch(expected)).isEqualTo(-1);
  }

  @Test
  void mismatchFindsTheByteThatADeviceChanged() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    MemorySegment b = allocate(SIZE_BYTES);
    copy(a, b);
    assertThat(a.mismatch(b)).isEqualTo(-1);
    for (long at : new long[] {SIZE_BYTES - 4, 2 * UNIT_BYTES, page() - 4, 0}) {
      increment(b.asSlice(at, 4), 1);
      assertThat(a.mismatch(b)).isEqualTo(at);
      assertThat(MemorySegment.ofArray(sequence(1, SIZE_BYTES)).mismatch(b)).isEqualTo(at);
    }
  }

  @Test
  void byteBuffersReadAndWriteTheSamePages() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    ByteBuffer buffer = a.asByteBuffer().order(ORDER);
    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.getInt(UNIT_BYTES)).isEqualTo(UNIT_BYTES / 4 + 1);
    int[] all = new int[SIZE_BYTES / 4];
    buffer.asIntBuffer().get(all);
    assertThat(all).isEqualTo(sequence(1, SIZE_BYTES));
    increment(a, 1);
    assertThat(buffer.slice(8, SIZE_BYTES - 8).order(ORDER).compareTo(a.asSlice(8).asByteBuffer().order(ORDER))).isZero();
    buffer.putInt(4, -1).position((int) page() + 2).put(new byte[] {1, 2, 3});
    MemorySegment expected = MemorySegment.ofArray(sequence(2, SIZE_BYTES));
    expected.set(INT, 4, -1);
    expected.asSlice(page() + 2).copyFrom(MemorySegment.ofArray(new byte[] {1, 2, 3}));
    assertThat(seenByDevice(a)).isEqualTo(expected.toArray(BYTE));
  }

  @Test
  void floatAndDoubleBuffersReadAndWriteTheSamePages() {
    MemorySegment a = allocate(UNIT_BYTES);
    MemorySegment b = allocate(UNIT_BYTES);
    FloatBuffer floats = a.asByteBuffer().order(ORDER).asFloatBuffer();
    FloatBuffer results = b.asByteBuffer().order(ORDER).asFloatBuffer();
    for (int i = 0; i < floats.capacity(); i++) {
      floats.put(i, i / 2f);
    }
    kernel("affine").launch(Grid.of(floats.capacity()), in(a), out(b), value(2f), value(1f));
    for (int i = 0; i < results.capacity(); i++) {
      assertThat(results.get(i)).isEqualTo(i + 1f);
    }
    DoubleBuffer doubles = b.asByteBuffer().order(ORDER).asDoubleBuffer();
    doubles.put(3, Math.PI).put(doubles.capacity() - 1, -0.0);
    copy(b, a);
    DoubleBuffer copied = a.asByteBuffer().order(ORDER).asDoubleBuffer();
    assertThat(copied.get(3)).isEqualTo(Math.PI);
    assertThat(copied.get(copied.capacity() - 1)).isEqualTo(-0.0);
    assertThat(copied).isEqualTo(doubles);
  }

  @Test
  void vectorsAreLoadedFromPagesThatADeviceWrote() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    // Beginning beside a multiple of the vector's size, so that some lie across pages.
    int sum = 0;
    int length = SIZE_BYTES / 4;
    for (int i = 1; i < length; i += INTS.length()) {
      VectorMask<Integer> mask = INTS.indexInRange(i, length);
      sum += IntVector.fromMemorySegment(INTS, a, 4L * i, ORDER, mask).reduceLanes(VectorOperators.ADD, mask);
    }
    assertThat(sum).isEqualTo(Arrays.stream(sequence(1, SIZE_BYTES)).skip(1).sum());
  }

  @Test
  void vectorsThatAreStoredAreSeenByTheNextLaunch() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    int length = SIZE_BYTES / 4;
    for (int i = 1; i < length; i += INTS.length()) {
      VectorMask<Integer> mask = INTS.indexInRange(i, length);
      IntVector.fromMemorySegment(INTS, a, 4L * i, ORDER, mask).mul(3).intoMemorySegment(a, 4L * i, ORDER, mask);
    }
    int[] expected = Arrays.stream(sequence(1, SIZE_BYTES)).map(x -> x == 1 ? 1 : 3 * x).toArray();
    assertThat(intsSeenByDevice(a)).isEqualTo(expected);
    increment(a, 1);
    assertThat(loads(a)).isEqualTo(Arrays.stream(expected).map(x -> x + 1).toArray());
  }

  @Test
  void vectorsAndKernelsTakeTurns() {
    MemorySegment a = allocate(UNIT_BYTES);
    MemorySegment b = allocate(UNIT_BYTES);
    for (int round = 1; round <= 10; round++) {
      FloatVector.broadcast(FLOATS, round).intoMemorySegment(a, 4L * 1000 * round, ORDER);
      kernel("affine").launch(Grid.of(UNIT_BYTES / 4), in(a), out(b), value(2f), value(0f));
      FloatVector seen = FloatVector.fromMemorySegment(FLOATS, b, 4L * 1000 * round, ORDER);
      assertThat(seen.reduceLanes(VectorOperators.MIN)).isEqualTo(2f * round);
      assertThat(seen.reduceLanes(VectorOperators.MAX)).isEqualTo(2f * round);
    }
    assertThat(b.getAtIndex(FLOAT, 999)).isZero();
  }

  @Test
  void stringsCrossPagesAndDevices() {
    String text = "der Kernel schrieb: déjà vu, 再見 ".repeat(300);
    MemorySegment a = allocate(SIZE_BYTES);
    fill(a, 0x41414141);
    a.setString(page() - 7, text);
    MemorySegment b = allocate(SIZE_BYTES);
    copy(a, b);
    assertThat(b.getString(page() - 7)).isEqualTo(text);
    assertThat(b.get(BYTE, page() - 8)).isEqualTo((byte) 'A');
    MemorySegment c = arena().allocateFrom(text, StandardCharsets.UTF_16LE);
    MemorySegment d = allocate(c.byteSize());
    copy(c, d);
    assertThat(d.getString(0, StandardCharsets.UTF_16LE)).isEqualTo(text);
  }

  @Test
  void structuresAreReadAndWrittenByTheirPaths() {
    StructLayout point = MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("x"), ValueLayout.JAVA_INT.withName("y"),
        ValueLayout.JAVA_LONG.withName("stamp"));
    VarHandle y = point.arrayElementVarHandle(MemoryLayout.PathElement.groupElement("y"));
    VarHandle stamp = point.arrayElementVarHandle(MemoryLayout.PathElement.groupElement("stamp"));
    long count = 3000;
    MemorySegment points = arena().allocate(point, count);
    fill(points, 9);
    for (long i = 0; i < count; i += 100) {
      assertThat((int) y.get(points, 0L, i)).isEqualTo(9);
      stamp.set(points, 0L, i, i << 32 | 5);
    }
    increment(points, 1);
    for (long i = 0; i < count; i += 100) {
      assertThat((int) y.get(points, 0L, i)).isEqualTo(10);
      assertThat((long) stamp.getVolatile(points, 0L, i)).isEqualTo((i + 1) << 32 | 6);
    }
  }

  @Test
  void atomicsOfSeveralThreadsStartFromWhatADeviceWrote() {
    int threads = 4;
    int adds = 2_000;
    VarHandle handle = ValueLayout.JAVA_INT.varHandle();
    MemorySegment a = allocate(4 * page());
    fill(a, 100);
    for (int round = 1; round <= 5; round++) {
      Crew.run(threads, TIMEOUT, thread -> {
        for (int i = 0; i < adds; i++) {
          handle.getAndAdd(a, (i % 4) * page(), 1);
          addByExchange(handle, a, (i % 4) * page() + 8);
        }
      }, () -> "atomics of several threads");
      increment(a, 1);
      int added = round * threads * adds / 4 + 100 + round;
      for (long at = 0; at < a.byteSize(); at += page()) {
        assertThat((int) handle.getVolatile(a, at)).isEqualTo(added);
        assertThat((int) handle.getAcquire(a, at + 8)).isEqualTo(added);
        assertThat((int) handle.getOpaque(a, at + 4)).isEqualTo(100 + round);
      }
    }
  }

  private static void addByExchange(VarHandle handle, MemorySegment segment, long at) {
    int seen = (int) handle.getVolatile(segment, at);
    while (!handle.compareAndSet(segment, at, seen, seen + 1)) {
      seen = (int) handle.getVolatile(segment, at);
    }
  }

  @Test
  void streamsOfElementsMayBeParallel() {
    MemorySegment a = onDevice(1, SIZE_BYTES);
    long sum = a.elements(ValueLayout.JAVA_INT).parallel().mapToLong(element -> element.get(INT, 0)).sum();
    assertThat(sum).isEqualTo(Arrays.stream(sequence(1, SIZE_BYTES)).asLongStream().sum());
    a.elements(ValueLayout.JAVA_INT).parallel().forEach(element -> element.set(INT, 0, -element.get(INT, 0)));
    kernel("increment").launch(Grid.of(SIZE_BYTES / 4), inOut(a), value(1));
    assertThat(loads(a)).isEqualTo(Arrays.stream(sequence(1, SIZE_BYTES)).map(x -> 1 - x).toArray());
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.local;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.MemoryStatistics;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kernels and arguments that don't fit: a clear error before anything moved. A kernel doesn't tell everything of its parameters in
 * every language; what it tells is enforced.
 */
public abstract class BadArgumentsContract extends MemoryContract {
  private UnifiedRange a;
  private UnifiedRange b;

  @BeforeEach
  void allocateArguments() {
    a = pages(2);
    b = pages(2);
    write(a, 1);
    write(b, 1);
  }

  @Test
  void thereAreAsManyArgumentsAsParameters() {
    refuses("add", in(a), in(a));
    refuses("add", in(a), in(a), out(b), value(1));
    refuses("fill");
    refuses("fill", out(a));
    refuses("fill", out(a), value(1), value(2));
  }

  @Test
  void memoryAndValuesAreNotTakenForEachOther() {
    refuses("fill", value(1), value(1));
    refuses("fill", out(a), in(b));
    refuses("fill", value(1), out(a));
    refuses("add", in(a), value(1L), out(b));
    refuses("weigh", in(slice(4)), out(b.slice(0, 8)), value(1L), value(1.0), in(b.slice(8, 8)), value((byte) 1));
  }

  @Test
  void aValueHasTheTypeOfItsParameter() {
    refuses("fill", out(slice(4)), value(1L));
    refuses("fill", out(slice(4)), value((short) 1));
    refuses("fill", out(slice(4)), value((byte) 1));
    refuses("fill", out(slice(4)), value(1.0));
    refuses("weigh", in(slice(4)), out(b.slice(0, 8)), value(1), value(1.0), value((short) 1), value((byte) 1));
    refuses("weigh", in(slice(4)), out(b.slice(0, 8)), value(1L), value(1f), value((short) 1), value((byte) 1));
    refuses("weigh", in(slice(4)), out(b.slice(0, 8)), value(1L), value(1.0), value(1), value((byte) 1));
    refuses("weigh", in(slice(4)), out(b.slice(0, 8)), value(1L), value(1.0), value((short) 1), value((short) 1));
    refuses("affine", in(slice(4)), out(b.slice(0, 4)), value(1.0), value(1f));
  }

  @Test
  void plainObjectsFitTheirParametersToo() {
    refuses("fill", a);
    refuses("fill", 1, 1);
    refuses("fill", a, b);
    refuses("fill", a, slice(4));
    refuses("fill", a, 1L);
    refuses("fill", a, 1f);
    refuses("fill", a, 'a');
    refuses("fill", a, true);
    refuses("fill", a, value('a'));
    refuses("weigh", slice(4), b.slice(0, 8), 1, 1.0, (short) 1, (byte) 1);
    refuses("copy", a, a);
  }

  @Test
  void otherObjectsAreNoArguments() {
    for (Object other : new Object[] {"text", new float[4], BigInteger.ONE, new AtomicInteger(1), List.of(1), memory(), Optional.of(a)}) {
      refuses("fill", other, 1);
      refuses("fill", a, other);
      refusesSpecial("weigh", a.slice(0, 4), other, 1f);
      refusesSpecial("reverse", a, other);
    }
    refuses("fill", null, 1);
    refuses("fill", a, null);
  }

  @Test
  void segmentsThatAreNoneOfOursAreNotTakenForMemory() {
    refuses("copy", MemorySegment.ofArray(new byte[8]), b);
    refuses("copy", a, MemorySegment.ofArray(new byte[8]));
    refuses("copy", Arena.ofAuto().allocate(8), b);
    try (UnifiedMemory other = builder().open(); UnifiedRange theirs = other.allocate(8)) {
      refuses("copy", theirs, b.slice(0, 8));
      refuses("copy", theirs.all(), b.slice(0, 8));
      try (HostLease lease = theirs.host(Access.READ)) {
        refuses("copy", lease.segment(), b.slice(0, 8));
      }
    }
  }

  @Test
  void aReadOnlySegmentIsNotInferredToBeWritten() {
    try (HostLease lease = b.slice(0, 8).host(Access.READ)) {
      refuses("copy", a.slice(0, 8), lease.segment());
      refuses("increment", lease.segment(), 1);
    }
  }

  @Test
  void aStructHasTheSizeOfItsParameter() {
    for (int sizeBytes : new int[] {1, 8, 11, 13, 16, 1000}) {
      refusesSpecial("apply", slice(16), b.slice(0, 16), MemorySegment.ofArray(new byte[sizeBytes]));
      refusesSpecial("apply", slice(16), b.slice(0, 16), value(MemorySegment.ofArray(new byte[sizeBytes])));
    }
    for (int sizeBytes : new int[] {4, 12, 15, 32}) {
      refusesSpecial("weigh", slice(4), MemorySegment.ofArray(new byte[sizeBytes]), 1f);
    }
    assertThatThrownBy(() -> value(MemorySegment.NULL)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> value(MemorySegment.ofArray(new byte[(64 << 10) + 1]))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sizeBytes=65537");
  }

  @Test
  void structsLocalMemoryAndTheOthersAreNotTakenForEachOther() {
    MemorySegment four = MemorySegment.ofArray(new int[4]);
    refusesSpecial("weigh", slice(4), 1f, 1f);
    refusesSpecial("weigh", slice(4), slice(16), 1f);
    refusesSpecial("weigh", slice(4), local(16), 1f);
    refusesSpecial("weigh", value(four), four, 1f);
    refusesSpecial("weigh", slice(4), four, value(four));
    refusesSpecial("weigh", slice(4), four, four);
    refusesSpecial("weigh", local(4), four, 1f);
    refusesSpecial("reverse", a, b);
    refusesSpecial("reverse", a, 16);
    refusesSpecial("reverse", a, four);
  }

  @Test
  void localMemoryIsMadeOfWholeElementsAndFitsIntoTheDevice() {
    refusesSpecial("reverse", a, local(6));
    refusesSpecial("reverse", a, local(1L << 40));
    refusesSpecial("reverse", a, local(Long.MAX_VALUE - 3));
    for (long sizeBytes : new long[] {0, -4, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> local(sizeBytes)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("" + sizeBytes);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 4", "6, 8", "4095, 4", "0, 1", "0, 5", "4, 7"})
  void aSliceIsMadeOfWholeElements(long offsetBytes, long sizeBytes) {
    Slice crooked = a.slice(offsetBytes, sizeBytes);
    refusesElements("fill", 0, 4, out(crooked), value(1));
    refusesElements("increment", 0, 4, inOut(crooked), value(1));
    refusesElements("add", 0, 4, in(crooked), in(b), out(b.slice(0, 4)));
  }

  @Test
  void aSliceOfLongsIsMadeOfWholeLongs() {
    refusesElements("weigh", 1, 8, in(slice(4)), out(b.slice(4, 8)), value(1L), value(1.0), value((short) 1), value((byte) 1));
    refusesElements("weigh", 1, 8, in(slice(4)), out(b.slice(8, 12)), value(1L), value(1.0), value((short) 1), value((byte) 1));
  }

  @Test
  void whatTheKernelReadsIsNotDeclaredAsOverwritten() {
    refusesAccess("add", 0, Access.READ, out(a), in(b), out(b));
    refusesAccess("copy", 0, Access.READ, out(a), out(b));
    refusesAccess("copy", 0, Access.READ, inOut(a), out(b));
    refusesAccess("increment", 0, Access.READ_WRITE, out(slice(4)), value(1));
  }

  @Test
  void whatTheKernelWritesIsNotDeclaredAsRead() {
    refusesAccess("fill", 0, Access.WRITE, in(slice(4)), value(1));
    refusesAccess("copy", 1, Access.WRITE, in(a), in(b));
    refusesAccess("increment", 0, Access.READ_WRITE, in(slice(4)), value(1));
  }

  @Test
  void argumentsDontOverlapWhenOneIsWritten() {
    refuses("copy", in(a), out(a));
    refuses("copy", in(a.slice(0, 10)), out(a.slice(9, 10)));
    refuses("copy", in(a.slice(9, 10)), out(a.slice(0, 10)));
    refuses("add", in(b), in(a.slice(page(), 8)), out(a));
    refuses("add", in(a.slice(0, 16)), in(b), out(a.slice(12, 4)));
    refuses("add", in(b), in(b), out(b));
    kernel("copy").launch(Grid.of(10), in(a.slice(0, 10)), out(a.slice(10, 10))).await();
  }

  @Test
  void aKernelThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> kernel("nonesuch")).isInstanceOf(KernelBuildException.class).hasMessageContaining("nonesuch")
        .hasMessageContaining(device().name());
  }

  @Test
  void aSourceWithoutAFormForTheDeviceIsAnError() {
    KernelSource nothing = KernelSource.builder().build();
    assertThatThrownBy(() -> device().kernel(nothing, "fill")).isInstanceOf(KernelBuildException.class)
        .hasMessageContaining(device().name());
  }

  @Test
  void parametersTellOnlyWhatTheSourceSays() {
    KernelParameter from = kernel("copy").parameters().get(0);
    KernelParameter value = kernel("fill").parameters().get(1);
    assertThat(from).isInstanceOfSatisfying(KernelParameter.Buffer.class, buffer -> {
      assertThat(buffer.elementSizeBytes()).isEqualTo(1);
      assertThat(buffer.access()).isIn(Optional.empty(), Optional.of(Access.READ));
    });
    assertThat(kernel("increment").parameters().get(0)).isInstanceOfSatisfying(KernelParameter.Buffer.class,
        buffer -> assertThat(buffer.elementSizeBytes()).isIn(1, 4));
    assertThat(value).isInstanceOfSatisfying(KernelParameter.Value.class, v -> assertThat(v.type()).isEqualTo(int.class));
  }

  private Slice slice(long sizeBytes) {
    return a.slice(0, sizeBytes);
  }

  private void refusesElements(String kernel, int parameter, int elementSizeBytes, Object... arguments) {
    if (buffer(kernel, parameter).elementSizeBytes() == elementSizeBytes) {
      refuses(kernel, arguments);
    }
  }

  private void refusesAccess(String kernel, int parameter, Access access, Object... arguments) {
    if (buffer(kernel, parameter).access().equals(Optional.of(access))) {
      refuses(kernel, arguments);
    }
  }

  private KernelParameter.Buffer buffer(String kernel, int parameter) {
    return (KernelParameter.Buffer) kernel(kernel).parameters().get(parameter);
  }

  private void refuses(String name, Object... arguments) {
    refuses(kernel(name), arguments);
  }

  private void refusesSpecial(String name, Object... arguments) {
    refuses(device().kernel(ArgumentKernels.SOURCE, name), arguments);
  }

  private void refuses(Kernel kernel, Object... arguments) {
    MemoryStatistics before = memory().statistics();
    long used = device().usedBytes();
    assertThatThrownBy(() -> kernel.launch(Grid.of(1), arguments)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("kernel=" + kernel.name(), "device=" + device().name());
    assertThat(memory().statistics()).isEqualTo(before);
    assertThat(device().usedBytes()).isEqualTo(used);
  }
}

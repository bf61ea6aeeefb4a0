package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.local;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.testkit.node.GridKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What launches can be given: plain objects, whose use is inferred, values of all types, structs, local memory, grids. */
public abstract class ArgumentsContract extends MemoryContract {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Kernel special(String name) {
    return device().kernel(ArgumentKernels.SOURCE, name);
  }

  private static void writeFloats(UnifiedRange range) {
    try (HostLease lease = range.host(Access.WRITE)) {
      for (long i = 0; i < range.sizeBytes() / 4; i++) {
        lease.segment().setAtIndex(FLOAT, i, i);
      }
    }
  }

  private static float[] floats(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(FLOAT);
    }
  }

  @Test
  void rangesAndNumbersAreArguments() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    writeFloats(a);
    special("scale").launch(Grid.of(page() / 4), a, b, 2f);
    assertThat(floats(b.slice(0, 16))).containsExactly(0, 2, 4, 6);
    assertThat(floats(b.slice(page() - 4, 4))).containsExactly(2 * (page() / 4 - 1));
  }

  @Test
  void slicesSegmentsAndDeclaredArgumentsMixWithThem() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    writeFloats(a);
    Kernel scale = special("scale");
    scale.launch(Grid.of(4), a.slice(16, 16), out(b.slice(0, 16)), 2f);
    scale.launch(Grid.of(4), in(a.slice(16, 16)), b.slice(16, 16), value(3f));
    try (HostLease lease = a.host(Access.READ)) {
      MemorySegment readOnly = lease.segment().asSlice(16, 16);
      assertThat(readOnly.isReadOnly()).isTrue();
      scale.launch(Grid.of(4), readOnly, inOut(b.slice(32, 16)), 4f).await();
    }
    assertThat(floats(b.slice(0, 52))).containsExactly(8, 10, 12, 14, 12, 15, 18, 21, 16, 20, 24, 28, 0);
  }

  @Test
  void whatTheKernelOnlyReadsStaysValidOnTheHost() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    writeFloats(a);
    special("scale").launch(Grid.of(page() / 4), a, b, 1f).await();
    assertThat(a.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST, device().name()));
    assertThat(b.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(Moved.during(memory(), () -> floats(a.all()))).isEqualTo(Moved.NOTHING);
  }

  @Test
  void anOutputThatTheHostWroteLastGoesUpUnlessItIsDeclaredOut() {
    UnifiedRange a = pages(2);
    UnifiedRange b = pages(2);
    Kernel scale = special("scale");
    writeFloats(a);
    writeFloats(b);
    readOnDevice(a);
    assertThat(Moved.during(memory(), () -> scale.launch(Grid.of(page() / 2), a, b, 2f).await()))
        .as("inferred: the kernel may leave bytes as they are").isEqualTo(toDevice(2 * page(), 1));
    writeFloats(b);
    assertThat(Moved.during(memory(), () -> scale.launch(Grid.of(page() / 2), a, out(b), 3f).await())).as("declared")
        .isEqualTo(Moved.NOTHING);
    assertThat(floats(b.slice(page() - 4, 8))).containsExactly(3 * (page() / 4 - 1), 3 * page() / 4);
  }

  @Test
  void anOutputThatTheHostDidNotWriteLastCostsNothing() {
    UnifiedRange a = pages(2);
    UnifiedRange b = pages(2);
    Kernel scale = special("scale");
    writeFloats(a);
    readOnDevice(a);
    assertThat(Moved.during(memory(), () -> {
      for (int i = 0; i < 5; i++) {
        scale.launch(Grid.of(page() / 2), a, b, 2f).await();
      }
    })).isEqualTo(Moved.NOTHING);
  }

  @Test
  void whatAKernelSaysOfAnOutputIsInferredToo() {
    UnifiedRange a = pages(2);
    write(a, 1);
    Kernel overwrite = special("overwrite");
    Optional<Access> said = ((KernelParameter.Buffer) overwrite.parameters().getFirst()).access();
    Moved expected = said.equals(Optional.of(Access.WRITE)) ? Moved.NOTHING : toDevice(2 * page(), 1);
    assertThat(Moved.during(memory(), () -> overwrite.launch(Grid.of(page() / 2), a, 5).await())).isEqualTo(expected);
    assertThat(ints(a)).containsOnly(5);
  }

  @Test
  void aPromiseThatMemoryIsOnlyReadIsBelieved() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    write(a, 1);
    special("peek").launch(Grid.of(page() / 4), in(a), out(b)).await();
    assertThat(a.all().residency().nodes(0)).contains(Residency.HOST, device().name());
    assertThat(ints(b)).isEqualTo(sequence(1, page()));
    special("peek").launch(Grid.of(page() / 4), a, b).await();
    assertThat(a.all().residency().nodes(0)).as("without it").containsExactlyInAnyOrder(holders(device().name()));
  }

  @Test
  void valuesOfEveryPrimitiveTypeReachTheKernel() {
    UnifiedRange a = memory().allocate(48);
    special("pack").launch(Grid.of(1), a, (byte) -3, (short) -300, 70_000, 1L << 40, 0.25f, -1e300);
    try (HostLease lease = a.host(Access.READ)) {
      assertThat(lease.segment().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED)).containsExactly(-3, -300, 70_000, 1L << 40, 0.25, -1e300);
    }
    UnifiedRange b = memory().allocate(8);
    special("letters").launch(Grid.of(1), b, '\uFFFE', true);
    assertThat(ints(b)).containsExactly(0xFFFE, 1);
    special("letters").launch(Grid.of(1), out(b), value('x'), value(false));
    assertThat(ints(b)).containsExactly('x', 0);
  }

  @Test
  void aSmallStructGoesByValueAndMayChangeRightAfterTheLaunch() {
    UnifiedRange a = memory().allocate(16);
    UnifiedRange b = memory().allocate(16);
    write(a, 1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(12, 4);
      settings.set(ValueLayout.JAVA_INT, 0, 10);
      settings.set(ValueLayout.JAVA_FLOAT, 4, 0.5f);
      settings.set(ValueLayout.JAVA_BYTE, 8, (byte) -1);
      special("apply").launch(Grid.of(4), a, b, settings);
      settings.fill((byte) 0);
    }
    assertThat(floats(b.all())).containsExactly(-5.5f, -6, -6.5f, -7);
  }

  @Test
  void aVectorGoesByValueFromTheHeapOrFromUnifiedMemory() {
    UnifiedRange a = memory().allocate(4);
    MemorySegment vector = MemorySegment.ofArray(new float[] {1, 10, 100, 1000});
    special("weigh").launch(Grid.of(1), a, value(vector), 0.5f);
    assertThat(floats(a.all())).containsExactly(4321.5f);
    UnifiedRange b = pages(1);
    writeFloats(b);
    try (HostLease lease = b.host(Access.READ)) {
      special("weigh").launch(Grid.of(1), a, lease.segment().asSlice(4, 16), 0f);
    }
    assertThat(floats(a.all())).containsExactly(1 + 4 + 9 + 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void eachGroupHasLocalMemoryForItself(int group) {
    UnifiedRange a = memory().allocate(4 * 32);
    write(a, 0);
    special("reverse").launch(Grid.of(32).local(group), a, local(4L * group));
    assertThat(ints(a)).isEqualTo(IntStream.range(0, 32).map(i -> i / group * group + group - 1 - i % group).toArray());
  }

  @Test
  void gridsHaveOneToThreeDimensionsAndTheirGroupsAreChosenWhereNoneAreGiven() {
    Kernel visit = device().kernel(GridKernels.SOURCE, "visit");
    for (Grid grid : new Grid[] {Grid.of(60), Grid.of(12, 5), Grid.of(5, 4, 3), Grid.of(13, 7, 1), Grid.of(60).local(4),
        Grid.of(12, 5).local(4, 5), Grid.of(4, 6, 2).local(2, 3, 1)}) {
      int cells = (int) (grid.x() * grid.y() * grid.z());
      try (UnifiedRange range = memory().allocate(4L * cells)) {
        visit.launch(grid, range, (int) grid.x(), (int) grid.y());
        assertThat(ints(range)).as("grid %s", grid).isEqualTo(IntStream.range(0, cells)
            .map(i -> GridKernels.mark(i % grid.x(), i / grid.x() % grid.y(), i / grid.x() / grid.y())).toArray());
      }
    }
  }

  @Test
  void aKernelTellsOfStructsAndLocalMemory() {
    assertThat(special("apply").parameters().get(2)).isInstanceOfSatisfying(KernelParameter.Struct.class,
        struct -> assertThat(struct.sizeBytes()).isEqualTo(12));
    assertThat(special("weigh").parameters().get(1)).isInstanceOfSatisfying(KernelParameter.Struct.class,
        struct -> assertThat(struct.sizeBytes()).isEqualTo(16));
    assertThat(special("reverse").parameters().get(1)).isInstanceOfSatisfying(KernelParameter.Local.class,
        scratch -> assertThat(scratch.elementSizeBytes()).isEqualTo(4));
    assertThat(special("scale").parameters().get(2)).as("a type's other name").isInstanceOfSatisfying(KernelParameter.Value.class,
        f -> assertThat(f.type()).isEqualTo((Object) float.class));
  }
}

package io.samepage.contract;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.local;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BrokenPromiseException;
import io.samepage.Grid;
import io.samepage.JavaKernel;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.MemoryContract;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Java kernels alone can say of their parameters, and see of their arguments. */
class EmbeddedArgumentsTest extends MemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  private Kernel javaKernel(JavaKernel body, KernelParameter... parameters) {
    return device().kernel(KernelSource.builder().java("k", List.of(parameters), body).build(), "k");
  }

  @Test
  void whereTheKernelSaysNothingALaunchMustDeclare() {
    UnifiedRange a = pages(1);
    Kernel kernel = javaKernel((group, arguments) -> arguments.segment(0).set(INT, 0, 7), KernelParameter.declared("a", 4));
    assertThatIllegalArgumentException().isThrownBy(() -> kernel.launch(Grid.of(1), a)).withMessageContainingAll("in, out or inOut",
        "parameter=a", a.all().toString());
    assertThat(memory().statistics().launches()).isZero();
    kernel.launch(Grid.of(1), inOut(a));
    assertThat(ints(a.slice(0, 8))).containsExactly(7, 0);
  }

  @Test
  void whatIsSaidIsWhatIsInferred() {
    Optional<Access> none = Optional.empty();
    Optional<Access> read = Optional.of(Access.READ);
    assertThatIllegalArgumentException().isThrownBy(() -> new KernelParameter.Buffer("a", read, none, 4));
    assertThat(new KernelParameter.Buffer("a", read, read, 4)).isEqualTo(KernelParameter.in("a", 4));
  }

  @Test
  void parametersHaveSizesAndTypesThatCanBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> KernelParameter.value("a", String.class));
    assertThatIllegalArgumentException().isThrownBy(() -> KernelParameter.value("a", void.class));
    assertThatIllegalArgumentException().isThrownBy(() -> KernelParameter.struct("a", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> KernelParameter.local("a", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> KernelParameter.memory("a", 0));
  }

  @Test
  void aStructCanNotBeWrittenAndIsAligned() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 2});
    UnifiedRange result = memory().allocate(16);
    Kernel kernel = javaKernel((group, arguments) -> {
      assertThat(arguments.segment(1).byteSize()).isEqualTo(9);
      arguments.segment(0).set(ValueLayout.JAVA_LONG, 0, arguments.segment(1).get(ValueLayout.JAVA_LONG, 0));
      arguments.segment(0).set(ValueLayout.JAVA_LONG, 8, arguments.segment(1).get(ValueLayout.JAVA_BYTE, 8));
      arguments.segment(1).set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    }, KernelParameter.inOut("a", 8), KernelParameter.struct("s", 9));
    assertThatThrownBy(() -> kernel.launch(Grid.of(1), result, bytes).await()).isInstanceOf(KernelFailedException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void localMemoryHasTheSizeThatWasAskedForInAllGroups() {
    UnifiedRange sizes = memory().allocate(40);
    Kernel kernel = javaKernel((group, arguments) -> {
      MemorySegment scratch = arguments.segment(1);
      scratch.fill((byte) group.startX());
      scratch.set(ValueLayout.JAVA_LONG, 0, scratch.byteSize());
      arguments.segment(0).setAtIndex(INT, group.startX(), (int) scratch.get(ValueLayout.JAVA_LONG, 0));
    }, KernelParameter.out("a", 4), KernelParameter.local("scratch", 8));
    kernel.launch(Grid.of(10).local(1), sizes, local(1 << 20));
    assertThat(ints(sizes)).containsOnly(1 << 20);
    assertThatIllegalArgumentException().isThrownBy(() -> kernel.launch(Grid.of(10), sizes, local((1 << 20) + 8)))
        .withMessageContainingAll("limitBytes=1048576", "sizeBytes=1048584");
  }

  @Test
  void theLocalMemoryOfAllArgumentsTogetherFits() {
    Kernel kernel = javaKernel((group, arguments) -> { }, KernelParameter.local("a", 1), KernelParameter.local("b", 1));
    kernel.launch(Grid.of(1), local(1 << 19), local(1 << 19)).await();
    assertThatIllegalArgumentException().isThrownBy(() -> kernel.launch(Grid.of(1), local(1 << 19), local((1 << 19) + 1)))
        .withMessageContaining("leftBytes=524288");
  }

  @Test
  void aSystemPropertySwitchesTheCheckingOfLaunchesOn() {
    Kernel nothing = javaKernel((group, arguments) -> { }, KernelParameter.out("a", 4));
    nothing.launch(Grid.of(1), pages(1)).await();
    System.setProperty("samepage.launch.check", "true");
    try (UnifiedMemory checked = builder().open(); UnifiedMemory unchecked = builder().checkLaunches(false).open()) {
      KernelSource source = KernelSource.builder().java("k", List.of(KernelParameter.out("a", 4)), (group, arguments) -> { }).build();
      unchecked.devices().getFirst().kernel(source, "k").launch(Grid.of(1), unchecked.allocate(4)).await();
      Kernel kernel = checked.devices().getFirst().kernel(source, "k");
      assertThatThrownBy(() -> kernel.launch(Grid.of(1), checked.allocate(4))).isInstanceOf(BrokenPromiseException.class);
      System.setProperty("samepage.launch.check", "yes");
      assertThatIllegalArgumentException().isThrownBy(this::builder).withMessageContaining("samepage.launch.check=yes");
    } finally {
      System.clearProperty("samepage.launch.check");
    }
  }
}

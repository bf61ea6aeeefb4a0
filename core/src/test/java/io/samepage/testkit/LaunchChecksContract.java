package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samepage.BrokenPromiseException;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checked launches find kernels that don't do what was declared, accuse nobody else, and leave right results. */
public abstract class LaunchChecksContract extends MemoryContract {
  private static final int PATTERN = 0xFFF5A5A5;

  @Override
  protected UnifiedMemory open() {
    return builder().checkLaunches(true).open();
  }

  private Kernel special(String name) {
    return device().kernel(ArgumentKernels.SOURCE, name);
  }

  @Test
  void launchesThatDoWhatWasDeclaredAreCompleteWhenTheyReturn() {
    UnifiedRange a = pages(2);
    UnifiedRange b = pages(2);
    write(a, 1);
    assertThat(kernel("add").launch(Grid.of(page() / 2), a, a, out(b)).isDone()).isTrue();
    assertThat(kernel("increment").launch(Grid.of(page() / 2), inOut(b), 1).isDone()).isTrue();
    assertThat(memory().statistics().openLeases()).isZero();
    assertThat(ints(b)).isEqualTo(IntStream.rangeClosed(1, (int) page() / 2).map(i -> 2 * i + 1).toArray());
  }

  @Test
  void aKernelThatDoesNotWriteAllOfAnOutputIsFoundAndWhatItLeftOutHoldsThePattern() {
    UnifiedRange a = pages(1);
    write(a, 1);
    BrokenPromiseException broken = catchThrowableOfType(BrokenPromiseException.class,
        () -> special("evens").launch(Grid.of(page() / 4), out(a)));
    assertThat(broken).hasMessageContainingAll("kernel=evens", "parameter=a", "device=" + device().name(), "inOut");
    assertThat(broken.slice()).isEqualTo(a.slice(4, 4));
    assertThat(ints(a)).isEqualTo(IntStream.range(0, (int) page() / 4).map(i -> i % 2 == 0 ? 7 : PATTERN).toArray());
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aRunOfUnwrittenBytesIsNamedAsAWhole() {
    UnifiedRange a = pages(2);
    assertThatThrownBy(() -> kernel("fill").launch(Grid.of(10), out(a.slice(8, 400)), 3)).isInstanceOfSatisfying(
        BrokenPromiseException.class, broken -> assertThat(broken.slice()).isEqualTo(a.slice(48, 360)));
    assertThat(ints(a.slice(0, 56))).containsExactly(0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, PATTERN, PATTERN);
    assertThat(ints(a.slice(400, 16))).as("behind the slice").containsExactly(PATTERN, PATTERN, 0, 0);
  }

  @Test
  void writingBackWhatWasThereIsNotWriting() {
    UnifiedRange a = pages(1);
    assertThatThrownBy(() -> special("same").launch(Grid.of(page() / 4), out(a))).isInstanceOf(BrokenPromiseException.class);
    write(a, 5);
    special("same").launch(Grid.of(page() / 4), a);
    assertThat(ints(a)).isEqualTo(sequence(5, page()));
  }

  @ParameterizedTest
  @ValueSource(ints = {PATTERN, ~PATTERN, 0xA5A5A5A5, 0})
  void aKernelThatWritesThePatternItselfIsNotAccused(int value) {
    UnifiedRange a = pages(1);
    kernel("fill").launch(Grid.of(page() / 4), out(a), value);
    assertThat(ints(a)).containsOnly(value);
  }

  @Test
  void aLaunchThatWasDoneTwiceHasChangedItsArgumentsOnce() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    // What is written looks unwritten the first time.
    fillOnDevice(a, ~PATTERN - 1);
    special("count").launch(Grid.of(page() / 4), inOut(a), out(b));
    assertThat(ints(a)).containsOnly(~PATTERN);
    assertThat(ints(b)).containsOnly(~PATTERN);
    assertThatThrownBy(() -> special("count").launch(Grid.of(page() / 4), inOut(a), out(b))).isInstanceOf(BrokenPromiseException.class);
    assertThat(ints(a)).containsOnly(~PATTERN + 1);
    assertThat(ints(b)).containsOnly(PATTERN);
  }

  @Test
  void whatIsNotDeclaredAsOverwrittenIsNotFilled() {
    UnifiedRange a = pages(1);
    write(a, 100);
    special("evens").launch(Grid.of(page() / 4), a);
    assertThat(ints(a.slice(0, 16))).containsExactly(7, 101, 7, 103);
  }

  @Test
  void anInputThatTheKernelChangesIsFoundAndPutBack() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    write(a, 100);
    assertThatThrownBy(() -> special("evens").launch(Grid.of(page() / 4), in(a)).await())
        .isInstanceOfAny(BrokenPromiseException.class, KernelFailedException.class);
    kernel("copy").launch(Grid.of(page()), in(a), out(b));
    assertThat(ints(b)).as("on the device").isEqualTo(sequence(100, page()));
    assertThat(ints(a)).isEqualTo(sequence(100, page()));
  }

  @Test
  void nothingIsCheckedUnlessThatIsAskedFor() {
    try (UnifiedMemory unchecked = builder().open()) {
      UnifiedRange a = unchecked.allocate(page());
      unchecked.devices().getFirst().kernel(ArgumentKernels.SOURCE, "evens").launch(Grid.of(page() / 4), out(a)).await();
      assertThat(ints(a.slice(0, 4))).containsExactly(7);
    }
  }
}

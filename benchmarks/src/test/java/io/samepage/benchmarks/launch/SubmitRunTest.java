package io.samepage.benchmarks.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubmitRunTest {
  private final List<String> done = new ArrayList<>();
  private boolean isBusy = true;

  private final Launches launches = new Launches() {
    @Override
    public void occupy() {
      done.add("occupy");
    }

    @Override
    public void submit() {
      done.add("submit");
    }

    @Override
    public boolean check() {
      done.add("check");
      return isBusy;
    }

    @Override
    public void await() {
      done.add("await");
    }

    @Override
    public void close() {
      done.add("close");
    }
  };

  private static void count(SubmitRun run, int times) {
    for (int i = 0; i < times; i++) {
      run.prepare();
      run.run();
      run.finish();
      run.checkCounted();
    }
  }

  @Test
  void launchesAreSubmittedBehindOneThatKeepsTheDeviceBusy() {
    SubmitRun run = new SubmitRun(launches, false, true);
    count(run, 1);
    run.check();

    assertThat(done).containsExactly("occupy", "submit", "check");
    assertThat(run.operations()).isEqualTo(Launches.COUNT);
  }

  @Test
  void toWarmUpTheyAreSubmittedOnAnIdleDeviceAsWell() {
    SubmitRun run = new SubmitRun(launches, true, true);
    run.prepare();
    run.run();
    run.finish();

    assertThat(done).containsExactly("submit", "await");
  }

  @Test
  void aDeviceThatWasOftenIdleTooSoonIsAnErrorAndOneThatWasOnceIsNot() {
    SubmitRun run = new SubmitRun(launches, false, true);
    count(run, 7);
    isBusy = false;
    count(run, 1);
    assertThatCode(run::check).doesNotThrowAnyException();

    count(run, 1);
    assertThatThrownBy(run::check).hasMessageContaining("runs=9, of these idle=2");
  }

  @Test
  void withoutHavingWarmedUpNothingIsSaidOfThat() {
    isBusy = false;
    SubmitRun run = new SubmitRun(launches, false, false);
    count(run, 3);

    assertThatCode(run::check).doesNotThrowAnyException();
  }
}

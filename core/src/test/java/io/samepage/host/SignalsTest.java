package io.samepage.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The native function that drivers call, called here as they do. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalsTest {
  private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(Signals.callAddress()),
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_LONG));

  private static void call(long signal) throws Throwable {
    CALL.invokeExact(MemorySegment.NULL, 0, signal);
  }

  @Test
  void whoSleepsIsWokenByTheCall() throws Throwable {
    CountDownLatch opened = new CountDownLatch(1);
    long[] signal = {0};
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<Boolean> sleeper = executor.submit(() -> {
        signal[0] = Signals.open();
        opened.countDown();
        boolean isCalled = Signals.await(signal[0], Long.MAX_VALUE / 4);
        Signals.drop(signal[0], true);
        return isCalled;
      });
      opened.await();
      call(signal[0]);
      assertThat(sleeper.get()).isTrue();
    }
  }

  @Test
  void aCallThatCameBeforeIsNotMissed() throws Throwable {
    long signal = Signals.open();
    call(signal);
    assertThat(Signals.await(signal, 0)).isTrue();
    Signals.drop(signal, true);
  }

  @Test
  void withoutACallTheSleepEndsWhenTheTimeIsOver() throws Throwable {
    long signal = Signals.open();
    assertThat(Signals.await(signal, 0)).isFalse();
    assertThat(Signals.await(signal, 1_000_000)).isFalse();
    // Whoever gave up first, the other one frees it.
    Signals.drop(signal, true);
    call(signal);
  }

  @Test
  void aSignalThatNoDriverTookIsGivenBackAlone() {
    for (int i = 0; i < 100_000; i++) {
      Signals.drop(Signals.open(), false);
    }
  }
}

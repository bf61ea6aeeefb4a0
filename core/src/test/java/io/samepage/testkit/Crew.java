package io.samepage.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Threads that start together and must all come to an end: one that fails ends the others, and a hang ends in a thread dump. */
final class Crew {
  /** What each thread does. */
  @FunctionalInterface
  interface Job {
    void run(int thread) throws Exception;
  }

  private final CyclicBarrier start;
  private final CountDownLatch end;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();

  private Crew(int size, Job job) {
    start = new CyclicBarrier(size);
    end = new CountDownLatch(size);
    for (int i = 0; i < size; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().daemon().name("crew-" + i).unstarted(() -> work(number, job)));
    }
  }

  /**
   * Runs a job in so many threads.
   *
   * @param size how many
   * @param timeout how long it may take, generously: beyond it is a hang
   * @param job what each does
   * @param state said when it hangs
   */
  static void run(int size, Duration timeout, Job job, Supplier<String> state) {
    Crew crew = new Crew(size, job);
    crew.threads.forEach(Thread::start);
    crew.awaitEnd(timeout, state);
  }

  private void work(int number, Job job) {
    try {
      start.await();
      job.run(number);
    } catch (Throwable e) {
      if (failure.compareAndSet(null, e)) {
        threads.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
      }
    } finally {
      end.countDown();
    }
  }

  private void awaitEnd(Duration timeout, Supplier<String> state) {
    boolean ended;
    try {
      ended = end.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted: " + state.get(), e);
    }
    if (!ended) {
      String dump = dump();
      threads.forEach(Thread::interrupt);
      throw new AssertionError("Hangs after " + timeout + ": " + state.get() + System.lineSeparator() + dump, failure.get());
    }
    if (failure.get() != null) {
      throw new AssertionError(state.get() + ": " + failure.get(), failure.get());
    }
  }

  private static String dump() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      text.append(entry.getKey()).append(' ').append(entry.getKey().getState()).append(System.lineSeparator());
      for (StackTraceElement frame : entry.getValue()) {
        text.append("    at ").append(frame).append(System.lineSeparator());
      }
    }
    return text.toString();
  }
}

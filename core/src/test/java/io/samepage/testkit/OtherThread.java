package io.samepage.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thread beside the test's own that does one thing after the other. */
final class OtherThread implements AutoCloseable {
  private final ExecutorService executor;
  private final Thread thread;
  private volatile boolean isAtWork;

  OtherThread(String name) {
    executor = Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
    thread = call(Thread::currentThread);
  }

  String name() {
    return thread.getName();
  }

  /** Starts something without waiting for it. */
  <T> Future<T> start(Callable<T> task) {
    isAtWork = false;
    return executor.submit(() -> {
      isAtWork = true;
      return task.call();
    });
  }

  /** Does something there, waits for it, and lets its exception through as it is. */
  <T> T call(Callable<T> task) {
    return result(start(task));
  }

  /** Does something there that has no result. */
  void run(Runnable task) {
    call(Executors.callable(task));
  }

  /** Waits for what was started, and lets its exception through as it is. */
  static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while another thread was at work", e);
    }
  }

  /** Returns when the thread waits for something: what was started there has come to its wait. */
  void awaitWaiting(Future<?> started) {
    while (!isAtWork || (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING)) {
      if (started.isDone()) {
        throw new AssertionError("It was to wait but is done: " + started);
      }
      Thread.onSpinWait();
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  @Override
  public void close() {
    executor.shutdown();
  }

  private static RuntimeException unchecked(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }
}

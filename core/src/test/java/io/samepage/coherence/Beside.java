package io.samepage.coherence;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that is done beside the test, on a thread of its own. */
public final class Beside<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private Beside(Callable<T> work) {
    task = new FutureTask<>(work);
    thread = Thread.ofPlatform().daemon().name("beside").start(task);
  }

  public static <T> Beside<T> start(Callable<T> work) {
    return new Beside<>(work);
  }

  public static Beside<Void> run(Runnable work) {
    return new Beside<>(() -> {
      work.run();
      return null;
    });
  }

  public Thread thread() {
    return thread;
  }

  public boolean isDone() {
    return task.isDone();
  }

  /** Returns once the thread waits for something, which fails if it came to its end instead. */
  public void awaitWaiting() {
    while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
      if (task.isDone()) {
        throw new AssertionError("It was to wait, but is done: " + task);
      }
      Thread.onSpinWait();
    }
  }

  /** Waits for the end; what was thrown there is thrown here. */
  public T get() {
    try {
      return task.get();
    } catch (ExecutionException e) {
      return sneak(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while waiting for what is done beside", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable, T> T sneak(Throwable e) throws E {
    throw (E) e;
  }
}

package io.samepage.embedded;

import io.samepage.embedded.EmbeddedFence.Failure;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An in-order queue, run by a thread of its own as soon as there is something in it.
 *
 * <p>What a failure fails: a copy that fails, fails every fence behind it up to and including the next one (or launch) of the
 * thread that enqueued it, so that threads which share the queue can't take each other's failures away. A launch behind a failed
 * copy, under the same rule, doesn't run. A kernel that fails, fails the fence of its launch alone. All else goes on.
 */
final class CommandQueue {
  private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);

  private final String device;
  private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
  private final String threadName;
  /** Started with the first command. Guarded by this. */
  private Thread worker;
  /** Failed copies that no fence of the thread that enqueued them has told of yet. Used by the worker alone. */
  private final SequencedMap<Thread, Failure> failedCopies = new LinkedHashMap<>();
  /** Set by the worker itself, behind the last command. */
  private boolean isStopped;
  /** Guarded by this. */
  private boolean isClosed;

  CommandQueue(String device, String threadName) {
    this.device = device;
    this.threadName = threadName;
  }

  /** Enqueues a copy or the like: what has no fence of its own. */
  void copy(String name, Runnable copy) {
    Thread issuer = Thread.currentThread();
    enqueue(() -> {
      try {
        copy.run();
      } catch (Throwable e) {
        failedCopies.putIfAbsent(issuer, new Failure(describe(name), e));
      }
    });
  }

  EmbeddedFence fence() {
    Thread issuer = Thread.currentThread();
    EmbeddedFence fence = new EmbeddedFence();
    enqueue(() -> fence.complete(0, claimFailure(issuer)));
    return fence;
  }

  /** A fence that tells of failures, but leaves them for the fences of those who enqueued the copies. For other queues. */
  EmbeddedFence dependency() {
    EmbeddedFence fence = new EmbeddedFence();
    enqueue(() -> fence.complete(0, firstFailure()));
    return fence;
  }

  /** Enqueues a kernel, or what else has a fence of its own. It doesn't run if what it needs has failed. */
  EmbeddedFence launch(String name, Runnable kernel, NodeQueue.After after) {
    Thread issuer = Thread.currentThread();
    EmbeddedFence fence = new EmbeddedFence();
    String description = describe(name);
    enqueue(() -> {
      Failure earlier = claimFailure(issuer);
      // Waits for all, whatever fails: those behind it in this queue rely on that.
      after.ended().forEach(this::failure);
      for (NodeFence each : after.needed()) {
        Failure failure = failure(each);
        earlier = earlier == null ? failure : earlier;
      }
      if (earlier != null) {
        fence.complete(0, earlier);
      } else {
        run(kernel, description, fence);
      }
    });
    return fence;
  }

  private Failure failure(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
      return null;
    } catch (RuntimeException e) {
      return new Failure(describe("a copy for it"), e);
    }
  }

  private static void run(Runnable kernel, String description, EmbeddedFence fence) {
    long start = System.nanoTime();
    Failure failure = null;
    try {
      kernel.run();
    } catch (Throwable e) {
      failure = new Failure(description, e);
    } finally {
      fence.complete(System.nanoTime() - start, failure);
    }
  }

  private String describe(String name) {
    return device + ": " + name;
  }

  private synchronized void enqueue(Runnable command) {
    if (isClosed) {
      throw new IllegalStateException("The device is closed: device=" + device);
    }
    commands.add(command);
    if (worker == null) {
      worker = Thread.ofPlatform().daemon().name(threadName).start(this::work);
    }
  }

  private Failure firstFailure() {
    return failedCopies.isEmpty() ? null : failedCopies.firstEntry().getValue();
  }

  private Failure claimFailure(Thread issuer) {
    Failure own = failedCopies.remove(issuer);
    Failure first = own != null ? own : firstFailure();
    // Those who are gone will not ask.
    failedCopies.keySet().removeIf(thread -> !thread.isAlive());
    return first;
  }

  private void work() {
    while (!isStopped) {
      try {
        commands.take().run();
      } catch (InterruptedException e) {
        // A kernel interrupted its own thread, which means nothing here.
      } catch (Throwable e) {
        LOG.error("A command of {} failed outside its fence", device, e);
      }
    }
  }

  /** Waits until all commands have run and stops the thread. */
  void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      commands.add(() -> isStopped = true);
      if (worker == null) {
        return;
      }
    }
    joinUninterruptibly(worker);
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

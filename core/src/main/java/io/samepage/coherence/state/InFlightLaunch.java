package io.samepage.coherence.state;

import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.WaitInterruptedException;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.sync.Deadline;
import io.samepage.coherence.sync.Fences;
import io.samepage.node.DeviceNode;
import io.samepage.node.FaultSource;
import io.samepage.node.NodeFence;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A launch whose kernel is in a queue of its device: the fence of its user, and what is to be done once it is complete. */
public final class InFlightLaunch implements Fence {
  private static final Logger LOG = LoggerFactory.getLogger(InFlightLaunch.class);

  private final CoherentDevice device;
  private final String kernelName;
  private final LeaseRequest request;
  /** Behind the uploads, null if there were none. */
  private final NodeFence uploads;
  private final Arrivals arrivals;
  private final NodeFence done;
  /** Which of the device's queues it is in: 0 is the device's own, others are its compute queues. */
  private final int queue;
  /** Null once it is retired, as they would keep those before them. */
  private volatile Predecessors predecessors;
  /** Where it stands among the device's launches. Set under the submission lock. */
  private long number;
  /** Behind the bytes beside its slices that were sent when the host's copies were withdrawn; null if there were none. */
  private volatile NodeFence edges;
  /** Open once the host's copies were withdrawn; null where the host touches nothing that is written, or doesn't wait for it. */
  private final CountDownLatch withdrawn;
  /** Guarded by the locks of the ranges. */
  private boolean entered;
  private volatile boolean retired;
  private volatile DeviceException failure;
  private long kernelNanos;

  /**
   * A launch that is in its device's queue, and that nobody knows of yet.
   *
   * @param device the device
   * @param kernelName what messages call it
   * @param request its claims
   * @param arrivals what is uploaded for it
   * @param enqueued what is in the device's queues
   */
  public InFlightLaunch(CoherentDevice device, String kernelName, LeaseRequest request, Arrivals arrivals, Enqueued enqueued) {
    this.device = device;
    this.kernelName = kernelName;
    this.request = request;
    this.arrivals = arrivals;
    uploads = enqueued.uploads();
    done = enqueued.done();
    queue = enqueued.queue();
    predecessors = enqueued.predecessors();
    withdrawn = !device.isRelaxed() && writesWatched(request) ? new CountDownLatch(1) : null;
  }

  private static boolean writesWatched(LeaseRequest request) {
    for (int i = 0; i < request.claims().size(); i++) {
      if (request.claims().claim(i).writes() && request.ranges().get(i).hostSide().isWatched()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What is in the device's queues.
   *
   * @param uploads behind the uploads in the device's own queue, null if there are none
   * @param done behind all
   * @param queue which queue {@code done} is in
   * @param predecessors what it comes behind
   */
  public record Enqueued(NodeFence uploads, NodeFence done, int queue, Predecessors predecessors) {}

  /** Lets the fault handler know when the results are complete. Called under the submission lock, before anybody can retire the launch. */
  public void publish() {
    if (device.isRelaxed()) {
      return;
    }
    for (int i = 0; i < request.claims().size(); i++) {
      request.ranges().get(i).hostSide().publish(request.claims().claim(i), device, queue, done);
    }
  }

  /** {@return on which device} */
  public CoherentDevice device() {
    return device;
  }

  int queue() {
    return queue;
  }

  /** {@return what messages call it} */
  public String describe() {
    return request.describe();
  }

  /** {@return why it failed, once it is retired; null if it hasn't} */
  public DeviceException failure() {
    return failure;
  }

  /** Called under the submission lock, before others know of it. */
  void numbered(long position) {
    number = position;
  }

  long number() {
    return number;
  }

  /** Whether it was enqueued after another one of the same device. */
  boolean isBehind(InFlightLaunch other) {
    return number > other.number;
  }

  /** What must be retired before it is. */
  List<InFlightLaunch> toRetireBefore() {
    Predecessors before = predecessors;
    return before == null ? List.of() : before.toRetire();
  }

  /** Whether what it comes behind is still under way. */
  boolean isBehindKernels() {
    Predecessors before = predecessors;
    return before != null && !before.areDone();
  }

  /** Whether others may have to wait for copies that are made for it. */
  boolean hasCopies() {
    return uploads != null || edges != null;
  }

  /** Whether bytes beside its slices were sent. */
  boolean hasEdges() {
    return edges != null;
  }

  /** Waits for the copies, and answers whether one has failed. */
  boolean haveCopiesFailed() {
    NodeFence sent = edges;
    return uploads != null && Fences.hasFailed(uploads) || sent != null && Fences.hasFailed(sent);
  }

  void addDone(Set<NodeFence> fences) {
    if (!done.isDone()) {
      fences.add(done);
    }
  }

  void addCopies(Set<NodeFence> fences) {
    if (uploads != null && !uploads.isDone()) {
      fences.add(uploads);
    }
    NodeFence sent = edges;
    if (sent != null && !sent.isDone()) {
      fences.add(sent);
    }
  }

  @Override
  public boolean isDone() {
    return retired || done.isDone();
  }

  @Override
  public void await() {
    awaitWithin(Long.MAX_VALUE);
  }

  @Override
  public boolean await(Duration timeout) {
    return awaitWithin(Deadline.after(timeout).leftNanos());
  }

  @Override
  public long kernelNanos() {
    await();
    return kernelNanos;
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    return device.owner().futures().of(this, this::isRetired);
  }

  private boolean awaitWithin(long timeoutNanos) {
    boolean complete = retireWithin(timeoutNanos);
    if (complete && failure != null) {
      throw new KernelFailedException("Kernel failed: kernel=" + kernelName + ", device=" + device.name() + ", cause="
          + failure.getMessage(), failure);
    }
    return complete;
  }

  /** {@return whether all that is to be done behind it is done} */
  public boolean isRetired() {
    return retired;
  }

  /** Whether it can be retired without waiting. */
  boolean isComplete() {
    NodeFence sent = edges;
    return done.isDone() && (withdrawn == null || withdrawn.getCount() == 0) && (sent == null || sent.isDone());
  }

  /**
   * Waits for the kernel at most so long, and retires it. Doesn't tell of failures.
   *
   * @param timeoutNanos how long
   * @return whether it is retired
   * @throws io.samepage.WaitInterruptedException if the thread is interrupted
   */
  public boolean retireWithin(long timeoutNanos) {
    if (retired) {
      return true;
    }
    try {
      if (!done.await(timeoutNanos)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WaitInterruptedException("Interrupted while waiting for a launch: kernel=" + kernelName + ", device=" + device.name());
    } catch (RuntimeException e) {
      // Said by finish(), to whoever waits for the launch itself.
    }
    device.launches().retireThrough(this);
    return true;
  }

  /**
   * Waits for the kernel to the end and retires it. The wait comes first and needs no lock: those who wait for an earlier launch, and
   * maybe not for long, must be able to retire that meanwhile.
   */
  public void retire() {
    awaitEnd();
    device.launches().retireThrough(this);
  }

  /**
   * Waits for what is in the queue at most so long, and retires nothing. Tells of nothing; the interrupt status is kept.
   *
   * @param timeoutNanos how long
   */
  public void awaitWithoutRetiring(long timeoutNanos) {
    try {
      done.await(timeoutNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Said by finish().
    }
  }

  /**
   * Whether it has ended well, as far as can be told before it is retired: never of one behind a launch that isn't retired, whose loss may
   * be this one's. Doesn't wait.
   */
  public boolean hasEndedWell() {
    return device.launches().isOldest(this) && failure == null && withdrawn == null && edges == null && hasPassed(done)
        && (uploads == null || hasPassed(uploads));
  }

  /** As {@link #hasEndedWell()}, of a copy to the host behind launches that have. */
  public boolean hasCopiedWell() {
    return failure == null && hasPassed(done);
  }

  private static boolean hasPassed(NodeFence fence) {
    return fence.isDone() && !Fences.hasFailed(fence);
  }

  private void awaitEnd() {
    try {
      done.awaitUninterruptibly();
    } catch (RuntimeException e) {
      // Said by finish().
    }
  }

  /**
   * Enters in the directory what is in the device's queues. The first of launching and retiring does it; where the host's copies are to be
   * withdrawn first, retiring waits for launching.
   */
  public void enter() {
    if (withdrawn == null) {
      enterLocking();
      return;
    }
    boolean isComplete = device.faultSource().orElseThrow() instanceof FaultSource.Memory;
    if (isComplete) {
      // A touch must not wait for this queue, whose thread can be stopped for a garbage collection.
      awaitEnd();
    }
    long losses = device.launches().losses();
    // Without the lock, as it waits for touches that are being served, and they maybe for kernels.
    withdraw();
    device.withdrawal().lock();
    try {
      if (device.launches().losses() != losses) {
        // Pages that were lost after they were withdrawn.
        withdraw();
      }
    } finally {
      enterLocking();
      device.withdrawal().unlock();
      withdrawn.countDown();
    }
    if (isComplete) {
      retire();
    }
  }

  private void withdraw() {
    try {
      boolean hasSent = false;
      for (var entry : request.claims().entrySet()) {
        hasSent |= entry.getKey().hostSide().withdraw(entry.getValue(), device);
      }
      if (hasSent) {
        edges = device.submit(DeviceNode::noteForeignCopies);
      }
    } catch (RuntimeException e) {
      failure = new DeviceException("The host's copies could not be withdrawn: " + e, e);
    }
  }

  private void enterLocking() {
    request.lockRanges();
    try {
      enterUnderLocks();
    } finally {
      request.unlockRanges();
    }
  }

  private void awaitWithdrawal() {
    boolean interrupted = false;
    while (withdrawn != null && withdrawn.getCount() > 0) {
      try {
        withdrawn.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void enterUnderLocks() {
    if (entered) {
      return;
    }
    entered = true;
    arrivals.enter();
    boolean isSpoiled = !request.holdsWhatItNeeds();
    for (int i = 0; i < request.claims().size(); i++) {
      CoherentRange range = request.ranges().get(i);
      Claim<LeaseRequest> claim = request.claims().claim(i);
      range.directory().wrote(device.node(), claim.writtenPages());
      claim.prepared();
      range.claims().launched(claim, hasCopies());
      range.changed();
    }
    if (isSpoiled) {
      // A launch before it failed after this one was prepared.
      failure = new DeviceException("What the kernel needed was lost when a launch before it failed");
      Loss.ofResults(request).enter(device.node());
    }
    request.launched(this);
  }

  /** Called under the retirement lock of the device, once. */
  void finish() {
    awaitWithdrawal();
    boolean uploadsFailed = uploads != null && failed(uploads);
    failed(done);
    if (edges != null && Fences.hasFailed(edges)) {
      failure = failure == null ? new DeviceException("Bytes beside the kernel's slices could not be sent to the device") : failure;
    }
    // Mostly there is nothing to settle: it was entered when it was launched.
    if (failure != null || request.launch() == null) {
      device.withdrawal().lock();
      try {
        settle(uploadsFailed);
      } finally {
        device.withdrawal().unlock();
      }
    }
    request.lockRanges();
    try {
      retired = true;
      predecessors = null;
      device.owner().leases().drop(request);
    } finally {
      request.unlockRanges();
    }
    if (failure != null) {
      device.noticeLoss();
    }
  }

  /** No launch behind this one enters its results meanwhile. */
  private void settle(boolean uploadsFailed) {
    request.lockRanges();
    try {
      enterUnderLocks();
      if (failure != null) {
        lose(uploadsFailed);
      }
    } finally {
      request.unlockRanges();
    }
    if (failure != null) {
      try {
        request.claims().forEach((range, claim) -> range.hostSide().lost(claim, device, queue, done));
      } finally {
        // Behind the fault table: who has withdrawn pages before it knew all that is lost does it again.
        device.launches().lost();
      }
    }
  }

  /** Those behind this launch that have not been entered yet look for themselves, when they are. */
  private void lose(boolean uploadsFailed) {
    if (request.writes()) {
      LOG.warn("A launch has failed, and what it was to write is poisoned: kernel={}, device={}, cause={}", kernelName, device.name(),
          failure.getMessage());
    }
    Loss loss = Loss.ofResults(request);
    if (uploadsFailed) {
      loss.add(arrivals);
    }
    for (InFlightLaunch later : device.launches().behind(this)) {
      if (loss.concerns(later.request) && later.entered) {
        later.follow(loss, failure);
      }
    }
    loss.enter(device.node());
  }

  private void follow(Loss loss, DeviceException earlier) {
    if (loss.isNeededBy(request)) {
      failure = failure == null ? earlier : failure;
    } else if (failure == null) {
      loss.spare(request);
    }
  }

  private boolean failed(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
      kernelNanos = fence.kernelNanos();
      return false;
    } catch (RuntimeException e) {
      // Whatever a back end throws here, the claims must be dropped: nobody else would.
      DeviceException wrapped = e instanceof DeviceException already ? already : new DeviceException("A fence broke: " + e, e);
      failure = failure == null ? wrapped : failure;
      return true;
    }
  }
}

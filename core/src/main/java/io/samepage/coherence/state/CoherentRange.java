package io.samepage.coherence.state;

import io.samepage.Advice;
import io.samepage.Device;
import io.samepage.HostStatistics;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageDirectory;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.directory.UniformBlocks;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.sync.OrderedLock;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.function.Function;

/** A range: its host pages, its directory, its claims and its windows. */
public final class CoherentRange implements UnifiedRange {
  private final MemoryContext memory;
  private final long number;
  private final long sizeBytes;
  private final HostSide hostSide;
  /** The arena that closes it; null if its user does. */
  private final UnifiedArena arena;
  /** The device in whose shared virtual memory it lies; null if it lies in the host's own. */
  private final CoherentDevice svmOwner;
  private final OrderedLock lock;
  private final Condition change;
  /** How often claims were dropped or prepared, so that who looked before need not look again in vain. */
  private long changes;
  private final long pages;
  private PageDirectory directory;
  private final RangeClaims claims = new RangeClaims(this);
  private final RangeWindows windows = new RangeWindows();
  private volatile boolean open = true;
  /** Changed under the lock; null if there is none. */
  private volatile RangeAdvice advice;

  /**
   * A range of an arena if there is one, else one that its user closes; in a device's shared virtual memory if there is one.
   *
   * @param memory its memory
   * @param number its number in the order of locks
   * @param sizeBytes its size
   * @param arena the arena that closes it, or null
   * @param svmOwner the device in whose shared virtual memory it lies, or null
   * @param hostSide makes its host side
   */
  public CoherentRange(MemoryContext memory, long number, long sizeBytes, UnifiedArena arena, CoherentDevice svmOwner,
      Function<CoherentRange, HostSide> hostSide) {
    this.memory = memory;
    this.number = number;
    this.sizeBytes = sizeBytes;
    this.arena = arena;
    this.svmOwner = svmOwner;
    this.hostSide = hostSide.apply(this);
    lock = new OrderedLock(OrderedLock.Rank.RANGE, number);
    change = lock.newCondition();
    pages = Math.ceilDiv(sizeBytes, pageSizeBytes());
    directory = new PageDirectory(pages, pageSizeBytes(), memory.uniformBlocks(), this::home);
  }

  /**
   * The memory has got more nodes, which the directory is to know before one of them can be used.
   *
   * @param uniform what blocks share whose pages all agree, for as many nodes as there are now
   */
  public void widen(UniformBlocks uniform) {
    lock.lock();
    try {
      directory = new PageDirectory(directory, pageSizeBytes(), uniform);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public UnifiedMemory memory() {
    return memory;
  }

  @Override
  public String name() {
    return "range-" + number;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Slice slice(long offsetBytes, long sliceSizeBytes) {
    checkOpen();
    return new Slice(this, offsetBytes, sliceSizeBytes);
  }

  @Override
  public Slice all() {
    checkOpen();
    return new Slice(this, 0, sizeBytes);
  }

  @Override
  public HostStatistics hostStatistics() {
    lock.lock();
    try {
      checkOpen();
      return hostSide.statistics();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Residency residency(Slice slice) {
    checkMine(slice);
    long first = slice.offsetBytes() / pageSizeBytes();
    long end = Math.ceilDiv(slice.endBytes(), pageSizeBytes());
    if (end - first > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A snapshot covers at most 2^31-1 pages: pages=" + (end - first) + ". Ask for smaller slices.");
    }
    lock.lock();
    try {
      checkOpen();
      hostSide.refresh(first, end);
      Map<String, BitSet> held = new TreeMap<>();
      held.put(Residency.HOST, directory.heldBy(Layout.HOST_NODE, first, end).bits(first));
      for (CoherentDevice device : memory.coherentDevices()) {
        held.put(device.name(), directory.heldBy(device.node(), first, end).bits(first));
      }
      return new Residency(pageSizeBytes(), (int) (end - first), held, directory.untouched(first, end), directory.poisoned(first, end));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void discard(Slice slice) {
    checkOpen();
    checkMine(slice);
    memory.discard(this, slice);
  }

  @Override
  public void advise(Slice slice, Advice given) {
    change(slice, given, RangeAdvice::with);
  }

  @Override
  public void unadvise(Slice slice, Advice given) {
    change(slice, given, RangeAdvice::without);
  }

  private void change(Slice slice, Advice given, AdviceChange change) {
    checkMine(slice);
    checkOpen();
    given.device().ifPresent(device -> checkOwn(device, given));
    PageRuns pages = pages(slice);
    lock.lock();
    try {
      checkOpen();
      advice = change.of(advice == null ? RangeAdvice.NONE : advice, given, pages).orNull();
      memory.advised();
    } finally {
      lock.unlock();
    }
  }

  private void checkOwn(Device device, Advice given) {
    if (!memory.devices().contains(device)) {
      throw new IllegalArgumentException("The device belongs to another memory: advice=" + given + ", range=" + this + ", itsMemory="
          + memory);
    }
  }

  /** What becomes of the advice for a range. */
  @FunctionalInterface
  private interface AdviceChange {
    RangeAdvice of(RangeAdvice before, Advice given, PageRuns pages);
  }

  @Override
  public Set<Advice> advice(Slice slice) {
    checkMine(slice);
    checkOpen();
    RangeAdvice now = advice;
    return now == null ? Set.of() : now.ofAll(pages(slice));
  }

  /** The pages that a slice touches. */
  private PageRuns pages(Slice slice) {
    PageRuns pages = new PageRuns();
    pages.add(slice.offsetBytes() / pageSizeBytes(), Math.ceilDiv(slice.endBytes(), (long) pageSizeBytes()));
    return pages;
  }

  private void checkMine(Slice slice) {
    if (slice.range() != this) {
      throw new IllegalArgumentException("A slice of another range: slice=" + slice + ", range=" + this);
    }
  }

  @Override
  public void close() {
    if (arena != null) {
      throw new IllegalStateException("The range belongs to an arena: close that instead: range=" + this + ", arena=" + arena);
    }
    memory.close(this);
  }

  /** {@return its memory, as ranges and devices know it} */
  public MemoryContext coherentMemory() {
    return memory;
  }

  /** {@return its number in the order of locks} */
  public long number() {
    return number;
  }

  /** {@return where it begins in the manager view} */
  public long address() {
    return hostSide.address();
  }

  /** Tells the devices that copies will be from and to its pages. */
  public void useHost() {
    memory.coherentDevices().forEach(this::useHost);
  }

  /**
   * Tells a device that copies will be from and to its pages.
   *
   * @param device the device
   */
  public void useHost(CoherentDevice device) {
    device.deviceNode().useHost(address(), pages() * pageSizeBytes());
  }

  /**
   * Tells the devices that pages are about to lose their frames. Called without the lock.
   *
   * @param firstPage the first of them
   * @param endPage behind the last
   */
  public void leaveHost(long firstPage, long endPage) {
    long first = address() + firstPage * pageSizeBytes();
    memory.coherentDevices().forEach(device -> device.deviceNode().leaveHost(first, (endPage - firstPage) * pageSizeBytes()));
  }

  /** {@return whether its frames must stay what they are: a device needs them, or they are shared virtual memory} */
  public boolean isHeld() {
    return svmOwner != null
        || memory.coherentDevices().stream().anyMatch(device -> sharesPages(device) && device.deviceNode().holdsHostPages());
  }

  /**
   * Where an address of either view lies in it.
   *
   * @param anAddress an address in one of its views
   * @return the offset in bytes
   */
  public long offsetOf(long anAddress) {
    long offset = anAddress - hostSide.userAddress();
    return offset >= 0 && offset < sizeBytes ? offset : anAddress - address();
  }

  /** {@return how the host uses its pages} */
  public HostSide hostSide() {
    return hostSide;
  }

  /** {@return how many pages it has} */
  public long pages() {
    return pages;
  }

  /**
   * What was said of how it is going to be used.
   *
   * @return the advice, null if there is none
   */
  public RangeAdvice advice() {
    return advice;
  }

  /**
   * A device uses what is claimed. Called without the lock.
   *
   * @param claim what is claimed
   */
  public void neededAgain(Claim<LeaseRequest> claim) {
    if (advice != null) {
      lock.lock();
      try {
        advice = advice == null ? null : advice.without(Advice.willNotNeed(), claim.pages()).orNull();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The node whose pages a node uses. */
  private int home(int node) {
    return node == Layout.HOST_NODE || sharesPages(memory.coherentDevices().get(node - 1)) ? Layout.HOST_NODE : node;
  }

  private boolean sharesPages(CoherentDevice device) {
    return svmOwner == null ? device.usesHostPages() : device.deviceNode().sharesSvmWith(svmOwner.deviceNode());
  }

  /**
   * Whether a device can use it at all.
   *
   * @param device a device of its memory
   * @return whether it can
   */
  public boolean isReachedBy(CoherentDevice device) {
    return svmOwner == null || sharesPages(device);
  }

  /**
   * Whether a device uses the host's pages of it.
   *
   * @param device a device of its memory
   * @return whether it does
   */
  public boolean isSharedWith(CoherentDevice device) {
    return isAtHome(device.node());
  }

  /**
   * Whether a node uses the host's pages of it: the host does, and so do devices that share them.
   *
   * @param node a node of its memory
   * @return whether it does
   */
  public boolean isAtHome(int node) {
    return directory.home(node) == Layout.HOST_NODE;
  }

  /** {@return the size of a page} */
  public int pageSizeBytes() {
    return memory.pageSizeBytes();
  }

  /** {@return what guards its directory, claims and windows} */
  public OrderedLock lock() {
    return lock;
  }

  /**
   * Which nodes hold which of its pages. Guarded by the lock; another one where devices have come.
   *
   * @return the directory
   */
  public PageDirectory directory() {
    return directory;
  }

  /**
   * Who may have what of it open. Guarded by the lock, but for what repeats a read.
   *
   * @return the claims
   */
  public RangeClaims claims() {
    return claims;
  }

  /**
   * Where devices have it. Guarded by the lock.
   *
   * @return the windows
   */
  public RangeWindows windows() {
    return windows;
  }

  /**
   * Refuses a range that is closed, or whose memory is.
   *
   * @throws IllegalStateException if it is
   */
  public void checkOpen() {
    if (!open) {
      throw new IllegalStateException("The range is closed: range=" + this);
    }
    memory.checkOpen();
  }

  /** Called under the lock when a claim was dropped or prepared. */
  public void changed() {
    changes++;
    change.signalAll();
  }

  /** Called under the lock. */
  long changes() {
    return changes;
  }

  /** Waits until there were changes that the caller has not seen; false if there was none in time. */
  boolean awaitChange(long seen, long timeoutNanos, Object waiter) {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (changes == seen) {
        if (left <= 0) {
          return false;
        }
        left = change.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WaitInterruptedException("Interrupted while waiting for leases on range=" + name() + ": waiter=" + waiter);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a claim is no longer on its way: it is open, launched, or dropped.
   *
   * @param claim a claim on it
   */
  public void awaitDropOrPreparation(Claim<LeaseRequest> claim) {
    lock.lock();
    try {
      while (claim.isPreparing() && !claims.held(held -> held == claim).isEmpty()) {
        change.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Marks the range closed if nobody holds a claim. Afterwards nobody can.
   *
   * @return the claims that keep it open, none if it is closed now
   */
  public List<Claim<LeaseRequest>> tryMarkClosed() {
    lock.lock();
    try {
      checkOpen();
      List<Claim<LeaseRequest>> held = claims.held(claim -> true);
      if (held.isEmpty()) {
        end();
        changed();
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Marks the range closed along with its memory or arena, which has seen to it that nobody else holds a claim. */
  public void markClosed() {
    lock.lock();
    try {
      end();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    open = false;
    advice = null;
  }

  @Override
  public String toString() {
    return name() + "(sizeBytes=" + sizeBytes + (open ? ")" : ", closed)");
  }
}

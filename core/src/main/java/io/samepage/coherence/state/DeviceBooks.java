package io.samepage.coherence.state;

import io.samepage.coherence.sync.OrderedLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is charged to a device: bytes, and the windows from the longest unused to the last used. Windows of memory that programs have
 * allocated are kept beside those, and charged to nobody. Safe for use by several threads.
 */
public final class DeviceBooks {
  private final OrderedLock lock;
  private final long budgetBytes;
  private long usedBytes;
  /** Each window for itself: to get one makes it the last. */
  private final LinkedHashMap<PlacedWindow, PlacedWindow> byLastUse = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<PlacedWindow> adopted = new LinkedHashSet<>();

  DeviceBooks(int device, long budgetBytes) {
    lock = new OrderedLock(OrderedLock.Rank.BOOKS, device);
    this.budgetBytes = budgetBytes;
  }

  /** {@return how much may be charged} */
  public long budgetBytes() {
    return budgetBytes;
  }

  long usedBytes() {
    lock.lock();
    try {
      return usedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** {@return how much of the budget is left} */
  public long freeBytes() {
    return budgetBytes - usedBytes();
  }

  /**
   * Charges bytes if they are free.
   *
   * @param bytes how many
   * @return whether they were
   */
  public boolean tryCharge(long bytes) {
    lock.lock();
    try {
      if (bytes > budgetBytes - usedBytes) {
        return false;
      }
      usedBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives back bytes that were charged but not used for a window.
   *
   * @param bytes how many
   */
  public void refund(long bytes) {
    lock.lock();
    try {
      usedBytes -= bytes;
      assert usedBytes >= 0 : "usedBytes=" + usedBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Enters a window whose bytes were charged, or that takes none.
   *
   * @param window the window
   */
  public void add(PlacedWindow window) {
    lock.lock();
    try {
      if (window.isAdopted()) {
        adopted.add(window);
      } else {
        byLastUse.put(window, window);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out a window and refunds its bytes. */
  void remove(PlacedWindow window) {
    lock.lock();
    try {
      if (!adopted.remove(window)) {
        byLastUse.remove(window);
        usedBytes -= window.chargedBytes();
        assert usedBytes >= 0 : "usedBytes=" + usedBytes;
      }
    } finally {
      lock.unlock();
    }
  }

  void used(PlacedWindow window) {
    lock.lock();
    try {
      byLastUse.get(window);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The longest unused window that is not among those tried. One that was read meanwhile counts as used now, but once, as it may be read
   * all the time.
   *
   * @param tried those that are left out
   * @return the window, or null
   */
  public PlacedWindow longestUnused(Set<PlacedWindow> tried) {
    lock.lock();
    try {
      PlacedWindow window = first(tried);
      for (int chances = byLastUse.size(); chances > 0 && window != null && window.wasRead().getAndSet(false); chances--) {
        byLastUse.get(window);
        window = first(tried);
      }
      return window;
    } finally {
      lock.unlock();
    }
  }

  private PlacedWindow first(Set<PlacedWindow> tried) {
    for (PlacedWindow window : byLastUse.keySet()) {
      if (!tried.contains(window)) {
        return window;
      }
    }
    return null;
  }

  /**
   * The windows that are charged.
   *
   * @return the windows, the longest unused first
   */
  public List<PlacedWindow> windows() {
    lock.lock();
    try {
      return new ArrayList<>(byLastUse.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** The windows, those too that take nothing of the budget. */
  List<PlacedWindow> all() {
    lock.lock();
    try {
      List<PlacedWindow> all = new ArrayList<>(byLastUse.keySet());
      all.addAll(adopted);
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** {@return bytes charged are bytes held; true while nobody is placing} */
  public boolean balances() {
    lock.lock();
    try {
      return byLastUse.keySet().stream().mapToLong(PlacedWindow::chargedBytes).sum() == usedBytes;
    } finally {
      lock.unlock();
    }
  }
}

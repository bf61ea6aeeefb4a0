package io.samepage.cuda;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** The events of a node, used again and again. Safe for use by any thread. */
final class EventPool {
  private static final int MOST_TRIES = 4;

  private final StreamCalls calls;
  private final long device;
  // All below is guarded by this.
  private final Arena entries = Arena.ofShared();
  private final Map<Long, Event> events = new HashMap<>();
  private final Queue<Event> timed = new ArrayDeque<>();
  private final Queue<Event> untimed = new ArrayDeque<>();

  /**
   * Makes an empty pool.
   *
   * @param calls how events are made
   * @param device how the fault handler knows their device
   */
  EventPool(StreamCalls calls, long device) {
    this.calls = calls;
    this.device = device;
  }

  /** {@return an event with one user; called while the context is current} */
  synchronized Event take(boolean isTimed) {
    Queue<Event> idle = idle(isTimed);
    // The fault handler may still hold some.
    for (int tries = Math.min(MOST_TRIES, idle.size()); tries > 0; tries--) {
      Event event = idle.remove();
      if (!event.isInUse()) {
        event.retain();
        return event;
      }
      idle.add(event);
    }
    return make(isTimed);
  }

  private Event make(boolean isTimed) {
    Event event = new Event(entries.allocate(Event.ENTRY_BYTES, Long.BYTES), isTimed);
    calls.createEvent(event, isTimed);
    event.made(device);
    event.retain();
    events.put(event.address(), event);
    return event;
  }

  private Queue<Event> idle(boolean isTimed) {
    return isTimed ? timed : untimed;
  }

  /** Takes back what was taken; the fault handler may use it some more. */
  synchronized void give(Event event) {
    event.release();
    idle(event.isTimed()).add(event);
  }

  /** {@return the event of an entry} */
  synchronized Event at(long address) {
    return events.get(address);
  }

  /** Destroys all; called while the context is current. */
  synchronized void close() {
    events.values().forEach(calls::destroy);
    events.clear();
    entries.close();
  }
}

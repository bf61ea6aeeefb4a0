package io.samepage.opencl;

import java.util.Arrays;

/** Events that somebody must release. Not safe for use by several threads at once. */
final class EventList {
  private static final long[] NONE = {};

  /** Most lists have one event or none. */
  private long[] events = NONE;
  private int size;

  void add(long event) {
    if (size == events.length) {
      events = Arrays.copyOf(events, Math.max(1, 2 * size));
    }
    events[size++] = event;
  }

  void addAll(EventList more) {
    for (int i = 0; i < more.size; i++) {
      add(more.events[i]);
    }
  }

  int size() {
    return size;
  }

  long get(int index) {
    return events[index];
  }

  /** Takes out the event at an index; the order of the others changes. */
  void removeUnordered(int index) {
    events[index] = events[--size];
  }
}

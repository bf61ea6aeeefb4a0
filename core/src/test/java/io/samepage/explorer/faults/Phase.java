package io.samepage.explorer.faults;

/**
 * Where somebody is: the step that he takes next. {@link #point} is what the native library and the replay call it; several phases are
 * one point of code that several callers run.
 */
enum Phase {
  /** A thread between its acts; the handler before it reads an event. */
  IDLE("idle"),

  // The handler.
  TOUCH("touch"),
  FLAG("flag"),
  MAP("map"),
  FILLED("filled"),

  // Who fetches: the handler, and threads that bring pages home.
  PRODUCER("producer"),
  AWAIT_PRODUCER("await"),
  EDGE("edge"),
  AWAIT_EDGE("await"),
  READ("read"),
  AWAIT_READ("await"),
  RELEASE("release"),
  WAKE("wake"),

  // A launch: R2.
  SEEK("seek"),
  LOOK("look"),
  SCAN("scan"),
  NOTE("note"),
  MAPPED_TAKE("take"),
  MAPPED_SCAN("scan"),
  UNMAP_TAKE("take"),
  UNMAP_UNMAP("unmap"),
  UNMAP_SCAN("scan"),
  UNMAP_NOTE("note"),
  PLAN("plan"),
  HOME_TAKE("take"),
  ARRIVED("arrived"),
  ENQUEUE("enqueue"),
  PUBLISH("publish"),
  SETTLE("settle"),

  // R3.
  SKIP("skip"),
  WITHDRAW_TAKE("take"),
  WITHDRAW_UNMAP("unmap"),
  WITHDRAW_SCAN("scan"),
  WITHDRAW_NOTE("note"),
  WITHDRAW_SEND("send"),
  DOUBT("doubt"),
  RECHECK("recheck"),
  SET("set"),
  CONFIRM("confirm"),
  REMEMBER("remember"),
  ENTER("enter"),

  // R4.
  LACKING("lacking"),
  EVACUATED("evacuated"),
  FORGET("forget"),
  FREE("free"),
  CLOSE_TAKE("take"),
  CLOSE_UNMAP("unmap"),
  CLOSE_WAKE("wake-all"),
  CLOSE_DRAIN("drain"),
  CLOSED("closed"),

  // A discard.
  OVERWRITE_TAKE("take"),
  OVERWRITTEN("overwritten"),
  ZERO_TAKE("take"),
  ZERO_UNMAP("unmap"),
  ZERO_DROP("drop"),
  DISCARDED("discarded");

  static final int BITS = 6;

  private static final Phase[] ALL = values();

  private final String point;

  Phase(String point) {
    this.point = point;
  }

  String point() {
    return point;
  }

  static Phase of(int ordinal) {
    return ALL[ordinal];
  }
}

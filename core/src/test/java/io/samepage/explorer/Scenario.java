package io.samepage.explorer;

import java.util.ArrayList;
import java.util.List;

/** What each thread of a small world does, and how the world is. */
final class Scenario {
  /** A part of an operation: a lease is opened and closed apart, as other things may be done between. */
  record Instruction(Operation operation, boolean closes) {
    Phase firstPhase() {
      return closes ? Phase.USE : Phase.HOLD;
    }
  }

  private final String name;
  private final List<List<Act>> threads = new ArrayList<>();
  private final List<Start> starts = new ArrayList<>();
  private int rangeSizeBytes = Small.CELLS;
  private int failures;
  private boolean copiesBetweenPeers = true;
  private boolean bridges;
  private boolean follows;
  private boolean impatient;

  private Scenario(String name) {
    this.name = name;
  }

  static Scenario of(String name) {
    return new Scenario(name);
  }

  /** One more thread, which does these things one after the other. */
  Scenario thread(Act... acts) {
    threads.add(List.of(acts));
    return this;
  }

  /** One more way that it can start: who holds page 0, who holds page 1. */
  Scenario start(int page0, int page1) {
    return starts(new Start(page0, page1));
  }

  /** More ways that it can start. */
  Scenario starts(Start... more) {
    starts.addAll(List.of(more));
    return this;
  }

  /** The last page has fewer bytes than others. */
  Scenario rangeSizeBytes(int sizeBytes) {
    rangeSizeBytes = sizeBytes;
    return this;
  }

  /** So many times something may fail: a copy, a kernel, or the enqueueing of one. */
  Scenario failures(int count) {
    failures = count;
    return this;
  }

  /** Copies between devices go by way of the host. */
  Scenario withoutPeerCopies() {
    copiesBetweenPeers = false;
    return this;
  }

  /** Pages that both sides hold are copied along whenever that is allowed, however many they are. */
  Scenario bridging() {
    bridges = true;
    return this;
  }

  /** Host leases come behind launches, where the rules let them. */
  Scenario following() {
    follows = true;
    return this;
  }

  /** The same; and they may give up before the launches are over, as their time is, or as they are interrupted. */
  Scenario impatient() {
    impatient = true;
    return following();
  }

  String name() {
    return name;
  }

  int rangeSizeBytes() {
    return rangeSizeBytes;
  }

  int failures() {
    return failures;
  }

  boolean copiesBetweenPeers() {
    return copiesBetweenPeers;
  }

  boolean bridges() {
    return bridges;
  }

  boolean follows() {
    return follows;
  }

  boolean isImpatient() {
    return impatient;
  }

  /** The ways it can start; untouched if none was given. */
  List<Start> starts() {
    return starts.isEmpty() ? List.of(new Start(Start.UNTOUCHED, Start.UNTOUCHED)) : starts;
  }

  /** What each thread does, numbered. */
  List<List<Instruction>> instructions() {
    List<List<Instruction>> instructions = new ArrayList<>();
    int[] count = {0};
    for (List<Act> acts : threads) {
      List<Instruction> line = new ArrayList<>();
      acts.forEach(act -> add(act, instructions.size(), line, count));
      instructions.add(line);
    }
    if (threads.size() > Small.THREADS_MAX || count[0] > Small.OPERATIONS_MAX) {
      throw new IllegalArgumentException("The scenario is too large: threads=" + threads.size() + ", operations=" + count[0]);
    }
    return instructions;
  }

  private void add(Act act, int thread, List<Instruction> line, int[] count) {
    Operation operation = new Operation(act.within(rangeSizeBytes), count[0]++, thread, rangeSizeBytes);
    line.add(new Instruction(operation, false));
    act.inside().forEach(inner -> add(inner, thread, line, count));
    if (act.isLease()) {
      line.add(new Instruction(operation, true));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

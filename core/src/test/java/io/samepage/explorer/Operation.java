package io.samepage.explorer;

import io.samepage.Access;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import java.util.function.Predicate;

/** An act of a scenario with its number, its claim, and what follows from its spans. */
final class Operation {
  private final Act act;
  private final int index;
  private final int thread;
  private final Claim<Integer> preparing;
  private final Claim<Integer> prepared;
  private final int readCells;
  private final int writtenCells;

  Operation(Act act, int index, int thread, int rangeSizeBytes) {
    this.act = act;
    this.index = index;
    this.thread = thread;
    Claim.Kind kind = act.kind() == Act.Kind.LAUNCH ? Claim.Kind.LAUNCH : Claim.Kind.PLAIN;
    preparing = new Claim<>(index, act.node(), act.spans(), rangeSizeBytes, Small.PAGE_SIZE_BYTES, kind);
    prepared = new Claim<>(index, act.node(), act.spans(), rangeSizeBytes, Small.PAGE_SIZE_BYTES, kind);
    prepared.prepared();
    readCells = act.kind() == Act.Kind.EVICTION ? 0 : cells(Access::reads);
    writtenCells = cells(Access::writes);
  }

  private int cells(Predicate<Access> wanted) {
    int cells = 0;
    for (Span span : act.spans()) {
      cells |= wanted.test(span.access()) ? Act.cells(span) : 0;
    }
    return cells;
  }

  Act act() {
    return act;
  }

  Act.Kind kind() {
    return act.kind();
  }

  int node() {
    return act.node();
  }

  int index() {
    return index;
  }

  /** Its bit in the masks of {@link World}. */
  int bit() {
    return 1 << index;
  }

  int thread() {
    return thread;
  }

  /** The claim as it is in the table. */
  Claim<Integer> claim(boolean isPreparing) {
    return isPreparing ? preparing : prepared;
  }

  int readCells() {
    return readCells;
  }

  int writtenCells() {
    return writtenCells;
  }

  int pages() {
    return Small.pages(prepared.pages());
  }

  int writtenPages() {
    return Small.pages(prepared.writtenPages());
  }

  /** The pages whose every byte it overwrites. */
  int overwrittenPages() {
    return Small.pages(prepared.overwrittenPages());
  }

  /** {@code T1c launch dev1 READ p0}: its thread, a letter of its own, what it is. */
  @Override
  public String toString() {
    return "T" + thread + (char) ('a' + index) + " " + act;
  }
}

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
  private final int pages;
  private final int writtenPages;
  private final int overwrittenPages;
  /** For a copy: the lease it is for, and the copy of each set of pages. */
  private Operation lease;
  private Operation[] variants;

  Operation(Act act, int index, int thread, int rangeSizeBytes) {
    this(act, index, thread, rangeSizeBytes, act.kind() == Act.Kind.LAUNCH ? Claim.Kind.LAUNCH : Claim.Kind.PLAIN);
  }

  private Operation(Act act, int index, int thread, int rangeSizeBytes, Claim.Kind kind) {
    this.act = act;
    this.index = index;
    this.thread = thread;
    preparing = new Claim<>(index, act.node(), act.spans(), rangeSizeBytes, Small.PAGE_SIZE_BYTES, kind);
    prepared = new Claim<>(index, act.node(), act.spans(), rangeSizeBytes, Small.PAGE_SIZE_BYTES, kind);
    prepared.prepared();
    readCells = act.kind() == Act.Kind.EVICTION ? 0 : cells(Access::reads);
    writtenCells = cells(Access::writes);
    pages = Small.pages(prepared.pages());
    writtenPages = Small.pages(prepared.writtenPages());
    overwrittenPages = Small.pages(prepared.overwrittenPages());
  }

  /** What a host lease may put behind launches of a device, with claims of a kind. */
  static Operation copy(Operation lease, int device, int index, int rangeSizeBytes, Claim.Kind kind) {
    Operation[] variants = new Operation[Small.ALL_PAGES + 1];
    for (int pages = 0; pages <= Small.ALL_PAGES; pages++) {
      variants[pages] = new Operation(Act.copy(device, pages).within(rangeSizeBytes), index, lease.thread, rangeSizeBytes, kind);
      variants[pages].lease = lease;
      variants[pages].variants = variants;
    }
    return variants[0];
  }

  /** The same; if it is a copy, that of the pages which it copies in a world. */
  Operation in(World world) {
    return variants == null ? this : variants[world.copied[index]];
  }

  /** The lease that a copy is for. */
  Operation lease() {
    return lease;
  }

  boolean isHostLease() {
    return act.kind() == Act.Kind.HOST_LEASE;
  }

  boolean isCopy() {
    return act.kind() == Act.Kind.COPY;
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
    return pages;
  }

  int writtenPages() {
    return writtenPages;
  }

  /** The pages whose every byte it overwrites. */
  int overwrittenPages() {
    return overwrittenPages;
  }

  /** {@code T1c launch dev1 READ p0}: its thread, a letter of its own, what it is. */
  @Override
  public String toString() {
    return "T" + thread + (char) ('a' + index) + " " + act;
  }
}

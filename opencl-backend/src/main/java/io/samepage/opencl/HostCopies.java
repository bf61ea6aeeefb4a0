package io.samepage.opencl;

import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.Lattice;
import io.samepage.node.TransferCounters;
import io.samepage.opencl.PageMover.Batch;
import java.util.List;

/** Copies between host memory and windows: a command for each run, or one for many short or evenly spread ones. */
final class HostCopies {
  /** Below it, commands of their own cost less than starting a kernel does: measured, single pages on PoCL. */
  static final int FEWEST_TO_MOVE = 16;

  private final ClCalls calls;
  private final TransferCounters counters;
  /** Null where commands of their own do. */
  private final PageMover mover;

  HostCopies(OpenClNode node, FoundDevice device) {
    calls = node.calls();
    counters = node.counters();
    mover = device.info().kind() == DeviceInfo.Kind.CPU ? PageMoverTrial.run(node, device.limits()).orElse(null) : null;
  }

  /**
   * Enqueues copies to windows.
   *
   * @param queue where to
   * @param runs what to copy
   * @param commands where the events go
   */
  void upload(long queue, List<CopyRun> runs, EventList commands) {
    copy(queue, runs, true, commands);
  }

  /**
   * Enqueues copies from windows.
   *
   * @param queue where to
   * @param runs what to copy
   * @param commands where the events go
   */
  void download(long queue, List<CopyRun> runs, EventList commands) {
    copy(queue, runs, false, commands);
  }

  private void copy(long queue, List<CopyRun> runs, boolean isUpload, EventList commands) {
    int next = 0;
    while (next < runs.size()) {
      Batch batch = mover == null ? null : mover.batch(runs, next);
      if (batch != null && batch.count() >= FEWEST_TO_MOVE) {
        mover.move(queue, batch, isUpload, commands);
        count(batch.count(), batch.sizeBytes(), isUpload);
        next = batch.end();
      } else {
        next = copyByCommand(queue, runs, next, batch == null ? next : batch.end(), isUpload, commands);
      }
    }
  }

  /** Those that lie in a lattice by one command, others up to an end, at least one, by a command each; answers where it has stopped. */
  private int copyByCommand(long queue, List<CopyRun> runs, int start, int end, boolean isUpload, EventList commands) {
    Lattice lattice = Lattice.inRows(runs, start);
    if (lattice.count() >= FEWEST_TO_MOVE) {
      commands.add(enqueue(queue, lattice, isUpload));
      count(lattice.count(), lattice.count() * lattice.first().sizeBytes(), isUpload);
      return start + lattice.count();
    }
    int stop = Math.max(end, start + 1);
    for (int i = start; i < stop; i++) {
      CopyRun run = runs.get(i);
      commands.add(isUpload ? enqueueWrite(queue, run) : enqueueRead(queue, run));
      count(1, run.sizeBytes(), isUpload);
    }
    return stop;
  }

  private long enqueue(long queue, Lattice lattice, boolean isUpload) {
    CopyRun first = lattice.first();
    return calls.enqueueRectangle(queue, isUpload, first.window().handle(), first.windowOffsetBytes(), first.sizeBytes(), lattice.count(),
        lattice.strideBytes(), first.hostAddress());
  }

  private long enqueueWrite(long queue, CopyRun run) {
    return calls.enqueueWrite(queue, run.window().handle(), run.windowOffsetBytes(), run.sizeBytes(), run.hostAddress());
  }

  private long enqueueRead(long queue, CopyRun run) {
    return calls.enqueueRead(queue, run.window().handle(), run.windowOffsetBytes(), run.sizeBytes(), run.hostAddress());
  }

  private void count(int runs, long sizeBytes, boolean isUpload) {
    if (isUpload) {
      counters.countUploads(runs, sizeBytes);
    } else {
      counters.countDownloads(runs, sizeBytes);
    }
  }
}

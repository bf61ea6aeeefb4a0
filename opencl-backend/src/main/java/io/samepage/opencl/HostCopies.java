package io.samepage.opencl;

import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.Lattice;
import io.samepage.node.TransferCounters;
import java.util.List;
import java.util.Optional;

/** Copies between host memory and windows: a command for each run, or one for many short or evenly spread ones. */
final class HostCopies {
  /** Below it, commands of their own cost less than starting a kernel does: measured, single pages on PoCL. */
  static final int FEWEST_TO_MOVE = 16;

  private final ClCalls calls;
  private final TransferCounters counters;
  private final Optional<PageMover> mover;

  HostCopies(OpenClNode node, FoundDevice device) {
    calls = node.calls();
    counters = node.counters();
    mover = device.info().kind() == DeviceInfo.Kind.CPU ? PageMoverTrial.run(node, device.limits()) : Optional.empty();
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
      int start = next;
      int end = mover.map(m -> m.endOfMovable(runs, start)).orElse(start);
      Lattice lattice = Lattice.inRows(runs, start);
      if (end - start >= FEWEST_TO_MOVE) {
        mover.orElseThrow().move(queue, runs.subList(start, end), isUpload, commands);
        runs.subList(start, end).forEach(run -> count(run, isUpload));
        next = end;
      } else if (lattice.count() >= FEWEST_TO_MOVE) {
        commands.add(enqueue(queue, lattice, isUpload));
        next = start + lattice.count();
        runs.subList(start, next).forEach(run -> count(run, isUpload));
      } else {
        next = Math.max(end, start + 1);
        runs.subList(start, next).forEach(run -> commands.add(isUpload ? enqueueWrite(queue, run) : enqueueRead(queue, run)));
      }
    }
  }

  private long enqueue(long queue, Lattice lattice, boolean isUpload) {
    CopyRun first = lattice.first();
    return calls.enqueueRectangle(queue, isUpload, first.window().handle(), first.windowOffsetBytes(), first.sizeBytes(), lattice.count(),
        lattice.strideBytes(), first.hostAddress());
  }

  private long enqueueWrite(long queue, CopyRun run) {
    long event = calls.enqueueWrite(queue, run.window().handle(), run.windowOffsetBytes(), run.sizeBytes(), run.hostAddress());
    counters.countUpload(run.sizeBytes());
    return event;
  }

  private long enqueueRead(long queue, CopyRun run) {
    long event = calls.enqueueRead(queue, run.window().handle(), run.windowOffsetBytes(), run.sizeBytes(), run.hostAddress());
    counters.countDownload(run.sizeBytes());
    return event;
  }

  private void count(CopyRun run, boolean isUpload) {
    if (isUpload) {
      counters.countUpload(run.sizeBytes());
    } else {
      counters.countDownload(run.sizeBytes());
    }
  }
}

package io.samepage.benchmarks.work;

import org.openjdk.jmh.infra.IterationParams;

/** The baseline of {@link SubmittedLaunches}: argument, enqueue with an event, and its release, by hand. */
final class RawLaunches implements AutoCloseable {
  private final RawDevice device;
  private final RawKernel busy;
  private final RawKernel nothing;
  private final long steps;
  private long ahead;

  RawLaunches(long sizeBytes, boolean writes) {
    device = new RawDevice(sizeBytes);
    busy = new RawKernel(device, EmptyKernel.source(writes), BusyKernel.NAME);
    nothing = new RawKernel(device, EmptyKernel.source(writes), EmptyKernel.NAME);
    busy.setBuffer(0, device.buffer());
    steps = BusyKernel.steps(count -> {
      RawKernel.release(enqueueBusy(count));
      device.finish();
    });
    submit();
    device.finish();
  }

  private long enqueueBusy(long count) {
    busy.setValue(1, count);
    long event = busy.enqueue(1);
    device.flush();
    return event;
  }

  /** Makes the device busy. */
  void occupy() {
    ahead = enqueueBusy(steps);
  }

  /** What is measured. */
  void submit() {
    for (int i = 0; i < SubmittedLaunches.COUNT; i++) {
      nothing.setBuffer(0, device.buffer());
      RawKernel.release(nothing.enqueue(1));
    }
  }

  /** Checks that all was submitted while the device was busy. */
  void check(IterationParams iteration) {
    boolean wasDone = RawKernel.isDone(ahead);
    RawKernel.release(ahead);
    device.finish();
    BusyKernel.checkBusy(wasDone, SubmittedLaunches.COUNT, iteration);
  }

  @Override
  public void close() {
    busy.close();
    nothing.close();
    device.close();
  }
}

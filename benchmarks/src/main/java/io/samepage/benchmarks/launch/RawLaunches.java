package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.base.RawKernel;

/** The baseline of {@link SubmittedLaunches}: argument, enqueue with an event, and its release, by hand. */
final class RawLaunches implements Launches {
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
  }

  private long enqueueBusy(long count) {
    busy.setValue(1, count);
    long event = busy.enqueue(1);
    device.flush();
    return event;
  }

  @Override
  public void occupy() {
    ahead = enqueueBusy(steps);
  }

  @Override
  public void submit() {
    for (int i = 0; i < COUNT; i++) {
      nothing.setBuffer(0, device.buffer());
      RawKernel.release(nothing.enqueue(1));
    }
  }

  @Override
  public boolean check() {
    boolean isDone = RawKernel.isDone(ahead);
    RawKernel.release(ahead);
    await();
    return !isDone;
  }

  @Override
  public void await() {
    device.finish();
  }

  @Override
  public void close() {
    busy.close();
    nothing.close();
    device.close();
  }
}

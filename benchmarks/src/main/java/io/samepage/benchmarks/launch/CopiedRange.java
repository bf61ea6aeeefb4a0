package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.turn.TimedRun;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The baseline: a buffer and host memory of the same size, all of which is copied before the kernel is launched. */
final class CopiedRange extends TimedRun {
  private final RawDevice device;
  private final RawKernel kernel;
  private final long result;
  private final PageChanges changes;

  CopiedRange(long sizeBytes) {
    device = new RawDevice(sizeBytes);
    result = device.createBuffer(Integer.BYTES);
    kernel = new RawKernel(device, PageChanges.SOURCE, PageChanges.KERNEL);
    changes = new PageChanges(sizeBytes);
    launch();
  }

  @Override
  public void prepare() {
    changes.next();
  }

  @Override
  protected void work() {
    changes.fill(device.host().asSlice(changes.offsetBytes(), Pages.SIZE_BYTES));
    launch();
  }

  private void launch() {
    device.write();
    kernel.setBuffer(0, device.buffer());
    kernel.setValue(1, changes.index());
    kernel.setBuffer(2, result);
    RawKernel.release(kernel.enqueue(1));
    device.finish();
  }

  /** Checks that the kernel saw what was written. */
  @Override
  public void finish() {
    MemorySegment found = device.host().asSlice(0, Integer.BYTES);
    int kept = found.get(ValueLayout.JAVA_INT, 0);
    device.read(result, found);
    Expected.same("element", found.get(ValueLayout.JAVA_INT, 0), changes.value());
    found.set(ValueLayout.JAVA_INT, 0, kept);
  }

  @Override
  public void close() {
    kernel.close();
    device.close();
  }
}

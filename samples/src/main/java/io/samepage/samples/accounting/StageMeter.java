package io.samepage.samples.accounting;

import io.samepage.HostAccess;
import io.samepage.HostStatistics;
import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs the stages of a computation and keeps their time and traffic. What is done before the first and behind the last one isn't
 * counted, so warming up and verifying stay outside; bytes that are still on their way when a stage ends count in the next. For one
 * thread.
 */
public final class StageMeter {
  private final UnifiedMemory memory;
  private final Consumer<String> onStart;
  private final Map<String, Stage> stages = new LinkedHashMap<>();
  /** What was counted up to the end of the last stage; null before the first. */
  private MemoryStatistics last;
  private long bytesDeviceToDevice;
  private long hostFaults;
  private long pagesFoundWritten;

  /**
   * Makes a meter.
   *
   * @param memory where bytes are counted
   * @param onStart told the name of each stage when it starts
   */
  public StageMeter(UnifiedMemory memory, Consumer<String> onStart) {
    this.memory = memory;
    this.onStart = onStart;
  }

  /**
   * Runs and measures one stage; stages of one name are added up.
   *
   * @param name its name
   * @param work what it does, complete when it returns
   */
  public void measure(String name, Runnable work) {
    onStart.accept(name);
    HostStatistics hostBefore = memory.hostStatistics();
    MemoryStatistics before = last == null ? memory.statistics() : last;
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) * 1e-9;
    MemoryStatistics after = memory.statistics();
    last = after;
    add(hostBefore, memory.hostStatistics());
    bytesDeviceToDevice += after.bytesDeviceToDevice() - before.bytesDeviceToDevice();
    stages.merge(name, new Stage(name, seconds, after.bytesToDevice() - before.bytesToDevice(),
        after.bytesToHost() - before.bytesToHost()), Stage::plus);
  }

  private void add(HostStatistics before, HostStatistics after) {
    hostFaults += after.faults() - before.faults();
    pagesFoundWritten += after.writtenPages() - before.writtenPages();
  }

  /** {@return the stages in the order of their first start} */
  public List<Stage> stages() {
    return List.copyOf(stages.values());
  }

  /** {@return the sum of all stages} */
  public Stage total() {
    return stages.values().stream().reduce(new Stage("total", 0, 0, 0), Stage::plus);
  }

  /**
   * What the host did in all stages.
   *
   * @param mode how it got at the memory
   * @return its use of it
   */
  public HostUse hostUse(HostAccess.Mode mode) {
    return new HostUse(mode.name().toLowerCase(Locale.ROOT), hostFaults, pagesFoundWritten);
  }

  /** {@return bytes that went from device to device without passing through the host} */
  public long bytesDeviceToDevice() {
    return bytesDeviceToDevice;
  }
}

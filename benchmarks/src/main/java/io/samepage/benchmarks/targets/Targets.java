package io.samepage.benchmarks.targets;

import io.samepage.benchmarks.result.Goal;
import java.util.List;
import java.util.regex.Pattern;

/** All targets, in the design's order. */
public final class Targets {
  /** How they stand in the design. */
  public static final List<Target> ALL = List.of(
      target("acquire + release of a device lease, nothing to move", "StarPU 1.14 µs", "100 ns, 0 bytes allocated", new Goal.Cost(100, 0),
          "device lease, nothing to move", "ResidentLeases"),
      target("a 4 KiB device-written page read on the host", "one blocking clEnqueueReadBuffer of 4 KiB beside it; StarPU 18 µs",
          "≤ 1.5 × the blocking read", new Goal.Rate(1 / 1.5), "fault on a single page of OpenCL, .*", "FaultLatency"),
      target("the same from the embedded device, back to back", "kernel minor fault 1.2 µs", "≤ 12 µs", new Goal.Time(12_000),
          "fault on a single page of the embedded device, back to back", "FaultLatency"),
      target("host sweep of 256 MiB a kernel just wrote", "one clEnqueueReadBuffer into touched memory + the same sweep", "≥ 0.7",
          new Goal.Rate(0.7), "sweep over 256 MiB .*", "Sweep"),
      target("after k scattered writes in 1 GiB", "everyone else moves the whole object", "≤ 1.05 × page × k",
          new Goal.Amount(1.05, "× page × writes"), "bytes moved after .* scattered writes in .*", "ScatteredTraffic"),
      target("bulk transfer of 2 MiB and more", "the raw driver call", "≥ 0.95", new Goal.Rate(0.95), "bulk to the (device|host), .*",
          "BulkToDevice BulkToHost"),
      target("16,384 scattered dirty pages", "the raw driver call", "≥ 0.70", new Goal.Rate(0.7),
          "16,384 (random )?pages,? .* to the (device|host).*", "ScatteredToDevice ScatteredToHost"),
      target("loop over resident memory", "a plain segment of the same page size", "≤ 1.02 ×", new Goal.Rate(0.98),
          "loop over resident pages, .*", "TransparentLoop"),
      target("metadata, fully mixed pages, two nodes", "UVM about 1.9 bytes a page", "≤ 1 byte", new Goal.Amount(1, "bytes a page"),
          "metadata of .* mixed pages, .*", "MetadataBytes"),
      target("matrix pipeline, time outside kernels", "hand-written LWJGL with the fewest copies", "≤ 1.10 ×", new Goal.Rate(1 / 1.1),
          "pipeline of .* outside kernels, (under leases|by plain stores)", "PipelineOutsideKernels"),
      target("relaunch on 1 GiB of which 4 KiB changed", "copying every argument", "≥ 2 × faster", new Goal.Rate(2),
          "launch on .* of which 4 KiB changed, .*", "RelaunchChanged"),
      target("launch submitted behind a running kernel", "raw set-args + enqueue with event + release", "+ 3 µs", new Goal.Excess(3_000),
          "launch behind a busy kernel, (reading a range|writing a range|writing the second half) of .*", "LaunchSubmit"));

  private Targets() {}

  private static Target target(String work, String toBeat, String goal, Goal judge, String titles, String benchmarks) {
    return new Target(work, toBeat, goal, judge, Pattern.compile(titles), "./bench --write " + benchmarks);
  }
}

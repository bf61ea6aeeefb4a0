package io.samepage.samples;

import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.LaunchCount;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.network.Network;
import io.samepage.samples.network.NetworkData;
import io.samepage.samples.network.NetworkFiles;
import io.samepage.samples.report.JsonFile;
import io.samepage.samples.report.NetworkReport;
import io.samepage.samples.report.RunReport;
import io.samepage.samples.report.RunReport.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./run network}. */
@Command(name = "network", sortOptions = false, description = {
    "Runs the sparse network in a folder (images, layer-01, layer-02, ..., categories, each .mtx or .mtx.gz): the first device "
        + "multiplies, the host adds the bias, clamps and drops rows that have died. Ends with the categories compared with the truth."})
final class NetworkCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--data", paramLabel = "DIR", required = true, description = "The folder.")
  private Path folder;

  @Mixin
  private DeviceOption device;

  @Mixin
  private HostOption host;

  @Mixin
  private JsonOption json;

  @Override
  public Integer call() throws IOException {
    try (JsonFile file = json.claim(); UnifiedMemory memory = device.open(); HostSpace space = host.open(memory)) {
      NetworkData data = NetworkFiles.read(folder);
      checkMemory(data);
      Network network = new Network(space, data);
      NetworkReport report = report(run(space, network, data), network, data);
      int exitCode = print(report);
      if (file != null) {
        file.write(report);
      }
      return exitCode;
    }
  }

  /** The head of a file can claim any size. */
  private void checkMemory(NetworkData data) throws IOException {
    long elements = (long) data.imageCount() * data.neurons();
    if (elements > HostMemory.totalBytes() / (2 * Float.BYTES)) {
      throw new IOException(folder + ": the images don't fit into this machine's memory: images=" + data.imageCount() + ", neurons="
          + data.neurons() + ", memoryBytes=" + HostMemory.totalBytes());
    }
  }

  private static RunReport run(HostSpace space, Network network, NetworkData data) {
    LaunchCount launches = new LaunchCount(space.memory());
    try (Progress progress = Progress.start("network", Network.stageCount(data) + 1)) {
      StageMeter meter = new StageMeter(space.memory(), progress::next);
      network.run(meter);
      progress.next("verify");
      Problem problem = new Problem(data.imageCount(), data.neurons(), data.neurons(), 1, null);
      Verdict verdict = network.verify();
      return RunReport.of("network", launches.uses(), problem, verdict, meter, space.mode(), network.kernelSeconds(),
          network.least(), network.naive());
    }
  }

  private static NetworkReport report(RunReport run, Network network, NetworkData data) {
    SortedSet<Integer> found = network.categoriesFound();
    return new NetworkReport(run, data.layers().layers(), data.neurons(), data.imageCount(), found.size(), data.categories().size(),
        found.equals(data.categories()), network.liveRows());
  }

  private int print(NetworkReport report) {
    int exitCode = new Conclusion(spec).print(report.run());
    spec.commandLine().getOut().printf("layers=%d, neurons=%d, images=%d, categoriesFound=%d, categoriesExpected=%d%n",
        report.layers(), report.neurons(), report.images(), report.categoriesFound(), report.categoriesExpected());
    return exitCode;
  }
}

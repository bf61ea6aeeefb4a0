package io.samepage.samples;

import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.LaunchCount;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;
import io.samepage.samples.report.JsonFile;
import io.samepage.samples.report.RunReport;
import io.samepage.samples.report.RunReport.Problem;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./run pipeline}. */
@Command(name = "pipeline", sortOptions = false, description = {
    "Computes C = A·B on devices, scales C's rows to norm 1 on the host, computes D = C·Cᵀ on devices, reads D's diagonal on the "
        + "host; then changes a row of A and goes again. A is rows × inner, B is inner × cols."})
final class PipelineCommand implements Callable<Integer> {
  private static final int DEFAULT_SIZE = 512;

  @Spec
  private CommandSpec spec;

  @Mixin
  private DeviceOption device;

  @Mixin
  private HostOption host;

  @ArgGroup
  private SizeChoice choice = new SizeChoice();

  @Option(names = "--rounds", paramLabel = "R", defaultValue = "3", description = "How often. Default: 3")
  private int rounds;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "42", description = "What A and B are drawn from. Default: 42")
  private long seed;

  @Mixin
  private JsonOption json;

  /** One size for all, or each. */
  private static final class SizeChoice {
    @Option(names = "--size", paramLabel = "N", description = "All matrices are N × N. Default: " + DEFAULT_SIZE)
    private int size = DEFAULT_SIZE;

    @ArgGroup(exclusive = false)
    private Sizes sizes;
  }

  /** A size for each dimension. */
  private static final class Sizes {
    @Option(names = "--rows", paramLabel = "M", required = true, description = "Rows of A.")
    private int rows;

    @Option(names = "--inner", paramLabel = "K", required = true, description = "Columns of A, rows of B.")
    private int inner;

    @Option(names = "--cols", paramLabel = "N", required = true, description = "Columns of B.")
    private int cols;
  }

  @Override
  public Integer call() throws IOException {
    PipelineShape shape = shape();
    try (JsonFile file = json.claim(); UnifiedMemory memory = device.open(); HostSpace space = host.open(memory)) {
      RunReport report = run(space, shape);
      int exitCode = new Conclusion(spec).print(report);
      if (file != null) {
        file.write(report);
      }
      return exitCode;
    }
  }

  private static RunReport run(HostSpace space, PipelineShape shape) {
    Pipeline pipeline = new Pipeline(space, shape);
    LaunchCount launches = new LaunchCount(space.memory());
    try (Progress progress = Progress.start("pipeline", Pipeline.stageCount(shape) + 1)) {
      StageMeter meter = new StageMeter(space.memory(), progress::next);
      pipeline.run(meter);
      progress.next("verify");
      Problem problem = new Problem(shape.rows(), shape.inner(), shape.columns(), shape.rounds(), shape.seed());
      Verdict verdict = pipeline.verify();
      return RunReport.of("pipeline", launches.uses(), problem, verdict, meter, space.mode(), pipeline.kernelSeconds(),
          pipeline.least(), pipeline.naive());
    }
  }

  private PipelineShape shape() {
    Sizes sizes = choice.sizes;
    try {
      PipelineShape shape = sizes == null ? PipelineShape.square(choice.size, rounds, seed)
          : new PipelineShape(sizes.rows, sizes.inner, sizes.cols, rounds, seed);
      checkMemory(shape);
      return shape;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static void checkMemory(PipelineShape shape) {
    if (shape.totalBytes() > HostMemory.totalBytes()) {
      throw new IllegalArgumentException("The matrices don't fit into this machine's memory, choose smaller sizes: neededBytes="
          + shape.totalBytes() + ", memoryBytes=" + HostMemory.totalBytes());
    }
  }
}

package io.samepage.samples;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Samepage's samples as one program. Without a command it runs the pipeline. */
@Command(name = "./run", synopsisSubcommandLabel = "[COMMAND]",
    description = "Samples of Samepage: memory that Java and its devices share.",
    footer = {"", "Without a command it runs 'pipeline'; options given without a command are its options.",
        "'COMMAND --help' tells a command's options."},
    subcommands = {PipelineCommand.class, NetworkCommand.class, ListCommand.class, DevicesCommand.class, DoctorCommand.class})
public final class Samples {
  private static final String DEFAULT_COMMAND = "pipeline";

  @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
  private boolean helps;

  @Option(names = "--stacktrace", hidden = true, scope = ScopeType.INHERIT, description = "Show where an error comes from.")
  private boolean showsStackTrace;

  private Samples() {}

  /**
   * Runs the program and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, arguments));
  }

  /**
   * Runs the program in this process.
   *
   * @param out where results go
   * @param err where errors go
   * @param arguments the command line
   * @return the exit code: 0, 1 if it failed, 2 if the command line is wrong
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    Samples samples = new Samples();
    Errors errors = new Errors(() -> samples.showsStackTrace);
    CommandLine program = new CommandLine(samples).setOut(out).setErr(err).setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
    try {
      return program.execute(withCommand(arguments));
    } catch (Error e) {
      // Picocli hands over exceptions only; an exhausted heap is reported like them.
      return errors.report(e, err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static String[] withCommand(String... arguments) {
    boolean hasCommand = arguments.length > 0 && (!arguments[0].startsWith("-") || List.of("-h", "--help").contains(arguments[0]));
    if (hasCommand) {
      return arguments;
    }
    List<String> completed = new ArrayList<>(List.of(DEFAULT_COMMAND));
    completed.addAll(Arrays.asList(arguments));
    return completed.toArray(String[]::new);
  }
}

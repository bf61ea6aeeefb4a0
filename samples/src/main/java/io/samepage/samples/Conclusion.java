package io.samepage.samples;

import io.samepage.samples.accounting.DeviceUse;
import io.samepage.samples.accounting.HostUse;
import io.samepage.samples.report.RunReport;
import io.samepage.samples.report.RunTable;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** What a run ends with on the terminal, and its exit code. */
final class Conclusion {
  private final PrintWriter out;
  private final PrintWriter err;

  Conclusion(CommandSpec spec) {
    out = spec.commandLine().getOut();
    err = spec.commandLine().getErr();
  }

  /** Prints a report, and answers the exit code. */
  int print(RunReport report) {
    String devices = report.devices().stream().map(DeviceUse::name).collect(Collectors.joining(", "));
    RunReport.Problem problem = report.problem();
    out.printf("%s on %s: rows=%d, inner=%d, cols=%d, rounds=%d%n%n", report.command(), devices, problem.rows(), problem.inner(),
        problem.cols(), problem.rounds());
    RunTable.lines(report).forEach(out::println);
    HostUse host = report.host();
    out.printf("%nhost access: %s, faults=%d, pagesFoundWritten=%d%n", host.hostAccess(), host.hostFaults(), host.pagesFoundWritten());
    if (report.outcome().verified()) {
      out.println("verified, " + report.outcome().explanation());
      return ExitCode.OK;
    }
    err.println("error: not verified, " + report.outcome().explanation());
    return ExitCode.SOFTWARE;
  }
}

package io.samepage.samples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** One run of the program in this process. */
record ProgramRun(int exitCode, String out, String err) {
  static ProgramRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Samples.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new ProgramRun(exitCode, out.toString(), err.toString());
  }

  List<String> errorLines() {
    return err.lines().toList();
  }
}

package io.samepage.samples;

import io.samepage.samples.report.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --json}: where to write the report for programs. */
final class JsonOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", paramLabel = "FILE", description = "Write a report as JSON to this file.")
  private Path path;

  /** Claims the file; null if none was asked for. */
  JsonFile claim() {
    try {
      return path == null ? null : JsonFile.claim(path);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--json can't be written: " + Errors.message(e), e);
    }
  }
}

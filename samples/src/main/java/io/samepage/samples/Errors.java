package io.samepage.samples;

import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells errors in at most three lines: what is wrong, and for a wrong command line where to read how it should be. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int MAX_LINES = 3;
  private static final int MAX_LINE_LENGTH = 400;

  private final BooleanSupplier showsStackTrace;

  Errors(BooleanSupplier showsStackTrace) {
    this.showsStackTrace = showsStackTrace;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String hint = "Try: " + command.getCommandSpec().qualifiedName() + " --help";
    print(e, MAX_LINES - 1, command.getErr());
    command.getErr().println(hint);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, command.getErr());
  }

  /** Reports what is not a wrong command line, and answers the exit code. */
  int report(Throwable e, PrintWriter err) {
    print(e, MAX_LINES, err);
    return ExitCode.SOFTWARE;
  }

  private void print(Throwable e, int maxLines, PrintWriter err) {
    lines(e, maxLines).forEach(err::println);
    if (showsStackTrace.getAsBoolean()) {
      e.printStackTrace(err);
    }
  }

  private static List<String> lines(Throwable e, int maxLines) {
    // Picocli begins some of its messages the same way.
    String text = "error: " + message(e).replaceFirst("^Error: ", "");
    return text.lines().filter(line -> !line.isBlank()).limit(maxLines).map(Errors::shortened).toList();
  }

  /** File system exceptions name the file and leave the rest to their class. */
  static String message(Throwable e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": access denied";
      case FileSystemException other -> other.getMessage();
      case OutOfMemoryError heap -> "out of Java heap: choose smaller sizes or give java a larger -Xmx (" + heap.getMessage() + ")";
      default -> e.getMessage() == null || e instanceof NullPointerException ? e.toString() : e.getMessage();
    };
  }

  private static String shortened(String line) {
    return line.length() <= MAX_LINE_LENGTH ? line : line.substring(0, MAX_LINE_LENGTH) + "...";
  }
}

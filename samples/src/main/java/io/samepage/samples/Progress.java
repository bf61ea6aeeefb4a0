package io.samepage.samples;

import java.io.Console;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on a terminal, nothing elsewhere. */
final class Progress implements AutoCloseable {
  private final ProgressBar bar;
  private boolean isStarted;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  /** Shows a bar with a number of steps. */
  static Progress start(String task, long steps) {
    return new Progress(isTerminal() ? bar(task, steps) : null);
  }

  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static ProgressBar bar(String task, long steps) {
    return new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100).hideEta().clearDisplayOnFinish().build();
  }

  /** The step before, if any, is done and one of this name begins. */
  void next(String step) {
    if (bar != null) {
      bar.setExtraMessage(" " + step);
      if (isStarted) {
        bar.step();
      }
      isStarted = true;
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}

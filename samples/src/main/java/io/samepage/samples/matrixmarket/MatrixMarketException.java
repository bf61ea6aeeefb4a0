package io.samepage.samples.matrixmarket;

import java.io.IOException;
import java.nio.file.Path;

/** A file that can't be read as Matrix Market text. The message names the file and, where there is one, the line. */
public final class MatrixMarketException extends IOException {
  private static final long serialVersionUID = 1L;

  MatrixMarketException(Path file, String problem) {
    super(file + ": " + problem);
  }

  MatrixMarketException(Path file, long line, String problem) {
    super(file + ":" + line + ": " + problem);
  }
}

package io.samepage.samples.matrixmarket;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The lines of a text file, gzipped or not, and the number of the one that was read last. */
final class Lines implements AutoCloseable {
  private final Path file;
  private final BufferedReader reader;
  private long number;

  private Lines(Path file, BufferedReader reader) {
    this.file = file;
    this.reader = reader;
  }

  static Lines open(Path file) throws MatrixMarketException {
    try {
      InputStream in = new BufferedInputStream(Files.newInputStream(file));
      try {
        return new Lines(file, new BufferedReader(new InputStreamReader(unzipped(in), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        in.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new MatrixMarketException(file, "no such file");
    } catch (IOException e) {
      throw new MatrixMarketException(file, reason(e));
    }
  }

  /** By the first bytes, not by the name: downloads are often renamed. */
  private static InputStream unzipped(InputStream in) throws IOException {
    in.mark(2);
    boolean isZipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return isZipped ? new GZIPInputStream(in, 1 << 16) : in;
  }

  /** The next line, or null at the end of the file. */
  String next() throws MatrixMarketException {
    try {
      String line = reader.readLine();
      if (line != null) {
        number++;
      }
      return line;
    } catch (IOException e) {
      throw new MatrixMarketException(file, number + 1, reason(e));
    }
  }

  /** The next line that is neither blank nor a comment, or null at the end of the file. */
  String nextData() throws MatrixMarketException {
    String line = next();
    while (line != null && (line.isBlank() || line.charAt(0) == '%')) {
      line = next();
    }
    return line;
  }

  MatrixMarketException problem(String problem) {
    return new MatrixMarketException(file, Math.max(number, 1), problem);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private static String reason(IOException e) {
    return switch (e) {
      case EOFException eof -> "truncated: the gzip data ends too early";
      case ZipException zip -> "damaged gzip data: " + zip.getMessage();
      default -> "can't be read: " + e.getMessage();
    };
  }
}

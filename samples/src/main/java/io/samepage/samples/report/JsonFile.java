package io.samepage.samples.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A JSON file that is claimed before the work and written after it, so that a path that can't be written is found at once. A
 * file that was there keeps its content until then, and one that was not there is gone again if nothing came to be written.
 */
public final class JsonFile implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path path;
  private final boolean isNew;
  private boolean isWritten;

  private JsonFile(Path path, boolean isNew) {
    this.path = path;
    this.isNew = isNew;
  }

  /**
   * Opens a file for writing once, to see that it can be.
   *
   * @param path the file
   * @return the claim
   * @throws IOException if it can't be written
   */
  public static JsonFile claim(Path path) throws IOException {
    boolean isNew = Files.notExists(path);
    Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    return new JsonFile(path, isNew);
  }

  /**
   * Writes the file.
   *
   * @param report what to write
   * @throws IOException if that fails
   */
  public void write(Object report) throws IOException {
    byte[] text = (MAPPER.writeValueAsString(report) + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(text);
    } catch (IOException e) {
      throw new IOException(path + " can't be written: " + e.getMessage(), e);
    }
    isWritten = true;
  }

  /** Gives the claim up. */
  @Override
  public void close() throws IOException {
    if (isNew && !isWritten) {
      Files.deleteIfExists(path);
    }
  }
}

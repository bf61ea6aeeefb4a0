package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.Pipeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The sample's kernels, which all use that take OpenCL C. */
final class OpenClText {
  /** The kernels' groups are squares of so many items. */
  static final int TILE = 16;
  static final String MULTIPLY = "multiply";
  static final String GRAM = "gram";

  private OpenClText() {}

  static String read() {
    try (InputStream text = Pipeline.class.getResourceAsStream("pipeline.cl")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Items over so many columns or rows: whole tiles. */
  static long items(int count) {
    return (long) Math.ceilDiv(count, TILE) * TILE;
  }
}

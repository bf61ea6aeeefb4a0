package io.samepage.benchmarks.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What whole runs of somebody took and moved.
 *
 * @param work what was done
 * @param who who did it
 * @param counts what was counted, by name
 */
public record RunCost(String work, String who, Map<String, Double> counts) {
  private static final String WHOLE = "wholeNanos";
  /** In the titles of rows this comes behind the work. */
  private static final String HOW = " outside kernels.*";

  /**
   * What rows have of runs.
   *
   * @param rows the rows
   * @return a cost for each work and who did it, of the first row that has it, in the order of the rows
   */
  public static List<RunCost> of(List<Row> rows) {
    Map<String, RunCost> costs = new LinkedHashMap<>();
    for (Row row : rows) {
      String work = row.title().replaceFirst(HOW, "");
      row.counts().forEach((who, counts) -> {
        if (counts.containsKey(WHOLE)) {
          costs.putIfAbsent(work + "/" + who, new RunCost(work, who, counts));
        }
      });
    }
    return List.copyOf(costs.values());
  }

  /** {@return how long a run took from start to end} */
  public double wholeNanos() {
    return counts.get(WHOLE);
  }

  /** {@return how long its kernels ran, by their device's clock} */
  public double kernelNanos() {
    return counts.get("kernelNanos");
  }

  /** {@return how many bytes were copied, both ways} */
  public double movedBytes() {
    return counts.get("movedBytes");
  }

  /**
   * The time of a stage.
   *
   * @param stage the stage
   * @return nanoseconds, or nothing if the work has no such stage
   */
  public Optional<Double> nanos(Stage stage) {
    return Optional.ofNullable(counts.get(stage.key() + "Nanos"));
  }

  /**
   * What is copied in a stage.
   *
   * @param stage the stage
   * @return bytes, or nothing if the work has no such stage
   */
  public Optional<Double> bytes(Stage stage) {
    return Optional.ofNullable(counts.get(stage.key() + "Bytes"));
  }

  /** {@return how many bytes must be copied at least; nothing where that is not known or nothing must} */
  public Optional<Double> leastBytes() {
    return known("leastBytes");
  }

  /** {@return how many bytes one copies who brings and fetches every argument at every launch; nothing where that is not known} */
  public Optional<Double> everyArgumentBytes() {
    return known("everyArgumentBytes");
  }

  private Optional<Double> known(String name) {
    return Optional.ofNullable(counts.get(name)).filter(bytes -> bytes > 0);
  }

  /** The stages of the pipeline, as benchmarks count them. */
  public enum Stage {
    /** The host fills A and B. */
    FILL("fill", "fill"),
    /** The host writes a row of A anew. */
    CHANGE_ROW("changeRow", "change row"),
    /** Devices compute C, and the host scales it. */
    MULTIPLY_SCALE("multiplyScale", "multiply, scale"),
    /** Devices compute D, and the host reads its diagonal. */
    GRAM_DIAGONAL("gramDiagonal", "gram, diagonal");

    private final String key;
    private final String text;

    Stage(String key, String text) {
      this.key = key;
      this.text = text;
    }

    String key() {
      return key;
    }

    /** {@return its name, for people} */
    public String text() {
      return text;
    }
  }
}

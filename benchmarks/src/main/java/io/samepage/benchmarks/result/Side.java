package io.samepage.benchmarks.result;

import java.util.Map;

/**
 * One side of a comparison: a benchmark method and its parameters.
 *
 * @param benchmark the class
 * @param method the method
 * @param parameters a value for each parameter that has several; those that the method hasn't got are ignored
 * @param who who does it, for people
 */
public record Side(Class<?> benchmark, String method, Map<String, String> parameters, String who) {
  /**
   * A side that is named by its method.
   *
   * @param benchmark the class
   * @param method the method
   * @param parameters a value for each parameter that has several
   */
  public Side(Class<?> benchmark, String method, Map<String, String> parameters) {
    this(benchmark, method, parameters, method);
  }
}

package io.samepage.benchmarks.result;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One side of a comparison: a benchmark method and its parameters.
 *
 * @param benchmark the class
 * @param method the method
 * @param parameters a value for each parameter that has several; those that the method hasn't got are ignored
 * @param who who does it, for people
 * @param beside by which name our side runs this one in turn, in its own JVM; empty if this one has a JVM of its own
 */
public record Side(Class<?> benchmark, String method, Map<String, String> parameters, String who, Optional<String> beside) {
  /**
   * A side with a JVM of its own.
   *
   * @param benchmark the class
   * @param method the method
   * @param parameters a value for each parameter that has several
   * @param who who does it, for people
   */
  public Side(Class<?> benchmark, String method, Map<String, String> parameters, String who) {
    this(benchmark, method, parameters, who, Optional.empty());
  }

  /**
   * A side with a JVM of its own that is named by its method.
   *
   * @param benchmark the class
   * @param method the method
   * @param parameters a value for each parameter that has several
   */
  public Side(Class<?> benchmark, String method, Map<String, String> parameters) {
    this(benchmark, method, parameters, method);
  }

  /**
   * The same, but that our side runs it in turn.
   *
   * @param name by which name
   * @return the side
   */
  public Side inTurn(String name) {
    return new Side(benchmark, method, parameters, who, Optional.of(name));
  }

  /**
   * The same with another parameter.
   *
   * @param name its name
   * @param value its value
   * @return the side
   */
  public Side with(String name, String value) {
    Map<String, String> all = new HashMap<>(parameters);
    all.put(name, value);
    return new Side(benchmark, method, all, who, beside);
  }
}

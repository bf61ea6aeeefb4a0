package io.samepage.samples.accounting;

import java.util.Locale;

/**
 * Whether results are right.
 *
 * @param verified whether they are
 * @param maxError the largest error that was found
 * @param explanation what was compared and what came of it, for people
 */
public record Verdict(boolean verified, double maxError, String explanation) {
  /**
   * A verdict by a bound on the error. An error that is not a number is beyond every bound.
   *
   * @param checked what was compared
   * @param maxError the largest error that was found
   * @param tolerance the largest that is accepted
   * @return the verdict
   */
  public static Verdict of(String checked, double maxError, double tolerance) {
    return new Verdict(maxError <= tolerance, maxError, String.format(Locale.ROOT, "%s: maxError=%.2g, tolerance=%.2g",
        checked, maxError, tolerance));
  }
}

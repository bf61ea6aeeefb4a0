package io.samepage.explorer.engine;

import java.util.List;

/** A state of a small world, which steps change in place. */
public interface State {
  /** Writes all that makes a difference into words that hold nothing yet. */
  void pack(long[] target);

  /** Becomes the state that was packed. Nothing is violated, and nothing is recorded. */
  void unpack(long[] packed);

  /** What the step that led here violated, null if nothing. */
  String violation();

  /** From now on steps tell what they do. */
  void record(List<String> journal);
}

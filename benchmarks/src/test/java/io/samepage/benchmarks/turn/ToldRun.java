package io.samepage.benchmarks.turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Takes as long as it is told, of which kernels run for a tenth, and moves eight bytes. It tells what was done with it. */
final class ToldRun implements CountedRun {
  private final Queue<Long> nanos = new ArrayDeque<>();
  private final String name;
  private final List<String> done;
  private long kernelNanos;
  private long movedBytes;
  private boolean isWrong;
  private int operations = 1;

  /** Takes so long, one after another. */
  ToldRun(long... nanos) {
    this("run", new ArrayList<>());
    for (long each : nanos) {
      this.nanos.add(each);
    }
  }

  /** Takes ten nanoseconds each time, and tells a list shared with others. */
  ToldRun(String name, List<String> done) {
    this.name = name;
    this.done = done;
  }

  /** Its results are wrong from now on. */
  void spoil() {
    isWrong = true;
  }

  /** Each run is so many operations from now on, for which other threads allocate a hundred bytes each. */
  void setOperations(int count) {
    operations = count;
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public long otherThreadsBytes() {
    return operations == 1 ? 0 : 100 * operations * (movedBytes / 8);
  }

  @Override
  public void checkCounted() {
    done.add("counts " + name);
  }

  @Override
  public void prepare() {
    done.add("prepare " + name);
  }

  @Override
  public long run() {
    done.add(name);
    long took = nanos.isEmpty() ? 10 : nanos.remove();
    kernelNanos += took / 10;
    movedBytes += 8;
    return took;
  }

  @Override
  public void finish() {
    done.add("finish " + name);
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public void check() {
    done.add("check " + name);
    if (isWrong) {
      throw new IllegalStateException(name + " is wrong");
    }
  }

  @Override
  public void close() {
    done.add("close " + name);
  }
}

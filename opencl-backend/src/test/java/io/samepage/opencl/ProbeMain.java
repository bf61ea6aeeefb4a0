package io.samepage.opencl;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import java.util.stream.Collectors;

/** Prints what a probe finds, a line each: the state, the explanation, the remedy, the kinds of devices. Then divides by zero. */
final class ProbeMain {
  private static final int WARM_UP = 200_000;
  private static final int DIVISIONS = 1_000;

  private ProbeMain() {}

  public static void main(String[] arguments) {
    int sum = 0;
    for (int i = 1; i <= WARM_UP; i++) {
      sum += divide(WARM_UP, i);
    }
    BackendReport report = new OpenClBackend().probe();
    System.out.println(report.state());
    System.out.println(report.explanation());
    System.out.println(report.remedy());
    System.out.println(report.devices().stream().map(DeviceInfo::kind).map(Object::toString).collect(Collectors.joining(" ")));
    System.out.println(new OpenClBackend().probe().equals(report));
    System.out.println("thrown=" + thrown() + ", warmUp=" + (sum != 0));
  }

  /** Compiled by the time of the probe: compiled code finds a zero by the processor's signal alone. */
  private static int divide(int dividend, int divisor) {
    return dividend / divisor;
  }

  private static int thrown() {
    int thrown = 0;
    for (int i = 0; i < DIVISIONS; i++) {
      try {
        divide(i, 0);
      } catch (ArithmeticException e) {
        thrown++;
      }
    }
    return thrown;
  }
}

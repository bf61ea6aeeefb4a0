package io.samepage.cuda;

import io.samepage.BackendReport;

/** Prints what a probe finds: in a JVM of its own, as a library that can't be loaded stays so. */
final class CudaProbeMain {
  private CudaProbeMain() {}

  public static void main(String[] arguments) {
    BackendReport report = new CudaBackend().probe();
    System.out.println(report.state());
    System.out.println(report.explanation());
    System.out.println(report.remedy());
    System.out.println(new CudaBackend().probe().state());
  }
}

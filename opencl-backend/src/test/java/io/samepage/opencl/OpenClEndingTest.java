package io.samepage.opencl;

import io.samepage.testkit.process.EndingContract;

class OpenClEndingTest extends EndingContract {
  @Override
  protected String device() {
    return "opencl:0";
  }

  @Override
  protected boolean canWaitForKernels() {
    return true;
  }
}

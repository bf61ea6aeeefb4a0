package io.samepage.transparent;

import io.samepage.testkit.process.EndingContract;

class EmbeddedEndingTest extends EndingContract {
  @Override
  protected String device() {
    return "embedded:0";
  }

  @Override
  protected boolean canWaitForKernels() {
    return false;
  }
}

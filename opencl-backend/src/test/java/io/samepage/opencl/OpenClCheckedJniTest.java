package io.samepage.opencl;

import io.samepage.testkit.process.CheckedJniContract;

class OpenClCheckedJniTest extends CheckedJniContract {
  @Override
  protected String device() {
    return "opencl:0";
  }
}

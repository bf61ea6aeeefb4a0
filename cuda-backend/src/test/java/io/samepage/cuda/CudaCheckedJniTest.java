package io.samepage.cuda;

import io.samepage.testkit.process.CheckedJniContract;

/** JCuda's calls under a JVM that checks them, on the test double. */
class CudaCheckedJniTest extends CheckedJniContract {
  @Override
  protected String device() {
    return "cuda:0";
  }
}

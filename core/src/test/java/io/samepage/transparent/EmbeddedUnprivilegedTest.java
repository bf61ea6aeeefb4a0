package io.samepage.transparent;

import io.samepage.testkit.process.UnprivilegedContract;

class EmbeddedUnprivilegedTest extends UnprivilegedContract {
  @Override
  protected String device() {
    return "embedded:0";
  }
}

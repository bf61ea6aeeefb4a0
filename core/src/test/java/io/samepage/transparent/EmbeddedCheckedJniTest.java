package io.samepage.transparent;

import io.samepage.testkit.process.CheckedJniContract;

class EmbeddedCheckedJniTest extends CheckedJniContract {
  @Override
  protected String device() {
    return "embedded:0";
  }
}

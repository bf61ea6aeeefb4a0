package io.samepage.cuda;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Other devices of the test double, for as long as the tests of a class take.
 *
 * @param make makes them of those that are usual
 */
record DoubleDevices(Runnable make) implements BeforeAllCallback, AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    DoubleNative.reset();
    make.run();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    DoubleNative.reset();
  }
}

package io.samepage.cuda;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A context of the program's on the test double, for as long as the tests of a class take. */
final class OwnCudaContext implements BeforeAllCallback, AfterAllCallback {
  private OwnCuda cuda;

  @Override
  public void beforeAll(ExtensionContext context) {
    DoubleNative.reset();
    cuda = new OwnCuda(0);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    cuda.close();
    DoubleNative.reset();
  }

  OwnCuda cuda() {
    return cuda;
  }
}

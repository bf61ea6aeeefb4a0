package io.samepage.cuda;

import io.samepage.testkit.TransparentTrafficContract;
import java.util.List;

/** What moves for few touches of much memory, over a device of the test double. */
class CudaTransparentTrafficTest extends TransparentTrafficContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  /** The double's kernels take a processor of the host for as long as these bytes take. */
  @Override
  protected long sizeBytes() {
    return 256L << 20;
  }
}

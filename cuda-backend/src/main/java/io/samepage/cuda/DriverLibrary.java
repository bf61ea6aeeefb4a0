package io.samepage.cuda;

import java.util.Optional;
import jcuda.driver.JCudaDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the driver, and JCuda's native part on top of it, or says why it can't. */
final class DriverLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(DriverLibrary.class);

  private DriverLibrary() {}

  /**
   * Loads them.
   *
   * @param library the driver's file name
   * @return why no call can be made, if so
   */
  static Optional<ProbeFailure> load(String library) {
    if (!DriverNative.canLoad(library)) {
      return Optional.of(ProbeFailure.absent("There is no NVIDIA driver: library=" + library, ProbeFailure.INSTALL));
    }
    try {
      // Calls answer with error codes, which we turn into exceptions of ours.
      JCudaDriver.setExceptionsEnabled(false);
      return Optional.empty();
    } catch (LinkageError e) {
      LOG.debug("JCuda can't be used", e);
      return Optional.of(ProbeFailure.broken("JCuda's native part is not there: error=" + firstLine(e), ProbeFailure.ADD_NATIVES));
    }
  }

  private static String firstLine(LinkageError e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }
}

package io.samepage.opencl;

import java.util.Optional;
import org.lwjgl.opencl.CL;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.Library;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the OpenCL loader into the process, once, or says why it can't. */
final class OpenClLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(OpenClLibrary.class);
  private static OpenClLibrary loaded;

  private final Optional<ProbeFailure> failure;
  private final Optional<ProbeFailure> poclFailure;

  private OpenClLibrary() {
    poclFailure = PoclSettings.apply(System.getenv());
    failure = create(libraryName());
  }

  /** {@return the library, loaded if it can be} */
  static synchronized OpenClLibrary load() {
    if (loaded == null) {
      loaded = new OpenClLibrary();
    }
    return loaded;
  }

  /** {@return why no call can be made, if so} */
  Optional<ProbeFailure> failure() {
    return failure;
  }

  /** {@return what keeps PoCL from working, should it be there} */
  Optional<ProbeFailure> poclFailure() {
    return poclFailure;
  }

  /** LWJGL would look for libOpenCL.so alone, which only development packages have. */
  private static String libraryName() {
    Object asked = Configuration.OPENCL_LIBRARY_NAME.get();
    String system = System.getProperty("os.name");
    if (asked instanceof String name) {
      return name;
    } else if (system.startsWith("Windows")) {
      return "OpenCL";
    }
    return system.startsWith("Mac") ? "/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL" : "libOpenCL.so.1";
  }

  private static Optional<ProbeFailure> create(String name) {
    // Asked first because LWJGL prints to standard error when it finds no library.
    if (!SystemNative.canLoad(name.equals("OpenCL") ? "OpenCL.dll" : name)) {
      return Optional.of(ProbeFailure.absent("There is no OpenCL loader: library=" + name, ProbeFailure.INSTALL));
    }
    try {
      Library.initialize();
    } catch (LinkageError e) {
      LOG.debug("LWJGL can't be used", e);
      return Optional.of(ProbeFailure.broken("LWJGL's native part is not there: error=" + e.getMessage(), ProbeFailure.ADD_NATIVES));
    }
    try {
      Configuration.OPENCL_EXPLICIT_INIT.set(true);
      if (!isCreated()) {
        CL.create(name);
      }
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("The OpenCL loader can't be used", e);
      return Optional.of(ProbeFailure.broken("The OpenCL loader can't be used: library=" + name + ", error=" + e, ProbeFailure.INSTALL));
    }
  }

  /** Somebody else in this process may use LWJGL's OpenCL too. */
  private static boolean isCreated() {
    try {
      return CL.getICD() != null;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}

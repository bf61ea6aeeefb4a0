package io.samepage.opencl;

import io.samepage.BackendReport;

/**
 * Why there is no device, or not all of them.
 *
 * @param state whether something is absent or broken
 * @param explanation one sentence on what was found or what is missing
 * @param remedy what to do about it
 */
record ProbeFailure(BackendReport.State state, String explanation, String remedy) {
  static final String INSTALL = isLinux()
      ? "Install the OpenCL driver of the device; for the processor itself PoCL will do: apt-get install ocl-icd-libopencl1 pocl-opencl-icd"
      : "Install the OpenCL driver of the device";

  static final String ADD_NATIVES = "Add org.lwjgl:lwjgl with the classifier natives-linux (or that of your system) to the class path, "
      + "or to the module path and start java with --add-modules org.lwjgl.natives";

  static ProbeFailure absent(String explanation, String remedy) {
    return new ProbeFailure(BackendReport.State.ABSENT, explanation, remedy);
  }

  static ProbeFailure broken(String explanation, String remedy) {
    return new ProbeFailure(BackendReport.State.BROKEN, explanation, remedy);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").startsWith("Linux");
  }
}

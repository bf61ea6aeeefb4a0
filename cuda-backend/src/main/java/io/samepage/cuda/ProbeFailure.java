package io.samepage.cuda;

import io.samepage.BackendReport;

/**
 * Why there is no device, or not all of them.
 *
 * @param state whether something is absent or broken
 * @param explanation one sentence on what was found or what is missing
 * @param remedy what to do about it
 */
record ProbeFailure(BackendReport.State state, String explanation, String remedy) {
  static final String INSTALL = "Install NVIDIA's driver for the GPU, and see that nvidia-smi lists it";
  static final String UPDATE = "Install a newer driver of NVIDIA's";
  static final String ADD_NATIVES = "Add org.jcuda:jcuda-natives with the classifier of your system (linux-x86_64, windows-x86_64) to the "
      + "class path; JCuda has none for other systems";

  static ProbeFailure absent(String explanation, String remedy) {
    return new ProbeFailure(BackendReport.State.ABSENT, explanation, remedy);
  }

  static ProbeFailure broken(String explanation, String remedy) {
    return new ProbeFailure(BackendReport.State.BROKEN, explanation, remedy);
  }
}

package io.samepage.cuda;

import java.util.Set;
import jcuda.driver.CUresult;

/** What the driver's error codes mean. */
final class ErrorNames {
  /** After these the driver refuses every call for the device: what was on it is gone. */
  private static final Set<Integer> FATAL = Set.of(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE, CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
      CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_TIMEOUT, CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
      CUresult.CUDA_ERROR_ASSERT, CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR, CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
      CUresult.CUDA_ERROR_MISALIGNED_ADDRESS, CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE, CUresult.CUDA_ERROR_INVALID_PC,
      CUresult.CUDA_ERROR_LAUNCH_FAILED);

  private ErrorNames() {}

  /**
   * What a call returned.
   *
   * @param code the error code
   * @return its name and number: {@code CUDA_ERROR_INVALID_VALUE (1)}
   */
  static String of(int code) {
    return CUresult.stringFor(code) + " (" + code + ")";
  }

  /**
   * Tells whether an error ends the device's context.
   *
   * @param code the error code
   * @return whether no call for the device will succeed any more
   */
  static boolean isFatal(int code) {
    return FATAL.contains(code);
  }
}

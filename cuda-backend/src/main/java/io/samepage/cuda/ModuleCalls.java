package io.samepage.cuda;

import io.samepage.KernelBuildException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The calls that compile programs and start kernels. Each is made while the context is current.
 *
 * @param context where failures are said
 */
record ModuleCalls(CudaContext context) {
  private static final long LOG_BYTES = 16 << 10;

  /**
   * Compiles a program.
   *
   * @param text PTX
   * @return the module
   * @throws KernelBuildException if it can't be compiled, with the compiler's log
   */
  CUmodule load(String text) {
    CUmodule module = new CUmodule();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(LOG_BYTES);
      MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, log.address(), LOG_BYTES);
      int[] options = {CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
      int code = JCudaDriver.cuModuleLoadDataEx(module, text, options.length, options, new HostPointer(values.address()));
      if (ErrorNames.isFatal(code)) {
        throw context.failure("cuModuleLoadDataEx", code, "");
      } else if (code != CUresult.CUDA_SUCCESS) {
        throw new KernelBuildException("A program can't be compiled: " + context.subject() + ", error=" + ErrorNames.of(code),
            log.getString(0).strip());
      }
      return module;
    }
  }

  void unload(CUmodule module) {
    context.check("cuModuleUnload", JCudaDriver.cuModuleUnload(module), "");
  }

  CUfunction function(CUmodule module, String name) {
    CUfunction function = new CUfunction();
    context.check("cuModuleGetFunction", JCudaDriver.cuModuleGetFunction(function, module, name), ", name=" + name);
    return function;
  }

  /**
   * Asks for an attribute.
   *
   * @param function of which kernel
   * @param attribute a number of {@link jcuda.driver.CUfunction_attribute}
   * @return its value
   */
  int attribute(CUfunction function, int attribute) {
    int[] value = new int[1];
    context.check("cuFuncGetAttribute", JCudaDriver.cuFuncGetAttribute(value, attribute, function), ", attribute=" + attribute);
    return value[0];
  }

  /**
   * Starts a kernel.
   *
   * @param function which
   * @param blocks over what
   * @param sharedBytes dynamic shared memory of a block
   * @param stream where
   * @param parameters the address of an array of addresses, one for each argument
   */
  void launch(CUfunction function, Blocks blocks, int sharedBytes, CUstream stream, long parameters) {
    int code = JCudaDriver.cuLaunchKernel(function, blocks.count(0), blocks.count(1), blocks.count(2), blocks.threads(0),
        blocks.threads(1), blocks.threads(2), sharedBytes, stream, new HostPointer(parameters), null);
    if (code != CUresult.CUDA_SUCCESS) {
      throw context.failure("cuLaunchKernel", code, ", blocks=" + blocks + ", sharedBytes=" + sharedBytes);
    }
  }
}

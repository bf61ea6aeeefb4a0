package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUmodule;

/** A program compiled for one device. All but the look at its text is done while the context is current. */
final class CudaProgram {
  private final FoundDevice device;
  private final ModuleCalls calls;
  private final CUmodule module;
  private final Map<String, List<PtxParameter>> kernels;

  /**
   * Compiles.
   *
   * @param device for which device
   * @param calls how
   * @param text PTX
   * @throws KernelBuildException if the text can't be compiled
   */
  CudaProgram(FoundDevice device, ModuleCalls calls, String text) {
    this.device = device;
    this.calls = calls;
    module = calls.load(text);
    kernels = PtxText.kernels(text);
  }

  /**
   * One of its kernels.
   *
   * @param name the kernel's name
   * @param source the source that it is from, whose Java form may say what its parameters are
   * @return the kernel
   * @throws KernelBuildException if there is none of that name, or the forms differ
   */
  CudaKernel kernel(String name, KernelSource source) {
    List<PtxParameter> declared = kernels.get(name);
    if (declared == null) {
      throw new KernelBuildException(
          "The program has no such kernel: " + device.subject() + ", name=" + name + ", kernels=" + kernels.keySet(), "");
    }
    List<KernelParameter> parameters = source.java(name).map(KernelSource.JavaForm::parameters)
        .orElseGet(() -> declared.stream().map(PtxParameter::described).toList());
    checkForms(name, declared, parameters);
    return new CudaKernel(device, calls, module, name, declared, parameters);
  }

  private void checkForms(String name, List<PtxParameter> declared, List<KernelParameter> said) {
    boolean fits = declared.size() == said.size();
    for (int i = 0; fits && i < declared.size(); i++) {
      fits = declared.get(i).fits(said.get(i));
    }
    if (!fits) {
      throw new KernelBuildException("The forms of a kernel take different arguments: " + device.subject() + ", name=" + name + ", ptx="
          + declared + ", java=" + said, "");
    }
  }

  void release(CudaContext context) {
    try {
      calls.unload(module);
    } catch (DeviceException e) {
      if (!context.isLost()) {
        throw e;
      }
    }
  }
}

package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.KernelBuildException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL12;

/** A program compiled for one device, and its kernels. */
final class OpenClProgram {
  private final FoundDevice device;
  private final ClPrograms calls;
  private final TypeProbe types;
  private final long handle;
  private final List<String> kernelNames;
  private final Map<String, OpenClKernel> kernels = new ConcurrentHashMap<>();

  /**
   * Compiles.
   *
   * @param device for which device
   * @param context its context
   * @param text OpenCL C
   * @throws KernelBuildException if the text can't be compiled
   */
  OpenClProgram(FoundDevice device, OpenClContext context, String text) {
    this.device = device;
    calls = new ClPrograms(device.subject());
    types = new TypeProbe(device, context, text);
    handle = calls.createProgram(context.handle(), text);
    try {
      SignalHandlers.keepThrough(this::build);
      kernelNames = Arrays.stream(ClInfo.ofProgram(device.subject(), handle).string(CL12.CL_PROGRAM_KERNEL_NAMES).split(";"))
          .filter(name -> !name.isEmpty()).sorted().toList();
    } catch (RuntimeException e) {
      calls.releaseProgram(handle);
      throw e;
    }
  }

  /** With the argument info that the arguments of a launch are checked against. */
  static String options(FoundDevice device) {
    return "-cl-kernel-arg-info -cl-std=CL" + device.limits().languageVersion();
  }

  private void build() {
    String options = options(device);
    int code = calls.buildProgram(handle, device.id(), options);
    if (code != CL10.CL_SUCCESS) {
      throw new KernelBuildException("A program can't be compiled: " + device.subject() + ", error=" + ErrorNames.ofCall(code)
          + ", options=" + options, log());
    }
  }

  private String log() {
    try {
      return ClInfo.ofBuild(device.subject(), handle, device.id()).string(CL10.CL_PROGRAM_BUILD_LOG);
    } catch (DeviceException e) {
      return "The driver gives no log: " + e.getMessage();
    }
  }

  /**
   * One of its kernels.
   *
   * @param name the kernel's name
   * @return the kernel, the same for the same name
   * @throws KernelBuildException if there is none of that name, or the driver doesn't describe its parameters
   */
  OpenClKernel kernel(String name) {
    return kernels.computeIfAbsent(name, this::create);
  }

  private OpenClKernel create(String name) {
    if (!kernelNames.contains(name)) {
      throw new KernelBuildException(
          "The program has no such kernel: " + device.subject() + ", name=" + name + ", kernels=" + kernelNames, "");
    }
    return new OpenClKernel(device, handle, name, types);
  }

  void release() {
    kernels.values().forEach(OpenClKernel::release);
    calls.releaseProgram(handle);
  }
}

package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;

import io.samepage.DeviceException;
import io.samepage.KernelBuildException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL12;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program compiled for one device, or loaded as it was compiled before, and its kernels. */
final class OpenClProgram {
  private static final Logger LOG = LoggerFactory.getLogger(OpenClProgram.class);

  private final FoundDevice device;
  private final ProgramBinaries binaries;
  private final ClPrograms calls;
  private final TypeProbe types;
  private final long handle;
  private final List<String> kernelNames;
  private final Map<String, OpenClKernel> kernels = new ConcurrentHashMap<>();

  /**
   * Compiles or loads.
   *
   * @param device for which device
   * @param context its context
   * @param text OpenCL C
   * @param binaries what was compiled before
   * @throws KernelBuildException if the text can't be compiled
   */
  OpenClProgram(FoundDevice device, OpenClContext context, String text, ProgramBinaries binaries) {
    this.device = device;
    this.binaries = binaries;
    calls = new ClPrograms(device.subject());
    types = new TypeProbe(device, context, text);
    ProgramBinaries.Key key = new ProgramBinaries.Key(device.id(), options(device), text);
    handle = binaries.find(key).map(binary -> load(context, key, binary)).orElseGet(() -> compile(context, key));
    try {
      kernelNames = kernelNames(handle);
    } catch (RuntimeException e) {
      calls.releaseProgram(handle);
      throw e;
    }
  }

  private List<String> kernelNames(long program) {
    return Arrays.stream(ClInfo.ofProgram(device.subject(), program).string(CL12.CL_PROGRAM_KERNEL_NAMES).split(";"))
        .filter(name -> !name.isEmpty()).sorted().toList();
  }

  /** With the argument info that the arguments of a launch are checked against. */
  static String options(FoundDevice device) {
    return "-cl-kernel-arg-info -cl-std=CL" + device.limits().languageVersion();
  }

  private long compile(OpenClContext context, ProgramBinaries.Key key) {
    long program = calls.createProgram(context.handle(), key.text());
    try {
      SignalHandlers.keepThrough(() -> build(program, key.options()));
      SignalHandlers.keepThrough(() -> binaries.compiled(key, () -> calls.binary(program, device.id())));
      return program;
    } catch (RuntimeException e) {
      calls.releaseProgram(program);
      throw e;
    }
  }

  private void build(long program, String options) {
    int code = calls.buildProgram(program, device.id(), options);
    if (code != CL10.CL_SUCCESS) {
      throw new KernelBuildException("A program can't be compiled: " + device.subject() + ", error=" + ErrorNames.ofCall(code)
          + ", options=" + options, log(program));
    }
  }

  /** {@return the program, null if the driver doesn't take what it gave, or forgot what its kernels take} */
  private Long load(OpenClContext context, ProgramBinaries.Key key, byte[] binary) {
    long program = NULL;
    try {
      program = calls.createProgram(context.handle(), device.id(), binary);
      long loaded = program;
      SignalHandlers.keepThrough(() -> build(loaded, key.options()));
      if (tellsOfArguments(program)) {
        return program;
      }
    } catch (DeviceException | KernelBuildException e) {
      LOG.debug("A program that was compiled before can't be loaded: {}", device.subject(), e);
    }
    binaries.refuse(device.id());
    if (program != NULL) {
      calls.releaseProgram(program);
    }
    return null;
  }

  private boolean tellsOfArguments(long program) {
    return kernelNames(program).stream().allMatch(name -> {
      long kernel = calls.createKernel(program, name);
      try {
        boolean hasArguments = ClInfo.ofKernel(device.subject(), kernel).intValue(CL10.CL_KERNEL_NUM_ARGS) > 0;
        ClInfo first = ClInfo.ofArgument(device.subject(), kernel, 0);
        return !hasArguments || IntStream.of(CL12.CL_KERNEL_ARG_ADDRESS_QUALIFIER, CL12.CL_KERNEL_ARG_TYPE_QUALIFIER,
            CL12.CL_KERNEL_ARG_TYPE_NAME, CL12.CL_KERNEL_ARG_NAME).allMatch(info -> first.status(info) == CL10.CL_SUCCESS);
      } finally {
        calls.releaseKernel(kernel);
      }
    });
  }

  private String log(long program) {
    try {
      return ClInfo.ofBuild(device.subject(), program, device.id()).string(CL10.CL_PROGRAM_BUILD_LOG);
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

package io.samepage.samples;

import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.NoSuchDeviceException;
import io.samepage.UnifiedMemory;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --device} and {@code --memory}: the devices to compute on, and where they keep pages. */
final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--device", split = ",", paramLabel = "DEVICE", defaultValue = "auto",
      description = "auto (the best back end's), embedded, opencl, opencl:1, or several: opencl:0,opencl:1. Default: auto")
  private List<String> names;

  @Option(names = "--memory", paramLabel = "KIND", defaultValue = "discrete",
      description = "Where devices keep pages: discrete (memory of their own), coherent (the host's pages), svm (shared virtual memory, "
          + "under leases); 'devices' tells what there is. Default: discrete")
  private String memoryKind;

  /** Opens a memory over the devices; a name that there is no device for is a wrong command line. */
  UnifiedMemory open() {
    try {
      return UnifiedMemory.builder().devices(names.stream().map(String::strip).toArray(String[]::new)).memoryKind(kind()).open();
    } catch (MemoryKindException e) {
      throw new ParameterException(spec.commandLine(), "--memory " + memoryKind + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | NoSuchDeviceException e) {
      throw new ParameterException(spec.commandLine(), "--device " + String.join(",", names) + ": " + e.getMessage(), e);
    }
  }

  private MemoryKind kind() {
    return switch (memoryKind) {
      case "discrete" -> MemoryKind.DISCRETE;
      case "coherent" -> MemoryKind.COHERENT;
      case "svm" -> MemoryKind.SVM;
      default -> throw new ParameterException(spec.commandLine(), "--memory is one of discrete, coherent, svm: --memory " + memoryKind);
    };
  }
}

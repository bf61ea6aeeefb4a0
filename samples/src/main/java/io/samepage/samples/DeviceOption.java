package io.samepage.samples;

import io.samepage.NoSuchDeviceException;
import io.samepage.UnifiedMemory;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --device}: the devices to compute on. */
final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--device", split = ",", paramLabel = "DEVICE", defaultValue = "auto",
      description = "auto (the best back end's), embedded, opencl, opencl:1, or several: opencl:0,opencl:1. Default: auto")
  private List<String> names;

  /** Opens a memory over the devices; a name that there is no device for is a wrong command line. */
  UnifiedMemory open() {
    try {
      return UnifiedMemory.builder().devices(names.stream().map(String::strip).toArray(String[]::new)).open();
    } catch (IllegalArgumentException | NoSuchDeviceException e) {
      throw new ParameterException(spec.commandLine(), "--device " + String.join(",", names) + ": " + e.getMessage(), e);
    }
  }
}

package io.samepage.node;

import io.samepage.BackendReport;
import java.util.List;

/** A kind of driver. Found by {@link java.util.ServiceLoader}; one instance serves one memory. */
public interface DeviceBackend {
  /** {@return the name that device names start with: {@code opencl}} */
  String name();

  /** {@return how much {@code auto} prefers this back end: the highest that finds a device wins. The embedded device has 0} */
  int priority();

  /**
   * Looks for devices. Never throws because a driver is absent, old or broken: the report says so. Probing leaves the JVM as it
   * was: signal handlers, working folder, standard streams.
   *
   * @return what was found; the same in later calls, until {@link #refresh()} looks again
   */
  BackendReport probe();

  /**
   * Looks for devices again, as they may have come or gone. Those that were found before keep their names and what is said of them; those
   * that are new get names that none has had. Never throws, as {@link #probe()}. Without an implementation nothing comes or goes.
   *
   * @return what was found now, which {@link #probe()} answers from then on
   */
  default BackendReport refresh() {
    return probe();
  }

  /**
   * Opens devices; called again for devices that come later. Devices that can copy to each other without passing through the host are set
   * up to do so.
   *
   * @param requests the devices, each found by {@link #probe()}
   * @return a node for each, in the same order
   * @throws io.samepage.DeviceException if the driver fails; then nothing stays open
   * @throws io.samepage.MemoryKindException if a device can't keep pages where it is asked to; then nothing stays open
   */
  List<DeviceNode> open(List<DeviceRequest> requests);
}

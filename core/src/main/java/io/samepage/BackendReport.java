package io.samepage;

import java.util.List;

/**
 * What a back end found on this machine. An absent driver is a normal state.
 *
 * @param backend the back end's name: {@code embedded}, {@code opencl}
 * @param state what was found
 * @param explanation one sentence on what was found or what is missing
 * @param remedy what to do about it, empty where there is nothing to do
 * @param devices the devices it can attach
 */
public record BackendReport(String backend, State state, String explanation, String remedy, List<DeviceInfo> devices) {
  /** Copies the list. */
  public BackendReport {
    devices = List.copyOf(devices);
  }

  /** What a back end found. */
  public enum State {
    /** At least one device. */
    AVAILABLE,
    /** No driver, or a driver without a device. */
    ABSENT,
    /** A driver that fails. */
    BROKEN
  }
}

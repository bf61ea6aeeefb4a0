package io.samepage.opencl;

import io.samepage.DeviceException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What drivers made of programs, for the memories of this process that are opened later: loading takes a fraction of compiling. A
 * binary is asked for when a program is compiled the second time, since PoCL then compiles all its kernels. For any thread.
 */
final class ProgramBinaries {
  private static final long MOST_BYTES = 32L << 20;

  /** What a binary depends on, beside the driver. */
  record Key(long device, String options, String text) {}

  private static final int MOST_REMEMBERED = 1024;
  private static final ProgramBinaries SHARED = new ProgramBinaries(MOST_BYTES);

  private final long mostBytes;
  private final Map<Key, byte[]> binaries = new LinkedHashMap<>(16, 0.75f, true);
  /** Hash codes: of keys that share one, a binary is asked for too early. */
  private final Set<Integer> compiledOnce = Collections.newSetFromMap(new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
      return size() > MOST_REMEMBERED;
    }
  });
  private final Set<Long> unfitDevices = new HashSet<>();
  private long keptBytes;

  /**
   * None yet.
   *
   * @param mostBytes how many bytes are kept in all: those that were not used for longest go
   */
  ProgramBinaries(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** {@return those of this process, of 32 MiB in all} */
  static ProgramBinaries shared() {
    return SHARED;
  }

  synchronized Optional<byte[]> find(Key key) {
    return Optional.ofNullable(binaries.get(key));
  }

  /** A program was compiled. Its binary is asked for if that is the second time. */
  void compiled(Key key, Supplier<byte[]> binary) {
    if (isWanted(key)) {
      try {
        keep(key, binary.get());
      } catch (DeviceException e) {
        refuse(key.device);
      }
    }
  }

  private synchronized boolean isWanted(Key key) {
    // What is included may be something else by then.
    return !key.text.contains("#include") && !unfitDevices.contains(key.device)
        && !compiledOnce.add(key.hashCode()) && !binaries.containsKey(key);
  }

  private synchronized void keep(Key key, byte[] binary) {
    if (binary.length > mostBytes) {
      return;
    }
    byte[] before = binaries.put(key, binary);
    keptBytes += binary.length - (before == null ? 0 : before.length);
    Iterator<byte[]> oldest = binaries.values().iterator();
    while (keptBytes > mostBytes) {
      keptBytes -= oldest.next().length;
      oldest.remove();
    }
  }

  /** A device's driver makes binaries that can't be loaded, or that don't tell of their kernels' arguments: no more of them. */
  synchronized void refuse(long device) {
    unfitDevices.add(device);
    binaries.keySet().removeIf(key -> key.device == device);
    keptBytes = binaries.values().stream().mapToLong(binary -> binary.length).sum();
  }
}

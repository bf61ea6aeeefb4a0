package io.samepage.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds libsamepage in the jar and loads it, or says why not. Loaded once, for the life of the process. */
final class FaultLibraryNative {
  /** What came of it: the library's symbols, or null and why. */
  record Loaded(SymbolLookup symbols, Refusal refusal) {}

  private static final Logger LOG = LoggerFactory.getLogger(FaultLibraryNative.class);
  private static final Loaded LOADED = load(System.getProperty("os.name"), System.getProperty("os.arch"));

  private FaultLibraryNative() {}

  /** Why there is no library; null if there is one. */
  static Refusal refusal() {
    return LOADED.refusal;
  }

  static SymbolLookup symbols() {
    return LOADED.symbols;
  }

  /** Where a function is, for others to call. */
  static long address(String function) {
    return LOADED.symbols.findOrThrow(function).address();
  }

  static Loaded load(String system, String architecture) {
    if (!system.equals("Linux")) {
      return refused("transparent host access needs Linux: os.name=" + system, "Use Linux 6.7 or newer.");
    }
    String resource = "native/linux-" + machine(architecture) + "/libsamepage.so";
    try (InputStream library = FaultLibraryNative.class.getResourceAsStream(resource)) {
      if (library == null) {
        return refused("this build has no native library for this machine: resource=" + resource,
            "Build Samepage on such a machine; that needs a C compiler.");
      }
      return load(resource, library.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Loaded load(String resource, byte[] library) {
    try {
      return new Loaded(load(library), null);
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      return refused("the native library can't be loaded: resource=" + resource + ", cause=" + e,
          "Let the process run code from memory files (sysctl vm.memfd_noexec) or from java.io.tmpdir.");
    }
  }

  private static Loaded refused(String reason, String remedy) {
    return new Loaded(null, new Refusal(reason, remedy));
  }

  private static String machine(String architecture) {
    return architecture.equals("amd64") ? "x86_64" : architecture;
  }

  /** By way of a file that has no name in any folder; where that may not be run, of one that is deleted once it is loaded. */
  private static SymbolLookup load(byte[] bytes) throws IOException {
    try {
      return loadNameless(bytes);
    } catch (IOException | RuntimeException e) {
      LOG.debug("The native library is loaded from a folder, as it can't be from memory", e);
      return loadNamed(bytes);
    }
  }

  private static SymbolLookup loadNameless(byte[] bytes) throws IOException {
    int file = HostNative.createFrames("libsamepage", bytes.length);
    try {
      Path path = Path.of("/proc/self/fd/" + file);
      Files.write(path, bytes, StandardOpenOption.WRITE);
      return SymbolLookup.libraryLookup(path.toString(), Arena.global());
    } finally {
      HostNative.closeFile(file);
    }
  }

  private static SymbolLookup loadNamed(byte[] bytes) throws IOException {
    Path path = Files.createTempFile("libsamepage", ".so");
    try {
      Files.write(path, bytes);
      return SymbolLookup.libraryLookup(path, Arena.global());
    } finally {
      Files.delete(path);
    }
  }
}

package io.samepage.host;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds libsamepage in the jar and loads it, or says why not. Loaded once, for the life of the process. */
final class FaultLibraryNative {
  /** What came of it: the library's symbols, or null and the reason. */
  private record Loaded(SymbolLookup symbols, String reason) {}

  private static final Logger LOG = LoggerFactory.getLogger(FaultLibraryNative.class);
  private static final Loaded LOADED = load();

  private FaultLibraryNative() {}

  /** Why there is no library; null if there is one. */
  static String refusal() {
    return LOADED.reason;
  }

  static SymbolLookup symbols() {
    return LOADED.symbols;
  }

  private static Loaded load() {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      return new Loaded(null, "transparent host access needs Linux: os.name=" + system);
    }
    String resource = "native/linux-" + machine(System.getProperty("os.arch")) + "/libsamepage.so";
    try (InputStream library = FaultLibraryNative.class.getResourceAsStream(resource)) {
      if (library == null) {
        return new Loaded(null, "this build has no native library for this machine: resource=" + resource);
      }
      return new Loaded(load(library), null);
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      return new Loaded(null, "the native library can't be loaded: resource=" + resource + ", cause=" + e);
    }
  }

  private static String machine(String architecture) {
    return architecture.equals("amd64") ? "x86_64" : architecture;
  }

  /** By way of a file that has no name in any folder; where that may not be run, of one that is deleted once it is loaded. */
  private static SymbolLookup load(InputStream library) throws IOException {
    byte[] bytes = library.readAllBytes();
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

package io.samepage.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PoCL reads from the environment when it starts. It must be set before the first OpenCL call of the process; variables
 * that the user has set stay.
 */
final class PoclSettings {
  static final String CACHE_VARIABLE = "POCL_CACHE_DIR";

  private static final Logger LOG = LoggerFactory.getLogger(PoclSettings.class);
  private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

  private PoclSettings() {}

  /**
   * Keeps PoCL from taking the JVM's SIGFPE handler, without which Java's division by zero returns a number, and gives it a cache
   * folder where it would find none.
   *
   * @param environment the environment of this process
   * @return why PoCL can't cache the programs it compiles, if so; it reports no device then
   */
  static Optional<ProbeFailure> apply(Map<String, String> environment) {
    SystemNative.setEnvironmentIfUnset("POCL_SIGFPE_HANDLER", "0");
    String asked = environment.get(CACHE_VARIABLE);
    Path folder = asked == null ? ownCache(environment) : Path.of(asked);
    if (isCreatable(folder)) {
      return Optional.empty();
    }
    Optional<Path> substitute = asked == null ? privateFolder() : Optional.empty();
    substitute.ifPresent(path -> SystemNative.setEnvironmentIfUnset(CACHE_VARIABLE, path.toString()));
    return substitute.isPresent() ? Optional.empty() : Optional.of(ProbeFailure.broken(
        "PoCL can't write its compiled programs to its cache folder: folder=" + folder, "Set " + CACHE_VARIABLE + " to a writable folder"));
  }

  private static Path ownCache(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches = xdg.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/tmp"), ".cache") : Path.of(xdg);
    return caches.resolve("pocl").resolve("kcache");
  }

  private static boolean isCreatable(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
  }

  /** PoCL runs what it finds in its cache, so the folder must be ours alone. */
  private static Optional<Path> privateFolder() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path folder = temporary.resolve("samepage-pocl-" + System.getProperty("user.name").replaceAll("[^\\w-]", "_"));
    try {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE)));
      }
      return isOurs(folder) ? Optional.of(folder) : Optional.of(Files.createTempDirectory(temporary, "samepage-pocl-"));
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("No cache folder for PoCL in {}", temporary, e);
      return Optional.empty();
    }
  }

  private static boolean isOurs(Path folder) {
    try {
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self/stat")))
          && PRIVATE.equals(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      return false;
    }
  }
}

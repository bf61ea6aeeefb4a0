package io.samepage.opencl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder in which drivers tell the OpenCL loader of themselves, on Linux: one file each, holding a library's name. */
final class IcdFolder {
  private static final Logger LOG = LoggerFactory.getLogger(IcdFolder.class);

  private final Path folder;

  private IcdFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The folder that the loader looks into; its variable may name a single file as well.
   *
   * @param environment the environment of this process
   * @return the folder
   */
  static IcdFolder of(Map<String, String> environment) {
    return new IcdFolder(Path.of(environment.getOrDefault("OCL_ICD_VENDORS", "/etc/OpenCL/vendors")));
  }

  /** {@return why the loader finds no driver at all} */
  ProbeFailure whyNoPlatform() {
    List<ProbeFailure> broken = brokenDrivers();
    return broken.isEmpty() ? ProbeFailure.absent("No OpenCL driver is installed: folder=" + folder, ProbeFailure.INSTALL)
        : broken.getFirst();
  }

  /** {@return a failure for each driver that is told of but can't be loaded} */
  List<ProbeFailure> brokenDrivers() {
    List<ProbeFailure> broken = new ArrayList<>();
    for (Path file : files()) {
      String library = libraryIn(file);
      if (!library.isEmpty() && !SystemNative.canLoad(library)) {
        broken.add(ProbeFailure.broken("An OpenCL driver can't be loaded: file=" + file + ", library=" + library,
            "Install the driver again, or remove the file"));
      }
    }
    return broken;
  }

  private List<Path> files() {
    if (Files.isRegularFile(folder)) {
      return List.of(folder);
    }
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.icd")) {
      found.forEach(files::add);
    } catch (IOException e) {
      LOG.debug("Can't list {}", folder, e);
    }
    files.sort(null);
    return files;
  }

  private static String libraryIn(Path file) {
    try {
      return Files.readString(file).lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      LOG.debug("Can't read {}", file, e);
      return "";
    }
  }
}

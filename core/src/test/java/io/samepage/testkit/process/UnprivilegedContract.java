package io.samepage.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.simple.SimpleLogger;

/** A process without any privilege: memory is touched there too, or that is refused with the reason; leases work in any case. */
public abstract class UnprivilegedContract {
  private static final String[] AS_NOBODY = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--"};
  private static final Duration SILENCE = Duration.ofMinutes(2);

  @TempDir
  private Path folder;

  /** {@return the name of the device that the process uses} */
  protected abstract String device();

  @Test
  void withoutPrivilegesMemoryIsTouchedAsWell() throws Exception {
    ChildJvm.Result result = command().run(SILENCE);
    assertThat(result.exitCode()).as("%s", result).isZero();
    // Faults of user code alone are asked for, which Linux lets anybody have whatever vm.unprivileged_userfaultfd says.
    assertThat(result.out()).containsExactly("TRANSPARENT: the fault handler runs", ScenarioMain.TOUCHED, ScenarioMain.LEASED);
  }

  @Test
  void whereItIsSwitchedOffLeasesWorkAndTheReasonIsSaid() throws Exception {
    ChildJvm.Result result = command().withJvm("-Dsamepage.host.access=explicit").run(SILENCE);
    assertThat(result.exitCode()).as("%s", result).isZero();
    assertThat(result.out()).hasSize(3);
    assertThat(result.out().get(0)).startsWith("EXPLICIT").contains("samepage.host.access=explicit");
    assertThat(result.out().get(1)).startsWith(ScenarioMain.REFUSED).contains("samepage.host.access=explicit", "UnifiedRange.host");
    assertThat(result.out().get(2)).isEqualTo(ScenarioMain.LEASED);
  }

  /** Whoever may become another user does; the others are without privileges as they are. */
  private ChildJvm.Command command() throws IOException {
    ChildJvm.Command command = ChildJvm.Command.of(ScenarioMain.class, folder).with(device());
    return isRoot() ? command.through(AS_NOBODY).withClassPath(publicClassPath()) : command;
  }

  private static boolean isRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  /** Copies of what the child needs: the originals may lie where only root may look. */
  private String publicClassPath() throws IOException {
    Path copies = folder.resolve("classes");
    List<Path> classPath = new ArrayList<>();
    for (Class<?> type : List.of(UnifiedMemory.class, ScenarioMain.class, Logger.class, SimpleLogger.class)) {
      Path origin = Path.of(new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath());
      Path copy = copies.resolve(classPath.size() + origin.getFileName().toString());
      copy(origin, copy);
      classPath.add(copy);
    }
    open(folder);
    return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static void copy(Path origin, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(origin)) {
      for (Path path : paths.toList()) {
        Path to = target.resolve(origin.relativize(path).toString());
        Files.createDirectories(to.getParent());
        Files.copy(path, to);
      }
    }
  }

  /** Lets everybody read and write there. */
  private static void open(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(folder.resolve("tmp"));
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
  }
}

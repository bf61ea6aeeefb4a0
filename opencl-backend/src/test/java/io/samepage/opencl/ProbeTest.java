package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a probe says in environments of all sorts, each in a JVM of its own. */
class ProbeTest {
  private static final String NO_FOLDER = "/dev/null/none";
  private static final Duration SILENCE = Duration.ofMinutes(5);
  private static final Path POCL = Path.of("/etc/OpenCL/vendors/pocl.icd");

  @TempDir
  private Path folder;

  private ChildJvm.Command command() {
    return ChildJvm.Command.of(ProbeMain.class, folder);
  }

  private static ChildJvm.Result probe(ChildJvm.Command command) throws IOException, InterruptedException {
    ChildJvm.Result result = command.run(SILENCE);
    assertThat(result.exitCode()).as("exit code; errors: %s", result.err()).isZero();
    assertThat(result.err()).as("no stack traces").doesNotContain("\tat ", "Exception");
    assertThat(result.out()).hasSize(6);
    assertThat(result.out().get(4)).as("the same in later calls, also of another instance").isEqualTo("true");
    assertThat(result.out().get(5)).isEqualTo("thrown=1000, warmUp=true");
    return result;
  }

  private ChildJvm.Command withDrivers(String... libraries) throws IOException {
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    for (int i = 0; i < libraries.length; i++) {
      Files.writeString(vendors.resolve(i + ".icd"), libraries[i] + "\n");
    }
    return command().withEnvironment(Map.of("OCL_ICD_VENDORS", vendors.toString()));
  }

  @Test
  void poclsDeviceIsFoundAndDivisionByZeroStillThrows() throws Exception {
    ChildJvm.Result result = probe(command());
    assertThat(result.out().subList(0, 4)).containsExactly("AVAILABLE", "Found 1 device", "", "CPU");
  }

  @Test
  void aMissingLoaderIsAbsentAndSaysWhatToInstall() throws Exception {
    ChildJvm.Result result = probe(command().withJvm("-Dorg.lwjgl.opencl.libname=libNoSuchOpenCL.so.1"));
    assertThat(result.out().get(0)).isEqualTo("ABSENT");
    assertThat(result.out().get(1)).contains("library=libNoSuchOpenCL.so.1");
    assertThat(result.out().get(2)).contains("apt-get install ocl-icd-libopencl1 pocl-opencl-icd");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aLibraryThatIsNoOpenClLoaderIsBroken() throws Exception {
    ChildJvm.Result result = probe(command().withJvm("-Dorg.lwjgl.opencl.libname=libm.so.6"));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).contains("library=libm.so.6");
  }

  @Test
  void lwjglWithoutItsNativePartIsBrokenAndSaysWhatToAdd() throws Exception {
    ChildJvm.Result result = probe(command().withJvm("-Dorg.lwjgl.libname=lwjgl_not_there"));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).contains("LWJGL", "lwjgl_not_there");
    assertThat(result.out().get(2)).contains("natives-linux", "--add-modules org.lwjgl.natives");
  }

  @Test
  void aFolderWithoutDriversIsAbsentAndNamed() throws Exception {
    ChildJvm.Command command = withDrivers();
    ChildJvm.Result result = probe(command);
    assertThat(result.out().get(0)).isEqualTo("ABSENT");
    assertThat(result.out().get(1)).contains("folder=" + command.environment().get("OCL_ICD_VENDORS"));
    assertThat(result.out().get(2)).contains("apt-get install ocl-icd-libopencl1 pocl-opencl-icd");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aDriverThatCannotBeLoadedIsBrokenAndNamed() throws Exception {
    ChildJvm.Result result = probe(withDrivers("libNoSuchDriver.so.3"));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).contains("library=libNoSuchDriver.so.3").contains("vendors/0.icd");
    assertThat(result.out().get(2)).isNotBlank();
  }

  @Test
  void aBrokenDriverBesideAWorkingOneIsTold() throws Exception {
    ChildJvm.Result result = probe(withDrivers("libNoSuchDriver.so.3", Files.readString(POCL).strip()));
    assertThat(result.out().get(0)).isEqualTo("AVAILABLE");
    assertThat(result.out().get(1)).startsWith("Found 1 device. An OpenCL driver can't be loaded: ")
        .contains("library=libNoSuchDriver.so.3");
    assertThat(result.out().get(3)).isEqualTo("CPU");
  }

  @Test
  void poclWithoutAWritableCacheIsBrokenAndTellsTheVariable() throws Exception {
    ChildJvm.Result result = probe(command().withEnvironment(Map.of("POCL_CACHE_DIR", NO_FOLDER)));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).contains("folder=" + NO_FOLDER);
    assertThat(result.out().get(2)).contains("POCL_CACHE_DIR").contains("writable");
  }

  /** The superuser may write everywhere, it is said, but nobody makes folders there. */
  @Test
  void poclWithACacheThatOnlySeemsWritableIsBrokenAndTellsTheVariable() throws Exception {
    ChildJvm.Result result = probe(command().withEnvironment(Map.of("POCL_CACHE_DIR", "/proc/none")));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).contains("cache folder");
    assertThat(result.out().get(2)).contains("POCL_CACHE_DIR");
  }

  private ChildJvm.Command withoutAHome() {
    return command().through("env", "--unset=XDG_CACHE_HOME", "--unset=POCL_CACHE_DIR").withEnvironment(Map.of("HOME", NO_FOLDER));
  }

  @Test
  void poclWithoutAHomeAndATemporaryFolderIsBrokenToo() throws Exception {
    ChildJvm.Result result = probe(withoutAHome().withJvm("-Djava.io.tmpdir=" + NO_FOLDER,
        "-Dorg.lwjgl.system.SharedLibraryExtractPath=" + folder));
    assertThat(result.out().get(0)).isEqualTo("BROKEN");
    assertThat(result.out().get(2)).contains("POCL_CACHE_DIR");
  }

  @Test
  void poclWithoutAHomeGetsAPrivateCache() throws Exception {
    ChildJvm.Command command = withoutAHome();
    ChildJvm.Result result = probe(command);
    assertThat(result.out().subList(0, 4)).containsExactly("AVAILABLE", "Found 1 device", "", "CPU");
    assertThat(command.temporary()).isDirectoryContaining(path -> path.getFileName().toString().startsWith("samepage-pocl-"));
  }
}

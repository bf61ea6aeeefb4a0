package io.samepage.transparent;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.HostAccess;
import io.samepage.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Systems that refuse what transparent access needs, in JVMs of their own: the reason, what to change, and leases work all the same. */
class RefusedSystemCallTest {
  @TempDir
  private Path folder;

  private List<String> run(String... arguments) throws IOException, InterruptedException {
    ChildJvm.Result result = ChildJvm.Command.of(RefusedMain.class, folder).with(arguments).run(Duration.ofMinutes(2));
    assertThat(result.exitCode()).as("exit code, with %s", result.err()).isZero();
    return result.out();
  }

  @ParameterizedTest
  @CsvSource({
      "userfaultfd, 1, userfaultfd is refused, seccomp profile",
      "userfaultfd, 1, Operation not permitted, /dev/userfaultfd",
      "userfaultfd, 1, errno=1, vm.unprivileged_userfaultfd=1",
      "userfaultfd, 38, this kernel has no userfaultfd, Linux 6.7",
      "UFFDIO_API, 22, lacks MINOR_SHMEM WP_HUGETLBFS_SHMEM WP_ASYNC, Linux 6.7",
      "UFFDIO_API, 1, UFFDIO_API is refused, seccomp profile",
      "PAGEMAP_SCAN, 25, no PAGEMAP_SCAN, Linux 6.7",
  })
  void theReasonAndTheRemedyAreToldAndLeasesWork(String refused, String error, String reason, String remedy) throws Exception {
    List<String> said = run(refused, error);
    assertThat(said).hasSize(5);
    assertThat(said.get(0)).isEqualTo(HostAccess.Mode.EXPLICIT.name());
    assertThat(said.get(1)).contains(reason);
    assertThat(said.get(2)).contains(remedy).endsWith(".");
    assertThat(said.get(3)).contains(said.get(1), said.get(2), "UnifiedRange.host");
    assertThat(said.get(4)).isEqualTo("7");
  }

  @Test
  void nothingIsToBeChangedWhereArenasWork() throws Exception {
    List<String> said = run();
    assertThat(said).containsExactly(HostAccess.Mode.TRANSPARENT.name(), "the fault handler runs", "", "works", "7");
  }
}

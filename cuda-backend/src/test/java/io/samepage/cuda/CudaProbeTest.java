package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.BackendReport.State;
import io.samepage.BackendReport;
import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.node.DeviceRequest;
import io.samepage.testkit.process.ChildJvm;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of drivers and devices, on the test double. */
class CudaProbeTest {
  @BeforeEach
  @AfterEach
  void reset() {
    DoubleNative.reset();
  }

  private static BackendReport probe() {
    return new CudaBackend().probe();
  }

  private static void assertNothing(State state, String... words) {
    BackendReport report = probe();
    assertThat(report.state()).as("%s", report).isEqualTo(state);
    assertThat(report.devices()).isEmpty();
    assertThat(report.explanation()).contains(words);
    assertThat(report.remedy()).isNotBlank();
  }

  @Test
  void devicesAreThoseOfTheDriverAndTheDoubleSaysThatItIsOne() {
    BackendReport report = probe();
    assertThat(report.state()).isEqualTo(State.AVAILABLE);
    assertThat(report.devices()).extracting(DeviceInfo::name).containsExactly("cuda:0", "cuda:1");
    assertThat(report.devices()).extracting(DeviceInfo::description).allMatch(name -> name.contains("test double"));
    assertThat(report.devices()).extracting(DeviceInfo::driver).containsOnly("NVIDIA, CUDA 12.6");
    assertThat(report.devices()).extracting(DeviceInfo::kind).containsOnly(DeviceInfo.Kind.GPU);
  }

  @Test
  void aDeviceHasTheMemoryThatTheDriverSaysAndMostOfItIsTheBudget() {
    DoubleNative.memoryBytes(1, 800 << 20);
    DeviceInfo second = probe().devices().getLast();
    assertThat(second.memoryBytes()).isEqualTo(800 << 20);
    assertThat(second.budgetBytes()).isEqualTo(700 << 20);
  }

  @Test
  void aDeviceTellsItsHardwareByItsPlaceOnTheBusAndByItsUuid() {
    DoubleNative.attribute(1, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID, 0x5e);
    DoubleNative.attribute(1, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID, 3);
    DoubleNative.attribute(1, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID, 2);
    List<DeviceInfo> devices = probe().devices();
    assertThat(devices.getFirst().hardwareIds()).contains("pci:0000:40:00").hasSize(2);
    assertThat(devices.getLast().hardwareIds()).contains("pci:0002:5e:03", "uuid:61207465737420646f75626c65202001");
  }

  @Test
  void whatTheDriverDoesNotTellIsNoIdOfTheHardware() {
    DoubleNative.attribute(0, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID, 0);
    DoubleNative.fail("cuDeviceGetUuid", 1, CUresult.CUDA_ERROR_NOT_SUPPORTED, false);
    assertThat(probe().devices().getFirst().hardwareIds()).isEmpty();
  }

  @Test
  void aMachineWithoutADriverIsNormal() {
    ScanResult found = DeviceScan.run("libno-such-driver.so.1");
    assertThat(found.devices()).isEmpty();
    assertThat(found.report()).isEqualTo(new BackendReport("cuda", State.ABSENT,
        "There is no NVIDIA driver: library=libno-such-driver.so.1", ProbeFailure.INSTALL, List.of()));
    assertThat(DoubleNative.calls("cuInit")).isZero();
  }

  @Test
  void withoutJcudasNativePartItIsNamedAndNothingIsThrown(@TempDir Path folder) throws Exception {
    ChildJvm.Command command = ChildJvm.Command.of(CudaProbeMain.class, folder);
    String without = Arrays.stream(command.classPath().split(File.pathSeparator)).filter(entry -> !entry.contains("jcuda-natives"))
        .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(command.classPath());
    ChildJvm.Result result = command.withClassPath(without).run(Duration.ofMinutes(1));
    assertThat(result.exitCode()).as("%s", result).isZero();
    assertThat(result.out().getFirst()).isEqualTo("BROKEN");
    assertThat(result.out().get(1)).startsWith("JCuda's native part is not there");
    assertThat(result.out().get(2)).contains("org.jcuda:jcuda-natives");
    assertThat(result.out().get(3)).as("asked again").isEqualTo("BROKEN");
  }

  @Test
  void aDriverWithoutADeviceIsAbsent() {
    DoubleNative.devices(0);
    assertNothing(State.ABSENT, "no device", "CUDA 12.6");
  }

  @Test
  void aDriverThatIsTooOldSaysWhatItSupportsAndWhatIsNeeded() {
    DoubleNative.driverVersion(11_080);
    assertNothing(State.BROKEN, "too old", "CUDA 11.8", "CUDA 12.0");
  }

  @Test
  void aDriverThatDoesNotStartIsBroken() {
    DoubleNative.initResult(CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH);
    assertNothing(State.BROKEN, "cuInit", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803)");
  }

  @Test
  void aDeviceThatAnotherProcessHoldsAloneIsExplainedAndTheOthersAreThere() {
    DoubleNative.computeMode(0, DoubleNative.COMPUTE_EXCLUSIVE_PROCESS);
    BackendReport report = probe();
    assertThat(report.state()).isEqualTo(State.AVAILABLE);
    assertThat(report.devices()).extracting(DeviceInfo::name).containsExactly("cuda:1");
    assertThat(report.explanation()).contains("another process", "device=cuda:0", "CUDA_ERROR_DEVICE_UNAVAILABLE");
    assertThat(report.remedy()).contains("nvidia-smi -c DEFAULT");
  }

  @Test
  void devicesThatAreClosedToComputingAreExplained() {
    DoubleNative.computeMode(0, DoubleNative.COMPUTE_PROHIBITED);
    DoubleNative.computeMode(1, DoubleNative.COMPUTE_PROHIBITED);
    assertNothing(State.BROKEN, "closed to computing", "device=cuda:0", "device=cuda:1");
  }

  @Test
  void aDeviceThatIsTakenMeanwhileIsRefusedAndNothingStaysOpen() {
    CudaBackend backend = new CudaBackend();
    List<DeviceInfo> found = backend.probe().devices();
    DoubleNative.computeMode(1, DoubleNative.COMPUTE_EXCLUSIVE_PROCESS);
    List<DeviceRequest> requests = found.stream().map(device -> new DeviceRequest(device, device.budgetBytes())).toList();
    assertThatThrownBy(() -> backend.open(requests)).isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuda:1").hasMessageContaining("CUDA_ERROR_DEVICE_UNAVAILABLE");
    assertThat(DoubleNative.calls("cuStreamDestroy_v2")).as("those of the first device").isEqualTo(DoubleNative.calls("cuStreamCreate"))
        .isPositive();
    assertThat(DoubleNative.calls("cuDevicePrimaryCtxRelease_v2")).isEqualTo(1);
  }

  @Test
  void probingLeavesNoContextBehind() {
    DoubleNative.computeMode(0, 0);
    probe();
    assertThat(DoubleNative.calls("cuDevicePrimaryCtxRetain")).isZero();
    assertThat(DoubleNative.calls("cuInit")).isEqualTo(1);
  }
}

package io.samepage.samples.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.samepage.HostAccess;
import io.samepage.samples.accounting.DeviceUse;
import io.samepage.samples.accounting.HostUse;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Traffic;
import io.samepage.samples.accounting.Verdict;
import java.util.List;

/**
 * What a run was and did; the JSON has these fields on one level.
 *
 * @param command the command that was run
 * @param devices the devices and their launches
 * @param problem what was computed
 * @param outcome whether it is right
 * @param bytes what was moved
 * @param host how the host got at the memory
 * @param seconds how long the stages took together; reading files, compiling kernels and verifying are not in it
 * @param kernelSeconds how long kernels ran by their devices' clocks
 * @param stages time and traffic of each stage
 */
public record RunReport(String command, List<DeviceUse> devices, @JsonUnwrapped Problem problem, @JsonUnwrapped Outcome outcome,
    @JsonUnwrapped Bytes bytes, @JsonUnwrapped HostUse host, double seconds, double kernelSeconds, List<Stage> stages) {

  /**
   * What was computed.
   *
   * @param rows rows of the first matrix
   * @param inner its columns
   * @param cols columns of the second matrix
   * @param rounds how often
   * @param seed what random values were drawn from, null if there were none
   */
  public record Problem(int rows, int inner, int cols, int rounds, Long seed) {}

  /**
   * Whether the results are right.
   *
   * @param verified whether they are
   * @param maxError the largest error, null if it is not a finite number
   * @param explanation what was compared
   */
  public record Outcome(boolean verified, Double maxError, @JsonIgnore String explanation) {
    static Outcome of(Verdict verdict) {
      return new Outcome(verdict.verified(), Double.isFinite(verdict.maxError()) ? verdict.maxError() : null, verdict.explanation());
    }
  }

  /**
   * What was moved, what would have been the least, and what copying all arguments at every launch would have moved.
   *
   * @param bytesToDevice from the host to devices
   * @param bytesToHost from devices to the host
   * @param bytesDeviceToDevice from device to device
   * @param leastBytesToDevice the least that had to go to devices
   * @param leastBytesToHost the least that had to go to the host
   * @param naiveBytesToDevice to devices, when all is copied at every launch
   * @param naiveBytesToHost to the host, when all is copied at every launch
   */
  public record Bytes(long bytesToDevice, long bytesToHost, long bytesDeviceToDevice, long leastBytesToDevice, long leastBytesToHost,
      long naiveBytesToDevice, long naiveBytesToHost) {
    static Bytes of(StageMeter meter, Traffic least, Traffic naive) {
      Stage total = meter.total();
      return new Bytes(total.bytesToDevice(), total.bytesToHost(), meter.bytesDeviceToDevice(), least.toDevice(), least.toHost(),
          naive.toDevice(), naive.toHost());
    }
  }

  /**
   * A report of a measured run.
   *
   * @param command the command
   * @param devices the devices and their launches
   * @param problem what was computed
   * @param verdict whether it is right
   * @param meter its stages
   * @param mode how the host got at the memory
   * @param kernelSeconds how long kernels ran
   * @param least the least it had to move
   * @param naive what copying all arguments at every launch moves
   * @return the report
   */
  public static RunReport of(String command, List<DeviceUse> devices, Problem problem, Verdict verdict, StageMeter meter,
      HostAccess.Mode mode, double kernelSeconds, Traffic least, Traffic naive) {
    return new RunReport(command, devices, problem, Outcome.of(verdict), Bytes.of(meter, least, naive),
        meter.hostUse(mode), meter.total().seconds(), kernelSeconds, meter.stages());
  }
}

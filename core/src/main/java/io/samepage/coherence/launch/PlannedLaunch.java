package io.samepage.coherence.launch;

import io.samepage.Grid;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.LeaseRequest;
import java.util.List;

/**
 * A launch that was checked, and what it will claim.
 *
 * @param kernel which kernel
 * @param grid its work items
 * @param arguments one for each parameter
 * @param request its claims, not held yet
 */
record PlannedLaunch(CoherentKernel kernel, Grid grid, List<LaunchArgument> arguments, LeaseRequest request) {
  CoherentDevice device() {
    return kernel.device();
  }

  /** The same launch with claims that nobody holds yet: those of a launch keep all that was done for it. */
  PlannedLaunch again() {
    return new PlannedLaunch(kernel, grid, arguments, request.again());
  }
}

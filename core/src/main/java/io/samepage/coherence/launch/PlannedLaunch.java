package io.samepage.coherence.launch;

import io.samepage.Grid;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.node.NodeArgument;
import java.util.List;

/**
 * A launch that was checked, and what it will claim.
 *
 * @param kernel which kernel
 * @param grid its work items
 * @param places where its arguments are
 * @param request its claims, not held yet
 */
record PlannedLaunch(CoherentKernel kernel, Grid grid, ArgumentPlaces places, LeaseRequest request) {
  /** One for each parameter. */
  List<LaunchArgument> arguments() {
    return places.arguments();
  }

  /** The arguments in their windows. Called under the locks of the request's ranges, while it is held. */
  List<NodeArgument> placed() {
    return places.of(request);
  }

  CoherentDevice device() {
    return kernel.device();
  }

  /** The same launch with claims that nobody holds yet: those of a launch keep all that was done for it. */
  PlannedLaunch again() {
    return new PlannedLaunch(kernel, grid, places, request.again());
  }
}

package io.samepage.coherence.launch;

import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.node.NodeArgument;
import java.util.List;

/**
 * Where the arguments of a launch are on its device. A launch that is repeated looks for windows only once those of its ranges have
 * changed. Safe for use by several threads.
 */
final class ArgumentPlaces {
  /** Arguments in their windows, and what each range's windows were then. */
  private record Placed(List<NodeArgument> arguments, long[] revisions) {
    boolean isStillSo(List<CoherentRange> ranges) {
      for (int i = 0; i < revisions.length; i++) {
        if (ranges.get(i).windows().revision() != revisions[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private final CoherentDevice device;
  private final List<LaunchArgument> arguments;
  /** Null before the first launch. */
  private volatile Placed last;

  /** Nothing is placed yet. */
  ArgumentPlaces(CoherentDevice device, List<LaunchArgument> arguments) {
    this.device = device;
    this.arguments = arguments;
  }

  /** One for each parameter. */
  List<LaunchArgument> arguments() {
    return arguments;
  }

  /**
   * The arguments in their windows. Called under the locks of the ranges.
   *
   * @param request claims what the arguments are, and is held
   */
  List<NodeArgument> of(LeaseRequest request) {
    Placed known = last;
    if (known == null || !known.isStillSo(request.ranges())) {
      known = new Placed(placed(), request.ranges().stream().mapToLong(range -> range.windows().revision()).toArray());
      last = known;
    }
    return known.arguments;
  }

  private List<NodeArgument> placed() {
    return List.of(arguments.stream().map(this::placed).toArray(NodeArgument[]::new));
  }

  private NodeArgument placed(LaunchArgument argument) {
    return switch (argument) {
      case LaunchArgument.Constant(NodeArgument constant) -> constant;
      case LaunchArgument.Memory(var slice, var access, var isPromise) -> {
        PlacedWindow window = device.owner().own(slice).windows().containing(device, slice.offsetBytes(), slice.endBytes());
        yield new NodeArgument.Memory(window.window(), window.offsetOf(slice.offsetBytes()), slice.sizeBytes(), access);
      }
    };
  }
}

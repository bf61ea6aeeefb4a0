package io.samepage.coherence.launch;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.KernelParameter;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.Uses;
import io.samepage.node.NodeArgument;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Checks the arguments of a launch against its kernel, before anything is claimed or moved, and infers what was not declared.
 */
final class ArgumentChecks {
  private final MemoryContext memory;
  private final CoherentKernel kernel;

  ArgumentChecks(MemoryContext memory, CoherentKernel kernel) {
    this.memory = memory;
    this.kernel = kernel;
  }

  /**
   * What the arguments are taken for.
   *
   * @throws IllegalArgumentException if they don't fit
   */
  List<LaunchArgument> checked(Object... arguments) {
    List<KernelParameter> parameters = kernel.parameters();
    if (arguments.length != parameters.size()) {
      throw misfit("The number of arguments doesn't fit: parameters=" + parameters.size() + ", arguments=" + arguments.length);
    }
    List<LaunchArgument> checked = new ArrayList<>(arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] == null) {
        throw misfit("An argument is null: " + at(parameters.get(i), i));
      }
      checked.add(checked(arguments[i], parameters.get(i), i));
    }
    checkOverlaps(checked);
    checkLocalMemory(checked);
    return checked;
  }

  private LaunchArgument checked(Object given, KernelParameter parameter, int index) {
    return switch (parameter) {
      case KernelParameter.Buffer buffer -> memory(given, buffer, index);
      case KernelParameter.Value value -> new LaunchArgument.Constant(value(given, value, index));
      case KernelParameter.Struct struct -> new LaunchArgument.Constant(struct(given, struct, index));
      case KernelParameter.Local local -> new LaunchArgument.Constant(local(given, local, index));
      case KernelParameter.Unsupported unsupported ->
          throw misfit("Parameters of this type can't be given: " + at(parameter, index) + ", type=" + unsupported.type());
    };
  }

  private LaunchArgument.Memory memory(Object given, KernelParameter.Buffer buffer, int index) {
    return switch (given) {
      case Argument.Memory(Slice slice, Access access) -> declared(slice, access, buffer, index);
      case Argument.Segment(MemorySegment segment, Access access) -> declared(slice(segment, buffer, index), access, buffer, index);
      case Slice slice -> inferred(slice, buffer, index);
      case UnifiedRange range -> inferred(range.all(), buffer, index);
      case MemorySegment segment -> inferred(segment, buffer, index);
      default -> throw otherKind(given, "memory: a slice, range or segment, maybe by in, out or inOut", buffer, index);
    };
  }

  private LaunchArgument.Memory declared(Slice slice, Access given, KernelParameter.Buffer buffer, int index) {
    checkSlice(slice, buffer, index);
    Access declared = buffer.access().orElse(given);
    // Inout is more than out: it keeps what was there.
    if (declared != given && !(declared == Access.WRITE && given == Access.READ_WRITE)) {
      throw misfit("An argument is declared otherwise than its kernel uses it: " + at(buffer, index) + ", kernel=" + declared + ", given="
          + given);
    }
    return new LaunchArgument.Memory(slice, given, buffer.access().isEmpty());
  }

  private LaunchArgument.Memory inferred(MemorySegment segment, KernelParameter.Buffer buffer, int index) {
    LaunchArgument.Memory inferred = inferred(slice(segment, buffer, index), buffer, index);
    if (inferred.access().writes() && segment.isReadOnly()) {
      throw misfit("The kernel may write, and the segment is read-only: " + at(buffer, index) + ", inferred=" + inferred.access()
          + ", segment=" + segment + "; declare it by in, if the kernel only reads it");
    }
    return inferred;
  }

  private LaunchArgument.Memory inferred(Slice slice, KernelParameter.Buffer buffer, int index) {
    checkSlice(slice, buffer, index);
    Access access = buffer.inferred().orElseThrow(() -> misfit("The kernel doesn't say what it does with an argument: " + at(buffer, index)
        + ", given=" + slice + "; declare it by in, out or inOut"));
    return new LaunchArgument.Memory(slice, access, false);
  }

  private Slice slice(MemorySegment segment, KernelParameter.Buffer buffer, int index) {
    try {
      return memory.slice(segment);
    } catch (IllegalArgumentException e) {
      throw saying(e, buffer, index);
    }
  }

  private <T> T saying(KernelParameter parameter, int index, Supplier<T> check) {
    try {
      return check.get();
    } catch (IllegalArgumentException e) {
      throw saying(e, parameter, index);
    }
  }

  /** What is said of a slice or segment by itself, and whose argument it is. */
  private IllegalArgumentException saying(IllegalArgumentException e, KernelParameter parameter, int index) {
    return new IllegalArgumentException(misfit(e.getMessage() + ", " + at(parameter, index)).getMessage(), e);
  }

  private CoherentRange own(Slice slice, KernelParameter.Buffer buffer, int index) {
    try {
      return memory.own(slice);
    } catch (IllegalArgumentException e) {
      throw saying(e, buffer, index);
    }
  }

  private void checkSlice(Slice slice, KernelParameter.Buffer buffer, int index) {
    own(slice, buffer, index).checkOpen();
    int element = buffer.elementSizeBytes();
    if (slice.offsetBytes() % element != 0 || slice.sizeBytes() % element != 0) {
      throw misfit("A slice begins and ends at whole elements: " + at(buffer, index) + ", elementSizeBytes=" + element + ", offsetBytes="
          + slice.offsetBytes() + ", sizeBytes=" + slice.sizeBytes());
    }
  }

  private NodeArgument value(Object given, KernelParameter.Value parameter, int index) {
    Argument.Value value = switch (given) {
      case Argument.Value declared -> declared;
      case Number number -> saying(parameter, index, () -> new Argument.Value(number));
      case Character character -> new Argument.Value(character);
      case Boolean bool -> new Argument.Value(bool);
      default -> throw otherKind(given, "a value of type " + parameter.type(), parameter, index);
    };
    NodeArgument fitted = ConstantArguments.value(value, parameter.type());
    if (fitted == null) {
      throw misfit("A value has another type than its parameter: " + at(parameter, index) + ", wanted=" + parameter.type() + ", given="
          + value.type() + "; nothing is converted");
    }
    return fitted;
  }

  private NodeArgument struct(Object given, KernelParameter.Struct parameter, int index) {
    MemorySegment segment = switch (given) {
      case Argument.Struct declared -> declared.segment();
      case MemorySegment plain -> saying(parameter, index, () -> new Argument.Struct(plain)).segment();
      default -> throw otherKind(given, "a segment by value for type " + parameter.type(), parameter, index);
    };
    if (parameter.sizeBytes() != 0 && parameter.sizeBytes() != segment.byteSize()) {
      throw misfit("A segment by value has another size than its parameter: " + at(parameter, index) + ", type=" + parameter.type()
          + ", wantedBytes=" + parameter.sizeBytes() + ", givenBytes=" + segment.byteSize());
    }
    return ConstantArguments.struct(segment);
  }

  private NodeArgument local(Object given, KernelParameter.Local parameter, int index) {
    if (!(given instanceof Argument.Local(long sizeBytes))) {
      throw otherKind(given, "local memory, by local(sizeBytes)", parameter, index);
    }
    if (sizeBytes % parameter.elementSizeBytes() != 0) {
      throw misfit("Local memory is made of whole elements: " + at(parameter, index) + ", elementSizeBytes=" + parameter.elementSizeBytes()
          + ", sizeBytes=" + sizeBytes);
    }
    return new NodeArgument.Local(sizeBytes);
  }

  private void checkOverlaps(List<LaunchArgument> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (arguments.get(i) instanceof LaunchArgument.Memory a && arguments.get(j) instanceof LaunchArgument.Memory b
            && (a.access().writes() || b.access().writes()) && Uses.overlap(a.slice(), b.slice())) {
          throw misfit("Arguments share bytes of which one writes: " + at(kernel.parameters().get(j), j) + "=" + b.access() + " of "
              + b.slice() + ", " + at(kernel.parameters().get(i), i) + "=" + a.access() + " of " + a.slice());
        }
      }
    }
  }

  private void checkLocalMemory(List<LaunchArgument> arguments) {
    long leftBytes = kernel.localBytesLimit();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i) instanceof LaunchArgument.Constant(NodeArgument.Local(long sizeBytes))) {
        if (sizeBytes > leftBytes) {
          throw misfit("A group has not so much local memory: sizeBytes=" + sizeBytes + ", leftBytes=" + leftBytes + ", limitBytes="
              + kernel.localBytesLimit());
        }
        leftBytes -= sizeBytes;
      }
    }
  }

  private static String at(KernelParameter parameter, int index) {
    return "index=" + index + ", parameter=" + parameter.name();
  }

  private IllegalArgumentException otherKind(Object given, String wanted, KernelParameter parameter, int index) {
    return misfit("An argument is of another kind than its parameter: " + at(parameter, index) + ", wanted=" + wanted + ", given="
        + (given instanceof Argument || given instanceof Slice ? given : given.getClass().getName() + " " + given));
  }

  private IllegalArgumentException misfit(String message) {
    return new IllegalArgumentException(message + ", kernel=" + kernel.name() + ", device=" + kernel.device().name());
  }
}

package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.KernelParameter;
import io.samepage.Slice;
import java.util.ArrayList;
import java.util.List;

/** Checks the arguments of a launch against its kernel, before anything is claimed or moved. */
final class ArgumentChecks {
  private final CoherentMemory memory;
  private final CoherentKernel kernel;

  ArgumentChecks(CoherentMemory memory, CoherentKernel kernel) {
    this.memory = memory;
    this.kernel = kernel;
  }

  /**
   * The arguments, segments resolved to slices.
   *
   * @throws IllegalArgumentException if they don't fit
   */
  List<Argument> checked(Argument... arguments) {
    List<KernelParameter> parameters = kernel.parameters();
    if (arguments.length != parameters.size()) {
      throw misfit("The number of arguments doesn't fit: parameters=" + parameters.size() + ", arguments=" + arguments.length);
    }
    List<Argument> checked = new ArrayList<>(arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      Argument argument = resolved(arguments[i], i);
      check(argument, parameters.get(i), i);
      checked.add(argument);
    }
    checkOverlaps(checked);
    return checked;
  }

  private Argument resolved(Argument argument, int index) {
    return switch (argument) {
      case null -> throw misfit("An argument is null: index=" + index);
      case Argument.Segment(var segment, Access access) -> new Argument.Memory(memory.slice(segment), access);
      default -> argument;
    };
  }

  private void check(Argument argument, KernelParameter parameter, int index) {
    switch (parameter) {
      case KernelParameter.Buffer buffer when argument instanceof Argument.Memory given -> checkMemory(given, buffer, index);
      case KernelParameter.Value value when argument instanceof Argument.Value given -> {
        if (given.type() != value.type()) {
          throw misfit("A value has another type than its parameter: " + at(parameter, index) + ", wanted=" + value.type() + ", given="
              + given.type());
        }
      }
      case KernelParameter.Unsupported unsupported ->
          throw misfit("Parameters of this type can't be given yet: " + at(parameter, index) + ", type=" + unsupported.type());
      default -> throw misfit("An argument is of another kind than its parameter: " + at(parameter, index) + ", wanted="
          + (parameter instanceof KernelParameter.Buffer ? "memory (in, out, inOut)" : "a value") + ", given=" + argument);
    }
  }

  private void checkMemory(Argument.Memory given, KernelParameter.Buffer buffer, int index) {
    memory.own(given.slice()).checkOpen();
    Access declared = buffer.access().orElse(given.access());
    // Inout is more than out: it keeps what was there.
    if (declared != given.access() && !(declared == Access.WRITE && given.access() == Access.READ_WRITE)) {
      throw misfit("An argument is declared otherwise than its kernel uses it: " + at(buffer, index) + ", kernel=" + declared + ", given="
          + given.access());
    }
    Slice slice = given.slice();
    int element = buffer.elementSizeBytes();
    if (slice.offsetBytes() % element != 0 || slice.sizeBytes() % element != 0) {
      throw misfit("A slice begins and ends at whole elements: " + at(buffer, index) + ", elementSizeBytes=" + element + ", offsetBytes="
          + slice.offsetBytes() + ", sizeBytes=" + slice.sizeBytes());
    }
  }

  private void checkOverlaps(List<Argument> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (arguments.get(i) instanceof Argument.Memory a && arguments.get(j) instanceof Argument.Memory b
            && (a.access().writes() || b.access().writes()) && CoherentMemory.overlap(a.slice(), b.slice())) {
          throw misfit("Arguments share bytes of which one writes: " + at(kernel.parameters().get(j), j) + "=" + b.slice() + ", "
              + at(kernel.parameters().get(i), i) + "=" + a.slice());
        }
      }
    }
  }

  private static String at(KernelParameter parameter, int index) {
    return "index=" + index + ", parameter=" + parameter.name();
  }

  private IllegalArgumentException misfit(String message) {
    return new IllegalArgumentException(message + ", kernel=" + kernel.name() + ", device=" + kernel.device().name());
  }
}

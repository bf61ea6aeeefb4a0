package io.samepage.opencl;

import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.opencl.TypeProbe.Facts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL12;

/** Reads what the compiler kept of a kernel's parameters. */
final class ParameterReader {
  private static final Map<String, Class<?>> VALUES = Map.ofEntries(
      Map.entry("char", byte.class), Map.entry("uchar", byte.class), Map.entry("unsigned char", byte.class),
      Map.entry("short", short.class), Map.entry("ushort", short.class), Map.entry("unsigned short", short.class),
      Map.entry("int", int.class), Map.entry("uint", int.class), Map.entry("unsigned int", int.class),
      Map.entry("long", long.class), Map.entry("ulong", long.class), Map.entry("unsigned long", long.class),
      Map.entry("float", float.class), Map.entry("double", double.class));
  private static final Map<Class<?>, Integer> SIZES = Map.of(byte.class, Byte.BYTES, short.class, Short.BYTES, int.class, Integer.BYTES,
      long.class, Long.BYTES, float.class, Float.BYTES, double.class, Double.BYTES);
  /** Types of arguments that are no bytes. */
  private static final Set<String> OPAQUE = Set.of("sampler_t", "event_t", "queue_t", "clk_event_t", "reserve_id_t", "ndrange_t");
  private static final Pattern VECTOR = Pattern.compile("([a-z ]+?)(2|3|4|8|16)?");

  private ParameterReader() {}

  /**
   * Reads the parameters.
   *
   * @param subject the device, for messages
   * @param kernel a kernel whose program was built with argument info
   * @param types tells what types of the program's own are
   * @return the parameters in order
   * @throws KernelBuildException if the driver doesn't describe them
   */
  static List<KernelParameter> read(String subject, long kernel, Function<SequencedSet<String>, Map<String, Facts>> types) {
    int count = ClInfo.ofKernel(subject, kernel).intValue(CL10.CL_KERNEL_NUM_ARGS);
    int status = count == 0 ? CL10.CL_SUCCESS : ClInfo.ofArgument(subject, kernel, 0).status(CL12.CL_KERNEL_ARG_ADDRESS_QUALIFIER);
    if (status != CL10.CL_SUCCESS) {
      throw new KernelBuildException("The driver doesn't describe the kernel's parameters, so arguments can't be checked: " + subject
          + ", call=clGetKernelArgInfo, error=" + ErrorNames.ofCall(status), "");
    }
    List<ClInfo> arguments = IntStream.range(0, count).mapToObj(i -> ClInfo.ofArgument(subject, kernel, i)).toList();
    SequencedSet<String> unknown = new LinkedHashSet<>();
    arguments.stream().filter(ParameterReader::isOfOwnType).forEach(argument -> unknown.add(type(argument)));
    Map<String, Facts> facts = types.apply(unknown);
    return arguments.stream().map(argument -> read(argument, facts)).toList();
  }

  private static String type(ClInfo argument) {
    return argument.string(CL12.CL_KERNEL_ARG_TYPE_NAME);
  }

  private static boolean isByValue(ClInfo argument) {
    return argument.intValue(CL12.CL_KERNEL_ARG_ADDRESS_QUALIFIER) == CL12.CL_KERNEL_ARG_ADDRESS_PRIVATE;
  }

  /** Whether it is of a type that the program defines. */
  private static boolean isOfOwnType(ClInfo argument) {
    String type = type(argument);
    return isByValue(argument) && scalarOrVectorBytes(type) == 0 && !OPAQUE.contains(type);
  }

  private static KernelParameter read(ClInfo argument, Map<String, Facts> facts) {
    String name = argument.string(CL12.CL_KERNEL_ARG_NAME);
    String type = type(argument);
    boolean isConst = (argument.longValue(CL12.CL_KERNEL_ARG_TYPE_QUALIFIER) & CL12.CL_KERNEL_ARG_TYPE_CONST) != 0;
    return switch (argument.intValue(CL12.CL_KERNEL_ARG_ADDRESS_QUALIFIER)) {
      case CL12.CL_KERNEL_ARG_ADDRESS_GLOBAL -> memory(name, type, isConst);
      case CL12.CL_KERNEL_ARG_ADDRESS_CONSTANT -> memory(name, type, true);
      case CL12.CL_KERNEL_ARG_ADDRESS_LOCAL -> KernelParameter.local(name, elementSizeBytes(pointee(type)));
      default -> byValue(name, type, facts);
    };
  }

  private static KernelParameter byValue(String name, String type, Map<String, Facts> facts) {
    Facts own = facts.getOrDefault(type, new Facts(scalarOrVectorBytes(type), VALUES.get(type)));
    if (OPAQUE.contains(type)) {
      return new KernelParameter.Unsupported(name, type);
    }
    return own.value() != null ? KernelParameter.value(name, own.value()) : new KernelParameter.Struct(name, type, own.sizeBytes());
  }

  /** Images are in global memory too, but aren't pointers. */
  private static KernelParameter memory(String name, String type, boolean isReadOnly) {
    if (!type.endsWith("*")) {
      return new KernelParameter.Unsupported(name, type);
    }
    int elementBytes = elementSizeBytes(pointee(type));
    return isReadOnly ? KernelParameter.in(name, elementBytes) : KernelParameter.memory(name, elementBytes);
  }

  private static String pointee(String type) {
    return type.substring(0, type.length() - 1).strip();
  }

  /**
   * The size of a type.
   *
   * @param type a scalar or vector as OpenCL C names it
   * @return its size in bytes, 1 if it is another type
   */
  static int elementSizeBytes(String type) {
    return Math.max(1, scalarOrVectorBytes(type));
  }

  private static int scalarOrVectorBytes(String type) {
    Matcher matcher = VECTOR.matcher(type);
    if (!matcher.matches()) {
      return 0;
    }
    Integer scalarBytes = SIZES.get(matcher.group(1).equals("half") ? short.class : VALUES.getOrDefault(matcher.group(1), void.class));
    int items = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
    // A vector of three takes the place of four.
    return scalarBytes == null ? 0 : scalarBytes * (items == 3 ? 4 : items);
  }
}

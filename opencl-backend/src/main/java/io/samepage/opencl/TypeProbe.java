package io.samepage.opencl;

import io.samepage.DeviceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lwjgl.opencl.CL10;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what types of a program's own are: OpenCL tells their names alone, and PoCL takes a struct of any size for an argument. The
 * compiler is asked, by kernels behind the program that are never run: what it makes of the group sizes that they prescribe can be read.
 */
final class TypeProbe {
  /**
   * What is known of a type.
   *
   * @param sizeBytes its size, 0 if unknown
   * @param value the primitive type that it is another name for, null if it is none or unknown
   */
  record Facts(int sizeBytes, Class<?> value) {
    static final Facts UNKNOWN = new Facts(0, null);
  }

  /** A name that a type can be compatible with. */
  private record Scalar(String name, Class<?> value) {}

  private static final Logger LOG = LoggerFactory.getLogger(TypeProbe.class);
  private static final List<Scalar> SCALARS = List.of(new Scalar("char", byte.class), new Scalar("uchar", byte.class),
      new Scalar("short", short.class), new Scalar("ushort", short.class), new Scalar("int", int.class), new Scalar("uint", int.class),
      new Scalar("long", long.class), new Scalar("ulong", long.class), new Scalar("float", float.class),
      new Scalar("SAMEPAGE_DOUBLE", double.class));
  private static final String PREAMBLE = """

      #ifdef cl_khr_fp64
      #define SAMEPAGE_DOUBLE double
      #else
      #define SAMEPAGE_DOUBLE void*
      #endif
      """;
  private static final String FUNCTION = """
      __kernel __attribute__((reqd_work_group_size(%s, 1, 1))) void %s() { }
      """;

  private final FoundDevice device;
  private final OpenClContext context;
  private final ClPrograms calls;
  private final String text;

  /**
   * Compiles nothing yet.
   *
   * @param device for which device
   * @param context its context
   * @param text the program that defines the types
   */
  TypeProbe(FoundDevice device, OpenClContext context, String text) {
    this.device = device;
    this.context = context;
    calls = new ClPrograms(device.subject());
    this.text = text;
  }

  /**
   * Asks the compiler.
   *
   * @param types names of types, as the program spells them
   * @return what each is; all unknown if the compiler doesn't take the question
   */
  Map<String, Facts> ask(SequencedSet<String> types) {
    List<String> names = List.copyOf(types);
    if (names.isEmpty()) {
      return Map.of();
    }
    long program = calls.createProgram(context.handle(), text + PREAMBLE
        + IntStream.range(0, names.size()).mapToObj(i -> question(names.get(i), i)).collect(Collectors.joining()));
    try {
      SignalHandlers.keepThrough(() -> build(program));
      Map<String, Facts> facts = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        facts.put(names.get(i), facts(program, i));
      }
      return facts;
    } catch (DeviceException e) {
      LOG.info("The sizes of struct arguments are not checked, as the compiler doesn't tell them: types={}", names, e);
      return names.stream().collect(Collectors.toMap(name -> name, name -> Facts.UNKNOWN));
    } finally {
      calls.releaseProgram(program);
    }
  }

  private static String question(String type, int number) {
    String kind = IntStream.range(0, SCALARS.size())
        .mapToObj(i -> " + %d * __builtin_types_compatible_p(%s, %s)".formatted(i + 1, type, SCALARS.get(i).name()))
        .collect(Collectors.joining("", "1", ""));
    return FUNCTION.formatted("sizeof(" + type + ")", sizeKernel(number)) + FUNCTION.formatted(kind, kindKernel(number));
  }

  private void build(long program) {
    int code = calls.buildProgram(program, device.id(), OpenClProgram.options(device));
    if (code != CL10.CL_SUCCESS) {
      throw new DeviceException("clBuildProgram failed: " + device.subject() + ", error=" + ErrorNames.ofCall(code));
    }
  }

  private Facts facts(long program, int number) {
    int kind = groupSize(program, kindKernel(number)) - 1;
    return new Facts(groupSize(program, sizeKernel(number)), kind == 0 ? null : SCALARS.get(kind - 1).value());
  }

  private int groupSize(long program, String name) {
    long kernel = calls.createKernel(program, name);
    try {
      ClInfo info = ClInfo.ofWorkGroup(device.subject(), kernel, device.id());
      return (int) Math.max(1, info.sizes(CL10.CL_KERNEL_COMPILE_WORK_GROUP_SIZE)[0]);
    } finally {
      calls.releaseKernel(kernel);
    }
  }

  private static String sizeKernel(int number) {
    return "samepage_size_" + number;
  }

  private static String kindKernel(int number) {
    return "samepage_kind_" + number;
  }
}

package io.samepage.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the text of a PTX program says of its kernels. The driver compiles it and finds its mistakes; here it is only looked through. */
final class PtxText {
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+([\\w$%]+)\\s*(?:\\(([^)]*)\\))?");
  private static final Pattern PARAMETER = Pattern.compile("\\.param\\s+(.*?)([\\w$%]+)\\s*(?:\\[\\s*(\\d+)\\s*])?\\s*$", Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("\\.([usbf])(8|16|32|64)\\b");
  private static final Pattern LOAD = Pattern.compile("ld\\.param\\.[usb]64\\s+([%\\w$]+)\\s*,\\s*\\[\\s*([\\w$%]+)\\s*]");
  private static final Pattern CONVERSION = Pattern.compile("cvta\\.to\\.\\w+\\.u64\\s+[%\\w$]+\\s*,\\s*([%\\w$]+)");

  private PtxText() {}

  /**
   * Finds the kernels of a program.
   *
   * @param text PTX
   * @return the parameters of each, by name
   */
  static Map<String, List<PtxParameter>> kernels(String text) {
    String code = COMMENT.matcher(text).replaceAll(" ");
    Map<String, List<PtxParameter>> kernels = new LinkedHashMap<>();
    Matcher entry = ENTRY.matcher(code);
    int from = 0;
    while (entry.find(from)) {
      from = entry.end();
      kernels.put(entry.group(1), parameters(entry.group(2), body(code, from)));
    }
    return kernels;
  }

  private static String body(String code, int from) {
    int next = code.indexOf(".entry", from);
    return code.substring(from, next < 0 ? code.length() : next);
  }

  private static List<PtxParameter> parameters(String list, String body) {
    List<String> pointers = pointers(body);
    List<PtxParameter> parameters = new ArrayList<>();
    for (String declaration : list == null ? new String[0] : list.split(",")) {
      Matcher parameter = PARAMETER.matcher(declaration);
      Matcher type = TYPE.matcher(declaration);
      if (parameter.find() && type.find()) {
        parameters.add(parameter(parameter, type, pointers));
      }
    }
    return parameters;
  }

  private static PtxParameter parameter(Matcher parameter, Matcher type, List<String> pointers) {
    int elementBytes = Integer.parseInt(type.group(2)) / Byte.SIZE;
    String count = parameter.group(3);
    String name = parameter.group(2);
    boolean isPointer = parameter.group(1).contains(".ptr") || pointers.contains(name);
    return new PtxParameter(name, type.group(1) + type.group(2), elementBytes * (count == null ? 1 : Integer.parseInt(count)),
        count != null, isPointer);
  }

  /** Parameters that are converted to an address of a state space, as compilers do with each pointer before they use it. */
  private static List<String> pointers(String body) {
    Map<String, String> parameterOf = new LinkedHashMap<>();
    for (Matcher load = LOAD.matcher(body); load.find(); ) {
      parameterOf.put(load.group(1), load.group(2));
    }
    List<String> pointers = new ArrayList<>();
    for (Matcher conversion = CONVERSION.matcher(body); conversion.find(); ) {
      pointers.add(parameterOf.getOrDefault(conversion.group(1), ""));
    }
    return pointers;
  }
}

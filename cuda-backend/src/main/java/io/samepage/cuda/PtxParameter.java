package io.samepage.cuda;

import io.samepage.KernelParameter;

/**
 * A parameter of a kernel as PTX declares it.
 *
 * @param name its name
 * @param type its type: {@code u64}, {@code f32}, {@code b8}
 * @param sizeBytes its size
 * @param isArray whether it is an array of bytes: a struct or a vector by value
 * @param isPointer whether the text shows that it is an address of memory
 */
record PtxParameter(String name, String type, int sizeBytes, boolean isArray, boolean isPointer) {

  /** {@return what PTX alone tells: not whether memory is read or written} */
  KernelParameter described() {
    if (isArray) {
      return new KernelParameter.Struct(name, "." + type + "[" + sizeBytes + "]", sizeBytes);
    } else if (isPointer) {
      return KernelParameter.declared(name, 1);
    }
    return KernelParameter.value(name, valueType());
  }

  private Class<?> valueType() {
    boolean isFloat = type.startsWith("f");
    return switch (sizeBytes) {
      case 1 -> byte.class;
      case 2 -> short.class;
      case 4 -> isFloat ? float.class : int.class;
      default -> isFloat ? double.class : long.class;
    };
  }

  /** {@return whether it can be what a form in another language says of it} */
  boolean fits(KernelParameter said) {
    return switch (said) {
      case KernelParameter.Buffer _ -> sizeBytes == Long.BYTES && !isArray;
      case KernelParameter.Value value -> !isArray && sizeBytes == size(value.type()) && (isBits() || isFloat() == isFloat(value.type()));
      case KernelParameter.Struct struct -> struct.sizeBytes() == 0 || struct.sizeBytes() == sizeBytes;
      case KernelParameter.Local _ -> !isArray && !isFloat() && sizeBytes >= Integer.BYTES;
      case KernelParameter.Unsupported _ -> false;
    };
  }

  private boolean isBits() {
    return type.startsWith("b");
  }

  private boolean isFloat() {
    return type.startsWith("f");
  }

  private static boolean isFloat(Class<?> type) {
    return type == float.class || type == double.class;
  }

  private static int size(Class<?> type) {
    if (type == boolean.class || type == byte.class) {
      return 1;
    } else if (type == char.class || type == short.class) {
      return 2;
    }
    return type == int.class || type == float.class ? 4 : 8;
  }

  @Override
  public String toString() {
    return "." + type + (isArray ? "[" + sizeBytes + "]" : "");
  }
}

package io.samepage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A program of one or more kernels in several forms side by side: OpenCL C, PTX, and Java bodies. Each device compiles the
 * form that it runs; the forms of one kernel take the same arguments in the same order. Immutable.
 */
public final class KernelSource {
  /**
   * A kernel written in Java.
   *
   * @param parameters its parameters in order
   * @param body what a group of work items does
   */
  public record JavaForm(List<KernelParameter> parameters, JavaKernel body) {
    /** Copies the list. */
    public JavaForm {
      parameters = List.copyOf(parameters);
      Objects.requireNonNull(body, "body");
    }
  }

  private final String openClC;
  private final String ptx;
  private final Map<String, JavaForm> java;

  private KernelSource(Builder builder) {
    openClC = builder.openClC;
    ptx = builder.ptx;
    java = Map.copyOf(builder.java);
  }

  /** {@return a builder without any form} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the program in OpenCL C, if it has that form} */
  public Optional<String> openClC() {
    return Optional.ofNullable(openClC);
  }

  /** {@return the program as PTX text, if it has that form} */
  public Optional<String> ptx() {
    return Optional.ofNullable(ptx);
  }

  /**
   * A kernel's Java form.
   *
   * @param name the kernel's name
   * @return the form, if it has one
   */
  public Optional<JavaForm> java(String name) {
    return Optional.ofNullable(java.get(name));
  }

  @Override
  public String toString() {
    return "KernelSource[openClC=" + (openClC != null) + ", ptx=" + (ptx != null) + ", java=" + java.keySet() + "]";
  }

  /** Collects the forms. Not safe for use by several threads at once. */
  public static final class Builder {
    private String openClC;
    private String ptx;
    private final Map<String, JavaForm> java = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Sets the OpenCL C form.
     *
     * @param text the program
     * @return this builder
     */
    public Builder openClC(String text) {
      openClC = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Sets the OpenCL C form from a resource.
     *
     * @param anchor the class beside which the resource lies
     * @param resource its name, relative to the class
     * @return this builder
     * @throws IllegalArgumentException if there is no such resource
     * @throws UncheckedIOException if it can't be read
     */
    public Builder openClResource(Class<?> anchor, String resource) {
      return openClC(read(anchor, resource));
    }

    /**
     * Sets the PTX form.
     *
     * @param text the program
     * @return this builder
     */
    public Builder ptx(String text) {
      ptx = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Sets the PTX form from a resource.
     *
     * @param anchor the class beside which the resource lies
     * @param resource its name, relative to the class
     * @return this builder
     * @throws IllegalArgumentException if there is no such resource
     * @throws UncheckedIOException if it can't be read
     */
    public Builder ptxResource(Class<?> anchor, String resource) {
      return ptx(read(anchor, resource));
    }

    /**
     * Adds a kernel's Java form.
     *
     * @param name the kernel's name
     * @param parameters its parameters in order
     * @param body what a group of work items does
     * @return this builder
     * @throws IllegalArgumentException if the kernel has a Java form already
     */
    public Builder java(String name, List<KernelParameter> parameters, JavaKernel body) {
      if (java.putIfAbsent(Objects.requireNonNull(name, "name"), new JavaForm(parameters, body)) != null) {
        throw new IllegalArgumentException("A kernel has one Java form: name=" + name);
      }
      return this;
    }

    /** {@return the source} */
    public KernelSource build() {
      return new KernelSource(this);
    }

    private static String read(Class<?> anchor, String resource) {
      try (InputStream in = anchor.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalArgumentException("No such resource: name=" + resource + ", besideClass=" + anchor.getName());
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("Can't read resource " + resource, e);
      }
    }
  }
}

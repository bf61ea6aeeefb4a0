package io.samepage.embedded;

import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.node.NodeKernel;
import java.util.List;

/** A kernel's Java form. There is nothing to compile. */
record EmbeddedKernel(String name, KernelSource.JavaForm form) implements NodeKernel {
  /** As much as processors have near each core. */
  private static final long LOCAL_BYTES_MAX = 1 << 20;

  static EmbeddedKernel find(String device, KernelSource source, String name) {
    return source.java(name).map(form -> new EmbeddedKernel(name, form)).orElseThrow(() -> new KernelBuildException(
        "No Java form of the kernel, and the embedded device runs no other: kernel=" + name + ", device=" + device + ", source="
            + source + "; add it with KernelSource.Builder.java", ""));
  }

  @Override
  public List<KernelParameter> parameters() {
    return form.parameters();
  }

  @Override
  public long localBytesLimit() {
    return LOCAL_BYTES_MAX;
  }
}

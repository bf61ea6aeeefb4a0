package io.samepage.benchmarks.pipeline;

import io.samepage.HostAccess.Mode;
import io.samepage.MemoryKind;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.function.Function;

/** Who computes the pipeline, and how. */
public enum Peer {
  /** Samepage, the host under leases. */
  SAMEPAGE_LEASES("Samepage under leases",
      shape -> new SamplePipeline(shape, MemoryKind.DISCRETE, Mode.EXPLICIT)),
  /** Samepage, the host by plain stores. */
  SAMEPAGE_STORES("Samepage by plain stores",
      shape -> new SamplePipeline(shape, MemoryKind.DISCRETE, Mode.TRANSPARENT)),
  /** Samepage where the device uses the host's pages, under leases. */
  SAMEPAGE_COHERENT_LEASES("Samepage in the host's pages, under leases",
      shape -> new SamplePipeline(shape, MemoryKind.COHERENT, Mode.EXPLICIT)),
  /** Samepage where the device uses the host's pages, by plain stores. */
  SAMEPAGE_COHERENT_STORES("Samepage in the host's pages, by plain stores",
      shape -> new SamplePipeline(shape, MemoryKind.COHERENT, Mode.TRANSPARENT)),
  /** Samepage in shared virtual memory, under leases. */
  SAMEPAGE_SVM_LEASES("Samepage in shared virtual memory, under leases",
      shape -> new SamplePipeline(shape, MemoryKind.SVM, Mode.EXPLICIT)),
  /** LWJGL with the fewest copies. */
  LWJGL("LWJGL with the fewest copies",
      shape -> new HandPipeline(shape, new LwjglCalls(shape))),
  /** LWJGL copying every argument at every launch. */
  LWJGL_COPYING("LWJGL copying every argument",
      shape -> new HandPipeline(shape, new EveryArgument(shape, new LwjglCalls(shape)))),
  /** LWJGL with buffers of host memory. */
  LWJGL_COHERENT("LWJGL in the host's pages",
      shape -> new HandPipeline(shape, new SharedCalls(shape, MemoryKind.COHERENT))),
  /** LWJGL in shared virtual memory. */
  LWJGL_SVM("LWJGL in shared virtual memory",
      shape -> new HandPipeline(shape, new SharedCalls(shape, MemoryKind.SVM))),
  /** JOCL with the fewest copies. */
  JOCL("JOCL with the fewest copies",
      shape -> new HandPipeline(shape, new JoclCalls(shape))),
  /** JOCL copying every argument at every launch. */
  JOCL_COPYING("JOCL copying every argument",
      shape -> new HandPipeline(shape, new EveryArgument(shape, new JoclCalls(shape)))),
  /** Aparapi, which is told what to copy. */
  APARAPI_EXPLICIT("Aparapi told what to copy",
      shape -> new HandPipeline(shape, new AparapiCalls(shape, true))),
  /** Aparapi, which copies by itself. */
  APARAPI_IMPLICIT("Aparapi copying by itself",
      shape -> new HandPipeline(shape, new AparapiCalls(shape, false))),
  /** StarPU. */
  STARPU("StarPU",
      shape -> new HandPipeline(shape, new StarPuCalls(shape)));

  private final String text;
  private final Function<PipelineShape, PipelineRun> maker;

  Peer(String text, Function<PipelineShape, PipelineRun> maker) {
    this.text = text;
    this.maker = maker;
  }

  /** {@return its name in tables} */
  public String text() {
    return text;
  }

  /** Makes matrices and kernels; to be closed. */
  PipelineRun open(PipelineShape shape) {
    return maker.apply(shape);
  }

  /** {@return whether it need not be there, so that it is tried before it is measured} */
  public boolean isForeign() {
    return this == APARAPI_EXPLICIT || this == APARAPI_IMPLICIT || this == STARPU;
  }

  /** {@return whether nothing is copied} */
  boolean isWithoutCopies() {
    return name().contains("COHERENT") || name().contains("SVM");
  }

  /** {@return whether the host touches memory without leases} */
  public boolean isTouching() {
    return this == SAMEPAGE_STORES || this == SAMEPAGE_COHERENT_STORES;
  }
}

package io.samepage.benchmarks.pipeline;

import io.samepage.HostAccess.Mode;
import io.samepage.MemoryKind;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.function.Function;

/** Who computes the pipeline, and how. */
public enum Peer {
  /** Samepage, the host under leases. */
  SAMEPAGE_LEASES(shape -> new SamplePipeline(shape, MemoryKind.DISCRETE, Mode.EXPLICIT)),
  /** Samepage, the host by plain stores. */
  SAMEPAGE_STORES(shape -> new SamplePipeline(shape, MemoryKind.DISCRETE, Mode.TRANSPARENT)),
  /** Samepage where the device uses the host's pages, under leases. */
  SAMEPAGE_COHERENT_LEASES(shape -> new SamplePipeline(shape, MemoryKind.COHERENT, Mode.EXPLICIT)),
  /** Samepage where the device uses the host's pages, by plain stores. */
  SAMEPAGE_COHERENT_STORES(shape -> new SamplePipeline(shape, MemoryKind.COHERENT, Mode.TRANSPARENT)),
  /** Samepage in shared virtual memory, under leases. */
  SAMEPAGE_SVM_LEASES(shape -> new SamplePipeline(shape, MemoryKind.SVM, Mode.EXPLICIT)),
  /** LWJGL with the fewest copies. */
  LWJGL(shape -> new HandPipeline(shape, new LwjglCalls(shape))),
  /** LWJGL copying every argument at every launch. */
  LWJGL_COPYING(shape -> new HandPipeline(shape, new EveryArgument(shape, new LwjglCalls(shape)))),
  /** LWJGL with buffers of host memory. */
  LWJGL_COHERENT(shape -> new HandPipeline(shape, new SharedCalls(shape, MemoryKind.COHERENT))),
  /** LWJGL in shared virtual memory. */
  LWJGL_SVM(shape -> new HandPipeline(shape, new SharedCalls(shape, MemoryKind.SVM))),
  /** JOCL with the fewest copies. */
  JOCL(shape -> new HandPipeline(shape, new JoclCalls(shape))),
  /** JOCL copying every argument at every launch. */
  JOCL_COPYING(shape -> new HandPipeline(shape, new EveryArgument(shape, new JoclCalls(shape)))),
  /** Aparapi, which is told what to copy. */
  APARAPI_EXPLICIT(shape -> new HandPipeline(shape, new AparapiCalls(shape, true))),
  /** Aparapi, which copies by itself. */
  APARAPI_IMPLICIT(shape -> new HandPipeline(shape, new AparapiCalls(shape, false))),
  /** StarPU. */
  STARPU(shape -> new HandPipeline(shape, new StarPuCalls(shape)));

  private final Function<PipelineShape, PipelineRun> maker;

  Peer(Function<PipelineShape, PipelineRun> maker) {
    this.maker = maker;
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

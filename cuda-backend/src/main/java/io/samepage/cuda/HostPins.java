package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.CopyRun;
import io.samepage.node.Lattice;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUresult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host memory that a node has pinned, so that copies run at the link's speed and beside everything else: ranges that the node was told
 * of, in chunks, each when a copy of some length first comes to it. What can't be pinned is copied by way of the driver's own staging
 * buffers. Safe for use by any thread, while the context is current but where said otherwise.
 */
final class HostPins {
  /** How many bytes a node pins at most; by default half of what the budget of its device is. */
  static final String LIMIT_PROPERTY = "samepage.cuda.pinnedBytes";
  /** Chunks end at multiples of this: the fault handler's library knows that as well, as no copy may go from one to the next. */
  static final long CHUNK_BYTES = 32 << 20;
  /** Below it, to go by way of the driver's buffers costs less than to pin a chunk. */
  static final long SHORTEST_RUN_BYTES = 64 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(HostPins.class);

  /** What a copy does with each part of a run that lies in one chunk. */
  interface Part {
    void copy(long offsetBytes, long sizeBytes);
  }

  /** What a copy of rows does with those that lie in one chunk: a rectangle, from an offset from the first byte of the first row. */
  interface RowsPart {
    void copy(long offsetBytes, long sizeBytes, long rows);
  }

  /** Memory that the node was told of. Its chunks are changed under its monitor. */
  private static final class Told {
    private final long address;
    private final long sizeBytes;
    /** Pinned, by this node or by another one. */
    private final BitSet pinned = new BitSet();
    private final BitSet own = new BitSet();
    private final BitSet refused = new BitSet();

    Told(long address, long sizeBytes) {
      this.address = address;
      this.sizeBytes = sizeBytes;
    }

    private int chunk(long at) {
      return (int) (at / CHUNK_BYTES - address / CHUNK_BYTES);
    }

    private long start(int chunk) {
      return chunk == 0 ? address : (address / CHUNK_BYTES + chunk) * CHUNK_BYTES;
    }

    private long end(int chunk) {
      return Math.min(address + sizeBytes, (address / CHUNK_BYTES + chunk + 1) * CHUNK_BYTES);
    }

    private long chunkBytes(int chunk) {
      return end(chunk) - start(chunk);
    }

    private boolean contains(long at) {
      return at - address < sizeBytes;
    }
  }

  private final CudaContext context;
  private final MemoryCalls calls;
  private final long limitBytes;
  private final ConcurrentSkipListMap<Long, Told> all = new ConcurrentSkipListMap<>();
  private final AtomicLong pinnedBytes = new AtomicLong();
  private final AtomicBoolean hasComplained = new AtomicBoolean();

  HostPins(CudaContext context, MemoryCalls calls, long budgetBytes) {
    this.context = context;
    this.calls = calls;
    limitBytes = Long.getLong(LIMIT_PROPERTY, budgetBytes / 2);
  }

  /** {@return what this node has pinned} */
  long pinnedBytes() {
    return pinnedBytes.get();
  }

  /** Memory may be pinned from now on. Needs no context. */
  void use(long address, long sizeBytes) {
    all.putIfAbsent(address, new Told(address, sizeBytes));
  }

  private Told containing(long address) {
    Map.Entry<Long, Told> entry = all.floorEntry(address);
    return entry != null && entry.getValue().contains(address) ? entry.getValue() : null;
  }

  /**
   * Gives back what is pinned of memory whose frames are about to go.
   *
   * @param settle waits for copies of other parts that lie in the same chunks
   */
  void leave(long address, long sizeBytes, Runnable settle) {
    Told told = containing(address);
    if (told == null) {
      return;
    }
    synchronized (told) {
      int first = told.chunk(address);
      int last = told.chunk(address + sizeBytes - 1);
      int next = told.pinned.nextSetBit(first);
      if (next >= 0 && next <= last) {
        settle.run();
        unpin(told, first, last);
      }
      told.refused.clear(first, last + 1);
      if (sizeBytes == told.sizeBytes) {
        all.remove(told.address);
      }
    }
  }

  private void unpin(Told told, int first, int last) {
    for (int chunk = told.own.nextSetBit(first); chunk >= 0 && chunk <= last; chunk = told.own.nextSetBit(chunk + 1)) {
      pinnedBytes.addAndGet(-told.chunkBytes(chunk));
      unregister(told.start(chunk));
    }
    told.own.clear(first, last + 1);
    told.pinned.clear(first, last + 1);
  }

  /** A device that is lost gives nothing back, but any other one can: else that would copy to frames that are not there any more. */
  private void unregister(long address) {
    try {
      calls.unregister(address);
    } catch (DeviceException e) {
      if (!context.isLost()) {
        throw e;
      }
      context.others().stream().findFirst().ifPresent(other -> {
        try (CudaContext.Use current = other.enter()) {
          new MemoryCalls(other).unregister(address);
        }
      });
    }
  }

  /**
   * Pins memory for the device's own use, however much that is, until it is {@linkplain #leave left}.
   *
   * @throws DeviceException if the driver refuses
   */
  void hold(long address, long sizeBytes) {
    Told told = containing(address);
    synchronized (told) {
      for (int chunk = told.chunk(address); chunk <= told.chunk(address + sizeBytes - 1); chunk++) {
        if (!told.pinned.get(chunk)) {
          context.check("cuMemHostRegister", pin(told, chunk, Long.MAX_VALUE), ", sizeBytes=" + told.chunkBytes(chunk));
        }
      }
    }
  }

  /** Copies a run, in as many parts as it has chunks; what is long enough is pinned first. No chunk is unpinned meanwhile. */
  void copy(long hostAddress, long sizeBytes, Part part) {
    Told told = containing(hostAddress);
    if (told == null) {
      part.copy(0, sizeBytes);
      return;
    }
    synchronized (told) {
      long done = 0;
      while (done < sizeBytes) {
        int chunk = told.chunk(hostAddress + done);
        if (sizeBytes >= SHORTEST_RUN_BYTES && !told.pinned.get(chunk) && !told.refused.get(chunk)) {
          tryToPin(told, chunk);
        }
        long bytes = Math.min(sizeBytes - done, told.end(chunk) - (hostAddress + done));
        part.copy(done, bytes);
        done += bytes;
      }
    }
  }

  /** Copies short rows, as many at a time as lie in one chunk, and one that lies in two by its parts. Nothing is pinned for them. */
  void copyRows(Lattice rows, RowsPart part) {
    CopyRun first = rows.first();
    Told told = containing(first.hostAddress());
    if (told == null) {
      part.copy(0, first.sizeBytes(), rows.count());
      return;
    }
    synchronized (told) {
      long row = 0;
      while (row < rows.count()) {
        long offset = row * rows.strideBytes();
        long untilEnd = told.end(told.chunk(first.hostAddress() + offset)) - first.hostAddress() - offset;
        long whole = untilEnd < first.sizeBytes() ? 0 : (untilEnd - first.sizeBytes()) / rows.strideBytes() + 1;
        long count = Math.min(rows.count() - row, whole);
        if (count > 0) {
          part.copy(offset, first.sizeBytes(), count);
        } else {
          part.copy(offset, untilEnd, 1);
          part.copy(offset + untilEnd, first.sizeBytes() - untilEnd, 1);
        }
        row += Math.max(1, count);
      }
    }
  }

  private void tryToPin(Told told, int chunk) {
    int code = pin(told, chunk, limitBytes);
    if (code != CUresult.CUDA_SUCCESS) {
      told.refused.set(chunk);
      complain(code, told.chunkBytes(chunk));
    }
  }

  /** What somebody else has pinned is as good. */
  private int pin(Told told, int chunk, long mostBytes) {
    long bytes = told.chunkBytes(chunk);
    int code = pinnedBytes.addAndGet(bytes) > mostBytes ? CUresult.CUDA_ERROR_OUT_OF_MEMORY : calls.register(told.start(chunk), bytes);
    if (code == CUresult.CUDA_SUCCESS) {
      told.own.set(chunk);
      told.pinned.set(chunk);
      return code;
    }
    pinnedBytes.addAndGet(-bytes);
    if (code == CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED) {
      told.pinned.set(chunk);
      return CUresult.CUDA_SUCCESS;
    }
    return code;
  }

  private void complain(int code, long bytes) {
    if (!hasComplained.getAndSet(true)) {
      LOG.warn("Host memory can't be pinned, so that copies go by way of the driver's own buffers, and slower: {}, error={}, sizeBytes={}, "
          + "pinnedBytes={}, limitBytes={} ({})", context.subject(), ErrorNames.of(code), bytes, pinnedBytes, limitBytes, LIMIT_PROPERTY);
    }
  }

  /** Gives everything back. No copies are in flight. */
  void close() {
    all.values().forEach(told -> {
      synchronized (told) {
        unpin(told, 0, told.chunk(told.address + told.sizeBytes - 1));
      }
    });
    all.clear();
  }
}

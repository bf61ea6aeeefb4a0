package io.samepage.cuda;

import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import jcuda.driver.CUstream;

/**
 * Fills and copies within a device. The driver takes no command from one piece of registered host memory to the next: of the host's own
 * pages, commands end where pieces may. Each is made while the context is current.
 *
 * @param memory how
 */
record WindowCommands(MemoryCalls memory) {

  void fill(CUstream stream, Window window, long offsetBytes, long sizeBytes, byte value) {
    long part;
    for (long done = 0; done < sizeBytes; done += part) {
      part = Math.min(sizeBytes - done, bytesInPiece(window, offsetBytes + done));
      memory.fill(stream, window.handle() + offsetBytes + done, part, value);
    }
  }

  void copy(CUstream stream, PeerRun run) {
    long part;
    for (long done = 0; done < run.sizeBytes(); done += part) {
      long source = run.sourceOffsetBytes() + done;
      long target = run.targetOffsetBytes() + done;
      part = Math.min(run.sizeBytes() - done, Math.min(bytesInPiece(run.source(), source), bytesInPiece(run.target(), target)));
      memory.copy(stream, run.source().handle() + source, run.target().handle() + target, part);
    }
  }

  private static long bytesInPiece(Window window, long offsetBytes) {
    return window instanceof HostWindow ? HostPins.CHUNK_BYTES - (window.handle() + offsetBytes) % HostPins.CHUNK_BYTES : Long.MAX_VALUE;
  }
}

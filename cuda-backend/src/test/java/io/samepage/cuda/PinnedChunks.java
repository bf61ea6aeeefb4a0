package io.samepage.cuda;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.UnifiedRange;

/** In how many parts a range is pinned and copied: even a small one may lie where a chunk ends, as the system puts it anywhere. */
final class PinnedChunks {
  private PinnedChunks() {}

  static long of(UnifiedRange range) {
    try (HostLease lease = range.host(Access.READ)) {
      long address = lease.segment().address();
      return (address + range.sizeBytes() - 1) / HostPins.CHUNK_BYTES - address / HostPins.CHUNK_BYTES + 1;
    }
  }
}

package io.samepage.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.testkit.AdoptedMemoryContract;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory of this process as the embedded device's own. */
class EmbeddedAdoptedMemoryTest extends AdoptedMemoryContract {
  private final Arena own = Arena.ofShared();

  @Override
  protected List<String> devices() {
    return List.of("embedded");
  }

  @Override
  protected long allocateOwn(int first, long sizeBytes) {
    return own.allocate(sizeBytes, 8).copyFrom(MemorySegment.ofArray(sequence(first, sizeBytes))).address();
  }

  @Override
  protected int[] ownInts(long handle, long sizeBytes) {
    return MemorySegment.ofAddress(handle).reinterpret(sizeBytes).toArray(ValueLayout.JAVA_INT);
  }

  @AfterEach
  void freeOwn() {
    own.close();
  }

  @Test
  void addressesThatKernelsCantUseAreRefused() {
    for (long address : new long[] {0, 4, 12}) {
      assertThatThrownBy(() -> device().adopt(pages(1).all(), address)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0x" + Long.toHexString(address));
    }
  }
}

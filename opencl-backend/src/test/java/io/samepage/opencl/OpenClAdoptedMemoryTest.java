package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.AdoptedMemoryContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL12;

/** Buffers of the program's as the device's copies. */
class OpenClAdoptedMemoryTest extends AdoptedMemoryContract {
  private final OwnOpenCl own = new OwnOpenCl();

  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return OpenClInterop.builder(own.context());
  }

  @Override
  protected long allocateOwn(int first, long sizeBytes) {
    return own.buffer(sequence(first, sizeBytes));
  }

  @Override
  protected int[] ownInts(long handle, long sizeBytes) {
    return own.ints(handle, (int) (sizeBytes / 4));
  }

  @AfterEach
  void closeOwn() {
    own.close();
  }

  @Test
  void itIsRetainedAsLongAsItIsUsed() {
    UnifiedRange range = pages(2);
    long buffer = allocateOwn(1, 2 * page());
    OpenClInterop.adopt(device(), range.all(), buffer);
    assertThat(OwnOpenCl.references(buffer)).isEqualTo(2);
    range.close();
    assertThat(OwnOpenCl.references(buffer)).isEqualTo(1);
  }

  private void assertRefused(long buffer, String... why) {
    UnifiedRange range = pages(2);
    write(range, 1);
    assertThatThrownBy(() -> OpenClInterop.adopt(device(), range.all(), buffer)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("opencl:0").hasMessageContainingAll(why);
    assertThat(ints(range)).isEqualTo(sequence(1, 2 * page()));
    if (buffer != 0) {
      assertThat(OwnOpenCl.references(buffer)).as("not retained").isEqualTo(1);
    }
  }

  @Test
  void whatIsTooSmallIsRefused() {
    assertRefused(own.buffer(CL10.CL_MEM_READ_WRITE, 2 * page() - 4), "sizeBytes=" + (2 * page() - 4), "neededBytes=" + 2 * page());
  }

  @Test
  void whatBelongsToAnotherContextIsRefused() {
    try (OwnOpenCl other = new OwnOpenCl()) {
      assertRefused(other.buffer(CL10.CL_MEM_READ_WRITE, 2 * page()), "context=0x" + Long.toHexString(other.context()),
          "memorysContext=0x" + Long.toHexString(own.context()));
    }
  }

  @Test
  void whatKernelsMayNotWriteOrTheHostNotReadIsRefused() {
    for (long flags : new long[] {CL10.CL_MEM_READ_ONLY, CL10.CL_MEM_WRITE_ONLY, CL12.CL_MEM_HOST_NO_ACCESS, CL12.CL_MEM_HOST_READ_ONLY,
        CL12.CL_MEM_HOST_WRITE_ONLY}) {
      assertRefused(own.buffer(flags, 2 * page()), "flags=0x");
    }
  }

  @Test
  void partsOfBuffersAndNothingAreRefused() {
    long whole = own.buffer(CL10.CL_MEM_READ_WRITE, 4 * page());
    long part = own.part(whole, 2 * page());
    assertRefused(part, "part of another");
    assertRefused(0, "No buffer");
  }
}

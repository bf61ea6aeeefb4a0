package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.AdoptedMemoryContract;
import java.util.List;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Memory of the program's as the device's copies, on the test double. */
class CudaAdoptedMemoryTest extends AdoptedMemoryContract {
  @RegisterExtension
  static final OwnCudaContext CONTEXT = new OwnCudaContext();

  private final OwnCuda own = CONTEXT.cuda();

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return CudaInterop.builder(own.context());
  }

  @Override
  protected long allocateOwn(int first, long sizeBytes) {
    return MemoryCalls.valueOf(own.allocate(sequence(first, sizeBytes)));
  }

  @Override
  protected int[] ownInts(long handle, long sizeBytes) {
    return own.ints(new CUdeviceptr().withByteOffset(handle), (int) (sizeBytes / 4));
  }

  private void assertRefused(CUdeviceptr pointer, String... why) {
    UnifiedRange range = pages(2);
    write(range, 1);
    assertThatThrownBy(() -> CudaInterop.adopt(device(), range.all(), pointer)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cuda:0").hasMessageContainingAll(why);
    assertThat(ints(range)).isEqualTo(sequence(1, 2 * page()));
  }

  @Test
  void aPartOfWhatWasAllocatedIsTakenFromWhereItBegins() {
    CUdeviceptr whole = own.allocate(sequence(1, 4 * page()));
    UnifiedRange range = pages(2);
    CudaInterop.adopt(device(), range.all(), whole.withByteOffset(page()));
    write(range.slice(0, 4), 77);
    fillOnDevice(range.slice(page(), page()), 5);
    assertThat(ints(range)).startsWith(77, 2 + (int) page() / 4).endsWith(5, 5);
    device().acquire(range.all(), Access.READ).close();
    assertThat(own.ints(whole, (int) page())).startsWith(1, 2, 3).contains(77).endsWith(sequence(1 + 3 * (int) page() / 4, page()));
    assertRefused(whole.withByteOffset(3 * page()), "sizeBytes=" + page(), "neededBytes=" + 2 * page());
  }

  @Test
  void itIsTheProgramsToFree() {
    long free = DoubleNative.usedBytes(0);
    UnifiedRange range = pages(2);
    CudaInterop.adopt(device(), range.all(), own.allocate(2 * page()));
    range.close();
    assertThat(DoubleNative.usedBytes(0)).isEqualTo(free + 2 * page());
  }

  @Test
  void whatIsTooSmallIsRefused() {
    assertRefused(own.allocate(2 * page() - 4), "sizeBytes=" + (2 * page() - 4), "neededBytes=" + 2 * page());
  }

  @Test
  void whatBelongsToAnotherContextIsRefused() {
    try (OwnCuda other = new OwnCuda(0)) {
      assertRefused(other.allocate(2 * page()), "belongs to another context", "memorysContext=0x");
    }
  }

  @Test
  void whatIsNoDeviceMemoryOrBeginsAnywhereIsRefused() {
    CUdeviceptr pointer = own.allocate(3 * page());
    assertRefused(null, "No memory is given");
    assertRefused(new CUdeviceptr(), "No memory is given");
    assertRefused(pointer.withByteOffset(8), "alignmentBytes=16");
    assertRefused(new CUdeviceptr().withByteOffset(1 << 20), "knows no memory there");
    long registered = own.register(2 * page());
    assertRefused(new CUdeviceptr().withByteOffset(registered), "The memory is the host's");
    own.unregister(registered);
  }
}

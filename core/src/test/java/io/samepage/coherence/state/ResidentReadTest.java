package io.samepage.coherence.state;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.coherence.Beside;
import io.samepage.coherence.FaultyMemory;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Reads that are repeated without a request: when they are, and that nobody notices. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class ResidentReadTest {
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final int DEVICE_NODE = 1;
  /** What memory of arenas is made of: pages of less than all of a block are not unmapped. */
  private static final long UNIT_BYTES = 64 << 10;
  private static final int SCANS_MAX = 1_000;
  /** One finds what was written, and four nothing; the next one unmaps. */
  private static final int SCANS_BEFORE_UNMAPPING = 5;

  private FaultyMemory world;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    world = new FaultyMemory(4);
    range = world.pages(4);
    fill(range.all(), 5);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private DeviceLease acquire(Slice slice) {
    return world.device(0).acquire(slice, Access.READ);
  }

  /** Reads until the next time needs no request, which is the third: the first moves, the second finds everything there. */
  private void readOften(Slice slice) {
    acquire(slice).close();
    acquire(slice).close();
  }

  /** Whether the calling thread may repeat a read. */
  private static boolean isOffered(Slice slice, int node) {
    ResidentRead read = ((CoherentRange) slice.range()).claims().enter(node, slice);
    if (read != null) {
      read.end();
    }
    return read != null;
  }

  private void assertOffered(Slice slice) {
    assertThat(isOffered(slice, DEVICE_NODE)).isTrue();
  }

  private void assertNotOffered(Slice slice) {
    assertThat(isOffered(slice, DEVICE_NODE)).isFalse();
  }

  @Test
  void aReadThatFoundEverythingThereIsRepeated() {
    acquire(range.all()).close();
    assertNotOffered(range.all());
    acquire(range.all()).close();
    assertOffered(range.all());
    assertNotOffered(pages(range, 0, 1));
    Beside.run(() -> assertNotOffered(range.all())).get();
    range.host(Access.READ).close();
    assertThat(isOffered(range.all(), 0)).isTrue();
  }

  @Test
  void neitherWritesNorSharedLeasesAreRepeated() {
    Slice slice = pages(range, 0, 1);
    for (int i = 0; i < 3; i++) {
      slice.host(Access.READ_WRITE).close();
      world.memory().hostShared(Access.READ, List.of(slice), SHORT).close();
      assertThat(isOffered(slice, 0)).isFalse();
    }
    readOften(slice);
    world.device(0).acquire(slice, Access.READ_WRITE).close();
    assertNotOffered(slice);
  }

  @Test
  void repeatedLeasesAreLeases() {
    readOften(range.all());
    long before = world.memory().statistics().deviceLeases();
    DeviceLease lease = acquire(range.all());
    assertThat(lease.slices()).containsExactly(range.all());
    assertThat(lease.device()).isSameAs(world.device(0));
    assertThat(lease.access()).isEqualTo(Access.READ);
    assertThat(world.openLeases()).isEqualTo(1);
    assertThat(world.memory().statistics().deviceLeases()).isEqualTo(before + 1);
    assertThat(lease.toString()).contains("device lease", range.all().toString(), Thread.currentThread().getName());
    lease.close();
    assertThat(lease.isOpen()).isFalse();
    assertThat(world.openLeases()).isZero();
    assertThatThrownBy(lease::handle).isInstanceOf(IllegalStateException.class).hasMessageContaining(range.all().toString());
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aNegativeTimeoutIsRefusedAllTheSame() {
    readOften(range.all());
    assertThatThrownBy(() -> world.device(0).acquire(range.all(), Access.READ, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWriterFindsEachOfThemAndWaitsForAll() {
    readOften(range.all());
    DeviceLease one = acquire(range.all());
    DeviceLease two = acquire(range.all());
    Beside<HostLease> impatient = Beside.start(() -> range.all().host(Access.WRITE, SHORT));
    assertThatThrownBy(impatient::get).isInstanceOfSatisfying(LeaseTimeoutException.class, e -> assertThat(e.holders()).hasSize(2)
        .allSatisfy(holder -> assertThat(holder).contains("device lease", range.all().toString(), Thread.currentThread().getName())));
    assertThat(world.openLeases()).isEqualTo(2);
    assertNotOffered(range.all());
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    one.close();
    assertThatThrownBy(one::close).isInstanceOf(IllegalStateException.class);
    assertThat(writer.isDone()).isFalse();
    Beside.run(two::close).get();
    writer.get();
    assertThat(world.openLeases()).isZero();
    assertThat(ints(range.all())).containsOnly(7);
  }

  @Test
  void aThreadDoesNotWaitForItself() {
    readOften(range.all());
    try (DeviceLease lease = acquire(range.all())) {
      assertThatThrownBy(() -> range.host(Access.WRITE)).isInstanceOf(LeaseConflictException.class)
          .isNotInstanceOf(LeaseTimeoutException.class).hasMessageContaining(lease.toString());
    }
    fill(range.all(), 1);
  }

  @Test
  void readersDoNotTakeItFromEachOther() {
    readOften(range.all());
    range.host(Access.READ).close();
    Beside.run(() -> {
      readOften(pages(range, 1, 2));
      readOften(range.all());
      assertOffered(range.all());
    }).get();
    assertOffered(range.all());
    assertThat(isOffered(range.all(), 0)).isTrue();
  }

  @Test
  void whileAWriterWaitsNothingIsOffered() {
    HostLease first = range.host(Access.READ);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    range.host(Access.READ).close();
    assertThat(isOffered(range.all(), 0)).isFalse();
    first.close();
    writer.get();
  }

  @Test
  void whoHasARepeatedLeaseOvertakesThoseThatMayWaitForIt() {
    UnifiedRange other = world.pages(1);
    HostLease theirs = Beside.start(() -> world.memory().hostShared(Access.READ, List.of(other.all()), SHORT)).get();
    Beside<Void> writer = Beside.run(() -> fill(other.all(), 7));
    writer.awaitWaiting();
    readOften(range.all());
    try (DeviceLease ours = acquire(range.all())) {
      assertThat(ours.isOpen()).isTrue();
      other.all().host(Access.READ, SHORT).close();
      Beside<HostLease> impatient = Beside.start(() -> range.all().host(Access.WRITE, Duration.ZERO));
      assertThatThrownBy(impatient::get).isInstanceOf(LeaseTimeoutException.class);
      assertNotOffered(range.all());
      other.all().host(Access.READ, SHORT).close();
    }
    assertThatThrownBy(() -> other.all().host(Access.READ, SHORT)).isInstanceOf(LeaseTimeoutException.class);
    theirs.close();
    writer.get();
  }

  @Test
  void aWindowIsNotEvictedWhileItIsReadAndIsAfterwards() {
    UnifiedRange other = world.pages(4);
    readOften(range.all());
    DeviceLease lease = acquire(range.all());
    assertThatThrownBy(() -> acquire(other.all())).isInstanceOfSatisfying(OutOfDeviceMemoryException.class,
        e -> assertThat(e).hasMessageContaining(lease.toString()));
    lease.close();
    acquire(other.all()).close();
    assertNotOffered(range.all());
    assertThat(range.all().residency().nodes(0)).containsExactly("host");
  }

  @Test
  void whatWasReadLastIsEvictedLast() {
    UnifiedRange one = world.pages(2);
    UnifiedRange two = world.pages(2);
    readOften(one.all());
    readOften(two.all());
    acquire(one.all()).close();
    acquire(world.pages(2).all()).close();
    assertThat(one.all().residency().nodes(0)).contains(world.device(0).name());
    assertThat(two.all().residency().nodes(0)).doesNotContain(world.device(0).name());
  }

  @Test
  void nothingIsClosedUnderARepeatedLease() {
    readOften(range.all());
    DeviceLease lease = acquire(range.all());
    assertThatThrownBy(range::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(lease.toString());
    assertThatThrownBy(world.memory()::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(lease.toString());
    lease.close();
    range.close();
    assertThatThrownBy(() -> acquire(new Slice(range, 0, range.sizeBytes()))).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The range is closed");
  }

  @Test
  void aPageThatALaunchBesideTheReadHasLostIsLost() {
    Slice slice = range.slice(0, 8);
    readOften(slice);
    world.launchBroken(0, range.slice(8, 8));
    assertThatThrownBy(() -> {
      while (true) {
        acquire(slice).close();
        world.memory().statistics();
      }
    }).isInstanceOf(PoisonedPageException.class);
    fill(range.all(), 1);
  }

  @Test
  void aReadOfAPageThatWasLostBeforeItIsOfferedIsNotRepeated() {
    Slice slice = range.slice(0, 8);
    acquire(slice).close();
    CoherentRange own = (CoherentRange) range;
    Leases leases = own.coherentMemory().leases();
    LeaseRequest request = request(slice);
    leases.hold(request, SHORT, () -> true);
    own.lock().lock();
    try {
      own.directory().lost(DEVICE_NODE, 0, 1);
    } finally {
      own.lock().unlock();
    }
    leases.prepared(request, true, null);
    assertNotOffered(slice);
    leases.release(request);
  }

  private static LeaseRequest request(Slice slice) {
    return new LeaseRequest(LeaseRequest.Kind.DEVICE_LEASE, DEVICE_NODE, "device", Thread.currentThread(),
        List.of(LeaseRequest.Use.of((CoherentRange) slice.range(), slice, Access.READ)));
  }

  @Test
  void whatWasTouchedIsLookedForBeforeTheReadIsCounted() {
    // Between the two somebody takes note of what was touched: he revokes the read, and then nothing looks touched any more.
    ResidentRead[] read = {null};
    read[0] = new ResidentRead((CoherentRange) range, request(range.all()), null, spans -> {
      read[0].revoke();
      return false;
    });
    assertThat(read[0].tryEnter()).as("a read of what has not been brought yet").isFalse();
    ResidentRead touched = new ResidentRead((CoherentRange) range, request(range.all()), null, spans -> true);
    assertThat(touched.tryEnter()).isFalse();
    assertThat(touched.open()).isZero();
    ResidentRead untouched = new ResidentRead((CoherentRange) range, request(range.all()), null, spans -> false);
    assertThat(untouched.tryEnter()).isTrue();
    assertThat(untouched.open()).isEqualTo(1);
  }

  @Test
  void onlySoManyAreKept() {
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i <= OpenLeases.OFFERED_MAX; i++) {
      slices.add(range.slice(i % PAGE, 4 + i / PAGE));
    }
    slices.getFirst().host(Access.READ).close();
    HostLease first = slices.getFirst().host(Access.READ);
    slices.stream().skip(1).forEach(slice -> slice.host(Access.READ).close());
    assertThat(isOffered(slices.get(0), 0)).isFalse();
    assertThat(isOffered(slices.get(1), 0)).isTrue();
    assertThat(isOffered(slices.getLast(), 0)).isTrue();
    assertThat(world.openLeases()).isEqualTo(1);
    first.close();
    fill(range.all(), 1);
    assertThat(isOffered(slices.get(1), 0)).isFalse();
  }

  @Test
  void aReadOfAnotherMemoryIsRefusedAllTheSame() {
    readOften(range.all());
    try (UnifiedMemory other = UnifiedMemory.builder().devices("embedded:0").open()) {
      assertThatThrownBy(() -> other.devices().getFirst().acquire(range.all(), Access.READ)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another memory");
    }
  }

  @Test
  void aRepeatedReadOnADeviceSeesWhatWasTouchedSince() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0").open(); UnifiedArena arena = memory.confinedArena()) {
      Device device = memory.devices().getFirst();
      MemorySegment segment = arena.allocate(UNIT_BYTES);
      Slice slice = memory.slice(segment);
      for (int stamp = 1; stamp < 20; stamp += 2) {
        device.acquire(slice, Access.READ_WRITE).close();
        device.acquire(slice, Access.READ).close();
        assertOffered(slice);
        segment.set(FaultyMemory.INT, 0, stamp);
        assertNotOffered(slice);
        assertThat(firstInt(device, slice)).isEqualTo(stamp);
        // Again and again, until nothing of it is mapped any more.
        for (int i = 0; !isOffered(slice, DEVICE_NODE); i++) {
          assertThat(firstInt(device, slice)).isEqualTo(stamp);
          assertThat(i).isLessThan(SCANS_MAX);
        }
        segment.set(FaultyMemory.INT, 0, stamp + 1);
        assertThat(firstInt(device, slice)).isEqualTo(stamp + 1);
      }
    }
  }

  @Test
  void whileSomebodyBringsWhatWasTouchedNobodyRepeatsAReadOfIt() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0").checkLaunches(true).open();
        UnifiedArena arena = memory.sharedArena(); AutoCloseableGate open = gate::countDown) {
      Device device = memory.devices().getFirst();
      MemorySegment segment = arena.allocate(UNIT_BYTES);
      Slice slice = memory.slice(segment);
      device.acquire(slice, Access.READ_WRITE).close();
      segment.set(FaultyMemory.INT, 0, 1);
      for (int i = 0; i < SCANS_BEFORE_UNMAPPING; i++) {
        assertThat(firstInt(device, slice)).isEqualTo(1);
      }
      segment.set(FaultyMemory.INT, 0, 2);
      // A checked launch keeps uploads from being enqueued while it lasts.
      Beside<Fence> busy = Beside.start(() ->
          device.kernel(gated(running, gate), "gated").launch(Grid.of(1), Argument.inOut(memory.allocate(PAGE).all())));
      running.await();
      Beside<Integer> other = Beside.start(() -> firstInt(device, slice));
      other.awaitWaiting();
      // It has taken note of what was touched, and unmapped it; the device has the old bytes still.
      boolean isOffered = isOffered(slice, DEVICE_NODE);
      open.close();
      busy.get().await();
      assertThat(other.get()).isEqualTo(2);
      assertThat(isOffered).isFalse();
      assertThat(firstInt(device, slice)).isEqualTo(2);
    }
  }

  /** Opens a gate, also where a test fails. */
  private interface AutoCloseableGate extends AutoCloseable {
    @Override
    void close();
  }

  private static KernelSource gated(CountDownLatch running, CountDownLatch gate) {
    return KernelSource.builder().java("gated", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
      try {
        running.countDown();
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }).build();
  }

  private static int firstInt(Device device, Slice slice) {
    try (DeviceLease lease = device.acquire(slice, Access.READ)) {
      return bytesOf(lease).get(FaultyMemory.INT, 0);
    }
  }

  private static MemorySegment bytesOf(DeviceLease lease) {
    return MemorySegment.ofAddress(lease.handle() + lease.handleOffsetBytes()).reinterpret(lease.slices().getFirst().sizeBytes());
  }
}

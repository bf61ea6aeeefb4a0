package io.samepage.coherence.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.MemoryKind;
import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyMemory;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.LeaseRequest.Kind;
import io.samepage.coherence.state.LeaseRequest.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who claims, as messages call it, and on which ranges. */
class LeaseRequestTest {
  private FaultyMemory world;

  @BeforeEach
  void open() {
    world = new FaultyMemory(4);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private CoherentRange range() {
    return (CoherentRange) world.pages(1);
  }

  @Test
  void aLeaseIsCalledByWhatItDoesWhereAndInWhichThread() {
    CoherentRange range = range();
    LeaseRequest request = new LeaseRequest(Kind.HOST_LEASE, 0, "host", Thread.currentThread(),
        List.of(Use.of(range, range.slice(8, 100), Access.READ_WRITE)));
    assertThat(request.describe())
        .isEqualTo("host lease on range-1[8, 108) READ_WRITE by host, thread " + Thread.currentThread().getName());
    assertThat(request).hasToString(request.describe());
  }

  @Test
  void aLaunchHasNoThread() {
    CoherentRange range = range();
    LeaseRequest request = new LeaseRequest(Kind.LAUNCH, 1, "embedded:0", null, List.of(Use.of(range, range.all(), Access.WRITE)));
    assertThat(request.describe()).isEqualTo("launch on range-1[0, " + range.sizeBytes() + ") WRITE by embedded:0");
  }

  @Test
  void manySlicesAreNotAllNamed() {
    CoherentRange range = range();
    List<Use> uses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      uses.add(new Use(range, new Span(8L * i, 8L * i + 4, Access.READ)));
    }
    assertThat(describe(uses.subList(0, 3))).isEqualTo("eviction on range-1[0, 4) READ, range-1[8, 12) READ, range-1[16, 20) READ by d");
    assertThat(describe(uses)).isEqualTo("eviction on range-1[0, 4) READ, range-1[8, 12) READ, range-1[16, 20) READ, … by d");
  }

  private static String describe(List<Use> uses) {
    return new LeaseRequest(Kind.EVICTION, 1, "d", null, uses).describe();
  }

  @Test
  void eachRangeHasOneClaimAndTheyAreInTheOrderOfTheirLocks() {
    CoherentRange first = range();
    CoherentRange second = range();
    LeaseRequest request = new LeaseRequest(Kind.LAUNCH, 1, "d", null, List.of(new Use(second, new Span(0, 4, Access.WRITE)),
        new Use(first, new Span(8, 12, Access.READ)), new Use(second, new Span(4, 8, Access.READ)),
        new Use(first, new Span(0, 4, Access.READ))));
    assertThat(request.ranges()).containsExactly(first, second);
    assertThat(request.claim(first).spans()).extracting(Span::firstByte).containsExactly(0L, 8L);
    assertThat(request.claim(second).spans()).hasSize(2);
    request.lockRanges();
    assertThat(request.ranges()).allMatch(range -> range.lock().isHeldByCurrentThread());
    request.unlockRanges();
    assertThat(request.ranges()).noneMatch(range -> range.lock().isLocked());
  }

  @Test
  void onlyLeasesHaveAnOpener() {
    UnifiedRange range = range();
    for (Kind kind : Kind.values()) {
      LeaseRequest request = new LeaseRequest(kind, 0, "n", null, List.of(Use.of((CoherentRange) range, range.all(), Access.READ)));
      boolean isLease = kind == Kind.HOST_LEASE || kind == Kind.DEVICE_LEASE;
      assertThat(request.opener()).as("%s", kind).isEqualTo(isLease ? Thread.currentThread() : null);
      assertThat(request.kind()).isEqualTo(kind);
    }
  }

  @Test
  void claimsAreFoundByTheirRangesAndInTheOrderOfTheirLocks() {
    CoherentRange first = range();
    CoherentRange second = range();
    CoherentRange third = range();
    LeaseRequest request = new LeaseRequest(Kind.LAUNCH, 1, "embedded:0", null, List.of(use(third, 0), use(first, 8), use(third, 16),
        use(first, 0)));
    assertThat(request.ranges()).containsExactly(first, third);
    assertThat(request.claims().keySet()).containsExactly(first, third);
    assertThat(request.claims().values()).containsExactly(request.claim(first), request.claim(third));
    assertThat(request.claim(first).spans()).extracting(Span::firstByte).containsExactly(0L, 8L);
    assertThat(request.claim(third).spans()).extracting(Span::firstByte).containsExactly(0L, 16L);
    assertThat(request.claim(second)).isNull();
    List<CoherentRange> visited = new ArrayList<>();
    request.claims().forEach((range, claim) -> {
      visited.add(range);
      assertThat(claim).isSameAs(request.claim(range));
    });
    assertThat(visited).containsExactly(first, third);
  }

  private static Use use(CoherentRange range, long firstByte) {
    return new Use(range, new Span(firstByte, firstByte + 4, Access.READ));
  }

  private static boolean meetsNewLaunches(UnifiedRange range, Access access) {
    CoherentRange its = (CoherentRange) range;
    return new LeaseRequest(Kind.HOST_LEASE, 0, "host", Thread.currentThread(), List.of(Use.of(its, its.all(), access))).meetsNewLaunches();
  }

  @Test
  void aReaderMeetsLaunchesThatWriteAndAWriterAllUntilTheyAreRetired() {
    UnifiedRange read = world.pages(1);
    UnifiedRange written = world.pages(1);
    CountDownLatch gate = world.gate();
    Fence fence = world.launchGatedCopy(0, read.all(), written.all(), gate);
    assertThat(meetsNewLaunches(read, Access.READ)).isFalse();
    assertThat(meetsNewLaunches(read, Access.WRITE)).isTrue();
    assertThat(meetsNewLaunches(written, Access.READ)).isTrue();
    assertThat(meetsNewLaunches(range(), Access.READ_WRITE)).as("another range").isFalse();
    gate.countDown();
    fence.await();
    world.launchCopy(0, read.all(), written.all()).await();
    assertThat(meetsNewLaunches(read, Access.WRITE)).isFalse();
    assertThat(meetsNewLaunches(written, Access.READ)).isFalse();
  }

  @Test
  void launchesAreMetOnceAndAgainWithTheNextOne() {
    UnifiedRange range = world.pages(1);
    CountDownLatch gate = world.gate();
    world.launchGated(0, range.all(), gate);
    assertThat(meetsNewLaunches(range, Access.READ)).isTrue();
    assertThat(meetsNewLaunches(range, Access.READ)).isFalse();
    assertThat(meetsNewLaunches(range, Access.WRITE)).isFalse();
    world.launchGated(0, range.all(), gate);
    assertThat(meetsNewLaunches(range, Access.WRITE)).isTrue();
    assertThat(meetsNewLaunches(range, Access.WRITE)).isFalse();
    gate.countDown();
  }

  @Test
  void aLeaseThatMetALaunchWhichHadEndedRetiresIt() {
    UnifiedRange range = world.pages(2);
    Fence fence = world.launchIncrement(0, range.slice(0, FaultyMemory.PAGE), 1);
    while (!fence.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(((CoherentRange) range).claims().held(claim -> true)).hasSize(1);
    range.slice(FaultyMemory.PAGE, FaultyMemory.PAGE).host(Access.WRITE).close();
    assertThat(((CoherentRange) range).claims().held(claim -> true)).isEmpty();
  }

  @Test
  void aRelaxedReaderMeetsLaunchesOnlyWhereSomeDeviceHasMemoryOfItsOwn() {
    world.close();
    world = new FaultyMemory(true, MemoryKind.COHERENT);
    CountDownLatch gate = world.gate();
    UnifiedRange atHome = world.pages(1);
    world.launchGated(0, atHome.all(), gate);
    assertThat(meetsNewLaunches(atHome, Access.READ)).isFalse();
    assertThat(meetsNewLaunches(atHome, Access.READ_WRITE)).isTrue();
    gate.countDown();
    world.close();
    world = new FaultyMemory(true, MemoryKind.COHERENT, MemoryKind.DISCRETE);
    CountDownLatch second = world.gate();
    UnifiedRange elsewhere = world.pages(1);
    world.launchGated(1, elsewhere.all(), second);
    assertThat(meetsNewLaunches(elsewhere, Access.READ)).isTrue();
    second.countDown();
  }
}

package io.samepage.explorer.faults;

import static io.samepage.explorer.faults.FaultKernel.read;
import static io.samepage.explorer.faults.FaultKernel.update;
import static io.samepage.explorer.faults.FaultKernel.write;

import java.util.stream.Stream;

/** The small worlds that are explored. Cells: bits 0 and 1 are page 0, bits 2 and 3 page 1. */
final class FaultScenarios {
  private static final int P0 = 0b0001;
  private static final int P1 = 0b0100;
  private static final int A = 0b0001;
  private static final int B = 0b0010;
  private static final FaultKernel READ_ALL = read(0, P0 | P1);
  private static final FaultKernel UPDATE_ALL = update(0, P0 | P1);

  private FaultScenarios() {}

  static FaultScenario onePage() {
    return FaultScenario.pages("one page", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(1, 1).synchronizes();
  }

  static FaultScenario twoPages() {
    return FaultScenario.pages("two pages", 2).kernels(update(0, P0), update(0, P0 | P1)).launches(1, 0).stores(1, 1);
  }

  static FaultScenario raceFree() {
    return FaultScenario.pages("a page for each thread", 2).kernels(update(0, P0), update(0, P1)).ownKernels().launches(1, 1)
        .stores(1, 1).storable(P0, P1).loadable(1, 2);
  }

  static FaultScenario mappedInOrder() {
    return FaultScenario.pages("a touch in order", 2).kernels(update(0, P0), read(0, P1)).launches(1, 0).stores(0, 1).startsOnDevice()
        .inOrder();
  }

  static FaultScenario twoPagesOnDevice() {
    return FaultScenario.pages("two pages of a device", 2).kernels(update(0, P0), read(0, P1)).launches(1, 0).stores(0, 1)
        .startsOnDevice();
  }

  static FaultScenario edges() {
    return FaultScenario.parts("a part of a page").kernels(update(0, A), read(0, A | B)).launches(2, 0).stores(0, 1).storable(0, B);
  }

  static FaultScenario overwritten() {
    return FaultScenario.parts("overwritten as a whole and in part").kernels(write(0, A | B), write(0, A), read(0, A | B))
        .launches(2, 0).stores(0, 1);
  }

  static FaultScenario parts() {
    return FaultScenario.parts("a part for each thread").kernels(update(0, A), update(0, B)).ownKernels().launches(1, 1).stores(1, 1)
        .storable(A, B);
  }

  static FaultScenario immediate() {
    return FaultScenario.parts("a device of this process").immediate().kernels(update(0, A), read(0, A | B)).launches(2, 0)
        .stores(1, 1);
  }

  static FaultScenario launchers() {
    return FaultScenario.pages("both launch", 1).kernels(update(0, P0), read(0, P0)).launches(1, 1).stores(1, 1);
  }

  static FaultScenario eviction() {
    return FaultScenario.pages("evictions", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(0, 1).evictions(0, 1);
  }

  static FaultScenario evictionUnderAFault() {
    return FaultScenario.pages("an eviction under a fault", 1).kernels(update(0, P0)).launches(2, 0).stores(0, 1).evictions(1, 0)
        .startsOnDevice();
  }

  static FaultScenario neighbours() {
    return FaultScenario.pages("a launcher beside another", 2).kernels(update(0, P0), read(0, P1)).ownKernels().launches(1, 2)
        .stores(0, 1).storable(0, P1).loadable(0, 2);
  }

  static FaultScenario unmapping() {
    return FaultScenario.pages("clean blocks are unmapped", 1).kernels(read(0, P0), update(0, P0)).launches(2, 0).stores(1, 1).unmaps();
  }

  static FaultScenario closing() {
    return FaultScenario.pages("closing", 2).kernels(update(0, P0 | P1)).launches(1, 0).stores(0, 1).closes(0).signals(1);
  }

  static FaultScenario reclaiming() {
    return FaultScenario.pages("reclaim and signals", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(0, 1).reclaims(1)
        .signals(1);
  }

  static FaultScenario safepoints() {
    return FaultScenario.pages("safepoints", 1).kernels(update(0, P0)).launches(2, 0).stores(0, 1).safepoints();
  }

  static FaultScenario discarding() {
    return FaultScenario.pages("a page is discarded", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(0, 1).discards(1, 1, 1);
  }

  static FaultScenario discardingInPlace() {
    return FaultScenario.pages("a page is zeroed in place", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(0, 1)
        .discards(1, 0, 1).keepsFrames();
  }

  static FaultScenario discardingOneOfTwo() {
    return FaultScenario.pages("one of two pages is discarded", 2).kernels(update(0, P0), read(0, P0 | P1)).launches(1, 1).stores(1, 0)
        .discards(1, 0, 1);
  }

  static FaultScenario discardingTwo() {
    return FaultScenario.pages("two pages are discarded", 2).kernels(update(0, P0), read(0, P0 | P1)).launches(2, 0).stores(0, 1)
        .discards(3, 0, 1).startsOnDevice();
  }

  static FaultScenario discardingParts() {
    return FaultScenario.parts("a page that was written in part is discarded").kernels(update(0, A), read(0, A | B)).launches(2, 0)
        .stores(0, 1).storable(0, B).discards(1, 0, 1);
  }

  static FaultScenario discardingAndEvicting() {
    return FaultScenario.pages("a page is discarded and evicted", 1).kernels(update(0, P0), read(0, P0)).launches(2, 0).stores(0, 1)
        .evictions(0, 1).discards(1, 0, 1);
  }

  static FaultScenario twoDevices() {
    return FaultScenario.pages("two devices", 1).kernels(update(0, P0), update(1, P0), read(1, P0)).launches(2, 0).stores(0, 1);
  }

  static FaultScenario partsOnTwoDevices() {
    return FaultScenario.parts("parts on two devices").kernels(update(0, A), update(1, B), write(1, A | B)).launches(2, 0).stores(0, 1);
  }

  static FaultScenario inPlace() {
    return FaultScenario.pages("a device in the host's pages", 1).sharing(0).kernels(update(0, P0), read(0, P0)).launches(2, 0)
        .stores(1, 1).synchronizes();
  }

  static FaultScenario inPlaceTwoPages() {
    return FaultScenario.pages("two of the host's pages", 2).sharing(0).kernels(update(0, P0), UPDATE_ALL).launches(1, 1).stores(0, 1);
  }

  static FaultScenario inPlaceParts() {
    return FaultScenario.parts("parts of one of the host's pages").sharing(1).kernels(update(0, A), update(1, B), write(1, A | B))
        .launches(2, 0).stores(0, 1);
  }

  static FaultScenario inPlacePartsForEach() {
    return FaultScenario.parts("a part of one of the host's pages for each thread").sharing(1).kernels(update(0, A), update(1, B))
        .ownKernels().launches(1, 1).stores(1, 1).storable(A, B);
  }

  static FaultScenario besideInPlace() {
    return FaultScenario.pages("a device beside one in the host's pages", 1).sharing(1)
        .kernels(update(0, P0), update(1, P0), write(1, P0), read(1, P0)).launches(2, 0).stores(0, 1);
  }

  static FaultScenario overwrittenInPlace() {
    return FaultScenario.pages("a device's page is overwritten in place", 1).sharing(1).kernels(write(1, P0), read(0, P0)).launches(1, 1)
        .stores(0, 1).startsOnDevice().synchronizes();
  }

  static FaultScenario evictingBesideInPlace() {
    return FaultScenario.pages("an eviction beside a device in the host's pages", 2).sharing(1)
        .kernels(write(1, P0), update(0, P1), read(0, P0)).launches(2, 0).stores(0, 1).evictions(0, 1).startsOnDevice();
  }

  static FaultScenario discardingInPlaceOf() {
    return FaultScenario.pages("a page of two devices is zeroed in place", 1).sharing(1).kernels(update(0, P0), update(1, P0), read(1, P0))
        .launches(2, 0).stores(0, 1).discards(1, 0, 1).keepsFrames();
  }

  static FaultScenario inPlaceAndSafepoints() {
    return FaultScenario.pages("safepoints beside a device in the host's pages", 1).sharing(1).kernels(write(1, P0), update(0, P0))
        .launches(2, 0).stores(0, 1).safepoints();
  }

  private static FaultScenario bothLaunchInPlace() {
    return FaultScenario.pages("two devices, one in the host's pages, both launch", 1).sharing(1)
        .kernels(update(0, P0), update(1, P0), read(0, P0), write(1, P0)).launches(2, 1).stores(0, 1);
  }

  private static FaultScenario closingInPlace() {
    return FaultScenario.pages("closing beside a device in the host's pages", 1).sharing(1).kernels(update(0, P0), write(1, P0))
        .launches(2, 0).stores(0, 1).closes(0).signals(1);
  }

  private static FaultScenario reclaimingInPlace() {
    return FaultScenario.pages("reclaim beside a device in the host's pages", 1).sharing(1)
        .kernels(update(0, P0), update(1, P0), read(0, P0)).launches(2, 0).stores(0, 1).reclaims(1).signals(1);
  }

  /** Those with a device that uses the host's pages, which are not replayed. */
  private static Stream<FaultScenario> inHostPages() {
    return Stream.of(inPlace(), overwrittenInPlace(), evictingBesideInPlace(), discardingInPlaceOf(), inPlaceAndSafepoints(),
        bothLaunchInPlace(), closingInPlace(), reclaimingInPlace());
  }

  /** Those that can be replayed: threads can't be held between a safepoint and its end, nor a touch be made one of a sequence. */
  static Stream<FaultScenario> replayed() {
    return Stream.of(twoPages(), twoPagesOnDevice(), raceFree(), edges(), overwritten(), parts(), immediate(), launchers(), eviction(),
        evictionUnderAFault(), neighbours(), unmapping(), closing(), reclaiming(), twoDevices(), partsOnTwoDevices(),
        twoPagesTwice(), inPlaceTwoPages(), inPlaceParts(), inPlacePartsForEach(), besideInPlace());
  }

  /** Those in which pages are discarded. */
  private static Stream<FaultScenario> discards() {
    return Stream.of(discarding(), discardingInPlace(), discardingOneOfTwo(), discardingTwo(), discardingParts(), discardingAndEvicting());
  }

  private static FaultScenario twoPagesTwice() {
    return FaultScenario.pages("two pages, two launches", 2).kernels(update(0, P0), UPDATE_ALL, READ_ALL).launches(2, 0).stores(0, 1);
  }

  private static FaultScenario bothLaunchOnTwoPages() {
    return FaultScenario.pages("two pages, both launch", 2).kernels(update(0, P0), UPDATE_ALL).launches(1, 1).stores(0, 1);
  }

  private static FaultScenario twoPagesSynchronizing() {
    return FaultScenario.pages("two pages, synchronizing", 2).kernels(update(0, P0), UPDATE_ALL).launches(1, 0).stores(1, 1)
        .synchronizes();
  }

  private static FaultScenario bothEvict() {
    return FaultScenario.pages("evictions, both launch", 1).kernels(update(0, P0), read(0, P0)).launches(1, 1).stores(0, 1)
        .evictions(1, 1);
  }

  private static FaultScenario bothLaunchOnTwoDevices() {
    return FaultScenario.pages("two devices, both launch", 1)
        .kernels(update(0, P0), update(1, P0), read(0, P0), read(1, P0)).launches(2, 1).stores(0, 1);
  }

  private static FaultScenario evictionsFromTwoDevices() {
    return FaultScenario.pages("two devices, evictions", 1).kernels(update(0, P0), update(1, P0), read(1, P0)).launches(2, 0)
        .stores(0, 1).evictions(0, 2);
  }

  private static FaultScenario unmappingTwoPages() {
    return FaultScenario.pages("unmapping two pages", 2).kernels(READ_ALL, UPDATE_ALL).launches(2, 0).stores(0, 1).unmaps();
  }

  private static FaultScenario partsAndSafepoints() {
    return FaultScenario.parts("parts, safepoints").kernels(update(0, A), read(0, A | B)).launches(2, 0).stores(1, 1).safepoints();
  }

  /** Larger ones, which take minutes and gigabytes. */
  static Stream<FaultScenario> large() {
    return Stream.of(
        FaultScenario.parts("parts, both launch, larger").kernels(update(0, A | B), update(0, A), read(0, A | B)).launches(2, 1)
            .stores(1, 1),
        bothLaunchOnTwoPages().stores(1, 1), twoPagesTwice().stores(1, 1), bothEvict().stores(1, 1).synchronizes(),
        bothLaunchOnTwoDevices().stores(1, 0).synchronizes(), evictionsFromTwoDevices().stores(1, 1).evictions(1, 1),
        partsAndSafepoints().synchronizes());
  }

  /** What ./check explores. */
  static Stream<FaultScenario> chosen() {
    return Stream.of(replayed(), discards(), inHostPages(), Stream.of(onePage(), mappedInOrder(), safepoints(), bothLaunchOnTwoPages(),
        twoPagesSynchronizing(), bothEvict(), bothLaunchOnTwoDevices(), evictionsFromTwoDevices(), unmappingTwoPages(),
        partsAndSafepoints())).flatMap(scenarios -> scenarios);
  }
}

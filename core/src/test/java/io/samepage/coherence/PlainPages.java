package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** What ranges must hold, as plain arrays, and which of their pages were lost. */
final class PlainPages {
  private record Content(int[] ints, BitSet poisoned) {}

  private final Map<UnifiedRange, Content> contents = new LinkedHashMap<>();

  void add(UnifiedRange range) {
    contents.put(range, new Content(new int[(int) (range.sizeBytes() / 4)], new BitSet()));
  }

  int[] ints(Slice slice) {
    return Arrays.copyOfRange(contents.get(slice.range()).ints, firstInt(slice), endInt(slice));
  }

  /** Changes each int of a slice. Pages that it covers as a whole are sound again if nothing was read for it. */
  void write(Slice slice, Access access, IntUnaryOperator newValue) {
    Content content = contents.get(slice.range());
    for (int i = firstInt(slice); i < endInt(slice); i++) {
      content.ints[i] = newValue.applyAsInt(content.ints[i]);
    }
    if (access == Access.WRITE && firstWhole(slice) < endWhole(slice)) {
      content.poisoned.clear(firstWhole(slice), endWhole(slice));
    }
  }

  /** The pages that a slice touches are lost. */
  void lose(Slice slice) {
    contents.get(slice.range()).poisoned.set(firstPage(slice), endPage(slice));
  }

  /** Whether a page is lost whose bytes an access needs. */
  boolean isLost(Slice slice, Access access) {
    BitSet poisoned = contents.get(slice.range()).poisoned;
    boolean overwrites = access == Access.WRITE && firstWhole(slice) < endWhole(slice);
    for (int page = firstPage(slice); page < endPage(slice); page++) {
      boolean isNeeded = !overwrites || page < firstWhole(slice) || page >= endWhole(slice);
      if (poisoned.get(page) && isNeeded) {
        return true;
      }
    }
    return false;
  }

  boolean isLost(UnifiedRange range, long offsetBytes) {
    return contents.get(range).poisoned.get((int) (offsetBytes / PAGE));
  }

  /** Reads every page from the host: it is right, or the loss is told. */
  void check() {
    contents.forEach((range, content) -> {
      assertThat(range.all().residency().poisonedPages()).as("poisoned pages of %s", range).isEqualTo(content.poisoned.cardinality());
      int pages = (int) Math.ceilDiv(range.sizeBytes(), PAGE);
      for (int page = 0; page < pages; page++) {
        Slice slice = range.slice((long) page * PAGE, Math.min(PAGE, range.sizeBytes() - (long) page * PAGE));
        if (content.poisoned.get(page)) {
          assertThatThrownBy(() -> FaultyMemory.ints(slice)).as("%s", slice).isInstanceOf(PoisonedPageException.class);
        } else {
          check(slice, FaultyMemory.ints(slice));
        }
      }
    });
  }

  void check(Slice slice, int[] read) {
    int wrong = Arrays.mismatch(read, ints(slice));
    assertThat(wrong).as(() -> slice + " is wrong at int " + wrong + ": read=" + read[wrong] + ", expected=" + ints(slice)[wrong])
        .isEqualTo(-1);
  }

  Iterable<UnifiedRange> ranges() {
    return contents.keySet();
  }

  static boolean sharePages(Slice a, Slice b) {
    return a.range() == b.range() && firstPage(a) < endPage(b) && firstPage(b) < endPage(a);
  }

  private static int firstInt(Slice slice) {
    return (int) (slice.offsetBytes() / 4);
  }

  private static int endInt(Slice slice) {
    return (int) (slice.endBytes() / 4);
  }

  private static int firstPage(Slice slice) {
    return (int) (slice.offsetBytes() / PAGE);
  }

  private static int endPage(Slice slice) {
    return (int) Math.ceilDiv(slice.endBytes(), PAGE);
  }

  private static int firstWhole(Slice slice) {
    return (int) Math.ceilDiv(slice.offsetBytes(), PAGE);
  }

  private static int endWhole(Slice slice) {
    return slice.endBytes() == slice.range().sizeBytes() ? endPage(slice) : (int) (slice.endBytes() / PAGE);
  }
}

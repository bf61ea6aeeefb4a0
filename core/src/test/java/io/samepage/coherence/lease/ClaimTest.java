package io.samepage.coherence.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.coherence.directory.PageRuns;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages that claims touch, need and overwrite, beside the same counted byte by byte. */
class ClaimTest {
  private static final int PAGE = 8;

  static int[] seeds() {
    return IntStream.range(0, 300).toArray();
  }

  private static Claim<String> claim(List<Span> spans, long rangeSizeBytes) {
    return new Claim<>("owner", 1, spans, rangeSizeBytes, PAGE);
  }

  private static BitSet bits(PageRuns runs) {
    return runs.bits(0);
  }

  /** Spans of a range whose last page may be short, in any order; if any of them writes they don't share a byte. */
  private static List<Span> spans(Random random, int sizeBytes) {
    List<Span> spans = new ArrayList<>();
    boolean readsOnly = random.nextInt(4) == 0;
    int at = 0;
    while (at < sizeBytes && spans.size() < 6) {
      int first = Math.min(sizeBytes - 1, at + random.nextInt(2 * PAGE) * random.nextInt(2));
      int end = random.nextInt(5) == 0 ? sizeBytes : Math.min(sizeBytes, first + 1 + random.nextInt(4 * PAGE));
      spans.add(new Span(first, end, readsOnly ? Access.READ : Access.values()[random.nextInt(3)]));
      at = readsOnly ? random.nextInt(sizeBytes) : end;
    }
    Collections.shuffle(spans, random);
    return spans;
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void pagesAreThoseOfTheirBytes(int seed) {
    Random random = new Random(seed);
    int sizeBytes = 1 + random.nextInt(10 * PAGE);
    List<Span> spans = spans(random, sizeBytes);
    Claim<String> claim = claim(spans, sizeBytes);
    BitSet touched = new BitSet();
    BitSet written = new BitSet();
    BitSet needed = new BitSet();
    BitSet overwritten = new BitSet();
    for (Span span : spans) {
      for (int page = (int) (span.firstByte() / PAGE); page * PAGE < span.endByte(); page++) {
        touched.set(page);
        written.set(page, written.get(page) || span.access().writes());
        boolean isWhole = span.firstByte() <= page * PAGE && span.endByte() >= Math.min(sizeBytes, (page + 1) * PAGE);
        (isWhole && span.access() == Access.WRITE ? overwritten : needed).set(page);
      }
    }
    assertThat(bits(claim.pages())).as("touched by %s", spans).isEqualTo(touched);
    assertThat(bits(claim.writtenPages())).as("written by %s", spans).isEqualTo(written);
    assertThat(bits(claim.neededPages())).as("needed by %s, sizeBytes=%s", spans, sizeBytes).isEqualTo(needed);
    assertThat(bits(claim.overwrittenPages())).as("overwritten by %s, sizeBytes=%s", spans, sizeBytes).isEqualTo(overwritten);
    assertCoverage(claim, spans, touched.length());
  }

  /** It may say no where several spans together cover pages, or readers overlap, but never yes where no span does. */
  private static void assertCoverage(Claim<String> claim, List<Span> spans, int pages) {
    for (int first = 0; first < pages; first++) {
      for (int end = first + 1; end <= pages; end++) {
        long firstByte = (long) first * PAGE;
        long endByte = (long) end * PAGE;
        boolean isCovered = spans.stream().anyMatch(span -> span.firstByte() <= firstByte && span.endByte() >= endByte);
        boolean isSaid = claim.coversWhole(first, end);
        assertThat(isCovered || !isSaid).as("%s to %s covered by %s", first, end, spans).isTrue();
        if (spans.size() == 1) {
          assertThat(isSaid).as("%s to %s covered by %s", first, end, spans).isEqualTo(isCovered);
        }
      }
    }
  }

  @Test
  void spansAreInOrder() {
    Claim<String> claim = claim(List.of(new Span(20, 30, Access.READ), new Span(0, 4, Access.WRITE)), 100);
    assertThat(claim.spans()).extracting(Span::firstByte).containsExactly(0L, 20L);
    assertThat(claim.owner()).isEqualTo("owner");
    assertThat(claim.node()).isEqualTo(1);
  }

  @Test
  void aClaimIsBeingPreparedUntilItIsPrepared() {
    Claim<String> claim = claim(List.of(new Span(0, 4, Access.READ)), 100);
    assertThat(claim.isPreparing()).isTrue();
    claim.prepared();
    assertThat(claim.isPreparing()).isFalse();
  }

  @Test
  void claimsShareAPageIfTwoOfTheirSpansDo() {
    Claim<String> claim = claim(List.of(new Span(0, 4, Access.READ), new Span(40, 44, Access.READ)), 100);
    assertThat(claim.sharesPage(claim(List.of(new Span(8, 40, Access.WRITE)), 100))).isFalse();
    assertThat(claim.sharesPage(claim(List.of(new Span(8, 9, Access.READ), new Span(44, 46, Access.READ)), 100))).isTrue();
  }
}

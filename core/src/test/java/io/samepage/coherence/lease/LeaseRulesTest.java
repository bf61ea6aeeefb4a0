package io.samepage.coherence.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** All pairs of spans in three tiny pages, beside the rule as the contract says it. */
class LeaseRulesTest {
  private static final int PAGE = 4;
  private static final int BYTES = 3 * PAGE;

  private static List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (int first = 0; first < BYTES; first++) {
      for (int end = first + 1; end <= BYTES; end++) {
        for (Access access : Access.values()) {
          spans.add(new Span(first, end, access));
        }
      }
    }
    return spans;
  }

  private static boolean shareByte(Span a, Span b) {
    return LongStream.range(a.firstByte(), a.endByte()).anyMatch(at -> at >= b.firstByte() && at < b.endByte());
  }

  private static boolean sharePage(Span a, Span b) {
    return LongStream.range(a.firstByte(), a.endByte()).anyMatch(at ->
        LongStream.range(b.firstByte(), b.endByte()).anyMatch(other -> at / PAGE == other / PAGE));
  }

  @Test
  void oneWritesAndTheyShareAByteOrAPageFromDifferentNodes() {
    List<Span> spans = spans();
    int conflicts = 0;
    for (Span a : spans) {
      for (Span b : spans) {
        boolean oneWrites = a.access().writes() || b.access().writes();
        boolean onOneNode = LeaseRules.conflict(1, a, 1, b, PAGE);
        boolean onTwoNodes = LeaseRules.conflict(0, a, 1, b, PAGE);
        assertThat(onOneNode).as("%s, %s on one node", a, b).isEqualTo(oneWrites && shareByte(a, b));
        assertThat(onTwoNodes).as("%s, %s on two nodes", a, b).isEqualTo(oneWrites && sharePage(a, b));
        assertThat(LeaseRules.conflict(1, b, 0, a, PAGE)).as("the other way round").isEqualTo(onTwoNodes);
        conflicts += onOneNode ? 1 : 0;
      }
    }
    assertThat(conflicts).isPositive();
  }

  @Test
  void spansTouchThePagesOfTheirBytes() {
    for (Span span : spans()) {
      assertThat(span.firstPage(PAGE)).isEqualTo(span.firstByte() / PAGE);
      assertThat(span.endPage(PAGE)).isEqualTo((span.endByte() - 1) / PAGE + 1);
    }
  }

  @Test
  void spansNearTheEndOfTheLargestRangeAreCountedRight() {
    Span last = new Span(Long.MAX_VALUE - 4095, Long.MAX_VALUE, Access.READ);
    Span before = new Span(Long.MAX_VALUE - 8191, Long.MAX_VALUE - 4095, Access.WRITE);
    assertThat(last.firstPage(4096)).isEqualTo((1L << 51) - 1);
    assertThat(last.endPage(4096)).isEqualTo(1L << 51);
    assertThat(LeaseRules.conflict(0, last, 1, before, 4096)).isFalse();
  }
}

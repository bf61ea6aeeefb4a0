package io.samepage.benchmarks.result;

import static io.samepage.benchmarks.result.Rows.pair;
import static io.samepage.benchmarks.result.Rows.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final String OLD = "2026-11-20T09:00Z";
  private static final String NEW = "2026-11-21T17:03Z";
  private static final Spread HALF = new Spread(0.4, 0.5, 0.6);
  private static final Spread WHOLE = new Spread(0.9, 1, 1.1);
  private static final Results OLDER = results(OLD, pair("first", OLD, HALF, 5), pair("second", OLD, HALF, 5), pair("gone", OLD, HALF, 5));
  private static final List<String> ORDER = List.of("first", "second", "third");

  @Test
  void whatWasMeasuredAgainIsReplacedAndTheRestStays() {
    Results both = results(NEW, pair("second", NEW, WHOLE, 3)).over(OLDER, ORDER);

    assertThat(both.date()).isEqualTo("2026-11-21");
    assertThat(both.rows()).containsExactly(pair("first", OLD, HALF, 5), pair("second", NEW, WHOLE, 3));
  }

  @Test
  void rowsFollowEachOtherAsInTheTableAndUnknownOldOnesAreDropped() {
    Results both = results(NEW, pair("third", NEW, WHOLE, 3), pair("first", NEW, WHOLE, 3)).over(OLDER, ORDER);

    assertThat(both.rows()).extracting(Row::title).containsExactly("first", "second", "third");
  }

  @Test
  void whatWasMeasuredNowIsKeptWhateverItsTitle() {
    assertThat(results(NEW, pair("another", NEW, WHOLE, 3)).over(OLDER, ORDER).rows()).extracting(Row::title)
        .containsExactly("first", "second", "another");
  }

  @Test
  void aRunStaysAsLongAsARowIsOfIt() {
    Results part = results(NEW, pair("first", NEW, WHOLE, 3)).over(OLDER, ORDER);
    assertThat(part.runs()).extracting(Run::measured).containsExactly(OLD, NEW);

    Results all = results(NEW, pair("first", NEW, WHOLE, 3), pair("second", NEW, WHOLE, 3)).over(OLDER, ORDER);
    assertThat(all.runs()).extracting(Run::measured).containsExactly(NEW);
  }

  @Test
  void ofSeveralResultsTheLatestRowCounts() {
    Results latest = Results.latest(List.of(results(NEW, pair("second", NEW, WHOLE, 3)), OLDER));

    assertThat(latest.rows()).containsExactlyInAnyOrder(pair("first", OLD, HALF, 5), pair("second", NEW, WHOLE, 3),
        pair("gone", OLD, HALF, 5));
    assertThat(latest.date()).isEqualTo("2026-11-21");
    assertThat(latest.runs()).extracting(Run::measured).containsExactly(OLD, NEW);
  }

  @Test
  void resultsWithoutARunAreRefused() {
    assertThatThrownBy(() -> new Results("2026-11-21", List.of(), List.of())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("date=2026-11-21");
  }
}

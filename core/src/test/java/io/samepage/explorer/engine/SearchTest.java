package io.samepage.explorer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The search itself, on worlds of a few numbered states. */
class SearchTest {
  private static final class Place implements State {
    private int number;
    private List<String> journal;

    @Override
    public void pack(long[] target) {
      target[0] = number;
    }

    @Override
    public void unpack(long[] packed) {
      number = (int) packed[0];
      journal = null;
    }

    @Override
    public String violation() {
      return null;
    }

    @Override
    public void record(List<String> into) {
      journal = into;
    }
  }

  private record Way(int from, int to) {}

  /** Ways from place to place, from 0 on; the end is the highest number. */
  private record Places(List<Way> moves, int end, int bad) implements StateSpace<Place, Way> {
    @Override
    public String name() {
      return "places";
    }

    @Override
    public int packedWords() {
      return 1;
    }

    @Override
    public Place newState() {
      return new Place();
    }

    @Override
    public List<Place> starts() {
      return List.of(new Place());
    }

    @Override
    public boolean take(Way way, Place place) {
      if (place.number != way.from) {
        return false;
      }
      place.number = way.to;
      if (place.journal != null) {
        place.journal.add("to " + way.to);
      }
      return true;
    }

    @Override
    public String broken(Place place) {
      return place.number == bad ? "is bad" : null;
    }

    @Override
    public boolean isOver(Place place) {
      return place.number == end;
    }

    @Override
    public boolean canRepeat() {
      return true;
    }

    @Override
    public String describe(Place place) {
      return "at " + place.number;
    }
  }

  private static Exploration explore(int end, int bad, Way... ways) {
    return Search.explore(new Places(List.of(ways), end, bad));
  }

  @Test
  void isSoundWhereEveryPlaceLeadsToTheEnd() {
    Exploration found = explore(2, -1, new Way(0, 1), new Way(1, 0), new Way(1, 2));
    assertThat(found.trace()).isEmpty();
    assertThat(found.states()).isEqualTo(3);
  }

  @Test
  void findsACircleWithoutAWayOut() {
    Exploration found = explore(9, -1, new Way(0, 9), new Way(0, 1), new Way(1, 2), new Way(2, 1));
    assertThat(found.violation()).contains(Search.ENDLESS);
    assertThat(found.trace()).hasSize(3).element(1).asString().contains("to 1");
  }

  @Test
  void findsAPlaceWithoutAnyWay() {
    Exploration found = explore(9, -1, new Way(0, 9), new Way(0, 1));
    assertThat(found.violation()).contains(Search.STUCK);
    assertThat(found.length()).isEqualTo(1);
  }

  @Test
  void tellsTheShortestWayToWhatIsBroken() {
    Exploration found = explore(9, 3, new Way(0, 1), new Way(1, 2), new Way(2, 3), new Way(0, 4), new Way(4, 3), new Way(3, 9));
    assertThat(found.length()).isEqualTo(2);
    assertThat(found.violation()).contains("is bad");
  }
}

package io.samepage.coherence.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The claims on one range: what is in the way, who came before. */
class LeaseTableTest {
  private static final int PAGE = 8;

  private final LeaseTable<String> table = new LeaseTable<>();

  private static Claim<String> claim(String owner, int node, long firstByte, long endByte, Access access) {
    return new Claim<>(owner, node, List.of(new Span(firstByte, endByte, access)), 800, PAGE);
  }

  private Claim<String> held(String owner, int node, long firstByte, long endByte, Access access) {
    Claim<String> claim = claim(owner, node, firstByte, endByte, access);
    claim.prepared();
    table.hold(claim);
    return claim;
  }

  private Claim<String> waiting(String owner, int node, long firstByte, long endByte, Access access) {
    Claim<String> claim = claim(owner, node, firstByte, endByte, access);
    table.startWaiting(claim);
    return claim;
  }

  private List<String> blockers(Claim<String> claim) {
    return table.blockers(claim).stream().map(Claim::owner).toList();
  }

  @Test
  void nothingIsInTheWayInAnEmptyTable() {
    Claim<String> claim = claim("a", 0, 0, 800, Access.READ_WRITE);
    assertThat(table.blockers(claim)).isEmpty();
    assertThat(table.earlierWaiter(claim)).isNull();
    assertThat(table.held(any -> true)).isEmpty();
  }

  @Test
  void onlyThoseThatConflictAreInTheWay() {
    held("reader", 0, 0, 16, Access.READ);
    Claim<String> writer = held("writer", 1, 16, 24, Access.WRITE);
    assertThat(blockers(claim("a", 0, 0, 8, Access.READ))).isEmpty();
    assertThat(blockers(claim("a", 0, 23, 30, Access.READ))).containsExactly("writer");
    assertThat(blockers(claim("a", 1, 0, 800, Access.WRITE))).containsExactlyInAnyOrder("reader", "writer");
    assertThat(table.isConflict(claim("a", 0, 0, 17, Access.READ), writer)).isTrue();
    table.drop(writer);
    assertThat(blockers(claim("a", 0, 23, 30, Access.READ))).isEmpty();
  }

  @Test
  void whoeverIsBeingPreparedKeepsAllOthersOffItsPagesAndConflictsComeFirst() {
    Claim<String> coming = claim("coming", 1, 0, 4, Access.READ);
    table.hold(coming);
    held("writer", 0, 20, 24, Access.WRITE);
    assertThat(blockers(claim("a", 2, 5, 8, Access.READ))).containsExactly("coming");
    assertThat(table.isConflict(claim("a", 2, 5, 8, Access.READ), coming)).isFalse();
    assertThat(blockers(claim("a", 2, 0, 800, Access.READ))).containsExactly("writer", "coming");
    assertThat(blockers(claim("a", 2, 8, 16, Access.WRITE))).as("another page").isEmpty();
    coming.prepared();
    assertThat(blockers(claim("a", 2, 5, 8, Access.READ))).isEmpty();
  }

  @Test
  void nobodyOvertakesAnEarlierWaiterThatConflicts() {
    Claim<String> writer = waiting("writer", 0, 0, 8, Access.WRITE);
    Claim<String> reader = waiting("reader", 0, 0, 16, Access.READ);
    Claim<String> secondWriter = waiting("second writer", 1, 8, 9, Access.WRITE);
    assertThat(table.earlierWaiter(writer)).isNull();
    assertThat(table.earlierWaiter(reader)).isSameAs(writer);
    assertThat(table.earlierWaiter(secondWriter)).isSameAs(reader);
    assertThat(table.earlierWaiter(claim("new", 0, 16, 24, Access.WRITE))).as("other pages").isNull();
    assertThat(table.earlierWaiter(claim("new", 0, 0, 1, Access.READ))).isSameAs(writer);
    table.stopWaiting(writer);
    table.stopWaiting(writer);
    assertThat(table.earlierWaiter(reader)).isNull();
    assertThat(table.earlierWaiter(claim("new", 0, 0, 1, Access.READ))).isNull();
  }

  @Test
  void heldClaimsAreFoundOldestFirst() {
    held("a", 0, 0, 8, Access.READ);
    held("b", 1, 0, 8, Access.READ);
    held("c", 0, 8, 16, Access.WRITE);
    assertThat(table.held(claim -> claim.node() == 0)).extracting(Claim::owner).containsExactly("a", "c");
  }
}

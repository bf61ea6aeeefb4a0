package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fences over commands that end as the test wants: events of the user. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CommandQueueTest {
  private static final int MOST_LAUNCHES_KEPT = 16;
  private static final int OUT_OF_RESOURCES = -5;

  private OpenClNode node;
  private CommandQueue queue;

  @BeforeEach
  void open() {
    node = Devices.open();
    queue = new CommandQueue(node.calls(), node.context().handle(), Devices.found().id());
  }

  @AfterEach
  void close() {
    queue.close();
    node.close();
  }

  private UserEvent tracked() {
    UserEvent event = new UserEvent(node.context().handle());
    EventList commands = new EventList();
    commands.add(event.handle());
    queue.track(commands);
    return event;
  }

  private static void assertFails(NodeFence fence, String error) {
    assertThat(fence.isDone()).isTrue();
    assertThatThrownBy(() -> fence.await(0)).isInstanceOf(DeviceException.class).hasMessageContainingAll("opencl:0", error);
  }

  @Test
  void aFencePassesWhenTheLastOfItsCommandsIsComplete() throws InterruptedException {
    UserEvent first = tracked();
    UserEvent second = tracked();
    NodeFence fence = queue.fence();
    second.end(0);
    assertThat(fence.isDone()).isFalse();
    assertThat(fence.await(1000)).isFalse();
    first.end(0);
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aFailedCommandFailsItsFenceByName() {
    UserEvent first = tracked();
    UserEvent second = tracked();
    NodeFence fence = queue.fence();
    first.end(OUT_OF_RESOURCES);
    second.end(0);
    assertFails(fence, "CL_OUT_OF_RESOURCES (-5)");
    assertFails(fence, "CL_OUT_OF_RESOURCES (-5)");
  }

  @Test
  void anAbortedCommandIsNotCalledADeviceThatWasNotFound() {
    UserEvent aborted = tracked();
    NodeFence fence = queue.fence();
    aborted.end(-1);
    assertFails(fence, "aborted by the driver (-1)");
  }

  @Test
  void fencesThatWaitBehindAFailedOneFailWithItAndLaterOnesPass() throws InterruptedException {
    UserEvent failing = tracked();
    NodeFence failed = queue.fence();
    UserEvent behind = tracked();
    NodeFence waiting = queue.fence();
    failing.end(OUT_OF_RESOURCES);
    assertFails(failed, "CL_OUT_OF_RESOURCES (-5)");
    UserEvent later = tracked();
    NodeFence fresh = queue.fence();
    behind.end(0);
    later.end(0);
    assertFails(waiting, "CL_OUT_OF_RESOURCES (-5)");
    assertThat(fresh.await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aFenceWithoutCommandsSinceTheLastOneMarksTheSamePoint() {
    UserEvent failing = tracked();
    NodeFence fence = queue.fence();
    failing.end(OUT_OF_RESOURCES);
    assertFails(fence, "CL_OUT_OF_RESOURCES (-5)");
    assertFails(queue.fence(), "CL_OUT_OF_RESOURCES (-5)");
  }

  @Test
  void eventsAreReleasedOnce() {
    UserEvent good = tracked();
    UserEvent bad = tracked();
    NodeFence fence = queue.fence();
    assertThat(good.references()).isEqualTo(2);
    good.end(0);
    bad.end(OUT_OF_RESOURCES);
    assertThat(fence.isDone()).isTrue();
    assertThat(fence.isDone()).isTrue();
    assertThat(good.references()).isEqualTo(1);
    assertThat(bad.references()).isEqualTo(1);
  }

  @Test
  void eventsOfFencesThatNobodyAsksForAreReleased() {
    UserEvent event = tracked();
    queue.fence();
    event.end(0);
    tracked().end(0);
    queue.fence();
    assertThat(event.references()).isEqualTo(1);
  }

  @Test
  void eventsOfLaunchesThatNobodyAsksForAreReleasedBehindSomeMore() {
    UserEvent event = launched();
    event.end(0);
    for (int i = 0; i < MOST_LAUNCHES_KEPT; i++) {
      launched().end(0);
    }
    assertThat(event.references()).isEqualTo(1);
  }

  private UserEvent launched() {
    UserEvent event = new UserEvent(node.context().handle());
    EventList commands = new EventList();
    commands.add(event.handle());
    queue.fence(commands, 0);
    return event;
  }

  @Test
  void eventsAreReleasedWithoutAnyFence() {
    UserEvent event = tracked();
    event.end(0);
    for (int i = 0; i < 10_000; i++) {
      tracked().end(0);
    }
    assertThat(event.references()).isEqualTo(1);
  }

  @Test
  void closingSettlesTheFences() throws InterruptedException {
    CommandQueue other = new CommandQueue(node.calls(), node.context().handle(), Devices.found().id());
    UserEvent event = new UserEvent(node.context().handle());
    EventList commands = new EventList();
    commands.add(event.handle());
    other.track(commands);
    NodeFence fence = other.fence();
    event.end(0);
    other.close();
    assertThat(event.references()).isEqualTo(1);
    assertThat(fence.await(0)).isTrue();
  }
}

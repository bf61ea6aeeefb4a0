package io.samepage.opencl;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranges in shared virtual memory: pointers in them mean the same on both sides, and nothing moves. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SvmTest {
  private static final int NODE_BYTES = 16;
  private static final int NODES = 5_000;
  private static final int STEPS = 1 << 26;
  private static final KernelSource WALK = KernelSource.builder().openClC("""
      struct node {
        ulong next;
        int value;
        int visits;
      };
      __kernel void walk(__global struct node* list, ulong head, __global long* sum) {
        long total = 0;
        for (__global struct node* at = (__global struct node*) head; at; at = (__global struct node*) at->next) {
          total += at->value;
          at->visits++;
        }
        *sum = total;
      }
      """).build();

  /** Strings nodes together in no order of their addresses, and answers the address of the first. */
  private static long build(MemorySegment list) {
    long next = 0;
    for (int i = 0; i < NODES; i++) {
      MemorySegment node = list.asSlice((long) NODE_BYTES * (i * 7919L % NODES), NODE_BYTES);
      node.set(JAVA_LONG, 0, next);
      node.set(JAVA_INT, 8, i);
      next = node.address();
    }
    return next;
  }

  private static int visitsAlongPointers(MemorySegment list, long head) {
    int visits = 0;
    for (long at = head; at != 0; at = list.get(JAVA_LONG, at - list.address())) {
      visits += list.get(JAVA_INT, at - list.address() + 12);
    }
    return visits;
  }

  @Test
  void aKernelWalksAListThatTheHostBuilt() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange list = memory.allocateSvm((long) NODE_BYTES * NODES, device);
      UnifiedRange sum = memory.allocateSvm(8, device);
      long head;
      try (HostLease lease = list.host(Access.WRITE)) {
        head = build(lease.segment());
      }
      for (int round = 1; round <= 3; round++) {
        device.kernel(WALK, "walk").launch(Grid.of(1), inOut(list), value(head), out(sum));
        try (HostLease nodes = list.host(Access.READ); HostLease total = sum.host(Access.READ)) {
          assertThat(total.segment().get(JAVA_LONG, 0)).isEqualTo(NODES * (NODES - 1L) / 2);
          assertThat(visitsAlongPointers(nodes.segment(), head)).isEqualTo(round * NODES);
        }
      }
      assertThat(memory.statistics().bytesToDevice()).isZero();
      assertThat(memory.statistics().bytesToHost()).isZero();
      assertThat(device.usedBytes()).isZero();
    }
  }

  @Test
  void aHostLeaseWaitsForTheKernelThatWritesIt() throws Exception {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").open()) {
      Device device = memory.devices().getFirst();
      LongKernels.tryUntilSeen(STEPS, "a lease was refused", steps -> {
        UnifiedRange range = memory.allocateSvm(4, device);
        Fence fence = device.kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), inOut(range), value(steps));
        boolean isRefused = LongKernels.isRefused(range, Access.READ);
        try (HostLease lease = range.host(Access.READ)) {
          assertThat(lease.segment().get(JAVA_INT, 0)).isEqualTo(TestKernels.churned(0, steps));
          assertThat(fence.isDone()).isTrue();
        }
        return isRefused;
      });
    }
  }

  @Test
  void rangesOfBothSortsShareALaunch() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").open(); UnifiedArena arena = memory.confinedArena()) {
      Device device = memory.devices().getFirst();
      UnifiedRange shared = memory.allocateSvm(1 << 20, device);
      MemorySegment touched = arena.allocate(1 << 20);
      touched.fill((byte) 3);
      device.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(1 << 20), in(touched), out(shared));
      shared.all().copyTo(memory.slice(touched)).await();
      device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(1 << 18), inOut(touched), value(1));
      assertThat(touched.toArray(JAVA_INT)).containsOnly(0x03030304);
      assertThat(memory.statistics().bytesToDevice()).isEqualTo(2 << 20);
    }
  }

  @Test
  void rangesOfAMemoryOfThatKindAreShared() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").memoryKind(MemoryKind.SVM).open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange range = memory.allocate(100_000);
      assertThat(device.memoryKind()).isEqualTo(MemoryKind.SVM);
      range.advise(Advice.preferredLocation(device));
      range.all().fill((byte) 7).await();
      range.slice(4096, 8192).discard();
      device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(25_000), inOut(range), value(1));
      try (HostLease lease = range.host(Access.READ)) {
        assertThat(lease.segment().get(JAVA_INT, 0)).isEqualTo(0x07070708);
        assertThat(lease.segment().get(JAVA_INT, 4096)).isEqualTo(1);
      }
      assertThat(memory.statistics().bytesToHost() + memory.statistics().bytesToDevice()).isZero();
    }
  }

  @Test
  void aDeviceWithoutIsRefusedAndSoIsOneOfAnotherContext() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0", "embedded").open()) {
      Device embedded = memory.device("embedded");
      assertThatThrownBy(() -> memory.allocateSvm(4096, embedded)).isInstanceOfSatisfying(MemoryKindException.class,
          e -> assertThat(e.offered()).isEqualTo(embedded.info().memoryKinds()));
      UnifiedRange range = memory.allocateSvm(4096, memory.device("opencl"));
      assertThatThrownBy(() -> embedded.acquire(range.all(), Access.READ)).isInstanceOf(MemoryKindException.class)
          .hasMessageContaining(range.name());
      assertThatThrownBy(() -> embedded.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(1), inOut(range), value(1)))
          .isInstanceOf(MemoryKindException.class);
      assertThatThrownBy(() -> embedded.prefetch(range.all())).isInstanceOf(MemoryKindException.class);
      range.advise(Advice.preferredLocation(embedded));
      range.all().fill((byte) 1).await();
      assertThat(memory.statistics().openLeases()).isZero();
      try (UnifiedMemory other = UnifiedMemory.builder().devices("opencl:0").open()) {
        assertThatThrownBy(() -> other.allocateSvm(1, embedded)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThatThrownBy(() -> UnifiedMemory.builder().devices("embedded").memoryKind(MemoryKind.SVM).open())
        .isInstanceOfSatisfying(MemoryKindException.class, e -> assertThat(e.asked()).isEqualTo(MemoryKind.SVM));
  }

  @Test
  void aSizeIsPositive() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").open()) {
      assertThatThrownBy(() -> memory.allocateSvm(0, memory.devices().getFirst())).isInstanceOf(IllegalArgumentException.class);
    }
  }
}

package io.samepage.testkit.node;

import io.samepage.Grid;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Opens the nodes for each test and gives them back. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class NodeContract {
  final BackendUnderTest subject;
  private final int nodeCount;
  NodeFixture fixture;
  /** The first node. */
  DeviceNode node;

  NodeContract(BackendUnderTest subject, int nodeCount) {
    this.subject = subject;
    this.nodeCount = nodeCount;
  }

  @BeforeEach
  void open() {
    fixture = new NodeFixture(subject, nodeCount);
    node = fixture.node(0);
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  /** Launches a test kernel over that many items. */
  NodeFence launch(DeviceNode on, String kernel, long items, NodeArgument... arguments) {
    NodeKernel compiled = on.kernel(subject.kernels(), kernel);
    Grid grid = Grid.of(items);
    on.checkGrid(compiled, grid);
    return on.launch(compiled, grid, List.of(arguments));
  }
}

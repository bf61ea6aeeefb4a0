package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.DeviceException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Drivers that fail when something is given back: the rest is given back all the same. */
class FailingCloseTest {
  /** Embedded devices that do what they are told, and then throw where the method's name is one of a set. */
  private static final class Backend implements DeviceBackend {
    private final DeviceBackend inner = new EmbeddedBackend();
    private final Set<String> failing;
    private final List<String> calls = new ArrayList<>();

    Backend(String... failing) {
      this.failing = Set.of(failing);
    }

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public int priority() {
      return inner.priority();
    }

    @Override
    public BackendReport probe() {
      return inner.probe();
    }

    @Override
    public List<DeviceNode> open(List<DeviceRequest> requests) {
      return inner.open(requests).stream().map(this::wrap).toList();
    }

    private DeviceNode wrap(DeviceNode node) {
      return (DeviceNode) Proxy.newProxyInstance(DeviceNode.class.getClassLoader(), new Class<?>[] {DeviceNode.class},
          (proxy, method, arguments) -> {
            try {
              Object result = method.invoke(node, arguments);
              calls.add(method.getName() + " " + node.info().name());
              if (failing.contains(method.getName())) {
                throw new DeviceException(method.getName() + " failed: " + node.info().name());
              }
              return result;
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }
  }

  private static UnifiedMemory open(Backend backend) {
    return new CoherentMemoryBuilder().backends(List.of(backend)).devices("embedded:0", "embedded:1").open();
  }

  @Test
  void aDeviceThatFailsToCloseKeepsNothingElseOpen() {
    Backend backend = new Backend("close");
    UnifiedMemory memory = open(backend);
    UnifiedRange range = memory.allocate(1);
    assertThatThrownBy(memory::close).isInstanceOf(DeviceException.class).hasMessage("close failed: embedded:0")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("close failed: embedded:1"));
    assertThat(backend.calls).contains("close embedded:0", "close embedded:1");
    assertThat(range.isOpen()).isFalse();
    assertThatIllegalStateException().isThrownBy(memory::close);
  }

  @Test
  void aWindowThatCanNotBeFreedKeepsNoDeviceOpen() {
    Backend backend = new Backend("free");
    UnifiedMemory memory = open(backend);
    memory.devices().getFirst().acquire(memory.allocate(1).all(), Access.READ).close();
    assertThatThrownBy(memory::close).isInstanceOf(DeviceException.class).hasMessage("free failed: embedded:0");
    assertThat(backend.calls).contains("close embedded:0", "close embedded:1");
  }
}

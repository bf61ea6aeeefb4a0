package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drivers that fail when something is given back: the rest is given back all the same. */
class FailingCloseTest {
  /** What was called on which device. */
  private final List<String> calls = new ArrayList<>();

  /** A memory over two embedded devices that do what they are told, and then throw where the method's name is this one. */
  private UnifiedMemory open(String failing) {
    DeviceBackend inner = new EmbeddedBackend();
    DeviceBackend backend = proxy(DeviceBackend.class, (proxy, method, arguments) -> {
      Object result = method.invoke(inner, arguments);
      boolean opens = method.getName().equals("open");
      return opens ? ((List<?>) result).stream().map(node -> wrapped((DeviceNode) node, failing)).toList() : result;
    });
    return new CoherentMemoryBuilder().backends(List.of(backend)).devices("embedded:0", "embedded:1").open();
  }

  private DeviceNode wrapped(DeviceNode node, String failing) {
    return proxy(DeviceNode.class, (proxy, method, arguments) -> {
      Object result = method.invoke(node, arguments);
      calls.add(method.getName() + " " + node.info().name());
      if (method.getName().equals(failing)) {
        throw new DeviceException(failing + " failed: " + node.info().name());
      }
      return result;
    });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void aDeviceThatFailsToCloseKeepsNothingElseOpen() {
    UnifiedMemory memory = open("close");
    UnifiedRange range = memory.allocate(1);
    assertThatThrownBy(memory::close).isInstanceOf(DeviceException.class).hasMessage("close failed: embedded:0")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("close failed: embedded:1"));
    assertThat(calls).contains("close embedded:0", "close embedded:1");
    assertThat(range.isOpen()).isFalse();
    assertThatIllegalStateException().isThrownBy(memory::close);
  }

  @Test
  void aWindowThatCanNotBeFreedKeepsNoDeviceOpen() {
    UnifiedMemory memory = open("free");
    memory.devices().getFirst().acquire(memory.allocate(1).all(), Access.READ).close();
    assertThatThrownBy(memory::close).isInstanceOf(DeviceException.class).hasMessage("free failed: embedded:0");
    assertThat(calls).contains("close embedded:0", "close embedded:1");
  }
}

package io.samepage.cuda;

import io.samepage.BackendReport;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUcontext;

/** Devices by contexts that the program has made, under the names that they have in any case. Not found, but given. */
final class ContextBackend implements DeviceBackend {
  /** Before all that are found: who gives a context means it. */
  private static final int PRIORITY = 1_000;

  private final Map<FoundDevice, CUcontext> contexts;

  ContextBackend(Map<FoundDevice, CUcontext> contexts) {
    this.contexts = new LinkedHashMap<>(contexts);
  }

  @Override
  public String name() {
    return CudaBackend.NAME;
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public BackendReport probe() {
    return ScanResult.of(List.copyOf(contexts.keySet()), List.of()).report();
  }

  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    return CudaBackend.open(requests, List.copyOf(contexts.keySet()), device -> new CudaContext(device, contexts.get(device)));
  }
}

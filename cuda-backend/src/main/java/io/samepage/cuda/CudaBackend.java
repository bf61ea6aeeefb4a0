package io.samepage.cuda;

import io.samepage.BackendReport;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * NVIDIA's GPUs, numbered as the driver numbers them. Found by {@link java.util.ServiceLoader}. All methods may be called by any thread.
 *
 * <p>A device is used through its primary context, the one that the CUDA runtime uses too, unless {@link CudaInterop} is given another
 * one. It offers the host's pages where kernels can use the host's pointers. Kernels come as PTX. What a kernel's
 * parameters are is taken from its Java form where the source has one, and checked against the PTX; else from the PTX, which tells
 * memory from values, but not whether memory is read or written: launches declare that. A parameter for local memory is an integer that
 * is given the place of the argument in the kernel's dynamic shared memory, in bytes from its start. A grid that says no group size runs
 * in blocks that divide it.
 */
public final class CudaBackend implements DeviceBackend {
  static final String NAME = "cuda";

  private ScanResult found;

  /** Makes a back end that hasn't looked for devices yet. */
  public CudaBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  /** {@return more than OpenCL's, as a GPU that both see is used through CUDA} */
  @Override
  public int priority() {
    return 20;
  }

  @Override
  public BackendReport probe() {
    return scan().report();
  }

  private synchronized ScanResult scan() {
    if (found == null) {
      found = DeviceScan.run(DriverNative.libraryName());
    }
    return found;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a device is not one that {@link #probe()} found
   */
  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    return open(requests, scan().devices(), CudaContext::new);
  }

  /**
   * Opens devices in contexts.
   *
   * @param requests what is asked for
   * @param found the devices that there are
   * @param contexts makes the context of a device, which is closed with its node
   * @return a node for each request
   */
  static List<DeviceNode> open(List<DeviceRequest> requests, List<FoundDevice> found, Function<FoundDevice, CudaContext> contexts) {
    List<FoundDevice> devices = requests.stream().map(request -> find(request, found)).toList();
    List<DeviceNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < devices.size(); i++) {
        CudaNode node = new CudaNode(devices.get(i), contexts.apply(devices.get(i)), requests.get(i).memoryKind());
        nodes.add(node);
        if (node.usesHostPages()) {
          HostPagesTrial.run(node);
        }
      }
      connect(nodes);
      nodes.forEach(node -> ((CudaNode) node).trySparse());
      return nodes;
    } catch (RuntimeException e) {
      nodes.forEach(DeviceNode::close);
      throw e;
    }
  }

  private static void connect(List<DeviceNode> nodes) {
    for (DeviceNode target : nodes) {
      for (DeviceNode source : nodes) {
        if (source != target) {
          ((CudaNode) target).connect((CudaNode) source);
        }
      }
    }
  }

  private static FoundDevice find(DeviceRequest request, List<FoundDevice> found) {
    return found.stream().filter(device -> device.info().name().equals(request.device().name())).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No device of this back end: device=" + request.device() + ", devices="
            + found.stream().map(device -> device.info().name()).toList()));
  }
}

/** OpenCL devices as nodes of a unified memory, through LWJGL. */
module io.samepage.opencl {
  requires io.samepage;
  requires org.lwjgl;
  requires org.lwjgl.opencl;
  requires org.slf4j;

  exports io.samepage.opencl;

  provides io.samepage.node.DeviceBackend with io.samepage.opencl.OpenClBackend;
}

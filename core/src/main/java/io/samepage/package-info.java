/**
 * The API of Samepage: memory that plain Java and kernels on any device share.
 *
 * {@snippet :
 * try (UnifiedMemory memory = UnifiedMemory.open()) {
 *   UnifiedRange a = memory.allocate(4 * n);
 *   UnifiedRange b = memory.allocate(4 * n);
 *   try (HostLease lease = a.host(Access.WRITE)) {
 *     fill(lease.segment());
 *   }
 *   Kernel scale = memory.devices().getFirst().kernel(source, "scale");
 *   scale.launch(Grid.of(n), a, b, 2f);
 *   try (HostLease lease = b.host(Access.READ)) {
 *     System.out.println(lease.segment().getAtIndex(ValueLayout.JAVA_FLOAT, 7));
 *   }
 * }
 * }
 *
 * <p>It owns the contract: interfaces, values and exceptions. It depends on nothing of ours; {@link io.samepage.UnifiedMemory#builder()}
 * finds its implementation by {@link java.util.ServiceLoader}.
 */
package io.samepage;

package io.samepage.transparent;

import io.samepage.Access;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.ValueLayout;

/** Has a system call refused, and says what can be had: the mode, the reason, the remedy, what an arena says, and what a lease reads. */
final class RefusedMain {
  private static final int DEVICE_NEW = 0xAA00;

  private RefusedMain() {}

  public static void main(String[] arguments) throws Throwable {
    if (arguments.length > 0) {
      refuse(arguments[0], Integer.parseInt(arguments[1]));
    }
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      HostAccess access = memory.hostAccess();
      System.out.println(access.mode());
      System.out.println(access.reason());
      System.out.println(access.remedy());
      System.out.println(arena(memory));
      UnifiedRange range = memory.allocate(100);
      try (HostLease lease = range.host(Access.WRITE)) {
        lease.segment().set(ValueLayout.JAVA_INT, 0, 7);
      }
      try (HostLease lease = range.host(Access.READ)) {
        System.out.println(lease.segment().get(ValueLayout.JAVA_INT, 0));
      }
    }
  }

  private static void refuse(String what, int error) throws Throwable {
    switch (what) {
      case "userfaultfd" -> {
        SystemCallFilter.refuseIoctl(DEVICE_NEW, error);
        SystemCallFilter.refuse(SystemCallFilter.USERFAULTFD, error);
      }
      case "UFFDIO_API" -> SystemCallFilter.refuseIoctl(0xC018AA3F, error);
      case "PAGEMAP_SCAN" -> SystemCallFilter.refuseIoctl(0xC0606610, error);
      default -> throw new IllegalArgumentException(what);
    }
  }

  private static String arena(UnifiedMemory memory) {
    try {
      memory.confinedArena().close();
      return "works";
    } catch (UnsupportedOperationException e) {
      return e.getMessage();
    }
  }
}

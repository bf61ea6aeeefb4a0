package io.samepage.explorer;

import io.samepage.explorer.engine.Fifo;

/**
 * Which bytes of which node's frames a command reads and writes, as a mask like that of {@link World}: a bit for each node and cell.
 * The contract of DeviceNode asks that no two commands in flight on different queues touch the same bytes unless both read.
 */
final class Frames {
  private final Model model;

  Frames(Model model) {
    this.model = model;
  }

  private static int at(int node, int cells) {
    return cells << node * Small.CELLS;
  }

  private int read(int device, Command command) {
    int cells = Small.cellsOf(command.page());
    return switch (command.kind()) {
      case UPLOAD -> at(Small.HOST, cells);
      case DOWNLOAD -> at(device, cells);
      case PEER_COPY -> at(Small.otherDevice(device), cells);
      case ZERO, FENCE -> 0;
    };
  }

  private int written(int device, Command command) {
    int cells = Small.cellsOf(command.page());
    return switch (command.kind()) {
      case UPLOAD, ZERO, PEER_COPY -> at(device, cells);
      case DOWNLOAD -> at(Small.HOST, cells);
      case FENCE -> 0;
    };
  }

  /** Enqueues a command, and looks whether the other queue has one that may run at the same time and must not. */
  void enqueue(World world, int device, Command command) {
    world.commands[device] = Fifo.add(world.commands[device], command.number());
    // A copy between devices runs behind all that is in the other queue.
    long others = command.kind() == Command.Kind.PEER_COPY ? Fifo.EMPTY : world.commands[Small.otherDevice(device)];
    for (long rest = others; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
      Command other = Command.of(Fifo.head(rest));
      int read = read(Small.otherDevice(device), other);
      int written = written(Small.otherDevice(device), other);
      if (((read | written) & written(device, command) | written & read(device, command)) != 0) {
        world.violated(describe(device, command) + " may run at the same time as " + describe(Small.otherDevice(device), other)
            + ", and they touch the same bytes");
      }
    }
  }

  /**
   * Looks whether what a copy behind launches writes on the host is in use: by a lease there, but that which it is for, or by a command
   * that may run at the same time.
   */
  void checkHost(World world, Operation copy) {
    for (Operation other : model.operations()) {
      boolean isOpen = world.isHeld(other) && other.isHostLease() && other != copy.lease() && (world.preparing & other.bit()) == 0;
      boolean copiesToo = other.isCopy() && other.index() != copy.index() && (world.kernels & other.bit()) != 0
          && (world.followed[other.index()] & copy.bit()) == 0;
      if ((isOpen || copiesToo) && (other.in(world).pages() & copy.pages()) != 0) {
        world.violated(copy + " writes on the host what is in use by " + other.in(world));
      }
    }
    int frames = at(Small.HOST, Small.cellsOfAll(copy.pages()));
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      for (long rest = world.commands[device]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        Command command = Command.of(Fifo.head(rest));
        if (((read(device, command) | written(device, command)) & frames) != 0) {
          world.violated(copy + " writes on the host what is in use by " + describe(device, command));
        }
      }
    }
  }

  private String describe(int device, Command command) {
    return model.operations()[command.operation()] + " (" + command.kind() + " on " + Small.node(device) + ")";
  }

  /** Who uses a node's frames of some pages: by a claim there, or a command; null if nobody does. */
  Object userOf(World world, Operation eviction) {
    for (Operation other : model.operations()) {
      boolean isUser = world.isHeld(other) || other.isCopy() && (world.kernels & other.bit()) != 0;
      if (other != eviction && isUser && other.node() == eviction.node() && (other.in(world).pages() & eviction.pages()) != 0) {
        return other.in(world);
      }
    }
    int frames = at(eviction.node(), Small.cellsOfAll(eviction.pages()));
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      for (long rest = world.commands[device]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        Command command = Command.of(Fifo.head(rest));
        if (((read(device, command) | written(device, command)) & frames) != 0) {
          return describe(device, command);
        }
      }
    }
    return null;
  }
}

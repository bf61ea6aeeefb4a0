package io.samepage.explorer;

import io.samepage.explorer.engine.Fifo;

/** The steps of devices' own queues: each runs its oldest command. */
final class DeviceSteps {
  private final Model model;

  DeviceSteps(Model model) {
    this.model = model;
  }

  /** Runs a device's next command; false if there is none that can run now. */
  boolean run(World world, int device) {
    Command command = next(world, device);
    if (command == null) {
      return false;
    }
    switch (command.kind()) {
      case UPLOAD -> world.copy(Small.HOST, device, command.page());
      case ZERO -> world.zero(device, command.page());
      case DOWNLOAD -> world.copy(device, Small.HOST, command.page());
      case PEER_COPY -> world.copy(Small.otherDevice(device), device, command.page());
      case FENCE -> throw new IllegalStateException("Fences pass by themselves");
    }
    tell(world, device, command, "");
    remove(world, device);
    return true;
  }

  /** The same, but the command fails and leaves garbage where it was to write. */
  boolean fail(World world, int device) {
    Command command = next(world, device);
    if (command == null || world.failuresLeft == 0) {
      return false;
    }
    Operation operation = model.operations()[command.operation()];
    world.failuresLeft--;
    world.failed |= operation.bit();
    switch (command.kind()) {
      case DOWNLOAD -> world.spoil(Small.HOST, Small.cellsOf(command.page()));
      default -> world.spoil(device, Small.cellsOf(command.page()));
    }
    if (operation.kind() == Act.Kind.LAUNCH && (command.kind() == Command.Kind.UPLOAD || command.kind() == Command.Kind.ZERO)) {
      world.uploadsFailed |= operation.bit();
    }
    tell(world, device, command, ", which fails");
    remove(world, device);
    return true;
  }

  private static Command next(World world, int device) {
    if (world.commands[device] == Fifo.EMPTY) {
      return null;
    }
    Command command = Command.of(Fifo.head(world.commands[device]));
    Command behind = new Command(Command.Kind.FENCE, 0, command.operation());
    boolean waits = command.kind() == Command.Kind.PEER_COPY
        && Fifo.contains(world.commands[Small.otherDevice(device)], behind.number());
    return waits ? null : command;
  }

  private static void remove(World world, int device) {
    world.commands[device] = Fifo.withoutHead(world.commands[device]);
  }

  /** Fences that are first in their queues pass at once: nothing depends on when they do. */
  static void passFences(World world) {
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      while (world.commands[device] != Fifo.EMPTY && Command.of(Fifo.head(world.commands[device])).kind() == Command.Kind.FENCE) {
        remove(world, device);
      }
    }
  }

  private void tell(World world, int device, Command command, String outcome) {
    if (world.isTold()) {
      Operation operation = model.operations()[command.operation()];
      world.tell(Small.node(device), "runs " + command.kind() + " p" + command.page() + " of " + operation + outcome);
    }
  }
}

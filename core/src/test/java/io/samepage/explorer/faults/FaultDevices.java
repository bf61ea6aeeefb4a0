package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** Each device carries out the oldest command of its queue. */
final class FaultDevices {
  private final FaultScenario scenario;

  FaultDevices(FaultScenario scenario) {
    this.scenario = scenario;
  }

  boolean run(FaultWorld world, int device) {
    if (world.queue[device] == Fifo.EMPTY) {
      return false;
    }
    int command = Fifo.head(world.queue[device]);
    if (!FaultWorld.has(world.allocated, device)) {
      world.violated("a command uses a window that is gone");
    }
    if (FaultCommand.isKernel(command)) {
      runKernel(world, device, scenario.kernels.get(FaultCommand.index(command)), FaultCommand.number(command));
    } else if (FaultCommand.isZero(command)) {
      zero(world, device, command);
    } else {
      upload(world, device, command);
    }
    FetchSteps.advance(world, device);
    return true;
  }

  private void zero(FaultWorld world, int device, int command) {
    int page = FaultCommand.zeroedPage(command);
    for (int part = 0; part < scenario.parts; part++) {
      world.window[device * FaultWorld.CELLS + FaultWorld.cell(page, part)] = FaultCommand.number(command);
    }
    world.tell("D" + device, "command", "zeroes p" + page);
  }

  private void upload(FaultWorld world, int device, int command) {
    int page = FaultCommand.page(command);
    for (int part = 0; part < scenario.parts; part++) {
      if (FaultWorld.has(FaultCommand.parts(command), part)) {
        int cell = FaultWorld.cell(page, part);
        world.window[device * FaultWorld.CELLS + cell] = world.frame[cell];
      }
    }
    world.tell("D" + device, "command", FaultCommand.isEdge(command) ? "takes edges of p" + page : "takes p" + page);
  }

  private void runKernel(FaultWorld world, int device, FaultKernel kernel, int number) {
    world.tell("D" + device, "command", "runs the kernel of w" + number);
    for (int cell = 0; cell < FaultWorld.CELLS; cell++) {
      int[] memory = scenario.shares(device) ? world.frame : world.window;
      int place = scenario.shares(device) ? cell : device * FaultWorld.CELLS + cell;
      int value = memory[place];
      if (FaultWorld.has(kernel.reads(), cell)) {
        if (world.isStale(world.before[number], cell, value)) {
          world.violated("a kernel reads an old value");
        } else if (FaultWorld.has(world.kernels, value) && FaultWorld.has(world.before[value], number)) {
          world.violated("a kernel reads a later kernel's value");
        }
      }
      if (FaultWorld.has(kernel.writes(), cell)) {
        memory[place] = number;
      }
    }
  }
}

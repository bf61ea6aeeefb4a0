package io.samepage.explorer;

/** Takes a {@link Move} in a world. */
final class Stepper {
  private final ThreadSteps threads;
  private final DeviceSteps devices;
  private final LaunchSteps launches;
  private final KernelSteps kernels;

  Stepper(Model model) {
    threads = new ThreadSteps(model);
    devices = new DeviceSteps(model);
    launches = new LaunchSteps(model);
    kernels = new KernelSteps(model);
  }

  /** Takes a move; false, and the world is as it was, if it can't be taken now. */
  boolean take(Move move, World world) {
    boolean isTaken = switch (move.kind()) {
      case THREAD -> threads.take(world, move.who());
      case THREAD_FAILS -> threads.fail(world, move.who());
      case THREAD_GIVES_UP -> threads.giveUp(world, move.who());
      case DEVICE -> devices.run(world, move.who());
      case DEVICE_FAILS -> devices.fail(world, move.who());
      case KERNEL -> kernels.run(world, move.who());
      case KERNEL_FAILS -> kernels.fail(world, move.who());
      case RETIREMENT -> launches.retire(world, move.who());
    };
    if (isTaken) {
      DeviceSteps.passFences(world);
    }
    return isTaken;
  }
}

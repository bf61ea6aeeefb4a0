package io.samepage.samples;

import io.samepage.HostAccess;
import io.samepage.HostAccess.Mode;
import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.samples.hostview.HostSpace;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --host}: how the host gets at the memory. */
final class HostOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--host", paramLabel = "HOW", defaultValue = "auto",
      description = "How the host gets at the memory: transparent (it touches plain segments), explicit (under leases), or auto "
          + "(transparent where it is to be had). Default: auto")
  private String how;

  /** Opens a space to allocate in; a mode that is not to be had here is a wrong command line. */
  HostSpace open(UnifiedMemory memory) {
    return HostSpace.open(memory, mode(memory));
  }

  private Mode mode(UnifiedMemory memory) {
    return switch (how) {
      case "auto" -> isSvm(memory) ? Mode.EXPLICIT : memory.hostAccess().mode();
      case "explicit" -> Mode.EXPLICIT;
      case "transparent" -> {
        if (isSvm(memory)) {
          throw wrong("Shared virtual memory is not touched without leases: --host transparent --memory svm. Use --host explicit");
        }
        yield transparent(memory.hostAccess());
      }
      default -> throw wrong("--host is one of auto, transparent, explicit: --host " + how);
    };
  }

  private static boolean isSvm(UnifiedMemory memory) {
    return memory.devices().stream().anyMatch(device -> device.memoryKind() == MemoryKind.SVM);
  }

  private Mode transparent(HostAccess access) {
    if (!access.isTransparent()) {
      throw wrong("--host transparent is not to be had here: " + access.reason() + ". " + access.remedy()
          + " Use --host auto or --host explicit");
    }
    return Mode.TRANSPARENT;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

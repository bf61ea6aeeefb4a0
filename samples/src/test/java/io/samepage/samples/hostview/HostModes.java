package io.samepage.samples.hostview;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.HostAccess;
import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import java.util.List;

/** The modes that tests run in. */
public final class HostModes {
  private HostModes() {}

  /** {@return all modes that are to be had here; of the others it is asserted that they are refused with their reason} */
  public static List<Mode> here() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      HostAccess access = memory.hostAccess();
      if (access.isTransparent()) {
        return List.of(Mode.EXPLICIT, Mode.TRANSPARENT);
      }
      assertThatThrownBy(() -> HostSpace.open(memory, Mode.TRANSPARENT)).isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(access.reason());
      return List.of(Mode.EXPLICIT);
    }
  }
}

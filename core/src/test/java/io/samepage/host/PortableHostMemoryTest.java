package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortableHostMemoryTest extends HostMemoryContract {
  @Override
  HostMemory open() {
    return new PortableHostMemory();
  }

  @Override
  int many() {
    return 3000;
  }

  @AfterEach
  void forgetTheChoice() {
    System.clearProperty(HostMemory.KIND_PROPERTY);
  }

  @Test
  void itIsChosenByAProperty() {
    System.setProperty(HostMemory.KIND_PROPERTY, "portable");
    try (HostMemory chosen = HostMemory.open()) {
      assertThat(chosen).isInstanceOf(PortableHostMemory.class);
    }
  }

  @Test
  void otherKindsAreRefused() {
    System.setProperty(HostMemory.KIND_PROPERTY, "paper");
    assertThatThrownBy(HostMemory::open).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samepage.host.memory=paper").hasMessageContaining("portable");
  }
}

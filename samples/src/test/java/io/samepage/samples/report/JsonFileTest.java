package io.samepage.samples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir
  private Path folder;

  @Test
  void aClaimedFileIsWritten() throws IOException {
    Path path = folder.resolve("new.json");
    try (JsonFile file = JsonFile.claim(path)) {
      file.write(Map.of("a", 1));
    }

    assertThat(path).content().isEqualToIgnoringWhitespace("{\"a\":1}");
  }

  @Test
  void aNewFileIsGoneAgainIfNothingWasWritten() throws IOException {
    Path path = folder.resolve("new.json");
    try (JsonFile file = JsonFile.claim(path)) {
      assertThat(path).exists();
    }

    assertThat(path).doesNotExist();
  }

  @Test
  void anOldFileKeepsItsContentUntilItIsWritten() throws IOException {
    Path path = Files.writeString(folder.resolve("old.json"), "old content, longer than the new one");
    try (JsonFile file = JsonFile.claim(path)) {
      assertThat(path).hasContent("old content, longer than the new one");
    }
    assertThat(path).hasContent("old content, longer than the new one");

    try (JsonFile file = JsonFile.claim(path)) {
      file.write(1);
    }
    assertThat(path).hasContent("1");
  }

  @Test
  void aPathThatCanNotBeWrittenIsRefusedAtOnce() {
    assertThatThrownBy(() -> JsonFile.claim(folder)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> JsonFile.claim(folder.resolve("nowhere/new.json"))).isInstanceOf(IOException.class);
  }
}

package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.samples.matrixmarket.MatrixMarketException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFilesTest {
  private final SyntheticNetwork network = new SyntheticNetwork(12, 20, 3, 4);

  @TempDir
  private Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    network.write(folder);
  }

  @Test
  void aFolderIsReadAsItWasWritten() throws IOException {
    NetworkData data = NetworkFiles.read(folder);

    assertThat(data).usingRecursiveComparison().isEqualTo(network.data());
  }

  @Test
  void filesMayBeGzipped() throws IOException {
    for (String name : new String[] {"images", "layer-02", "categories"}) {
      Path plain = folder.resolve(name + ".mtx");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".mtx.gz")))) {
        Files.copy(plain, out);
      }
      Files.delete(plain);
    }

    assertThat(NetworkFiles.read(folder)).usingRecursiveComparison().isEqualTo(network.data());
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(folder.resolve("categories.mtx"));
    assertProblem("no file categories.mtx or categories.mtx.gz");
    Files.delete(folder.resolve("layer-02.mtx"));
    assertProblem("no file layer-02.mtx or layer-02.mtx.gz");
    Files.delete(folder.resolve("layer-01.mtx"));
    Files.delete(folder.resolve("layer-03.mtx"));
    assertProblem("no file layer-01.mtx or layer-01.mtx.gz");
    network.write(folder);
    Files.delete(folder.resolve("images.mtx"));
    assertProblem("no file images.mtx or images.mtx.gz");
  }

  @Test
  void aMissingFolderIsNamed() {
    Path nowhere = folder.resolve("nowhere");

    assertThatThrownBy(() -> NetworkFiles.read(nowhere)).isInstanceOf(IOException.class).hasMessage(nowhere + ": no such folder");
  }

  @Test
  void matricesThatDoNotFitTogetherAreNamed() throws IOException {
    write("categories.mtx", "13 1 0");
    assertProblem("categories.mtx: a matrix of the wrong size: rows=13, columns=1, expected=12 × 1");
    write("layer-03.mtx", "20 21 0");
    assertProblem("layer-03.mtx: a matrix of the wrong size: rows=20, columns=21, expected=20 × 20");
    write("images.mtx", "0 20 0");
    assertProblem("images.mtx: a matrix of the wrong size: rows=0, columns=20");
  }

  @Test
  void anIndexOutOfBoundsIsNamedWithFileAndLine() throws IOException {
    write("layer-02.mtx", "20 20 1\n21 1 1");

    assertThatThrownBy(() -> NetworkFiles.read(folder)).isInstanceOf(MatrixMarketException.class)
        .hasMessage(folder.resolve("layer-02.mtx") + ":3: row index out of bounds: row=21, rows=20");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), "%%MatrixMarket matrix coordinate real general\n" + text + "\n");
  }

  private void assertProblem(String problem) {
    assertThatThrownBy(() -> NetworkFiles.read(folder)).isInstanceOf(IOException.class).hasMessageStartingWith(folder.toString())
        .hasMessageContaining(problem);
  }
}

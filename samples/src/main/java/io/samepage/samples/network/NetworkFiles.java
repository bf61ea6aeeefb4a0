package io.samepage.samples.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import io.samepage.samples.matrixmarket.MatrixMarket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a network from a folder: {@code images}, {@code layer-01}, {@code layer-02} and so on, and {@code categories}, each
 * with the ending {@code .mtx} or {@code .mtx.gz}.
 */
public final class NetworkFiles {
  private static final Pattern LAYER = Pattern.compile("layer-(\\d{1,6})\\.mtx(\\.gz)?");

  private final Path folder;

  private NetworkFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads a folder.
   *
   * @param folder the folder
   * @return the network
   * @throws IOException if a file is missing or can't be read, or the matrices don't fit together; the message names it
   */
  public static NetworkData read(Path folder) throws IOException {
    return new NetworkFiles(folder).data();
  }

  private NetworkData data() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder");
    }
    SortedMap<Integer, Path> layerFiles = layerFiles();
    Path imageFile = find("images");
    CoordinateMatrix images = MatrixMarket.read(imageFile);
    check(imageFile, images, "at least 1 × 1", images.rows() > 0 && images.columns() > 0);
    List<CoordinateMatrix> layers = new ArrayList<>();
    for (Path file : layerFiles.values()) {
      layers.add(layer(file, images.columns()));
    }
    return new NetworkData(images, stack(layers), categories(images.rows()));
  }

  private SortedMap<Integer, Path> layerFiles() throws IOException {
    SortedMap<Integer, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.sorted().toList()) {
        Matcher name = LAYER.matcher(file.getFileName().toString());
        if (name.matches()) {
          files.putIfAbsent(Integer.parseInt(name.group(1)), file);
        }
      }
    }
    for (int number = 1; number <= Math.max(1, files.size()); number++) {
      if (!files.containsKey(number)) {
        throw new IOException(folder + ": no file layer-%02d.mtx or layer-%02d.mtx.gz".formatted(number, number));
      }
    }
    return files;
  }

  private Path find(String name) throws IOException {
    for (String ending : List.of(".mtx", ".mtx.gz")) {
      Path file = folder.resolve(name + ending);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new IOException(folder + ": no file " + name + ".mtx or " + name + ".mtx.gz");
  }

  private CoordinateMatrix layer(Path file, int neurons) throws IOException {
    CoordinateMatrix layer = MatrixMarket.read(file);
    check(file, layer, neurons + " × " + neurons, layer.rows() == neurons && layer.columns() == neurons);
    return layer;
  }

  private StackedLayers stack(List<CoordinateMatrix> layers) throws IOException {
    try {
      return StackedLayers.of(layers);
    } catch (ArithmeticException e) {
      throw new IOException(folder + ": the layers have 2^31 weights or more, too many for this program", e);
    }
  }

  private SortedSet<Integer> categories(int images) throws IOException {
    Path file = find("categories");
    CoordinateMatrix matrix = MatrixMarket.read(file);
    check(file, matrix, images + " × 1", matrix.rows() == images && matrix.columns() == 1);
    SortedSet<Integer> categories = new TreeSet<>();
    for (int row : matrix.rowIndices()) {
      categories.add(row);
    }
    return categories;
  }

  private static void check(Path file, CoordinateMatrix matrix, String expected, boolean fits) throws IOException {
    if (!fits) {
      throw new IOException(file + ": a matrix of the wrong size: rows=" + matrix.rows() + ", columns=" + matrix.columns()
          + ", expected=" + expected);
    }
  }
}

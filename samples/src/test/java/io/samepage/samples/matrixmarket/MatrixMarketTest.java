package io.samepage.samples.matrixmarket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixMarketTest {
  private static final String GENERAL = "%%MatrixMarket matrix coordinate real general\n";

  private Path file;

  @BeforeEach
  void nameTheFile(@TempDir Path folder) {
    file = folder.resolve("m.mtx");
  }

  @Test
  void generalRealEntriesCountFromZero() throws IOException {
    CoordinateMatrix matrix = read(GENERAL + "3 4 2\n1 4 .0625\n3 2 -1.5e2\n");

    assertThat(matrix.rows()).isEqualTo(3);
    assertThat(matrix.columns()).isEqualTo(4);
    assertThat(matrix.rowIndices()).containsExactly(0, 2);
    assertThat(matrix.columnIndices()).containsExactly(3, 1);
    assertThat(matrix.values()).containsExactly(.0625f, -150f);
  }

  @Test
  void theOtherTriangleOfASymmetricMatrixIsFilledIn() throws IOException {
    CoordinateMatrix matrix = read("%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 2 5\n3 1 7\n");

    assertThat(dense(matrix)).isDeepEqualTo(new float[][] {{0, 0, 7}, {0, 5, 0}, {7, 0, 0}});
  }

  @Test
  void entriesOfAPatternAreOne() throws IOException {
    CoordinateMatrix matrix = read("%%MatrixMarket matrix coordinate pattern general\n2 2 2\n1 2\n2 1\n");

    assertThat(dense(matrix)).isDeepEqualTo(new float[][] {{0, 1}, {1, 0}});
  }

  @Test
  void aSymmetricPatternIsBoth() throws IOException {
    CoordinateMatrix matrix = read("%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n");

    assertThat(dense(matrix)).isDeepEqualTo(new float[][] {{0, 1}, {1, 0}});
  }

  @Test
  void integersAreRead() throws IOException {
    assertThat(read("%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 -3\n").values()).containsExactly(-3f);
  }

  @Test
  void theHeadMayBeInAnyCaseAndCommentsAndBlankLinesAnywhereBehindIt() throws IOException {
    CoordinateMatrix matrix = read("%%matrixmarket MATRIX Coordinate Real General\n%%GraphBLAS type float\n\n% c\n"
        + "1 2 1\n% c\n 1\t2  9 \n\n");

    assertThat(dense(matrix)).isDeepEqualTo(new float[][] {{0, 9}});
  }

  @Test
  void aMatrixMayHaveNoEntries() throws IOException {
    assertThat(read(GENERAL + "5 6 0\n").entryCount()).isZero();
  }

  @Test
  void gzippedTextIsKnownByItsContent() throws IOException {
    Files.write(file, gzipped(GENERAL + "1 1 1\n1 1 2\n"));

    assertThat(MatrixMarket.read(file).values()).containsExactly(2f);
  }

  @Test
  void manyMoreEntriesThanTheFirstArraysHoldAreRead() throws IOException {
    int count = 200_000;
    StringBuilder text = new StringBuilder(GENERAL).append("1 ").append(count).append(' ').append(count).append('\n');
    for (int i = 1; i <= count; i++) {
      text.append("1 ").append(i).append(' ').append(i).append('\n');
    }

    CoordinateMatrix matrix = read(text.toString());

    assertThat(matrix.entryCount()).isEqualTo(count);
    assertThat(matrix.columnIndices()[count - 1]).isEqualTo(count - 1);
    assertThat(matrix.values()[count - 1]).isEqualTo(count);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> MatrixMarket.read(file)).isInstanceOf(MatrixMarketException.class).hasMessage(file + ": no such file");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> MatrixMarket.read(file.getParent())).isInstanceOf(MatrixMarketException.class)
        .hasMessageContaining(file.getParent().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 1 1\n1 1 1\n", "%MatrixMarket matrix coordinate real general\n", "PNG\n"})
  void anotherFormatIsRefused(String text) {
    assertProblem(text, 1, "not a Matrix Market file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"matrix array real general", "matrix coordinate complex general", "matrix coordinate real skew-symmetric",
      "matrix coordinate complex hermitian", "vector coordinate real general", "matrix coordinate real",
      "matrix coordinate real general x"})
  void otherFormsOfMatrixMarketAreRefused(String form) {
    assertProblem("%%MatrixMarket " + form + "\n1 1 1\n1 1 1\n", 1, "form of Matrix Market");
  }

  @Test
  void aFileWithoutSizesIsTruncated() {
    assertProblem(GENERAL + "% nothing else\n", 2, "truncated: no size line");
  }

  @Test
  void aFileWithTooFewEntriesIsTruncated() {
    assertProblem(GENERAL + "2 2 3\n1 1 1\n2 2 1\n", 4, "truncated: expectedEntries=3, foundEntries=2");
  }

  @Test
  void aFileWithTooManyEntriesIsRefused() {
    assertProblem(GENERAL + "2 2 1\n1 1 1\n2 2 1\n", 4, "more entries than the size line says: expectedEntries=1");
  }

  @ParameterizedTest
  @CsvSource({"0 1 1, row=0", "4 1 1, row=4", "-1 1 1, row=-1", "1 0 1, column=0", "1 3 1, column=3",
      "1 99999999999 1, column=99999999999"})
  void anIndexOutOfBoundsIsNamedWithItsLine(String entry, String problem) {
    assertProblem(GENERAL + "% c\n3 2 2\n1 1 1\n" + entry + "\n", 5, problem);
  }

  @ParameterizedTest
  @CsvSource({"1 1, expected 3 numbers", "1 1 1 1, expected 3 numbers", "1 x 1, expected whole numbers", "1.5 1 1, expected whole numbers",
      "1 1 x, not a finite number", "1 1 NaN, not a finite number", "1 1 1e99, not a finite number"})
  void anEntryThatIsNoneIsNamedWithItsLine(String entry, String problem) {
    assertProblem(GENERAL + "1 1 1\n" + entry + "\n", 3, problem);
  }

  @ParameterizedTest
  @CsvSource({"1 1, expected 3 numbers", "-1 1 1, rows=-1", "1 3000000000 1, columns=3000000000", "1 1 -1, entries=-1",
      "1 1 9999999999, entries=9999999999", "a 1 1, expected whole numbers"})
  void sizesThatAreNoneAreRefused(String sizes, String problem) {
    assertProblem(GENERAL + sizes + "\n", 2, problem);
  }

  @Test
  void aSymmetricMatrixIsSquare() {
    assertProblem("%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n", 2, "a symmetric matrix is square: rows=2, columns=3");
  }

  @Test
  void theNumberOfEntriesThatAFileClaimsTakesNoMemory() {
    assertProblem(GENERAL + "1 1 1000000000\n1 1 1\n", 3, "truncated: expectedEntries=1000000000, foundEntries=1");
  }

  @Test
  void gzipDataThatEndsTooEarlyIsTruncated() throws IOException {
    byte[] whole = gzipped(GENERAL + "2 2 4\n1 1 1\n1 2 1\n2 1 1\n2 2 1\n");
    for (int length : new int[] {2, 5, 20, whole.length - 9}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> MatrixMarket.read(file)).as("length=%d", length).isInstanceOf(MatrixMarketException.class)
          .hasMessageStartingWith(file.toString()).hasMessageContaining("truncated");
    }
  }

  @Test
  void damagedGzipDataIsRefused() throws IOException {
    byte[] damaged = gzipped(GENERAL + "2 2 4\n1 1 1\n1 2 1\n2 1 1\n2 2 1\n");
    Arrays.fill(damaged, 10, 20, (byte) 0xff);
    Files.write(file, damaged);

    assertThatThrownBy(() -> MatrixMarket.read(file)).isInstanceOf(MatrixMarketException.class).hasMessageContaining("damaged gzip data");
  }

  private CoordinateMatrix read(String text) throws IOException {
    Files.writeString(file, text);
    return MatrixMarket.read(file);
  }

  private void assertProblem(String text, int line, String problem) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(MatrixMarketException.class).hasMessageStartingWith(file + ":" + line + ": ")
        .hasMessageContaining(problem);
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static float[][] dense(CoordinateMatrix matrix) {
    float[][] dense = new float[matrix.rows()][matrix.columns()];
    for (int entry = 0; entry < matrix.entryCount(); entry++) {
      dense[matrix.rowIndices()[entry]][matrix.columnIndices()[entry]] += matrix.values()[entry];
    }
    return dense;
  }
}

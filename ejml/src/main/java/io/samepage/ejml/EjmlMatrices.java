package io.samepage.ejml;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;

/**
 * EJML's dense matrices in and out of unified memory, by one call each way. In memory a matrix is its elements row by row, in the
 * machine's byte order, and nothing else: as C and OpenCL C have it.
 *
 * <p>EJML keeps elements in an array on the heap, so each call copies them once; between the calls only what devices need moves. All
 * methods take a host lease for as long as they copy, wait as that does, and throw what that throws. They may be called by any thread that
 * does not hold a lease which conflicts. A slice of an arena's segment is had by {@link UnifiedMemory#slice(MemorySegment)}.
 */
public final class EjmlMatrices {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private EjmlMatrices() {}

  /**
   * Allocates a range and copies a matrix there.
   *
   * @param memory where
   * @param matrix the matrix, with at least one element
   * @return the range, of eight bytes for each element, to be closed
   * @throws IllegalArgumentException if the matrix has no elements
   */
  public static UnifiedRange range(UnifiedMemory memory, DMatrixRMaj matrix) {
    UnifiedRange range = memory.allocate(matrix.getNumElements() * DOUBLE.byteSize());
    write(matrix, range.all());
    return range;
  }

  /**
   * Allocates a range and copies a matrix there.
   *
   * @param memory where
   * @param matrix the matrix, with at least one element
   * @return the range, of four bytes for each element, to be closed
   * @throws IllegalArgumentException if the matrix has no elements
   */
  public static UnifiedRange range(UnifiedMemory memory, FMatrixRMaj matrix) {
    UnifiedRange range = memory.allocate(matrix.getNumElements() * FLOAT.byteSize());
    write(matrix, range.all());
    return range;
  }

  /**
   * Copies a matrix over a slice.
   *
   * @param matrix the matrix
   * @param slice where to: eight bytes for each element
   * @throws IllegalArgumentException if the slice is not that large
   */
  public static void write(DMatrixRMaj matrix, Slice slice) {
    checkSize(slice, matrix.numRows, matrix.numCols, DOUBLE.byteSize());
    try (HostLease lease = slice.host(Access.WRITE)) {
      // The array may be larger than the matrix.
      MemorySegment.copy(matrix.data, 0, lease.segment(), DOUBLE, 0, matrix.getNumElements());
    }
  }

  /**
   * Copies a matrix over a slice.
   *
   * @param matrix the matrix
   * @param slice where to: four bytes for each element
   * @throws IllegalArgumentException if the slice is not that large
   */
  public static void write(FMatrixRMaj matrix, Slice slice) {
    checkSize(slice, matrix.numRows, matrix.numCols, FLOAT.byteSize());
    try (HostLease lease = slice.host(Access.WRITE)) {
      MemorySegment.copy(matrix.data, 0, lease.segment(), FLOAT, 0, matrix.getNumElements());
    }
  }

  /**
   * Makes a matrix of the doubles of a slice.
   *
   * @param slice the elements row by row
   * @param rows how many rows
   * @param columns how many columns
   * @return a new matrix
   * @throws IllegalArgumentException if the slice is not as large as so many doubles
   */
  public static DMatrixRMaj doubles(Slice slice, int rows, int columns) {
    checkSize(slice, rows, columns, DOUBLE.byteSize());
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    try (HostLease lease = slice.host(Access.READ)) {
      MemorySegment.copy(lease.segment(), DOUBLE, 0, matrix.data, 0, matrix.getNumElements());
    }
    return matrix;
  }

  /**
   * Makes a matrix of the floats of a slice.
   *
   * @param slice the elements row by row
   * @param rows how many rows
   * @param columns how many columns
   * @return a new matrix
   * @throws IllegalArgumentException if the slice is not as large as so many floats
   */
  public static FMatrixRMaj floats(Slice slice, int rows, int columns) {
    checkSize(slice, rows, columns, FLOAT.byteSize());
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    try (HostLease lease = slice.host(Access.READ)) {
      MemorySegment.copy(lease.segment(), FLOAT, 0, matrix.data, 0, matrix.getNumElements());
    }
    return matrix;
  }

  private static void checkSize(Slice slice, int rows, int columns, long elementBytes) {
    if (slice.sizeBytes() != (long) rows * columns * elementBytes) {
      throw new IllegalArgumentException("The slice is not as large as the matrix: slice=" + slice + ", sizeBytes=" + slice.sizeBytes()
          + ", rows=" + rows + ", columns=" + columns + ", neededBytes=" + (long) rows * columns * elementBytes);
    }
  }
}

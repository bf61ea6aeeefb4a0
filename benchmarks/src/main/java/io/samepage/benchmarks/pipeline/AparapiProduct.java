package io.samepage.benchmarks.pipeline;

import com.aparapi.Kernel;

/** The sample's first kernel in Java, as Aparapi translates it: C = A·B, a tile for each group. Names that end so are local memory. */
final class AparapiProduct extends Kernel {
  private static final int TILE = OpenClText.TILE;

  private final float[] left_$local$ = new float[TILE * TILE];
  private final float[] right_$local$ = new float[TILE * TILE];
  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final int rows;
  private final int inner;
  private final int columns;

  AparapiProduct(float[] a, float[] b, float[] c, int rows, int inner, int columns) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.rows = rows;
    this.inner = inner;
    this.columns = columns;
  }

  @Override
  public void run() {
    int x = getLocalId(0);
    int y = getLocalId(1);
    int column = getGlobalId(0);
    int row = getGlobalId(1);
    float sum = 0;
    for (int k = 0; k < inner; k += TILE) {
      left_$local$[y * TILE + x] = row < rows && k + x < inner ? a[row * inner + k + x] : 0;
      right_$local$[y * TILE + x] = k + y < inner && column < columns ? b[(k + y) * columns + column] : 0;
      localBarrier();
      for (int i = 0; i < TILE; i++) {
        sum += left_$local$[y * TILE + i] * right_$local$[i * TILE + x];
      }
      localBarrier();
    }
    if (row < rows && column < columns) {
      c[row * columns + column] = sum;
    }
  }
}

package io.samepage.benchmarks.pipeline;

import com.aparapi.Kernel;

/** The sample's second kernel in Java, as Aparapi translates it: D = C·Cᵀ, a tile for each group. Names that end so are local memory. */
final class AparapiGram extends Kernel {
  private static final int TILE = OpenClText.TILE;

  private final float[] left_$local$ = new float[TILE * TILE];
  private final float[] right_$local$ = new float[TILE * TILE];
  private final float[] c;
  private final float[] d;
  private final int rows;
  private final int columns;

  AparapiGram(float[] c, float[] d, int rows, int columns) {
    this.c = c;
    this.d = d;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public void run() {
    int x = getLocalId(0);
    int y = getLocalId(1);
    int column = getGlobalId(0);
    int row = getGlobalId(1);
    int partner = column - x + y;
    float sum = 0;
    for (int k = 0; k < columns; k += TILE) {
      left_$local$[y * TILE + x] = row < rows && k + x < columns ? c[row * columns + k + x] : 0;
      right_$local$[x * TILE + y] = partner < rows && k + x < columns ? c[partner * columns + k + x] : 0;
      localBarrier();
      for (int i = 0; i < TILE; i++) {
        sum += left_$local$[y * TILE + i] * right_$local$[i * TILE + x];
      }
      localBarrier();
    }
    if (row < rows && column < rows) {
      d[row * rows + column] = sum;
    }
  }
}

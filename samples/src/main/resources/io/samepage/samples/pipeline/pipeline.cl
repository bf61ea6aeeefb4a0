// Matrix products by tiles: a group computes a TILE x TILE tile of the result, and brings the tiles of its factors to local
// memory one after the other. Matrices are stored by rows. Items outside the result help to load, as zeros, and store nothing.

#define TILE 16

// The dot products of a group's rows with its columns, one for each item, when both factors' tiles are in place.
inline float tileProduct(__local float (*left)[TILE], __local float (*right)[TILE], int row, int column) {
  float sum = 0.0f;
  for (int k = 0; k < TILE; k++) {
    sum += left[row][k] * right[k][column];
  }
  return sum;
}

// c = a * b, where a is rows x inner, b is inner x columns.
__kernel __attribute__((reqd_work_group_size(TILE, TILE, 1)))
void multiply(__global const float* a, __global const float* b, __global float* c, int rows, int inner, int columns) {
  __local float left[TILE][TILE];
  __local float right[TILE][TILE];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const long column = get_global_id(0);
  const long row = get_global_id(1);
  float sum = 0.0f;
  for (int k = 0; k < inner; k += TILE) {
    left[y][x] = row < rows && k + x < inner ? a[row * inner + k + x] : 0.0f;
    right[y][x] = k + y < inner && column < columns ? b[(long) (k + y) * columns + column] : 0.0f;
    barrier(CLK_LOCAL_MEM_FENCE);
    sum += tileProduct(left, right, y, x);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (row < rows && column < columns) {
    c[row * columns + column] = sum;
  }
}

// d = rows of c * transposed c, from row 'first' on, where c is all x inner and d is rows x all.
__kernel __attribute__((reqd_work_group_size(TILE, TILE, 1)))
void gram(__global const float* c, __global float* d, int first, int rows, int inner, int all) {
  __local float left[TILE][TILE];
  __local float right[TILE][TILE];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const long column = get_global_id(0);
  const long row = get_global_id(1);
  // The row of c that this item loads for the right factor: the group's columns, so that neighbours load neighbours.
  const long partner = column - x + y;
  float sum = 0.0f;
  for (int k = 0; k < inner; k += TILE) {
    left[y][x] = row < rows && k + x < inner ? c[(first + row) * inner + k + x] : 0.0f;
    right[x][y] = partner < all && k + x < inner ? c[partner * inner + k + x] : 0.0f;
    barrier(CLK_LOCAL_MEM_FENCE);
    sum += tileProduct(left, right, y, x);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (row < rows && column < all) {
    d[row * all + column] = sum;
  }
}

// Matrix products by tiles: a block computes a TILE x TILE tile of the result, and brings the tiles of its factors to shared
// memory one after the other. Matrices are stored by rows. Threads outside the result help to load, as zeros, and store nothing.
// pipeline.ptx is made from this: see docs/HACKING.md.

#define TILE 16

// The dot products of a block's rows with its columns, one for each thread, when both factors' tiles are in place.
__device__ static float tileProduct(float (*left)[TILE], float (*right)[TILE], int row, int column) {
  float sum = 0.0f;
  for (int k = 0; k < TILE; k++) {
    sum += left[row][k] * right[k][column];
  }
  return sum;
}

// c = a * b, where a is rows x inner, b is inner x columns.
extern "C" __global__ void __launch_bounds__(TILE *TILE)
    multiply(const float *__restrict__ a, const float *__restrict__ b, float *__restrict__ c, int rows, int inner, int columns) {
  __shared__ float left[TILE][TILE];
  __shared__ float right[TILE][TILE];
  const int x = threadIdx.x;
  const int y = threadIdx.y;
  const long long column = (long long)blockIdx.x * TILE + x;
  const long long row = (long long)blockIdx.y * TILE + y;
  float sum = 0.0f;
  for (int k = 0; k < inner; k += TILE) {
    left[y][x] = row < rows && k + x < inner ? a[row * inner + k + x] : 0.0f;
    right[y][x] = k + y < inner && column < columns ? b[(long long)(k + y) * columns + column] : 0.0f;
    __syncthreads();
    sum += tileProduct(left, right, y, x);
    __syncthreads();
  }
  if (row < rows && column < columns) {
    c[row * columns + column] = sum;
  }
}

// d = rows of c * transposed c, from row 'first' on, where c is all x inner and d is rows x all.
extern "C" __global__ void __launch_bounds__(TILE *TILE)
    gram(const float *__restrict__ c, float *__restrict__ d, int first, int rows, int inner, int all) {
  __shared__ float left[TILE][TILE];
  __shared__ float right[TILE][TILE];
  const int x = threadIdx.x;
  const int y = threadIdx.y;
  const long long column = (long long)blockIdx.x * TILE + x;
  const long long row = (long long)blockIdx.y * TILE + y;
  // The row of c that this thread loads for the right factor: the block's columns, so that neighbours load neighbours.
  const long long partner = column - x + y;
  float sum = 0.0f;
  for (int k = 0; k < inner; k += TILE) {
    left[y][x] = row < rows && k + x < inner ? c[(first + row) * inner + k + x] : 0.0f;
    right[x][y] = partner < all && k + x < inner ? c[partner * inner + k + x] : 0.0f;
    __syncthreads();
    sum += tileProduct(left, right, y, x);
    __syncthreads();
  }
  if (row < rows && column < all) {
    d[row * all + column] = sum;
  }
}

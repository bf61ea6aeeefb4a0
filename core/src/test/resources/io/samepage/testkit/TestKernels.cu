// The kernels of TestKernels. TestKernels.ptx is made from this: see docs/HACKING.md.
typedef long long int64;

__device__ static size_t item() {
  return (size_t)blockIdx.x * blockDim.x + threadIdx.x;
}

extern "C" __global__ void add(const int *a, const int *b, int *c) {
  size_t i = item();
  c[i] = a[i] + b[i];
}

extern "C" __global__ void increment(int *a, int by) {
  a[item()] += by;
}

extern "C" __global__ void fill(int *a, int value) {
  a[item()] = value;
}

extern "C" __global__ void stamp(int64 *a, int64 value) {
  a[item()] = value;
}

extern "C" __global__ void copy(const char *a, char *b) {
  size_t i = item();
  b[i] = a[i];
}

extern "C" __global__ void affine(const float *a, float *b, float scale, float shift) {
  size_t i = item();
  b[i] = a[i] * scale + shift;
}

extern "C" __global__ void weigh(const int *a, int64 *b, int64 weight, double factor, short s, signed char t) {
  size_t i = item();
  b[i] = a[i] * weight + (int64)factor + s + t;
}

extern "C" __global__ void churn(int *a, int steps) {
  size_t i = item();
  unsigned x = (unsigned)a[i];
  for (int s = 0; s < steps; s++) x = x * 1664525u + 1013904223u;
  a[i] = (int)x;
}

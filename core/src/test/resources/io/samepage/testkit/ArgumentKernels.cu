// The kernels of ArgumentKernels. ArgumentKernels.ptx is made from this: see docs/HACKING.md.
typedef long long int64;

struct settings {
  int first;
  float factor;
  signed char sign;
};

// Local memory: a parameter says where in it an argument begins.
extern __shared__ char shared[];

__device__ static size_t item() {
  return (size_t)blockIdx.x * blockDim.x + threadIdx.x;
}

extern "C" __global__ void scale(const float *a, float *b, float f) {
  size_t i = item();
  b[i] = f * a[i];
}

extern "C" __global__ void peek(int *a, int *b) {
  size_t i = item();
  b[i] = a[i];
}

extern "C" __global__ void overwrite(int *a, int value) {
  a[item()] = value;
}

extern "C" __global__ void letters(int *a, unsigned short c, unsigned char d) {
  a[0] = c;
  a[1] = d;
}

extern "C" __global__ void pack(double *a, signed char b, short c, int d, int64 e, float f, double g) {
  a[0] = b;
  a[1] = c;
  a[2] = d;
  a[3] = (double)e;
  a[4] = f;
  a[5] = g;
}

extern "C" __global__ void apply(const int *a, float *b, struct settings s) {
  size_t i = item();
  b[i] = (s.first + a[i]) * s.factor * s.sign;
}

extern "C" __global__ void weigh(float *a, float4 v, float more) {
  a[0] = v.x + 2 * v.y + 3 * v.z + 4 * v.w + more;
}

extern "C" __global__ void reverse(int *a, unsigned scratchOffset) {
  int *scratch = (int *)(shared + scratchOffset);
  size_t i = item();
  unsigned k = threadIdx.x;
  scratch[k] = a[i];
  __syncthreads();
  a[i] = scratch[blockDim.x - 1 - k];
}

extern "C" __global__ void evens(int *a) {
  size_t i = item();
  if (i % 2 == 0) a[i] = 7;
}

extern "C" __global__ void same(int *a) {
  volatile int *b = a;
  size_t i = item();
  b[i] = b[i];
}

extern "C" __global__ void count(int *a, int *b) {
  size_t i = item();
  a[i] += 1;
  if (a[i] % 2 == 0) b[i] = a[i];
}

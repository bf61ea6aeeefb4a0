// selftest.ptx is made from this: see docs/HACKING.md.
extern "C" __global__ void square(const int *a, int *b) {
  size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x;
  b[i] = a[i] * a[i];
}

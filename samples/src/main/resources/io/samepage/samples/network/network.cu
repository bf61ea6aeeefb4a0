// z = y * w, where y is dense, stored by rows of 'neurons' floats, and w is sparse, stored by columns: column i has the entries
// starts[i] to starts[i + 1], counted from where the first column begins. One thread computes one neuron of one image.
// network.ptx is made from this: see docs/HACKING.md.
extern "C" __global__ void propagate(const float *__restrict__ y, const int *__restrict__ starts, const int *__restrict__ sources,
    const float *__restrict__ weights, float *__restrict__ z, int neurons) {
  const int neuron = blockIdx.x * blockDim.x + threadIdx.x;
  if (neuron >= neurons) {
    return;
  }
  const size_t row = (size_t)(blockIdx.y * blockDim.y + threadIdx.y) * neurons;
  const int base = starts[0];
  const int end = starts[neuron + 1] - base;
  float sum = 0.0f;
  for (int entry = starts[neuron] - base; entry < end; entry++) {
    sum += y[row + sources[entry]] * weights[entry];
  }
  z[row + neuron] = sum;
}

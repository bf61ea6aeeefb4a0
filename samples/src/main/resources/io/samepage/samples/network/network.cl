// z = y * w, where y is dense, stored by rows of 'neurons' floats, and w is sparse, stored by columns: column i has the entries
// starts[i] to starts[i + 1], counted from where the first column begins. One item computes one neuron of one image.
__kernel void propagate(__global const float* y, __global const int* starts, __global const int* sources,
    __global const float* weights, __global float* z, int neurons) {
  const int neuron = get_global_id(0);
  if (neuron >= neurons) {
    return;
  }
  const size_t row = get_global_id(1) * (size_t) neurons;
  const int base = starts[0];
  const int end = starts[neuron + 1] - base;
  float sum = 0.0f;
  for (int entry = starts[neuron] - base; entry < end; entry++) {
    sum += y[row + sources[entry]] * weights[entry];
  }
  z[row + neuron] = sum;
}

// The kernel of GridKernels. GridKernels.ptx is made from this: see docs/HACKING.md.
extern "C" __global__ void visit(int *cells, int sizeX, int sizeY) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  int z = blockIdx.z * blockDim.z + threadIdx.z;
  cells[(z * sizeY + y) * sizeX + x] += 1 + x + 100 * y + 10000 * z;
}

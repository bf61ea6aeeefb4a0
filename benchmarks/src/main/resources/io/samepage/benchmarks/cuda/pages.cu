// A word of each of some pages, one for each thread.
// pages.ptx is made from this: see docs/HACKING.md.

#define WORDS_PER_PAGE 512

// words[i] = the first word of page pages[i].
extern "C" __global__ void read_pages(const long long *memory, const int *pages, int count, long long *words) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    words[i] = memory[(long long)pages[i] * WORDS_PER_PAGE];
  }
}

// The first word of each page = value.
extern "C" __global__ void write_pages(long long *memory, const int *pages, int count, long long value) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    memory[(long long)pages[i] * WORDS_PER_PAGE] = value;
  }
}

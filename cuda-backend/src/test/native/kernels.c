// What the kernels of the tests and samples do, in C. Each is named after the file that its PTX was made from. A kernel that reaches
// beyond a device's memory fails as on a device: its context is lost.
#include <string.h>

#include "double.h"

static uint64_t items(const struct command *launch) {
  return (uint64_t)launch->grid[0] * launch->block[0];
}

static uint64_t bits(const struct command *launch, int index) {
  uint64_t value = 0;
  memcpy(&value, launch->parameters + launch->kernel->parameter[index].offset, launch->kernel->parameter[index].bytes);
  return value;
}

static int32_t integer(const struct command *launch, int index) {
  return (int32_t)bits(launch, index);
}

static float single(const struct command *launch, int index) {
  uint32_t value = (uint32_t)bits(launch, index);
  float result;
  memcpy(&result, &value, sizeof result);
  return result;
}

static double twice(const struct command *launch, int index) {
  uint64_t value = bits(launch, index);
  double result;
  memcpy(&result, &value, sizeof result);
  return result;
}

static const void *structure(const struct command *launch, int index) {
  return launch->parameters + launch->kernel->parameter[index].offset;
}

static void *memory(const struct command *launch, int index, uint64_t bytes) {
  void *at = locate(launch->context, bits(launch, index), bytes);
  if (!at) {
    fail_context(launch->context, ILLEGAL_ADDRESS);
  }
  return at;
}

// Kernels get at memory through these: a slice begins at any multiple of its elements, and others may look at the same page.
typedef int32_t unaligned_int __attribute__((aligned(1), may_alias));
typedef int64_t unaligned_long __attribute__((aligned(1), may_alias));
typedef float unaligned_float __attribute__((aligned(1), may_alias));
typedef double unaligned_double __attribute__((aligned(1), may_alias));

#define ARRAY(type, name, index) \
  type *name = memory(launch, index, sizeof(type) * items(launch)); \
  if (!name) return

static void add(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_int, b, 1);
  ARRAY(unaligned_int, c, 2);
  for (uint64_t i = 0; i < items(launch); i++) {
    c[i] = (int32_t)((uint32_t)a[i] + (uint32_t)b[i]);
  }
}

static void increment(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  for (uint64_t i = 0; i < items(launch); i++) {
    a[i] = (int32_t)((uint32_t)a[i] + (uint32_t)bits(launch, 1));
  }
}

static void fill(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  for (uint64_t i = 0; i < items(launch); i++) {
    a[i] = integer(launch, 1);
  }
}

static void stamp(const struct command *launch) {
  ARRAY(unaligned_long, a, 0);
  for (uint64_t i = 0; i < items(launch); i++) {
    a[i] = (int64_t)bits(launch, 1);
  }
}

static void copy(const struct command *launch) {
  ARRAY(char, a, 0);
  ARRAY(char, b, 1);
  memmove(b, a, items(launch));
}

static void affine(const struct command *launch) {
  ARRAY(unaligned_float, a, 0);
  ARRAY(unaligned_float, b, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = a[i] * single(launch, 2) + single(launch, 3);
  }
}

static void weigh(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_long, b, 1);
  int64_t shift = (int64_t)twice(launch, 3) + (int16_t)bits(launch, 4) + (int8_t)bits(launch, 5);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = a[i] * (int64_t)bits(launch, 2) + shift;
  }
}

static void churn(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  int32_t steps = integer(launch, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    uint32_t x = (uint32_t)a[i];
    for (int32_t s = 0; s < steps; s++) {
      x = x * 1664525u + 1013904223u;
    }
    a[i] = (int32_t)x;
  }
}

static void scale(const struct command *launch) {
  ARRAY(unaligned_float, a, 0);
  ARRAY(unaligned_float, b, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = single(launch, 2) * a[i];
  }
}

static void peek(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_int, b, 1);
  memmove(b, a, 4 * items(launch));
}

static void letters(const struct command *launch) {
  unaligned_int *a = memory(launch, 0, 8);
  if (a) {
    a[0] = (int32_t)bits(launch, 1);
    a[1] = (int32_t)bits(launch, 2);
  }
}

static void pack(const struct command *launch) {
  unaligned_double *a = memory(launch, 0, 48);
  if (a) {
    a[0] = (int8_t)bits(launch, 1);
    a[1] = (int16_t)bits(launch, 2);
    a[2] = integer(launch, 3);
    a[3] = (double)(int64_t)bits(launch, 4);
    a[4] = (double)single(launch, 5);
    a[5] = twice(launch, 6);
  }
}

struct apply_settings {
  int32_t first;
  float factor;
  int8_t sign;
};

static void apply(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_float, b, 1);
  struct apply_settings s;
  memcpy(&s, structure(launch, 2), sizeof s);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = (float)(s.first + a[i]) * s.factor * s.sign;
  }
}

static void weigh_vector(const struct command *launch) {
  unaligned_float *a = memory(launch, 0, 4);
  float v[4];
  memcpy(v, structure(launch, 1), sizeof v);
  if (a) {
    a[0] = v[0] + 2 * v[1] + 3 * v[2] + 4 * v[3] + single(launch, 2);
  }
}

// What a block has of its own is where the parameter says, within what the launch asked for.
static void reverse(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  char shared[48 << 10];
  uint32_t block = launch->block[0];
  if (bits(launch, 1) + 4 * block > launch->shared_bytes) {
    fail_context(launch->context, ILLEGAL_ADDRESS);
    return;
  }
  unaligned_int *scratch = (unaligned_int *)(shared + bits(launch, 1));
  for (uint64_t first = 0; first < items(launch); first += block) {
    memcpy(scratch, a + first, 4 * block);
    for (uint32_t k = 0; k < block; k++) {
      a[first + k] = scratch[block - 1 - k];
    }
  }
}

static void evens(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  for (uint64_t i = 0; i < items(launch); i += 2) {
    a[i] = 7;
  }
}

static void same(const struct command *launch) {
  ARRAY(volatile unaligned_int, a, 0);
  for (uint64_t i = 0; i < items(launch); i++) {
    a[i] = a[i];
  }
}

static void count(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_int, b, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    a[i] = (int32_t)((uint32_t)a[i] + 1);
    if (a[i] % 2 == 0) {
      b[i] = a[i];
    }
  }
}

static void visit(const struct command *launch) {
  uint32_t size[3];
  for (int d = 0; d < 3; d++) {
    size[d] = launch->grid[d] * launch->block[d];
  }
  int64_t size_x = integer(launch, 1), size_y = integer(launch, 2);
  unaligned_int *cells = memory(launch, 0, 4 * (uint64_t)size[0] * size[1] * size[2]);
  for (uint32_t z = 0; cells && z < size[2]; z++) {
    for (uint32_t y = 0; y < size[1]; y++) {
      for (uint32_t x = 0; x < size[0]; x++) {
        cells[((int64_t)z * size_y + y) * size_x + x] += (int32_t)(1 + x + 100 * y + 10000 * z);
      }
    }
  }
}

static void square(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_int, b, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = (int32_t)((uint32_t)a[i] * (uint32_t)a[i]);
  }
}

// As many of a dimension's items as a parameter says, or as were launched if those are fewer.
static int64_t least(const struct command *launch, int dimension, int index) {
  int64_t launched = (int64_t)launch->grid[dimension] * launch->block[dimension];
  return integer(launch, index) < launched ? integer(launch, index) : launched;
}

// A row with a column, added up tile by tile as blocks do it.
static float dot(const unaligned_float *row, const unaligned_float *column, int64_t step, int64_t count) {
  enum { TILE = 16 };
  float sum = 0;
  for (int64_t tile = 0; tile < count; tile += TILE) {
    float part = 0;
    for (int64_t k = tile; k < count && k < tile + TILE; k++) {
      part += row[k] * column[k * step];
    }
    sum += part;
  }
  return sum;
}

static void multiply(const struct command *launch) {
  int64_t rows = least(launch, 1, 3), inner = integer(launch, 4), columns = integer(launch, 5), launched = least(launch, 0, 5);
  unaligned_float *a = memory(launch, 0, (uint64_t)(4 * rows * inner));
  unaligned_float *b = memory(launch, 1, (uint64_t)(4 * inner * columns));
  unaligned_float *c = memory(launch, 2, (uint64_t)(4 * rows * columns));
  for (int64_t row = 0; a && b && c && row < rows; row++) {
    for (int64_t column = 0; column < launched; column++) {
      c[row * columns + column] = dot(a + row * inner, b + column, columns, inner);
    }
  }
}

static void gram(const struct command *launch) {
  int64_t first = integer(launch, 2), rows = least(launch, 1, 3), inner = integer(launch, 4), all = integer(launch, 5);
  int64_t launched = least(launch, 0, 5);
  unaligned_float *c = memory(launch, 0, (uint64_t)(4 * all * inner));
  unaligned_float *d = memory(launch, 1, (uint64_t)(4 * rows * all));
  for (int64_t row = 0; c && d && row < rows; row++) {
    for (int64_t column = 0; column < launched; column++) {
      d[row * all + column] = dot(c + (first + row) * inner, c + column * inner, 1, inner);
    }
  }
}

static void propagate(const struct command *launch) {
  int64_t neurons = integer(launch, 5), launched = least(launch, 0, 5), rows = (int64_t)launch->grid[1] * launch->block[1];
  unaligned_float *y = memory(launch, 0, (uint64_t)(4 * rows * neurons));
  unaligned_int *starts = memory(launch, 1, (uint64_t)(4 * (neurons + 1)));
  unaligned_float *z = memory(launch, 4, (uint64_t)(4 * rows * neurons));
  if (!y || !starts || !z) return;
  int32_t base = starts[0];
  uint64_t entries = (uint64_t)(starts[neurons] - base);
  unaligned_int *sources = memory(launch, 2, 4 * entries);
  unaligned_float *weights = memory(launch, 3, 4 * entries);
  for (int64_t row = 0; sources && weights && row < rows; row++) {
    for (int64_t neuron = 0; neuron < launched; neuron++) {
      float sum = 0;
      for (int32_t entry = starts[neuron] - base; entry < starts[neuron + 1] - base; entry++) {
        sum += y[row * neurons + sources[entry]] * weights[entry];
      }
      z[row * neurons + neuron] = sum;
    }
  }
}

static void advance(const struct command *launch) {
  ARRAY(unaligned_int, a, 0);
  ARRAY(unaligned_int, b, 1);
  for (uint64_t i = 0; i < items(launch); i++) {
    b[i] = (int32_t)(3 * (uint32_t)a[i] + 1);
  }
}

// A word of each of some pages.
static void visit_pages(const struct command *launch, bool writes) {
  enum { PAGE_BYTES = 4096 };
  uint64_t count = bits(launch, 2);
  unaligned_int *pages = memory(launch, 1, 4 * count);
  unaligned_long *words = writes ? NULL : memory(launch, 3, 8 * count);
  for (uint64_t i = 0; pages && (writes || words) && i < count; i++) {
    void *at = locate(launch->context, bits(launch, 0) + (uint64_t)pages[i] * PAGE_BYTES, 8);
    if (!at) {
      fail_context(launch->context, ILLEGAL_ADDRESS);
      return;
    }
    if (writes) {
      *(unaligned_long *)at = (int64_t)bits(launch, 3);
    } else {
      words[i] = *(unaligned_long *)at;
    }
  }
}

static void read_pages(const struct command *launch) {
  visit_pages(launch, false);
}

static void write_pages(const struct command *launch) {
  visit_pages(launch, true);
}

static void trap(const struct command *launch) {
  fail_context(launch->context, LAUNCH_FAILED);
}

static const struct {
  const char *module, *name;
  void (*body)(const struct command *);
} bodies[] = {{"TestKernels", "add", add}, {"TestKernels", "increment", increment}, {"TestKernels", "fill", fill},
    {"TestKernels", "stamp", stamp}, {"TestKernels", "copy", copy}, {"TestKernels", "affine", affine}, {"TestKernels", "weigh", weigh},
    {"TestKernels", "churn", churn}, {"ArgumentKernels", "scale", scale}, {"ArgumentKernels", "peek", peek},
    {"ArgumentKernels", "overwrite", fill}, {"ArgumentKernels", "letters", letters}, {"ArgumentKernels", "pack", pack},
    {"ArgumentKernels", "apply", apply}, {"ArgumentKernels", "weigh", weigh_vector}, {"ArgumentKernels", "reverse", reverse},
    {"ArgumentKernels", "evens", evens}, {"ArgumentKernels", "same", same}, {"ArgumentKernels", "count", count},
    {"GridKernels", "visit", visit}, {"FailingKernels", "trap", trap}, {"HostPagesTrial", "advance", advance},
    {"selftest", "square", square}, {"pipeline", "multiply", multiply}, {"pipeline", "gram", gram}, {"network", "propagate", propagate},
    {"pages", "read_pages", read_pages}, {"pages", "write_pages", write_pages}};

void (*kernel_body(const char *module, const char *kernel))(const struct command *) {
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    if (!strcmp(bodies[i].module, module) && !strcmp(bodies[i].name, kernel)) {
      return bodies[i].body;
    }
  }
  return NULL;
}

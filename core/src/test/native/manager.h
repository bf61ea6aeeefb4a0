// A coherence manager of the plainest kind: what Java does around the library, by rules R2 to R4, for one reservation and three
// devices. Two are fake OpenCL devices, which run behind; the third is memory whose kernels are complete when their launch returns.
#ifndef MANAGER_H
#define MANAGER_H

#include <pthread.h>

#include "fake_opencl.h"
#include "testing.h"

enum { DEVICES = 3, MEMORY_DEVICE = 2, MANAGED_PAGES = 3 * 512, LAUNCH_PAGES = 24, LAUNCH_SLICES = 2 * LAUNCH_PAGES };

// A kernel gets this, and the window's bytes.
struct kernel_call {
  void (*kernel)(const struct kernel_call *call);
  char *const *window;  // where the device's window is when the kernel runs
  uint64_t number;
};

struct launch {
  unsigned device;
  bool writes, overwrites;  // overwrites: all bytes of all pages, so that nothing is uploaded
  unsigned page_count, slice_count;
  uint64_t page[LAUNCH_PAGES];  // ascending
  struct sp_slice slice[LAUNCH_SLICES];
  struct kernel_call call;
};

struct memory *manager_open(struct sp_config config, unsigned device_count);
void manager_close(void);
void manager_launch(struct launch *launch);
// Frees a device's window.
void manager_evict(unsigned device);
// Unmaps pages that stay valid.
void manager_unmap(uint64_t page);
// Takes pages from their range and gives them to a new one.
void manager_reopen(uint64_t first_page, uint64_t page_count);
void manager_print(void);

#endif

// The system calls that the handler is made of. Errors are errno values, 0 is success.
#ifndef SP_KERNEL_H
#define SP_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sp_kernel {
  int faults;   // the userfaultfd
  int pagemap;  // /proc/self/pagemap
  int stop;     // an eventfd: ends sp_kernel_await
};

// A run of pages of the same categories. The layout is the kernel's.
struct sp_region {
  uint64_t start, end, categories;
};

int sp_kernel_open(struct sp_kernel *kernel, char *reason, size_t reason_bytes);
void sp_kernel_close(struct sp_kernel *kernel);
int sp_kernel_watch(struct sp_kernel *kernel, void *address, size_t bytes);
// Threads that wait for pages of it go on.
void sp_kernel_unwatch(struct sp_kernel *kernel, void *address, size_t bytes);

// The address of the next fault. EAGAIN: there is none.
int sp_kernel_next(struct sp_kernel *kernel, uint64_t *address);
// Sleeps until there is a fault or the kernel is told to stop.
void sp_kernel_await(struct sp_kernel *kernel);
void sp_kernel_stop(struct sp_kernel *kernel);

// Maps existing frames and wakes who waits for them. `mapped`: bytes done, also where it fails.
int sp_kernel_map(struct sp_kernel *kernel, void *address, size_t bytes, bool protect, size_t *mapped);
void sp_kernel_wake(struct sp_kernel *kernel, void *address, size_t bytes);
// Makes frames exist, through the manager view.
int sp_kernel_populate(void *address, size_t bytes);
int sp_kernel_unmap(void *address, size_t bytes);
int sp_kernel_drop_frames(int file, uint64_t offset, uint64_t bytes);
// What a scan answers.
enum sp_scanned {
  SP_LOOK,              // written pages, and those without an entry; they stay so
  SP_WRITTEN,           // the same, but made clean, as all that follow
  SP_WRITTEN_PRESENCE,  // these, and in `categories` which are present; takes longer
  SP_PRESENT,           // present pages, and in `categories` which were written
};
enum { SP_PAGE_WRITTEN = 2, SP_PAGE_PRESENT = 8 };
// Finds pages. Answers how many regions, or a negative errno; `end_of_walk`: where it stopped.
long sp_kernel_scan(struct sp_kernel *kernel, void *address, size_t bytes, enum sp_scanned what, struct sp_region *regions,
    size_t capacity, uint64_t *end_of_walk);

#endif

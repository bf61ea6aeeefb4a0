#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "samepage.h"

// What follows is newer than the headers of the systems that we build on. Linux 6.7:
#define FEATURE_WP_ASYNC (1ull << 15)
#define CONTINUE_PROTECTED (1ull << 1)
#define PAGEMAP_SCAN _IOWR('f', 16, struct scan_argument)
#define SCAN_REARM 1ull
#define SCAN_CHECK_WP_ASYNC 2ull
// Linux 6.1: the way in where the system call itself is refused.
#define DEVICE_NEW _IO(0xAA, 0x00)

#define NEEDED_FEATURES (UFFD_FEATURE_MINOR_SHMEM | UFFD_FEATURE_WP_HUGETLBFS_SHMEM | FEATURE_WP_ASYNC)
#define MODES (UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_MINOR | UFFDIO_REGISTER_MODE_WP)

struct scan_argument {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

// A reason and, in a second line, its remedy.
static int refuse(int error, char *reason, size_t reason_bytes, const char *text, const char *remedy) {
  bool no_files = error == EMFILE || error == ENFILE;
  snprintf(reason, reason_bytes, "%s: errno=%d (%s)\n%s", text, error, strerror(error),
      no_files ? "Raise the limit of open files (ulimit -n)." : remedy);
  return error;
}

static int new_userfaultfd(void) {
  int flags = O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY;
  int file = (int)syscall(SYS_userfaultfd, flags);
  if (file >= 0) {
    return file;
  }
  int error = errno;
  int device = open("/dev/userfaultfd", O_RDWR | O_CLOEXEC);
  if (device >= 0) {
    file = ioctl(device, DEVICE_NEW, flags);
    close(device);
  }
  errno = error;
  return file;
}

static int missing_features(char *reason, size_t reason_bytes) {
  struct uffdio_api api = {.api = UFFD_API};
  int file = new_userfaultfd();
  if (file >= 0) {
    ioctl(file, UFFDIO_API, &api);
    close(file);
  }
  uint64_t missing = NEEDED_FEATURES & ~api.features;
  snprintf(reason, reason_bytes, "this kernel's userfaultfd lacks%s%s%s\nUse Linux 6.7 or newer.",
      missing & UFFD_FEATURE_MINOR_SHMEM ? " MINOR_SHMEM" : "", missing & UFFD_FEATURE_WP_HUGETLBFS_SHMEM ? " WP_HUGETLBFS_SHMEM" : "",
      missing & FEATURE_WP_ASYNC ? " WP_ASYNC" : "");
  return ENOTSUP;
}

static int open_faults(struct sp_kernel *kernel, char *reason, size_t reason_bytes) {
  kernel->faults = new_userfaultfd();
  if (kernel->faults < 0) {
    return errno == ENOSYS
        ? refuse(errno, reason, reason_bytes, "this kernel has no userfaultfd", "Use Linux 6.7 or newer, built with CONFIG_USERFAULTFD.")
        : refuse(errno, reason, reason_bytes, "userfaultfd is refused", "In a container, allow the system call userfaultfd in the seccomp "
            "profile, or give it the device /dev/userfaultfd; elsewhere set the sysctl vm.unprivileged_userfaultfd=1.");
  }
  struct uffdio_api api = {.api = UFFD_API, .features = NEEDED_FEATURES};
  if (ioctl(kernel->faults, UFFDIO_API, &api)) {
    return errno == EINVAL ? missing_features(reason, reason_bytes) : refuse(errno, reason, reason_bytes,
        "UFFDIO_API is refused", "In a container, allow ioctl on userfaultfd in the seccomp profile.");
  }
  return 0;
}

static int open_pagemap(struct sp_kernel *kernel, char *reason, size_t reason_bytes) {
  kernel->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (kernel->pagemap < 0) {
    return refuse(errno, reason, reason_bytes, "/proc/self/pagemap can't be opened", "Mount /proc, and let the process read its pagemap.");
  }
  uint64_t page = (uint64_t)&refuse & ~(uint64_t)(SP_PAGE_BYTES - 1);
  struct sp_region region;
  struct scan_argument probe = {.size = sizeof probe, .start = page, .end = page + SP_PAGE_BYTES, .vec = (uint64_t)&region,
      .vec_len = 1, .category_mask = SP_PAGE_PRESENT, .return_mask = SP_PAGE_PRESENT};
  if (ioctl(kernel->pagemap, PAGEMAP_SCAN, &probe) < 0) {
    refuse(errno, reason, reason_bytes, "this kernel has no PAGEMAP_SCAN", "Use Linux 6.7 or newer.");
    return ENOTSUP;
  }
  return 0;
}

int sp_kernel_open(struct sp_kernel *kernel, char *reason, size_t reason_bytes) {
  *kernel = (struct sp_kernel){-1, -1, -1};
  int error = open_faults(kernel, reason, reason_bytes);
  if (!error) {
    error = open_pagemap(kernel, reason, reason_bytes);
  }
  if (!error) {
    kernel->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error = kernel->stop < 0 ? refuse(errno, reason, reason_bytes, "eventfd is refused", "Allow the system call eventfd2.") : 0;
  }
  if (error) {
    sp_kernel_close(kernel);
  }
  return error;
}

void sp_kernel_close(struct sp_kernel *kernel) {
  int files[] = {kernel->faults, kernel->pagemap, kernel->stop};
  for (int i = 0; i < 3; i++) {
    if (files[i] >= 0) {
      close(files[i]);
    }
  }
}

int sp_kernel_watch(struct sp_kernel *kernel, void *address, size_t bytes) {
  struct uffdio_register argument = {.range = {(uint64_t)address, bytes}, .mode = MODES};
  return ioctl(kernel->faults, UFFDIO_REGISTER, &argument) ? errno : 0;
}

void sp_kernel_unwatch(struct sp_kernel *kernel, void *address, size_t bytes) {
  struct uffdio_range range = {(uint64_t)address, bytes};
  ioctl(kernel->faults, UFFDIO_UNREGISTER, &range);
}

int sp_kernel_next(struct sp_kernel *kernel, uint64_t *address) {
  struct uffd_msg message;
  ssize_t bytes = read(kernel->faults, &message, sizeof message);
  if (bytes < 0) {
    return errno;
  }
  if (bytes != sizeof message || message.event != UFFD_EVENT_PAGEFAULT) {
    return EAGAIN;
  }
  *address = message.arg.pagefault.address;
  return 0;
}

void sp_kernel_await(struct sp_kernel *kernel) {
  struct pollfd files[] = {{kernel->faults, POLLIN, 0}, {kernel->stop, POLLIN, 0}};
  poll(files, 2, -1);
}

void sp_kernel_stop(struct sp_kernel *kernel) {
  eventfd_write(kernel->stop, 1);
}

int sp_kernel_map(struct sp_kernel *kernel, void *address, size_t bytes, bool protect, size_t *mapped) {
  struct uffdio_continue argument = {.range = {(uint64_t)address, bytes}, .mode = protect ? CONTINUE_PROTECTED : 0};
  int error = ioctl(kernel->faults, UFFDIO_CONTINUE, &argument) ? errno : 0;
  *mapped = argument.mapped > 0 ? (size_t)argument.mapped : 0;
  return error;
}

void sp_kernel_wake(struct sp_kernel *kernel, void *address, size_t bytes) {
  struct uffdio_range range = {(uint64_t)address, bytes};
  ioctl(kernel->faults, UFFDIO_WAKE, &range);
}

int sp_kernel_populate(void *address, size_t bytes) {
  return madvise(address, bytes, MADV_POPULATE_WRITE) ? errno : 0;
}

int sp_kernel_unmap(void *address, size_t bytes) {
  return madvise(address, bytes, MADV_DONTNEED) ? errno : 0;
}

int sp_kernel_drop_frames(int file, uint64_t offset, uint64_t bytes) {
  return fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)bytes) ? errno : 0;
}

long sp_kernel_scan(struct sp_kernel *kernel, void *address, size_t bytes, enum sp_scanned what, struct sp_region *regions,
    size_t capacity, uint64_t *end_of_walk) {
  // The system has a faster way for the first two.
  uint64_t rearm = what == SP_LOOK ? 0 : SCAN_REARM;
  struct scan_argument argument = {.size = sizeof argument, .flags = rearm | SCAN_CHECK_WP_ASYNC, .start = (uint64_t)address,
      .end = (uint64_t)address + bytes, .vec = (uint64_t)regions, .vec_len = capacity,
      .category_mask = what == SP_PRESENT ? SP_PAGE_PRESENT : SP_PAGE_WRITTEN,
      .return_mask = what <= SP_WRITTEN ? SP_PAGE_WRITTEN : SP_PAGE_WRITTEN | SP_PAGE_PRESENT};
  long found = ioctl(kernel->pagemap, PAGEMAP_SCAN, &argument);
  *end_of_walk = argument.walk_end;
  return found < 0 ? -errno : found;
}

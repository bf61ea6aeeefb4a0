// Managed memory: here it is plain host memory, which kernels and copies use by the same address. Nothing ever moves, so that advice and
// prefetches are checked for what they say and do nothing.
#include <string.h>
#include <sys/mman.h>

#include "double.h"

enum { ALLOCATIONS = 1 << 10, ATTACH_GLOBAL = 1, HOST = -1 };
static struct managed {
  address at;
  uint64_t bytes;
} allocation[ALLOCATIONS];
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

// The allocation that bytes lie in; NULL if there is none. Called with the lock.
static struct managed *find(address at, uint64_t bytes) {
  for (int i = 0; i < ALLOCATIONS; i++) {
    struct managed *it = &allocation[i];
    if (it->at && at >= it->at && at - it->at <= it->bytes && bytes <= it->bytes - (at - it->at)) {
      return it;
    }
  }
  return NULL;
}

static bool is_managed(address at, uint64_t bytes) {
  pthread_rwlock_rdlock(&lock);
  bool found = find(at, bytes);
  pthread_rwlock_unlock(&lock);
  return found;
}

char *locate_managed(address at, uint64_t bytes) {
  return is_managed(at, bytes) ? (char *)at : NULL;
}

static bool keep(void *memory, uint64_t bytes) {
  pthread_rwlock_wrlock(&lock);
  int place = 0;
  while (place < ALLOCATIONS && allocation[place].at) {
    place++;
  }
  if (place < ALLOCATIONS) {
    allocation[place] = (struct managed){(address)memory, bytes};
  }
  pthread_rwlock_unlock(&lock);
  return place < ALLOCATIONS;
}

API result cuMemAllocManaged(address *at, size_t bytes, unsigned flags) {
  IN_CONTEXT(context);
  if (!bytes || flags != ATTACH_GLOBAL) {
    return INVALID_VALUE;
  }
  if (bytes > devices[context->device].memory_bytes) {
    return OUT_OF_MEMORY;
  }
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return OUT_OF_MEMORY;
  }
  if (!keep(memory, bytes)) {
    munmap(memory, bytes);
    return OUT_OF_MEMORY;
  }
  *at = (address)memory;
  return SUCCESS;
}

// For cuMemFree: whether it was managed memory. Whatever may use it is over.
bool free_managed(address at) {
  pthread_rwlock_wrlock(&lock);
  struct managed *it = find(at, 0);
  bool is_there = it && it->at == at;
  if (is_there) {
    munmap((void *)at, it->bytes);
    it->at = 0;
  }
  pthread_rwlock_unlock(&lock);
  return is_there;
}

static bool is_place(int device) {
  return device == HOST || (device >= 0 && device < settings.device_count);
}

static void do_nothing(struct command *command) {
  (void)command;
}

API result cuMemPrefetchAsync(address at, size_t bytes, int device, struct stream *stream) {
  IN_CONTEXT(context);
  if (!bytes || !is_managed(at, bytes) || !is_place(device)) {
    return INVALID_VALUE;
  }
  return enqueue(context, stream, new_command(do_nothing));
}

API result cuMemAdvise(address at, size_t bytes, int advice, int device) {
  IN_CONTEXT(context);
  (void)context;
  bool is_known = advice >= 1 && advice <= 6;
  return bytes && is_known && is_managed(at, bytes) && is_place(device) ? SUCCESS : INVALID_VALUE;
}

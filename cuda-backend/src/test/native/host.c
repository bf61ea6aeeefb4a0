// Host memory that the driver allocates, which is pinned from the start, and copies that are over when the call returns.
#include <string.h>
#include <sys/mman.h>

#include "double.h"

enum { ALLOCATIONS = 1 << 10 };
static struct {
  void *at;
  size_t bytes;
} allocation[ALLOCATIONS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

result cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags);
result cuMemHostUnregister(void *memory);

static result keep(void *at, size_t bytes) {
  pthread_mutex_lock(&lock);
  int free_place = 0;
  while (free_place < ALLOCATIONS && allocation[free_place].at) {
    free_place++;
  }
  if (free_place < ALLOCATIONS) {
    allocation[free_place].at = at;
    allocation[free_place].bytes = bytes;
  }
  pthread_mutex_unlock(&lock);
  return free_place < ALLOCATIONS ? SUCCESS : OUT_OF_MEMORY;
}

API result cuMemHostAlloc(void **at, size_t bytes, unsigned flags) {
  IN_CONTEXT(context);
  (void)context;
  if (!bytes) {
    return INVALID_VALUE;
  }
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return OUT_OF_MEMORY;
  }
  result answer = cuMemHostRegister_v2(memory, bytes, flags);
  answer = answer ? answer : keep(memory, bytes);
  if (answer) {
    munmap(memory, bytes);
    return answer;
  }
  *at = memory;
  return SUCCESS;
}

API result cuMemFreeHost(void *at) {
  IN_CONTEXT(context);
  settle(context);
  size_t bytes = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; at && i < ALLOCATIONS; i++) {
    if (allocation[i].at == at) {
      bytes = allocation[i].bytes;
      allocation[i].at = NULL;
    }
  }
  pthread_mutex_unlock(&lock);
  result answer = bytes ? cuMemHostUnregister(at) : INVALID_VALUE;
  if (!answer) {
    munmap(at, bytes);
  }
  return answer;
}

// As in the driver's default stream, which waits for none of the streams that were made without it.
API result cuMemcpyDtoH_v2(void *to, address from, size_t bytes) {
  IN_CONTEXT(context);
  char *found = locate(context, from, bytes);
  if (!found || host_kind(to, bytes) == ACROSS) {
    return INVALID_VALUE;
  }
  memcpy(to, found, bytes);
  return SUCCESS;
}

// Device memory: addresses at which nothing is mapped, so that the host can't use them by mistake, and the memory behind them. Host
// memory that was registered.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "double.h"

enum { ALLOCATIONS = 1 << 16, REGISTRATIONS = 1 << 14 };
static const uint64_t space_bytes = 8ull << 40, alignment = 64 << 10, stained_bytes = 1 << 20;

struct allocation {
  address at;
  uint64_t bytes;
  char *memory;
  const struct context *owner;
};
struct registration {
  uint64_t at, bytes;
  const struct context *owner;  // where it was made; all may use it
};

static pthread_rwlock_t memory_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct allocation allocation[ALLOCATIONS];  // ascending
static int allocation_count;
static struct registration registration[REGISTRATIONS];  // ascending
static int registration_count;
static uint64_t registered_bytes;
static address space, next_address;

static bool reserve_space(void) {
  if (!space) {
    void *mapped = mmap(NULL, space_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) {
      return false;
    }
    space = next_address = (address)mapped / alignment * alignment + alignment;
  }
  return true;
}

static int find(address at) {
  int low = 0, high = allocation_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (allocation[middle].at <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

// Addresses only grow, so that what is used after it was freed is found out.
static result allocate(const struct context *owner, address *at, uint64_t bytes) {
  struct device *device = &devices[owner->device];
  uint64_t span = (bytes + alignment - 1) / alignment * alignment + alignment;
  if (allocation_count == ALLOCATIONS || !reserve_space() || next_address + span > space + space_bytes - alignment) {
    return OUT_OF_MEMORY;
  }
  if (device->used_bytes + bytes > device->memory_bytes) {
    return OUT_OF_MEMORY;
  }
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return OUT_OF_MEMORY;
  }
  memset(memory, 0xA5, bytes < stained_bytes ? bytes : stained_bytes);  // nobody may rely on zeros
  allocation[allocation_count++] = (struct allocation){next_address, bytes, memory, owner};
  *at = next_address;
  next_address += span;
  device->used_bytes += bytes;
  return SUCCESS;
}

API result cuMemAlloc_v2(address *at, size_t bytes) {
  IN_CONTEXT(context);
  if (!bytes) {
    return INVALID_VALUE;
  }
  pthread_rwlock_wrlock(&memory_lock);
  result answer = allocate(context, at, bytes);
  pthread_rwlock_unlock(&memory_lock);
  return answer;
}

static void release(int index) {
  munmap(allocation[index].memory, allocation[index].bytes);
  devices[allocation[index].owner->device].used_bytes -= allocation[index].bytes;
  memmove(&allocation[index], &allocation[index + 1], sizeof *allocation * (size_t)(--allocation_count - index));
}

// As the driver does, it waits for whatever may use the memory.
API result cuMemFree_v2(address at) {
  IN_CONTEXT(context);
  settle(context);
  pthread_rwlock_wrlock(&memory_lock);
  int index = find(at);
  bool is_there = index >= 0 && allocation[index].at == at && allocation[index].owner == context;
  if (is_there) {
    release(index);
  }
  pthread_rwlock_unlock(&memory_lock);
  return is_there || free_managed(at) ? SUCCESS : INVALID_VALUE;
}

API result cuMemGetInfo_v2(size_t *free_bytes, size_t *total) {
  IN_CONTEXT(context);
  *total = devices[context->device].memory_bytes;
  *free_bytes = *total - devices[context->device].used_bytes;
  return SUCCESS;
}

static int find_registration(uint64_t at) {
  int index = registration_count - 1;
  while (index >= 0 && registration[index].at > at) {
    index--;
  }
  return index;
}

static bool may_use(const struct context *context, const struct context *owner) {
  return context == owner || context->peers >> owner->number & 1;
}

static bool is_mapped(uint64_t at, uint64_t bytes) {
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), first = at / page * page;
  // Where device memory is, nothing is of the host; what was mapped ends before it, as the space begins at a multiple of the alignment.
  bool is_ours = at >= space && at < space + space_bytes - alignment;
  return !is_ours && !msync((void *)first, at + bytes - first, MS_ASYNC);
}

// In one piece or in several that lie side by side.
static bool is_registered(uint64_t at, uint64_t bytes) {
  for (uint64_t next = at; next < at + bytes;) {
    int index = find_registration(next);
    uint64_t end = index < 0 ? 0 : registration[index].at + registration[index].bytes;
    if (end <= next) {
      return false;
    }
    next = end;
  }
  return true;
}

static bool may_use_host(const struct context *context, uint64_t at, uint64_t bytes) {
  const struct device *device = &devices[context->device];
  return (attribute(device, PAGEABLE_MEMORY_ACCESS) && is_mapped(at, bytes))
      || (attribute(device, CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM) && is_registered(at, bytes));
}

char *locate(const struct context *context, address at, uint64_t bytes) {
  char *memory = NULL;
  pthread_rwlock_rdlock(&memory_lock);
  int index = find(at);
  if (index >= 0) {
    const struct allocation *it = &allocation[index];
    bool is_inside = at - it->at <= it->bytes && bytes <= it->bytes - (at - it->at);
    memory = is_inside && may_use(context, it->owner) ? it->memory + (at - it->at) : NULL;
  }
  memory = !memory && may_use_host(context, at, bytes) ? (char *)at : memory;
  pthread_rwlock_unlock(&memory_lock);
  memory = memory ? memory : locate_managed(at, bytes);
  if (!memory) {
    note("no device memory: device=%d, address=0x%llx, bytes=%llu; ", context->device, (unsigned long long)at,
        (unsigned long long)bytes);
  }
  return memory;
}

static bool overlaps(uint64_t at, uint64_t bytes) {
  int before = find_registration(at + bytes - 1);
  return before >= 0 && registration[before].at + registration[before].bytes > at;
}

static result add_registration(uint64_t at, uint64_t bytes, const struct context *owner) {
  if (overlaps(at, bytes)) {
    return HOST_MEMORY_ALREADY_REGISTERED;
  }
  if (registration_count == REGISTRATIONS || registered_bytes + bytes > settings.most_registered_bytes) {
    return OUT_OF_MEMORY;
  }
  int index = find_registration(at) + 1;
  memmove(&registration[index + 1], &registration[index], sizeof *registration * (size_t)(registration_count++ - index));
  registration[index] = (struct registration){at, bytes, owner};
  registered_bytes += bytes;
  return SUCCESS;
}

static void remove_registration(int index) {
  registered_bytes -= registration[index].bytes;
  memmove(&registration[index], &registration[index + 1], sizeof *registration * (size_t)(--registration_count - index));
}

API result cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags) {
  IN_CONTEXT(context);
  (void)flags;
  if (!memory || !bytes) {
    return INVALID_VALUE;
  }
  pthread_rwlock_wrlock(&memory_lock);
  result answer = add_registration((uint64_t)memory, bytes, context);
  pthread_rwlock_unlock(&memory_lock);
  return answer;
}

API result cuMemHostUnregister(void *memory) {
  IN_CONTEXT(context);
  (void)context;
  pthread_rwlock_wrlock(&memory_lock);
  int index = find_registration((uint64_t)memory);
  bool is_there = index >= 0 && registration[index].at == (uint64_t)memory;
  if (is_there) {
    remove_registration(index);
  }
  pthread_rwlock_unlock(&memory_lock);
  return is_there ? SUCCESS : HOST_MEMORY_NOT_REGISTERED;
}

// What a context held goes with it.
void forget_memory(const struct context *context) {
  pthread_rwlock_wrlock(&memory_lock);
  for (int i = allocation_count - 1; i >= 0; i--) {
    if (allocation[i].owner == context) {
      release(i);
    }
  }
  for (int i = registration_count - 1; i >= 0; i--) {
    if (registration[i].owner == context) {
      remove_registration(i);
    }
  }
  pthread_rwlock_unlock(&memory_lock);
}

enum host_kind host_kind(const void *at, uint64_t bytes) {
  uint64_t first = (uint64_t)at;
  pthread_rwlock_rdlock(&memory_lock);
  int index = find_registration(first);
  uint64_t end = index < 0 ? 0 : registration[index].at + registration[index].bytes;
  bool touches = overlaps(first, bytes);
  pthread_rwlock_unlock(&memory_lock);
  return end >= first + bytes ? PINNED : touches ? ACROSS : PAGEABLE;
}

API result cuMemGetAddressRange_v2(address *base, size_t *bytes, address at) {
  IN_CONTEXT(context);
  (void)context;
  pthread_rwlock_rdlock(&memory_lock);
  int index = find(at);
  bool is_there = index >= 0 && at - allocation[index].at < allocation[index].bytes;
  *base = is_there ? allocation[index].at : 0;
  *bytes = is_there ? allocation[index].bytes : 0;
  pthread_rwlock_unlock(&memory_lock);
  return is_there ? SUCCESS : NOT_FOUND;
}

// Whose memory it is: of the host what was registered.
API result cuPointerGetAttribute(void *value, int number, address at) {
  CALLED();
  enum { CONTEXT = 1, MEMORY_TYPE = 2, HOST_TYPE = 1, DEVICE_TYPE = 2 };
  pthread_rwlock_rdlock(&memory_lock);
  int index = find(at), host = find_registration(at);
  bool is_device = index >= 0 && at - allocation[index].at < allocation[index].bytes;
  bool is_host = host >= 0 && at - registration[host].at < registration[host].bytes;
  const struct context *owner = is_device ? allocation[index].owner : is_host ? registration[host].owner : NULL;
  pthread_rwlock_unlock(&memory_lock);
  if (owner && number == CONTEXT) {
    *(const struct context **)value = owner;
  } else if (owner && number == MEMORY_TYPE) {
    *(unsigned *)value = is_device ? DEVICE_TYPE : HOST_TYPE;
  }
  return owner && (number == CONTEXT || number == MEMORY_TYPE) ? SUCCESS : INVALID_VALUE;
}

API uint64_t samepage_double_registered_bytes(void) {
  return registered_bytes;
}

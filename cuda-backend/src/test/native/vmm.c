// Virtual memory management: addresses that are reserved, physical memory, and the mappings of one at the other. As strict as the driver
// can be: whatever is unaligned, mapped twice, not mapped, or not accessible to a device is refused. Memory of a process's own lies behind
// each reservation, so that neighbouring mappings are neighbours for kernels too.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "double.h"

enum { RESERVATIONS = 1 << 12, MAPPINGS = 1 << 15, STAINED_BYTES = 1 << 20, READ_WRITE = 3, DEVICE_LOCATION = 1, PINNED_ALLOCATION = 1 };

struct physical {
  uint64_t bytes, offset;  // in the file that all of it lies in
  int device;
  bool has_handle;
  long mappings;
};
struct reservation {
  address at;
  uint64_t bytes;
  char *memory;
};
struct mapping {
  address at;
  uint64_t bytes, devices;  // bits: which have access
  struct physical *physical;
};
struct location {
  int type, id;
};
struct properties {
  int type, handle_types;
  struct location location;
  void *windows;
  uint8_t compression, direct;
  uint16_t usage;
  uint8_t reserved[4];
};
struct access {
  struct location location;
  int flags;
};

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct reservation reservation[RESERVATIONS];  // ascending
static struct mapping mapping[MAPPINGS];              // ascending
static int reservation_count, mapping_count;
static long physical_count;
static int file = -1;
static uint64_t file_bytes;

static bool is_aligned(uint64_t value) {
  return value % settings.granularity == 0;
}

static bool is_device(struct location location) {
  return location.type == DEVICE_LOCATION && location.id >= 0 && location.id < settings.device_count;
}

static bool is_valid(const struct properties *properties) {
  static const uint8_t none[4];
  return properties && properties->type == PINNED_ALLOCATION && !properties->handle_types && is_device(properties->location) &&
         !properties->windows && !properties->compression && !properties->direct && !properties->usage &&
         !memcmp(properties->reserved, none, sizeof none);
}

#define SUPPORTED()                                 \
  CALLED();                                         \
  if (!settings.granularity) return NOT_SUPPORTED

static result locked(result (*action)(void *), void *argument) {
  pthread_rwlock_wrlock(&lock);
  result answer = action(argument);
  pthread_rwlock_unlock(&lock);
  return answer;
}

API result cuMemGetAllocationGranularity(size_t *bytes, const struct properties *properties, int option) {
  SUPPORTED();
  if (!is_valid(properties) || option < 0 || option > 1) {
    return INVALID_VALUE;
  }
  *bytes = settings.granularity;
  return SUCCESS;
}

struct part {
  address at;
  uint64_t bytes;
  struct physical *physical;
  uint64_t devices, denied;
};

static result reserve(void *argument) {
  struct part *part = argument;
  if (reservation_count == RESERVATIONS || !(part->at = take_addresses(part->bytes, settings.granularity))) {
    return OUT_OF_MEMORY;
  }
  char *memory = mmap(NULL, part->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return OUT_OF_MEMORY;
  }
  // Addresses only grow: so do those here.
  reservation[reservation_count++] = (struct reservation){part->at, part->bytes, memory};
  return SUCCESS;
}

API result cuMemAddressReserve(address *at, size_t bytes, size_t alignment, address wanted, unsigned long long flags) {
  SUPPORTED();
  if (!bytes || !is_aligned(bytes) || !is_aligned(alignment) || wanted || flags) {
    return INVALID_VALUE;
  }
  struct part part = {.bytes = bytes};
  result answer = locked(reserve, &part);
  *at = part.at;
  return answer;
}

static int first_mapping(address at) {
  int low = 0, high = mapping_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (mapping[middle].at + mapping[middle].bytes <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static struct reservation *reservation_of(address at, uint64_t bytes) {
  for (int i = 0; i < reservation_count; i++) {
    struct reservation *it = &reservation[i];
    if (at >= it->at && at - it->at < it->bytes) {
      return bytes <= it->bytes - (at - it->at) ? it : NULL;
    }
  }
  return NULL;
}

static bool has_mapping(address at, uint64_t bytes) {
  int index = first_mapping(at);
  return index < mapping_count && mapping[index].at < at + bytes;
}

static result give_addresses(void *argument) {
  struct part *part = argument;
  struct reservation *it = reservation_of(part->at, part->bytes);
  if (!it || it->at != part->at || it->bytes != part->bytes || has_mapping(part->at, part->bytes)) {
    return INVALID_VALUE;
  }
  munmap(it->memory, it->bytes);
  memmove(it, it + 1, sizeof *it * (size_t)(--reservation_count - (it - reservation)));
  return SUCCESS;
}

API result cuMemAddressFree(address at, size_t bytes) {
  SUPPORTED();
  struct part part = {at, bytes, NULL, 0, 0};
  return locked(give_addresses, &part);
}

static void stain(const struct physical *physical) {
  uint64_t bytes = physical->bytes < STAINED_BYTES ? physical->bytes : STAINED_BYTES;
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)physical->offset);
  memset(memory, 0xA5, bytes);  // nobody may rely on zeros
  munmap(memory, bytes);
}

static result create(void *argument) {
  struct physical *physical = argument;
  struct device *device = &devices[physical->device];
  if (device->used_bytes + physical->bytes > device->memory_bytes) {
    return OUT_OF_MEMORY;
  }
  file = file < 0 ? memfd_create("memory of the double", MFD_CLOEXEC) : file;
  // Its end only grows; what was given back is a hole.
  if (file < 0 || ftruncate(file, (off_t)(file_bytes + physical->bytes))) {
    return OUT_OF_MEMORY;
  }
  physical->offset = file_bytes;
  file_bytes += physical->bytes;
  device->used_bytes += physical->bytes;
  physical_count++;
  stain(physical);
  return SUCCESS;
}

API result cuMemCreate(struct physical **handle, size_t bytes, const struct properties *properties, unsigned long long flags) {
  SUPPORTED();
  if (!is_valid(properties) || !bytes || !is_aligned(bytes) || flags) {
    return INVALID_VALUE;
  }
  struct physical *physical = calloc(1, sizeof *physical);
  physical->bytes = bytes;
  physical->device = properties->location.id;
  physical->has_handle = true;
  result answer = locked(create, physical);
  if (answer) {
    free(physical);
    return answer;
  }
  *handle = physical;
  return SUCCESS;
}

static void free_unused(struct physical *physical) {
  if (physical->has_handle || physical->mappings) {
    return;
  }
  fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)physical->offset, (off_t)physical->bytes);
  devices[physical->device].used_bytes -= physical->bytes;
  physical_count--;
  free(physical);
}

static result release_handle(void *argument) {
  struct physical *physical = argument;
  physical->has_handle = false;
  free_unused(physical);
  return SUCCESS;
}

// What is mapped stays until it is unmapped.
API result cuMemRelease(struct physical *physical) {
  SUPPORTED();
  return physical ? locked(release_handle, physical) : INVALID_VALUE;
}

static result map(void *argument) {
  struct part *part = argument;
  struct physical *physical = part->physical;
  struct reservation *it = reservation_of(part->at, part->bytes);
  if (!it || !physical->has_handle || part->bytes != physical->bytes || has_mapping(part->at, part->bytes)) {
    return INVALID_VALUE;
  }
  char *at = it->memory + (part->at - it->at);
  if (mapping_count == MAPPINGS ||
      mmap(at, part->bytes, PROT_NONE, MAP_SHARED | MAP_FIXED, file, (off_t)physical->offset) == MAP_FAILED) {
    return OUT_OF_MEMORY;
  }
  int index = first_mapping(part->at);
  memmove(&mapping[index + 1], &mapping[index], sizeof *mapping * (size_t)(mapping_count++ - index));
  mapping[index] = (struct mapping){part->at, part->bytes, 0, physical};
  physical->mappings++;
  return SUCCESS;
}

API result cuMemMap(address at, size_t bytes, size_t offset, struct physical *physical, unsigned long long flags) {
  SUPPORTED();
  if (!is_aligned(at) || !bytes || !is_aligned(bytes) || offset || !physical || flags) {
    return INVALID_VALUE;
  }
  struct part part = {at, bytes, physical, 0, 0};
  return locked(map, &part);
}

// The mappings of all of a part, whole ones without a hole; -1 if it is anything else.
static int mappings_of(const struct part *part, int *end) {
  int first = first_mapping(part->at);
  address at = part->at;
  for (*end = first; *end < mapping_count && mapping[*end].at == at && at < part->at + part->bytes; (*end)++) {
    at += mapping[*end].bytes;
  }
  return part->bytes && at == part->at + part->bytes ? first : -1;
}

static result set_access(void *argument) {
  struct part *part = argument;
  int end;
  int first = mappings_of(part, &end);
  struct reservation *it = reservation_of(part->at, part->bytes);
  if (first < 0 || !it) {
    return INVALID_VALUE;
  }
  for (int i = first; i < end; i++) {
    uint64_t own = 1ull << mapping[i].physical->device;
    if (!settings.peers_allowed && part->devices & ~own) {
      return INVALID_VALUE;
    }
    mapping[i].devices = (mapping[i].devices | part->devices) & ~part->denied;
  }
  mprotect(it->memory + (part->at - it->at), part->bytes, PROT_READ | PROT_WRITE);
  return SUCCESS;
}

API result cuMemSetAccess(address at, size_t bytes, const struct access *access, size_t count) {
  SUPPORTED();
  struct part part = {at, bytes, NULL, 0, 0};
  for (size_t i = 0; i < count; i++) {
    if (!is_device(access[i].location) || (access[i].flags && access[i].flags != READ_WRITE)) {
      return INVALID_VALUE;
    }
    uint64_t bit = 1ull << access[i].location.id;
    part.devices |= access[i].flags ? bit : 0;
    part.denied |= access[i].flags ? 0 : bit;
  }
  return count ? locked(set_access, &part) : INVALID_VALUE;
}

static result unmap(void *argument) {
  struct part *part = argument;
  int end;
  int first = mappings_of(part, &end);
  struct reservation *it = reservation_of(part->at, part->bytes);
  if (first < 0 || !it) {
    return INVALID_VALUE;
  }
  for (int i = first; i < end; i++) {
    mapping[i].physical->mappings--;
    free_unused(mapping[i].physical);
  }
  memmove(&mapping[first], &mapping[end], sizeof *mapping * (size_t)(mapping_count - end));
  mapping_count -= end - first;
  mmap(it->memory + (part->at - it->at), part->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return SUCCESS;
}

// It doesn't wait for whatever may use the memory: what is used after it is found out.
API result cuMemUnmap(address at, size_t bytes) {
  SUPPORTED();
  struct part part = {at, bytes, NULL, 0, 0};
  return locked(unmap, &part);
}

static bool is_accessible(const struct context *context, address at, uint64_t bytes) {
  int index = first_mapping(at);
  for (address next = at; next < at + bytes; index++) {
    const struct mapping *it = &mapping[index];
    if (index >= mapping_count || it->at > next || !(it->devices >> context->device & 1)) {
      return false;
    }
    next = it->at + it->bytes;
  }
  return true;
}

char *locate_virtual(const struct context *context, address at, uint64_t bytes) {
  pthread_rwlock_rdlock(&lock);
  struct reservation *it = reservation_of(at, bytes);
  char *memory = it && is_accessible(context, at, bytes) ? it->memory + (at - it->at) : NULL;
  pthread_rwlock_unlock(&lock);
  return memory;
}

// Reservations, physical memory and mappings that nobody has given back.
API long samepage_double_live_virtual(void) {
  pthread_rwlock_rdlock(&lock);
  long live = reservation_count + physical_count + mapping_count;
  pthread_rwlock_unlock(&lock);
  return live;
}

API long samepage_double_mappings(void) {
  pthread_rwlock_rdlock(&lock);
  long live = mapping_count;
  pthread_rwlock_unlock(&lock);
  return live;
}

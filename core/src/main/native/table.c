// Reservations: the two views and the tables beside them.
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

static uint64_t user_address(struct sp_reservation *reservation) {
  return (uint64_t)reservation->user;
}

struct sp_reservation *sp_find(struct sp_context *context, uint64_t address) {
  for (int i = 0; i < SP_RESERVATIONS; i++) {
    struct sp_reservation *it = atomic_load(&context->reservation[i]);
    if (it && address - user_address(it) < it->size_bytes) {
      return it;
    }
  }
  return NULL;
}

uint64_t sp_load(struct sp_reservation *reservation, uint64_t unit) {
  return atomic_load_explicit(&reservation->word[unit], memory_order_acquire) ^ SP_WORD_UNTOUCHED;
}

bool sp_exchange(struct sp_reservation *reservation, uint64_t unit, uint64_t *word, uint64_t next) {
  _Atomic uint8_t *used = &reservation->used[unit / SP_BLOCK_UNITS];
  if (!atomic_load_explicit(used, memory_order_relaxed)) {
    atomic_store(used, 1);
  }
  uint64_t stored = *word ^ SP_WORD_UNTOUCHED;
  bool done = atomic_compare_exchange_strong(&reservation->word[unit], &stored, next ^ SP_WORD_UNTOUCHED);
  *word = stored ^ SP_WORD_UNTOUCHED;
  return done;
}

bool sp_is_untouched(struct sp_reservation *reservation, uint64_t block) {
  return !atomic_load(&reservation->used[block]);
}

char *sp_user_page(struct sp_reservation *reservation, uint64_t page) {
  return reservation->user + page * SP_PAGE_BYTES;
}

char *sp_manager_page(struct sp_reservation *reservation, uint64_t page) {
  return reservation->manager + page * SP_PAGE_BYTES;
}

bool sp_contains(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  uint64_t pages = reservation->size_bytes / SP_PAGE_BYTES;
  return first_page <= pages && page_count <= pages - first_page;
}

// At an address that is a multiple of the block size: what is published at once must lie inside the watched mapping.
static char *map_user_view(int frames, uint64_t bytes) {
  char *space = mmap(NULL, bytes + SP_BLOCK_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED) {
    return NULL;
  }
  uint64_t before = -(uint64_t)space & (SP_BLOCK_BYTES - 1);
  char *view = mmap(space + before, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, frames, 0);
  if (view == MAP_FAILED) {
    munmap(space, bytes + SP_BLOCK_BYTES);
    return NULL;
  }
  if (before) {
    munmap(space, before);
  }
  munmap(view + bytes, SP_BLOCK_BYTES - before);
  return view;
}

static size_t level_bytes(uint64_t *bits) {
  *bits = (*bits + 63) / 64;
  return *bits * sizeof(uint64_t);
}

static size_t begin_bytes(struct sp_reservation *it) {
  size_t bytes = 0;
  uint64_t bits = it->unit_count;
  for (int level = 0; level < SP_LEVELS; level++) {
    bytes += level_bytes(&bits);
  }
  return bytes;
}

// Answers what lies behind.
static char *map_begins(struct sp_reservation *it, char *tables) {
  uint64_t bits = it->unit_count;
  for (int level = 0; level < SP_LEVELS; level++) {
    it->begins[level] = (void *)tables;
    tables += level_bytes(&bits);
  }
  return tables;
}

static bool map_tables(struct sp_reservation *it) {
  size_t word_bytes = it->unit_count * sizeof(uint64_t);
  size_t marker_bytes = (it->unit_count * sizeof(uint16_t) + 7) / 8 * 8;
  it->tables_bytes = word_bytes * (2 + SP_DEVICES) + marker_bytes + 2 * it->block_count + begin_bytes(it);
  char *tables = mmap(NULL, it->tables_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (tables == MAP_FAILED) {
    return false;
  }
  it->tables = tables;
  it->word = (void *)tables;
  for (int device = 0; device < SP_DEVICES; device++) {
    it->window[device] = (void *)(tables += word_bytes);
  }
  it->marker = (void *)(tables += word_bytes);
  it->counts = (void *)(tables += marker_bytes);
  tables = map_begins(it, tables + word_bytes);
  it->flag = (void *)tables;
  it->used = (void *)(tables + it->block_count);
  return true;
}

static int map_all(struct sp_reservation *it) {
  it->frames = memfd_create("samepage", MFD_CLOEXEC);
  if (it->frames < 0 || ftruncate(it->frames, (off_t)it->size_bytes)) {
    return errno;
  }
  void *manager = mmap(NULL, it->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, it->frames, 0);
  if (manager == MAP_FAILED) {
    return errno;
  }
  it->manager = manager;
  it->user = map_user_view(it->frames, it->size_bytes);
  if (!it->user || !map_tables(it)) {
    return errno;
  }
  // A forked child must not touch what nobody serves there.
  madvise(it->user, it->size_bytes, MADV_DONTFORK);
  return sp_kernel_watch(&it->context->kernel, it->user, it->size_bytes);
}

static int publish(struct sp_reservation *it) {
  pthread_mutex_lock(&it->context->reserve_lock);
  int slot = 0;
  while (slot < SP_RESERVATIONS && atomic_load(&it->context->reservation[slot])) {
    slot++;
  }
  if (slot < SP_RESERVATIONS) {
    atomic_store(&it->context->reservation[slot], it);
  }
  pthread_mutex_unlock(&it->context->reserve_lock);
  return slot < SP_RESERVATIONS ? 0 : ENOSPC;
}

int sp_reserve(struct sp_context *context, uint64_t size_bytes, struct sp_reservation **reservation, struct sp_views *views) {
  if (!size_bytes || size_bytes % SP_BLOCK_BYTES || size_bytes > 1ull << 46) {
    return -EINVAL;
  }
  struct sp_reservation *it = calloc(1, sizeof *it);
  if (!it) {
    return -ENOMEM;
  }
  *it = (struct sp_reservation){.context = context, .frames = -1, .size_bytes = size_bytes,
      .unit_count = size_bytes / SP_UNIT_BYTES, .block_count = size_bytes / SP_BLOCK_BYTES};
  int error = map_all(it);
  if (!error) {
    error = publish(it);
  }
  if (error) {
    sp_release_reservation(it);
    return -error;
  }
  *reservation = it;
  *views = (struct sp_views){user_address(it), (uint64_t)it->manager, (uint64_t)it->word, (uint64_t)it->flag};
  return 0;
}

uint32_t sp_release_reservation(struct sp_reservation *it) {
  uint32_t late = sp_orphans_within(it, 0, it->size_bytes / SP_PAGE_BYTES);
  sp_forget_orphans(it);
  if (it->user) {
    munmap(it->user, it->size_bytes);
  }
  if (it->manager && !late) {
    munmap(it->manager, it->size_bytes);
  }
  if (it->tables) {
    munmap(it->tables, it->tables_bytes);
  }
  if (it->frames >= 0) {
    close(it->frames);
  }
  free(it);
  return late;
}

static void await_thread(struct sp_thread *thread) {
  uint64_t serving = atomic_load(&thread->serving);
  while (serving % 2 && atomic_load(&thread->serving) == serving) {
    sched_yield();
  }
}

// Returns once no thread of ours uses what was unpublished before the call.
void sp_await_threads(struct sp_context *context) {
  for (uint32_t i = 0; i < context->config.handlers; i++) {
    await_thread(&context->handler[i]);
  }
  for (uint32_t i = 0; i < context->config.helpers; i++) {
    await_thread(&context->helper[i]);
  }
}

int sp_unreserve(struct sp_reservation *it) {
  struct sp_context *context = it->context;
  sp_kernel_unwatch(&context->kernel, it->user, it->size_bytes);
  for (int i = 0; i < SP_RESERVATIONS; i++) {
    struct sp_reservation *expected = it;
    atomic_compare_exchange_strong(&context->reservation[i], &expected, NULL);
  }
  sp_forget_jobs(it);
  sp_await_threads(context);
  return (int)sp_release_reservation(it);
}

int sp_set_windows(struct sp_reservation *it, uint32_t device, uint64_t first_unit, uint64_t unit_count, struct sp_window *window) {
  if (device >= SP_DEVICES || first_unit > it->unit_count || unit_count > it->unit_count - first_unit) {
    return -EINVAL;
  }
  if (window && window->kind == SP_FETCH_SHARED) {
    atomic_fetch_or(&it->shared, 1u << device);
  }
  for (uint64_t unit = first_unit; unit < first_unit + unit_count; unit++) {
    atomic_store_explicit(&it->window[device][unit], window, memory_order_release);
  }
  return 0;
}

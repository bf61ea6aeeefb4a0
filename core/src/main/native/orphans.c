// Reads that were given up: the driver may still carry them out, into frames that must not get a new use before.
#include "internal.h"

enum { EVENT_STATUS = 0x11D3 };

static bool is_pending(const struct sp_orphan *orphan) {
  int32_t status = 0;
  return !orphan->event_info(orphan->event, EVENT_STATUS, sizeof status, &status, NULL) && status > 0;
}

// Forgets those that have ended meanwhile. The lock is held.
static void sweep(struct sp_context *context) {
  unsigned kept = 0;
  for (unsigned i = 0; i < atomic_load(&context->orphan_count); i++) {
    struct sp_orphan *orphan = &context->orphan[i];
    if (is_pending(orphan)) {
      context->orphan[kept++] = *orphan;
    } else {
      orphan->release_event(orphan->event);
    }
  }
  atomic_store(&context->orphan_count, kept);
}

// With no room in the list an event leaks, and from then on every page counts as one that may still be written to.
void sp_add_orphan(struct sp_reservation *reservation, const struct sp_read *read) {
  struct sp_context *context = reservation->context;
  pthread_mutex_lock(&context->orphan_lock);
  sweep(context);
  unsigned count = atomic_load(&context->orphan_count);
  if (count < SP_ORPHANS) {
    context->orphan[count] = (struct sp_orphan){reservation, read->page, read->count, read->window->opencl->event_info,
        read->window->opencl->release_event, read->event};
    atomic_store(&context->orphan_count, count + 1);
  } else {
    atomic_store(&context->orphans_lost, true);
  }
  pthread_mutex_unlock(&context->orphan_lock);
}

uint32_t sp_orphans_within(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  struct sp_context *context = reservation->context;
  if (!atomic_load(&context->orphan_count) && !atomic_load(&context->orphans_lost)) {
    return 0;
  }
  pthread_mutex_lock(&context->orphan_lock);
  sweep(context);
  uint32_t found = atomic_load(&context->orphans_lost);
  for (unsigned i = 0; i < atomic_load(&context->orphan_count); i++) {
    const struct sp_orphan *orphan = &context->orphan[i];
    found += orphan->reservation == reservation && orphan->first_page < first_page + page_count
        && first_page < orphan->first_page + orphan->page_count;
  }
  pthread_mutex_unlock(&context->orphan_lock);
  return found;
}

// The reservation goes. The events belong to the driver alone from now on.
void sp_forget_orphans(struct sp_reservation *reservation) {
  struct sp_context *context = reservation->context;
  pthread_mutex_lock(&context->orphan_lock);
  unsigned kept = 0;
  for (unsigned i = 0; i < atomic_load(&context->orphan_count); i++) {
    struct sp_orphan *orphan = &context->orphan[i];
    if (orphan->reservation == reservation) {
      orphan->release_event(orphan->event);
    } else {
      context->orphan[kept++] = *orphan;
    }
  }
  atomic_store(&context->orphan_count, kept);
  pthread_mutex_unlock(&context->orphan_lock);
}

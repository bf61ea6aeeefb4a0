// A thread of ours that ends before it should, because a driver it has called ends it, or whoever cancels threads: what it had claimed ends
// as if fetching had failed, whoever waits for it is woken, and another thread takes its place. Where a thread crashes, the process ends.
#include "internal.h"

static __thread struct sp_thread *self;

void sp_begin_life(struct sp_thread *thread) {
  self = thread;
}

void sp_note_claim(struct sp_reservation *reservation, uint64_t unit, uint16_t mask, unsigned from) {
  if (self && mask) {
    self->reservation = reservation;
    sp_add(&self->claims, unit, mask, from);
  }
}

void sp_note_release(uint64_t unit, uint16_t mask) {
  struct sp_batch *claims = self ? &self->claims : NULL;
  for (uint32_t i = 0; claims && i < claims->count;) {
    claims->mask[i] &= claims->unit[i] == unit ? (uint16_t)~mask : SP_ALL_PAGES;
    if (claims->mask[i]) {
      i++;
    } else {
      claims->count--;
      claims->unit[i] = claims->unit[claims->count];
      claims->mask[i] = claims->mask[claims->count];
      claims->from[i] = claims->from[claims->count];
    }
  }
}

// Nobody knows whether a read of it is still under way.
static void doubt_reads(struct sp_reservation *reservation, uint64_t unit, unsigned from) {
  struct sp_window *window = sp_window_of(reservation, unit, from);
  if (window && window->kind == SP_FETCH_OPENCL) {
    atomic_store(&reservation->context->orphans_lost, true);
  }
}

static void sort(struct sp_reservation *reservation, const struct sp_batch *claims, struct sp_batch *valid, struct sp_batch *lost,
    struct sp_batch *shown) {
  valid->count = lost->count = shown->count = 0;
  for (uint32_t i = 0; i < claims->count; i++) {
    uint64_t unit = claims->unit[i];
    uint16_t fetching = sp_fetch_pages(sp_load(reservation, unit)) & claims->mask[i];
    sp_add(valid, unit, claims->mask[i] & (uint16_t)~fetching, claims->from[i]);
    sp_add(sp_is_device(claims->from[i]) ? lost : shown, unit, fetching, claims->from[i]);
    if (fetching && sp_is_device(claims->from[i])) {
      doubt_reads(reservation, unit, claims->from[i]);
    }
  }
}

static void end_claims(struct sp_reservation *reservation, const struct sp_batch *claims) {
  struct sp_context *context = reservation->context;
  struct sp_batch valid, lost, shown;
  sort(reservation, claims, &valid, &lost, &shown);
  sp_flag_mapped(reservation, claims);
  sp_release(reservation, &valid, SP_HOSTM);
  sp_count(context, poisoned_pages, sp_page_count(&lost));
  sp_release(reservation, &lost, SP_POISON);
  sp_release_to_origin(reservation, &shown);
  // Who touched first was to be woken by the mapping.
  struct sp_spans spans = {.batch = claims};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    sp_kernel_wake(&context->kernel, sp_user_page(reservation, span.page), span.count * SP_PAGE_BYTES);
  }
}

void sp_end_life(void *argument) {
  struct sp_thread *thread = argument;
  sp_report(thread->context, "a thread was ended, and another one is to take its place", ECANCELED);
  struct sp_batch claims = thread->claims;  // which changes with each that ends
  if (claims.count) {
    end_claims(thread->reservation, &claims);
  }
  if (atomic_load(&thread->serving) % 2) {
    sp_leave(thread);
  }
  sp_stand_down();
  sp_replace(thread);
}

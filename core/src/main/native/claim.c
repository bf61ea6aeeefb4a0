// Batches of claimed pages: mapping them, ending the claims, waiting for those of others.
#include <sched.h>
#include <string.h>

#include "internal.h"

enum { SPINS = 100, YIELDS = 20, MAP_TRIES = 1000 };
static const uint64_t first_nap_nanos = 20000, longest_nap_nanos = 500000;

void sp_add(struct sp_batch *batch, uint64_t unit, uint16_t mask, unsigned from) {
  if (batch->count && batch->unit[batch->count - 1] == unit && batch->from[batch->count - 1] == from) {
    batch->mask[batch->count - 1] |= mask;
    return;
  }
  batch->unit[batch->count] = unit;
  batch->mask[batch->count] = mask;
  batch->from[batch->count++] = (uint8_t)from;
}

uint64_t sp_page_count(const struct sp_batch *batch) {
  uint64_t pages = 0;
  for (uint32_t i = 0; i < batch->count; i++) {
    pages += (uint64_t)__builtin_popcount(batch->mask[i]);
  }
  return pages;
}

// A span goes on into the next entry if that is the next unit's, from the same place.
static bool continues(const struct sp_batch *batch, uint32_t entry) {
  return entry + 1 < batch->count && batch->unit[entry + 1] == batch->unit[entry] + 1 && batch->from[entry + 1] == batch->from[entry];
}

bool sp_next_span(struct sp_spans *spans, struct sp_span *span) {
  const struct sp_batch *batch = spans->batch;
  uint32_t rest = 0;
  while (spans->entry < batch->count && !(rest = batch->mask[spans->entry] >> spans->page)) {
    spans->entry++;
    spans->page = 0;
  }
  if (spans->entry == batch->count) {
    return false;
  }
  spans->page += (uint32_t)__builtin_ctz(rest);
  *span = (struct sp_span){.page = batch->unit[spans->entry] * SP_UNIT_PAGES + spans->page, .entry = spans->entry};
  for (;;) {
    uint32_t run = (uint32_t)__builtin_ctz(~((uint32_t)batch->mask[spans->entry] >> spans->page));
    span->count += run;
    spans->page += run;
    if (spans->page < SP_UNIT_PAGES || !continues(batch, spans->entry)) {
      return true;
    }
    spans->entry++;
    spans->page = 0;
  }
}

// Which pages of a unit are in [first_page, end_page).
uint16_t sp_unit_pages(uint64_t unit, uint64_t first_page, uint64_t end_page) {
  uint64_t base = unit * SP_UNIT_PAGES;
  uint64_t from = first_page > base ? first_page - base : 0;
  uint64_t to = end_page < base + SP_UNIT_PAGES ? end_page - base : SP_UNIT_PAGES;
  return from < to && end_page > base ? (uint16_t)((1u << to) - (1u << from)) : 0;
}

void sp_subtract(struct sp_batch *batch, const struct sp_batch *less) {
  for (uint32_t i = 0; i < less->count; i++) {
    for (uint32_t j = 0; j < batch->count; j++) {
      if (batch->unit[j] == less->unit[i]) {
        batch->mask[j] &= (uint16_t)~less->mask[i];
      }
    }
  }
}

// After the claim, before a read is enqueued: whoever clears the flag looks for claims afterwards.
void sp_flag_mapped(struct sp_reservation *reservation, const struct sp_batch *batch) {
  for (uint32_t i = 0; i < batch->count; i++) {
    SP_STEP("flag");
    atomic_store(&reservation->flag[batch->unit[i] / SP_BLOCK_UNITS], SP_FLAG_SET);
  }
}

// Answers how many pages to go on by.
static uint64_t map_some(struct sp_reservation *reservation, uint64_t page, uint64_t count, bool protect) {
  struct sp_context *context = reservation->context;
  size_t mapped;
  char *address = sp_user_page(reservation, page);
  SP_STEP("map");
  int error = sp_kernel_map(&context->kernel, address, count * SP_PAGE_BYTES, protect, &mapped);
  switch (error) {
    case 0:
      return count;
    case EAGAIN:
      sp_count(context, interrupted_maps, 1);
      return mapped / SP_PAGE_BYTES;
    case EEXIST:  // the page's bits stay as they are; its threads were woken by who mapped it, once more does no harm
      sp_count(context, already_mapped, 1);
      sp_kernel_wake(&context->kernel, address, SP_PAGE_BYTES);
      return 1;
    case EFAULT:
      sp_count(context, new_frames, 1);
      error = sp_kernel_populate(sp_manager_page(reservation, page), count * SP_PAGE_BYTES);
      break;
    case ENOENT:  // the reservation is on its way out, or the process is: nobody waits any more
    case ESRCH:
      return count;
    default:
      break;
  }
  if (error) {
    sp_report(context, "a page can't be mapped", error);
    sp_nap(longest_nap_nanos);
  }
  return 0;
}

static void map_span(struct sp_reservation *reservation, uint64_t page, uint64_t count, bool protect) {
  // Whatever is left after the tries stays unmapped: its threads are woken with the release, fault again and so try again.
  for (int tries = 0; count && tries < MAP_TRIES; tries++) {
    uint64_t done = map_some(reservation, page, count, protect);
    page += done;
    count -= done;
    tries = done ? -1 : tries;
  }
  if (count) {
    sp_kernel_wake(&reservation->context->kernel, sp_user_page(reservation, page), count * SP_PAGE_BYTES);
  }
}

void sp_map(struct sp_reservation *reservation, const struct sp_batch *batch, bool protect) {
  // The frames are complete before an entry shows them.
  atomic_thread_fence(memory_order_seq_cst);
  struct sp_spans spans = {.batch = batch};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    map_span(reservation, span.page, span.count, protect);
  }
}

int sp_unmap_batch(struct sp_reservation *reservation, const struct sp_batch *batch) {
  int first_error = 0;
  struct sp_spans spans = {.batch = batch};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    SP_STEP("unmap");
    int error = sp_kernel_unmap(sp_user_page(reservation, span.page), span.count * SP_PAGE_BYTES);
    if (error) {
      sp_report(reservation->context, "pages can't be unmapped", error);
      first_error = first_error ? first_error : error;
    }
  }
  return first_error;
}

void sp_fill_pattern(struct sp_reservation *reservation, const struct sp_batch *batch) {
  struct sp_spans spans = {.batch = batch};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    char *frames = sp_manager_page(reservation, span.page);
    int error = sp_kernel_populate(frames, span.count * SP_PAGE_BYTES);
    if (error) {
      sp_report(reservation->context, "no frames for the pattern", error);
      continue;
    }
    // By relaxed atomics: a timed out read may be writing there.
    for (uint64_t i = 0; i < span.count * SP_PAGE_BYTES / 4; i++) {
      atomic_store_explicit((_Atomic uint32_t *)frames + i, SP_PATTERN, memory_order_relaxed);
    }
  }
}

void sp_mark_filled(struct sp_reservation *reservation, const struct sp_batch *batch) {
  for (uint32_t i = 0; i < batch->count; i++) {
    SP_STEP("filled");
    uint64_t word = sp_load(reservation, batch->unit[i]);
    while (!sp_exchange(reservation, batch->unit[i], &word, sp_filled(word, batch->mask[i]))) {
    }
  }
}

static void wake(struct sp_reservation *reservation, const struct sp_batch *waited) {
  SP_STEP("wake");
  struct sp_spans spans = {.batch = waited};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    sp_count(reservation->context, wakes, span.count);
    sp_kernel_wake(&reservation->context->kernel, sp_user_page(reservation, span.page), span.count * SP_PAGE_BYTES);
  }
}

static void release_unit(struct sp_reservation *reservation, uint64_t unit, uint16_t mask, unsigned to) {
  SP_STEP("release");
  sp_note_release(unit, mask);
  uint64_t word = sp_load(reservation, unit);
  uint16_t waited;
  do {
    waited = sp_waited_pages(word) & mask;
  } while (!sp_exchange(reservation, unit, &word, sp_with(word, mask, to)));
  if (waited) {
    struct sp_batch batch;
    batch.count = 0;
    sp_add(&batch, unit, waited, to);
    wake(reservation, &batch);
  }
}

void sp_release(struct sp_reservation *reservation, const struct sp_batch *batch, unsigned to) {
  for (uint32_t i = 0; i < batch->count; i++) {
    if (batch->mask[i]) {
      release_unit(reservation, batch->unit[i], batch->mask[i], to);
    }
  }
}

void sp_release_to_origin(struct sp_reservation *reservation, const struct sp_batch *batch) {
  for (uint32_t i = 0; i < batch->count; i++) {
    release_unit(reservation, batch->unit[i], batch->mask[i], batch->from[i]);
  }
}

// Claims end soon, or when a device does.
static void pause_before(uint32_t *tries) {
  uint32_t n = (*tries)++;
  if (n < SPINS) {
    sp_relax();
  } else if (n < SPINS + YIELDS) {
    sched_yield();
  } else {
    uint64_t nap = first_nap_nanos * (n - SPINS - YIELDS + 1);
    sp_nap(nap < longest_nap_nanos ? nap : longest_nap_nanos);
  }
}

// Takes what can be had of one entry; answers what was claimed.
static struct sp_step take(struct sp_work *work, struct sp_batch *wanted, uint32_t entry) {
  SP_STEP("take");
  uint64_t word = sp_load(work->reservation, wanted->unit[entry]);
  struct sp_step step;
  do {
    step = work->take(work, word, wanted, entry);
  } while (step.next != word && !sp_exchange(work->reservation, wanted->unit[entry], &word, step.next));
  wanted->mask[entry] = step.left;
  return step;
}

void sp_do(struct sp_work *work, struct sp_batch *wanted) {
  bool left = true;
  for (uint32_t tries = 0; left;) {
    struct sp_batch mine;
    mine.count = 0;
    left = false;
    for (uint32_t i = 0; i < wanted->count; i++) {
      if (wanted->mask[i]) {
        struct sp_step step = take(work, wanted, i);
        left |= step.left != 0;
        if (step.mine) {
          sp_add(&mine, wanted->unit[i], step.mine, step.from);
        }
      }
    }
    // What is claimed is finished before others are waited for (R1).
    if (mine.count) {
      work->finish(work, &mine);
      tries = 0;
    } else if (left) {
      pause_before(&tries);
    }
  }
}

void sp_do_run(struct sp_work *work, uint64_t first_page, uint64_t page_count) {
  uint64_t end_page = first_page + page_count;
  uint64_t end_unit = (end_page + SP_UNIT_PAGES - 1) / SP_UNIT_PAGES;
  struct sp_batch wanted;
  wanted.count = 0;
  for (uint64_t unit = first_page / SP_UNIT_PAGES; unit < end_unit; unit++) {
    if (sp_is_untouched(work->reservation, unit / SP_BLOCK_UNITS)) {
      unit |= SP_BLOCK_UNITS - 1;  // on to the next block: here all pages are HOSTU, and none was ever mapped
      continue;
    }
    sp_add(&wanted, unit, sp_unit_pages(unit, first_page, end_page), 0);
    if (wanted.count == SP_BATCH) {
      sp_do(work, &wanted);
      wanted.count = 0;
    }
  }
  sp_do(work, &wanted);
}

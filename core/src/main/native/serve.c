// R1: what a handler does about one touch, and what it brings along.
#include "internal.h"

// One unit's pages, claimed when they were `from`.
static void one(struct sp_batch *batch, uint64_t unit, uint16_t mask, unsigned from) {
  batch->count = 0;
  if (mask) {
    sp_add(batch, unit, mask, from);
  }
}

// Fetching has failed, or the frames were lost before. The claim stays FETCH all the time: a page that is BUSY counts as valid.
static void show_pattern(struct sp_reservation *reservation, const struct sp_batch *mine, bool map, unsigned to) {
  if (map) {
    sp_fill_pattern(reservation, mine);
    sp_map(reservation, mine, false);
  }
  sp_release(reservation, mine, to);
}

void sp_settle(struct sp_reservation *reservation, struct sp_batch *mine, const struct sp_batch *failed, bool map) {
  sp_subtract(mine, failed);
  if (map) {
    sp_mark_filled(reservation, mine);
    sp_map(reservation, mine, true);
  }
  sp_release(reservation, mine, map ? SP_HOSTM : SP_HOSTU);
  if (failed->count) {
    sp_count(reservation->context, poisoned_pages, sp_page_count(failed));
    show_pattern(reservation, failed, map, SP_POISON);
  }
}

static void map_unit(struct sp_reservation *reservation, uint64_t unit, const struct sp_step *step) {
  struct sp_batch mine;
  one(&mine, unit, step->mine, step->from);
  sp_flag_mapped(reservation, &mine);
  // An entry that the system dropped may have been written: mapped unprotected it goes on counting as that.
  sp_map(reservation, &mine, step->from == SP_HOSTU);
  sp_release(reservation, &mine, SP_HOSTM);
}

static void count_unit(struct sp_reservation *reservation, struct sp_window *window, const struct sp_step *step, uint64_t nanos) {
  struct sp_context *context = reservation->context;
  sp_count(context, fetches, 1);
  sp_count(context, fetch_nanos, nanos);
  sp_count(context, neighbour_pages, __builtin_popcount(step->mine) - 1);
  if (window) {
    __atomic_fetch_add(&window->faults, 1, __ATOMIC_RELAXED);
  }
}

static void add_all(struct sp_fetch *fetch, const struct sp_batch *batch) {
  struct sp_spans spans = {.batch = batch};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    sp_fetch_add(fetch, &span, batch->from[span.entry]);
  }
}

// The page that somebody waits for goes first. Answers the range.
static uint64_t fetch_unit(struct sp_reservation *reservation, uint64_t page, const struct sp_step *step) {
  uint64_t unit = page / SP_UNIT_PAGES;
  uint16_t it = (uint16_t)(1u << page % SP_UNIT_PAGES);
  struct sp_batch touched, others, failed;
  one(&touched, unit, it, step->from);
  one(&others, unit, step->mine & (uint16_t)~it, step->from);
  failed.count = 0;
  sp_flag_mapped(reservation, &touched);
  atomic_store_explicit(&reservation->marker[unit], 0, memory_order_relaxed);
  struct sp_window *window = sp_window_of(reservation, unit, step->from);
  uint64_t range = window ? window->range : 0;

  struct sp_fetch fetch;
  sp_fetch_begin(&fetch, reservation);
  add_all(&fetch, &touched);
  uint32_t first = fetch.count;
  add_all(&fetch, &others);
  sp_fetch_wait(&fetch, first, &failed);
  uint64_t nanos = sp_now_nanos() - fetch.started;
  count_unit(reservation, window, step, nanos);
  sp_settle(reservation, &touched, &failed, true);
  failed.count = 0;
  sp_fetch_wait(&fetch, fetch.count, &failed);
  sp_settle(reservation, &others, &failed, true);
  return range;
}

// Keeps what belongs to the range and can be read at once; the claim on the rest ends.
static void keep_readable(struct sp_reservation *reservation, struct sp_batch *mine, uint64_t range) {
  struct sp_batch given_back;
  given_back.count = 0;
  struct sp_window *ready = NULL;
  for (uint32_t i = 0; i < mine->count; i++) {
    struct sp_window *window = sp_window_of(reservation, mine->unit[i], mine->from[i]);
    bool good = window && (window == ready || (window->range == range && sp_is_ready(window)));
    if (good) {
      ready = window;
    } else {
      sp_add(&given_back, mine->unit[i], mine->mask[i], mine->from[i]);
      mine->mask[i] = 0;
    }
  }
  sp_release_to_origin(reservation, &given_back);
}

// Takes pages of a unit that are in a state, unless others are at it.
static void claim_idle(struct sp_reservation *reservation, uint64_t unit, unsigned from, struct sp_batch *mine) {
  uint64_t word = sp_load(reservation, unit);
  struct sp_step step = sp_claim_idle(word, SP_ALL_PAGES, from);
  if (step.mine && sp_exchange(reservation, unit, &word, step.next)) {
    sp_add(mine, unit, step.mine, from);
  }
}

// Takes the first unit of the batch out; the rest is mapped.
static void leave_marker(struct sp_reservation *reservation, struct sp_batch *mine, struct sp_batch *marked, unsigned marker) {
  for (uint32_t i = 0; i < mine->count; i++) {
    if (mine->mask[i]) {
      one(marked, mine->unit[i], mine->mask[i], mine->from[i]);
      mine->mask[i] = 0;
      atomic_store_explicit(&reservation->marker[marked->unit[0]], (uint16_t)marker, memory_order_relaxed);
      return;
    }
  }
}

static void count_near(struct sp_reservation *reservation, const struct sp_batch *mine, uint64_t pages, unsigned marker) {
  if (marker != SP_MARKER_AHEAD) {
    sp_count(reservation->context, grown_pages, pages);
    return;
  }
  sp_count(reservation->context, ahead_pages, pages);
  for (uint32_t i = 0; i < mine->count; i++) {
    if (mine->mask[i]) {
      struct sp_window *window = sp_window_of(reservation, mine->unit[i], mine->from[i]);
      __atomic_fetch_add(&window->ahead_pages, (uint64_t)__builtin_popcount(mine->mask[i]), __ATOMIC_RELAXED);
    }
  }
}

uint64_t sp_bring_near(struct sp_reservation *reservation, uint64_t first_unit, uint64_t end_unit, unsigned from, uint64_t range,
    unsigned marker) {
  struct sp_batch mine, marked, failed;
  mine.count = marked.count = failed.count = 0;
  for (uint64_t unit = first_unit; unit < end_unit; unit++) {
    claim_idle(reservation, unit, from, &mine);
  }
  keep_readable(reservation, &mine, range);
  uint64_t pages = sp_page_count(&mine);
  if (!pages) {
    return 0;
  }
  sp_flag_mapped(reservation, &mine);
  sp_fetch_batch(reservation, &mine, &failed);
  count_near(reservation, &mine, pages, marker);
  sp_subtract(&mine, &failed);
  leave_marker(reservation, &mine, &marked, marker | (unsigned)pages);
  sp_settle(reservation, &marked, &(struct sp_batch){.count = 0}, false);
  sp_settle(reservation, &mine, &failed, true);
  return pages;
}

// Unmapped pages around one that was mapped. Nothing is fetched, so nothing waits.
static void map_near(struct sp_reservation *reservation, uint64_t first_unit, uint64_t end_unit) {
  struct sp_batch mine;
  mine.count = 0;
  for (uint64_t unit = first_unit; unit < end_unit; unit++) {
    claim_idle(reservation, unit, SP_HOSTU, &mine);
  }
  sp_flag_mapped(reservation, &mine);
  sp_map(reservation, &mine, true);
  sp_release(reservation, &mine, SP_HOSTM);
}

// The largest part of the block around a unit of which more than half is in use, as UVM grows its fault-around: 2, 4, ... 32 units.
static uint64_t units_in_use(struct sp_reservation *reservation, uint64_t unit) {
  uint64_t block = unit / SP_BLOCK_UNITS * SP_BLOCK_UNITS;
  uint32_t in_use = 0;
  for (unsigned i = 0; i < SP_BLOCK_UNITS; i++) {
    in_use |= (uint32_t)(sp_pages_in(sp_load(reservation, block + i), SP_HOSTM) != 0) << i;
  }
  uint64_t best = 1;
  for (uint64_t size = 2; size <= SP_BLOCK_UNITS; size *= 2) {
    uint32_t part = in_use >> (unit % SP_BLOCK_UNITS / size * size);
    uint32_t used = (uint32_t)__builtin_popcountll(part & ((1ull << size) - 1));
    best = 2 * used > size ? size : best;
  }
  return best;
}

// Answers the first unit behind the touched one that may not be there yet.
static uint64_t grow(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range) {
  uint64_t size = units_in_use(reservation, unit);
  uint64_t first = unit / size * size;
  if (size == 1) {
    return unit + 1;
  }
  // This may take a while, and nobody has asked for it.
  sp_stand_down();
  if (from == SP_HOSTU) {
    map_near(reservation, first, first + size);
  } else {
    sp_bring_near(reservation, first, unit, from, range, SP_MARKER_GROWN);
    sp_bring_near(reservation, unit + 1, first + size, from, range, SP_MARKER_GROWN);
  }
  return first + size;
}

// What was brought here before is of use.
static void count_used(struct sp_reservation *reservation, uint64_t unit) {
  uint16_t marker = atomic_exchange_explicit(&reservation->marker[unit], 0, memory_order_relaxed);
  if (marker & SP_MARKER_AHEAD) {
    sp_count(reservation->context, ahead_used_pages, marker & SP_MARKER_PAGES);
  } else if (marker & SP_MARKER_GROWN) {
    sp_count(reservation->context, grown_used_pages, marker & SP_MARKER_PAGES);
  }
}

static void bring_around(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range) {
  uint64_t next = unit + 1;
  if (reservation->context->config.around == SP_AROUND_DENSE) {
    next = grow(reservation, unit, from, range);
  }
  sp_follow(reservation, unit, next, from, range);
}

static void show_nothing(struct sp_reservation *reservation, uint64_t unit, const struct sp_step *step) {
  if (step->from == SP_CLOSED) {
    sp_count(reservation->context, closed_touches, 1);
  } else {
    sp_count(reservation->context, poison_touches, 1);
  }
  struct sp_batch mine;
  one(&mine, unit, step->mine, step->from);
  show_pattern(reservation, &mine, true, step->from);
}

void sp_serve(struct sp_reservation *reservation, uint64_t page) {
  uint64_t unit = page / SP_UNIT_PAGES;
  unsigned at = page % SP_UNIT_PAGES;
  uint16_t around = reservation->context->config.around == SP_AROUND_PAGE ? (uint16_t)(1u << at) : SP_ALL_PAGES;
  uint64_t word = sp_load(reservation, unit);
  struct sp_step step;
  do {
    step = sp_touch(word, at, around);
  } while (step.next != word && !sp_exchange(reservation, unit, &word, step.next));

  if (!step.mine) {
    sp_count(reservation->context, dropped, 1);
  } else if (step.from == SP_HOSTM) {
    map_unit(reservation, unit, &step);
  } else if (step.from == SP_HOSTU) {
    count_used(reservation, unit);
    map_unit(reservation, unit, &step);
    bring_around(reservation, unit, SP_HOSTU, 0);
  } else if (sp_is_device(step.from)) {
    uint64_t range = fetch_unit(reservation, page, &step);
    bring_around(reservation, unit, step.from, range);
  } else {
    show_nothing(reservation, unit, &step);
  }
}

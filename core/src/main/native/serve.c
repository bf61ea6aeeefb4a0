// R1: what a handler does about one touch, and what it and its helpers bring along.
#include "internal.h"

static const uint64_t NO_UNIT = UINT64_MAX;

// What was brought to a unit without being asked for, and is not mapped: its first touch shows that it was of use.
static void set_marker(struct sp_reservation *reservation, uint64_t unit, unsigned marker) {
  atomic_store_explicit(&reservation->marker[unit], (uint16_t)marker, memory_order_relaxed);
}

static void count_used(struct sp_context *context, unsigned marker) {
  uint64_t pages = marker & SP_MARKER_PAGES;
  if (marker & SP_MARKER_AHEAD) {
    sp_count(context, ahead_used_pages, pages);
  } else if (marker & SP_MARKER_GROWN) {
    sp_count(context, grown_used_pages, pages);
  } else if (marker & SP_MARKER_AROUND) {
    sp_count(context, around_used_pages, pages);
  }
}

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

static void count_unit(struct sp_reservation *reservation, struct sp_window *window, const struct sp_batch *others, uint64_t nanos) {
  struct sp_context *context = reservation->context;
  sp_count(context, fetches, 1);
  sp_count(context, fetch_nanos, nanos);
  sp_count(context, around_pages, sp_page_count(others));
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

// Answers the range. Where threads touch in order all is mapped at once. Elsewhere the page that somebody waits for goes first, and the
// others stay unmapped, which is half of their cost, until one of them is touched.
static uint64_t fetch_unit(struct sp_reservation *reservation, uint64_t page, const struct sp_step *step, bool in_order) {
  uint64_t unit = page / SP_UNIT_PAGES;
  uint16_t asked = in_order ? step->mine : (uint16_t)(1u << page % SP_UNIT_PAGES);
  struct sp_batch touched, others, failed;
  one(&touched, unit, asked, step->from);
  one(&others, unit, step->mine & (uint16_t)~asked, step->from);
  failed.count = 0;
  sp_flag_mapped(reservation, &touched);
  struct sp_window *window = sp_window_of(reservation, unit, step->from);
  uint64_t range = window ? window->range : 0;

  struct sp_fetch fetch;
  sp_fetch_begin(&fetch, reservation);
  add_all(&fetch, &touched);
  sp_fetch_flush(&fetch);
  uint32_t first = fetch.count;
  add_all(&fetch, &others);
  sp_fetch_wait(&fetch, first, &failed);
  count_unit(reservation, window, &others, sp_now_nanos() - fetch.started);
  set_marker(reservation, unit, SP_MARKER_AROUND | (unsigned)sp_page_count(&others));
  sp_settle(reservation, &touched, &failed, true);
  failed.count = 0;
  sp_fetch_wait(&fetch, fetch.count, &failed);
  sp_settle(reservation, &others, &failed, false);
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

// Takes the first unit of the batch out, to stay unmapped; the rest is mapped. If somebody waits for it already, nothing is taken out:
// it was of use. Answers its number then.
static uint64_t leave_marker(struct sp_reservation *reservation, struct sp_batch *mine, struct sp_batch *marked, unsigned marker) {
  uint32_t i = 0;
  while (i < mine->count && !mine->mask[i]) {
    i++;
  }
  if (i == mine->count) {
    return NO_UNIT;
  }
  uint64_t unit = mine->unit[i];
  if (sp_waited_pages(sp_load(reservation, unit)) & mine->mask[i]) {
    count_used(reservation->context, marker);
    return unit;
  }
  one(marked, unit, mine->mask[i], mine->from[i]);
  mine->mask[i] = 0;
  set_marker(reservation, unit, marker);
  return NO_UNIT;
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

static void fetch_near(struct sp_reservation *reservation, const struct sp_job *job) {
  struct sp_batch mine, marked, failed;
  mine.count = marked.count = failed.count = 0;
  for (uint64_t unit = job->first_unit; unit < job->end_unit; unit++) {
    claim_idle(reservation, unit, job->from, &mine);
  }
  keep_readable(reservation, &mine, job->range);
  uint64_t pages = sp_page_count(&mine);
  if (!pages) {
    return;
  }
  sp_flag_mapped(reservation, &mine);
  sp_fetch_batch(reservation, &mine, &failed);
  count_near(reservation, &mine, pages, job->marker);
  sp_subtract(&mine, &failed);
  uint64_t waited = leave_marker(reservation, &mine, &marked, job->marker | (unsigned)pages);
  sp_release(reservation, &marked, SP_HOSTU);
  sp_settle(reservation, &mine, &failed, true);
  if (waited != NO_UNIT && job->marker == SP_MARKER_AHEAD) {
    sp_follow(reservation, waited, job->end_unit, job->from, job->range);
  }
}

// Unmapped pages around one that was mapped. Nothing is fetched.
static void map_near(struct sp_reservation *reservation, const struct sp_job *job) {
  struct sp_batch mine;
  mine.count = 0;
  for (uint64_t unit = job->first_unit; unit < job->end_unit; unit++) {
    claim_idle(reservation, unit, SP_HOSTU, &mine);
  }
  sp_flag_mapped(reservation, &mine);
  sp_map(reservation, &mine, true);
  sp_release(reservation, &mine, SP_HOSTM);
}

void sp_bring_near(const struct sp_job *job) {
  if (job->from == SP_HOSTU) {
    map_near(job->reservation, job);
  } else {
    fetch_near(job->reservation, job);
  }
}

// A bit for each unit of a block of which something is mapped.
static uint32_t units_in_use(struct sp_reservation *reservation, uint64_t block) {
  uint32_t in_use = 0;
  for (unsigned i = 0; i < SP_BLOCK_UNITS; i++) {
    in_use |= (uint32_t)(sp_pages_in(sp_load(reservation, block * SP_BLOCK_UNITS + i), SP_HOSTM) != 0) << i;
  }
  return in_use;
}

// The largest part of the block around a unit of which more than half is in use, as UVM grows its fault-around: 2, 4, ... 32 units.
static uint64_t dense_units(uint32_t in_use, unsigned at) {
  uint64_t best = 1;
  for (uint64_t size = 2; size <= SP_BLOCK_UNITS; size *= 2) {
    uint64_t part = in_use >> (at / size * size) & ((1ull << size) - 1);
    uint64_t used = (uint64_t)__builtin_popcountll(part);
    best = 2 * used > size && used < size ? size : best;
  }
  return best;
}

static void grow(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range) {
  uint64_t size = dense_units(units_in_use(reservation, unit / SP_BLOCK_UNITS), unit % SP_BLOCK_UNITS);
  if (size > 1) {
    struct sp_job job = {.reservation = reservation, .first_unit = unit / size * size, .end_unit = unit / size * size + size,
        .range = range, .from = (uint8_t)from, .marker = SP_MARKER_GROWN};
    sp_post_job(&job);
  }
}

static void bring_around(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range) {
  bool is_read_ahead = sp_follow(reservation, unit, unit + 1, from, range);
  if (reservation->context->config.around == SP_AROUND_DENSE && !is_read_ahead) {
    grow(reservation, unit, from, range);
  }
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
    count_used(reservation->context, atomic_exchange_explicit(&reservation->marker[unit], 0, memory_order_relaxed));
    map_unit(reservation, unit, &step);
    bring_around(reservation, unit, SP_HOSTU, 0);
  } else if (sp_is_device(step.from)) {
    uint64_t range = fetch_unit(reservation, page, &step, sp_is_in_order(reservation, unit));
    bring_around(reservation, unit, step.from, range);
  } else {
    show_nothing(reservation, unit, &step);
  }
}

// What nobody has asked for, yet: helpers bring it while the thread that gave them the idea goes on.
#include "internal.h"

enum { PART_UNITS = 16 };  // what is claimed at once, so that nobody who comes there waits for long
static const uint64_t NO_UNIT = UINT64_MAX;

void sp_set_marker(struct sp_reservation *reservation, uint64_t unit, unsigned marker) {
  atomic_store_explicit(&reservation->marker[unit], (uint16_t)marker, memory_order_relaxed);
}

static void count_used(struct sp_reservation *reservation, uint64_t unit, unsigned marker) {
  uint64_t pages = marker & SP_MARKER_PAGES;
  uint64_t page = unit * SP_UNIT_PAGES;
  if (marker & SP_MARKER_AHEAD) {
    sp_count_at(reservation, page, ahead_used_pages, pages);
  } else if (marker & SP_MARKER_GROWN) {
    sp_count_at(reservation, page, grown_used_pages, pages);
  } else if (marker & SP_MARKER_AROUND) {
    sp_count_at(reservation, page, around_used_pages, pages);
  }
}

void sp_touch_marker(struct sp_reservation *reservation, uint64_t unit) {
  count_used(reservation, unit, atomic_exchange_explicit(&reservation->marker[unit], 0, memory_order_relaxed));
}

bool sp_is_marked(struct sp_reservation *reservation, uint64_t unit) {
  return atomic_load_explicit(&reservation->marker[unit], memory_order_relaxed) & (SP_MARKER_GROWN | SP_MARKER_AHEAD);
}

// Takes pages of a unit that are in a state, unless others are at it.
static void claim_idle(struct sp_reservation *reservation, uint64_t unit, unsigned from, struct sp_batch *mine) {
  uint64_t word = sp_load(reservation, unit);
  struct sp_step step = sp_claim_idle(word, SP_ALL_PAGES, from);
  if (step.mine && sp_exchange(reservation, unit, &word, step.next)) {
    sp_note_claim(reservation, unit, step.mine, from);
    sp_add(mine, unit, step.mine, from);
  }
}

// Unmapped pages around one that was mapped. Nothing is fetched. Units that were left unmapped to show whether they are touched stay so.
static void map_part(const struct sp_job *job, uint64_t first_unit, uint64_t end_unit) {
  struct sp_batch mine;
  mine.count = 0;
  for (uint64_t unit = first_unit; unit < end_unit; unit++) {
    if (!(atomic_load_explicit(&job->reservation->marker[unit], memory_order_relaxed) & (SP_MARKER_GROWN | SP_MARKER_AHEAD))) {
      claim_idle(job->reservation, unit, SP_HOSTU, &mine);
    }
  }
  sp_flag_mapped(job->reservation, &mine);
  sp_map(job->reservation, &mine, true);
  sp_release(job->reservation, &mine, SP_HOSTM);
}

// Keeps what belongs to the range and can be read at once; the claim on the rest ends.
static void keep_readable(const struct sp_job *job, struct sp_batch *mine) {
  struct sp_batch given_back;
  given_back.count = 0;
  struct sp_window *ready = NULL;
  for (uint32_t i = 0; i < mine->count; i++) {
    struct sp_window *window = sp_window_of(job->reservation, mine->unit[i], mine->from[i]);
    bool good = window && (window == ready || (window->range == job->range && sp_is_ready(window)));
    if (good) {
      ready = window;
    } else {
      sp_add(&given_back, mine->unit[i], mine->mask[i], mine->from[i]);
      mine->mask[i] = 0;
    }
  }
  sp_release_to_origin(job->reservation, &given_back);
}

static void count_brought(const struct sp_job *job, const struct sp_batch *mine) {
  uint64_t page = mine->unit[0] * SP_UNIT_PAGES;
  if (job->marker != SP_MARKER_AHEAD) {
    sp_count_at(job->reservation, page, grown_pages, sp_page_count(mine));
    return;
  }
  sp_count_at(job->reservation, page, ahead_pages, sp_page_count(mine));
  for (uint32_t i = 0; i < mine->count; i++) {
    if (mine->mask[i]) {
      struct sp_window *window = sp_window_of(job->reservation, mine->unit[i], mine->from[i]);
      __atomic_fetch_add(&window->ahead_pages, (uint64_t)__builtin_popcount(mine->mask[i]), __ATOMIC_RELAXED);
    }
  }
}

// Some of a job's units, claimed and on their way.
struct part {
  struct sp_batch mine, failed;
  struct sp_fetch fetch;
};

// How far a job is.
struct progress {
  const struct sp_job *job;
  uint64_t pages;
  uint64_t unit;    // the marker's, NO_UNIT if there is none yet
  unsigned marker;  // what was written there; 0 if somebody was waiting for it already
};

// Takes the first unit out, to stay unmapped while the others are mapped. What somebody waits for already is mapped: that shows the same
// as its touch would.
static void leave_marker(struct progress *it, struct sp_batch *mine, struct sp_batch *marked) {
  struct sp_reservation *reservation = it->job->reservation;
  uint32_t i = 0;
  while (!mine->mask[i]) {
    i++;
  }
  it->unit = mine->unit[i];
  uint16_t waited = sp_waited_pages(sp_load(reservation, it->unit)) & mine->mask[i];
  if (!waited) {
    it->marker = it->job->marker | (unsigned)it->pages;
    sp_set_marker(reservation, it->unit, it->marker);
  }
  sp_add(marked, it->unit, mine->mask[i] & (uint16_t)~waited, mine->from[i]);
  mine->mask[i] = waited;
}

// Claims what it can of some units, and starts to read it.
static void start_part(struct part *part, const struct sp_job *job, uint64_t first_unit, uint64_t end_unit) {
  part->mine.count = part->failed.count = 0;
  for (uint64_t unit = first_unit; unit < end_unit; unit++) {
    claim_idle(job->reservation, unit, job->from, &part->mine);
  }
  keep_readable(job, &part->mine);
  sp_flag_mapped(job->reservation, &part->mine);
  sp_fetch_start(&part->fetch, job->reservation, &part->mine, &part->failed);
}

static void finish_part(struct part *part, struct progress *it) {
  const struct sp_job *job = it->job;
  if (!sp_page_count(&part->mine)) {
    return;
  }
  sp_fetch_finish(&part->fetch, &part->failed);
  count_brought(job, &part->mine);
  it->pages += sp_page_count(&part->mine);
  sp_subtract(&part->mine, &part->failed);
  struct sp_batch marked;
  marked.count = 0;
  bool is_first = it->unit == NO_UNIT && sp_page_count(&part->mine);
  if (is_first) {
    leave_marker(it, &part->mine, &marked);
  }
  sp_release(job->reservation, &marked, SP_HOSTU);
  sp_settle(job->reservation, &part->mine, &part->failed, true);
  if (is_first && !it->marker && job->marker == SP_MARKER_AHEAD) {
    sp_follow(&(struct sp_touch_note){job->reservation, it->unit, job->end_unit, job->range, job->from, SP_TOUCH_FIRST});
  }
}

// The marker stands for all that was brought. It may have been touched meanwhile.
static void complete_marker(struct progress *it) {
  struct sp_reservation *reservation = it->job->reservation;
  if (it->unit == NO_UNIT) {
    return;
  }
  uint16_t marker = (uint16_t)it->marker;
  uint16_t all = (uint16_t)(it->job->marker | it->pages);
  if (!marker || !atomic_compare_exchange_strong(&reservation->marker[it->unit], &marker, all)) {
    count_used(reservation, it->unit, all - (it->marker & SP_MARKER_PAGES));
  }
}

static uint64_t part_end(const struct sp_job *job, uint64_t unit) {
  return unit + PART_UNITS < job->end_unit ? unit + PART_UNITS : job->end_unit;
}

// The driver reads one part while the one before is mapped.
static void fetch_near(const struct sp_job *job) {
  struct progress progress = {.job = job, .unit = NO_UNIT};
  struct part parts[2];
  int present = 0;
  start_part(&parts[0], job, job->first_unit, part_end(job, job->first_unit));
  for (uint64_t next = job->first_unit + PART_UNITS; next < job->end_unit; next += PART_UNITS) {
    start_part(&parts[1 - present], job, next, part_end(job, next));
    finish_part(&parts[present], &progress);
    present = 1 - present;
  }
  finish_part(&parts[present], &progress);
  complete_marker(&progress);
}

static void map_near(const struct sp_job *job) {
  for (uint64_t unit = job->first_unit; unit < job->end_unit; unit += PART_UNITS) {
    map_part(job, unit, part_end(job, unit));
  }
}

void sp_bring_near(const struct sp_job *job) {
  if (job->from == SP_HOSTU) {
    map_near(job);
  } else {
    fetch_near(job);
  }
}

// A bit for each unit of a block of which more than a page is mapped: a touch alone maps no more than that.
static uint32_t units_in_use(struct sp_reservation *reservation, uint64_t block) {
  uint32_t in_use = 0;
  for (unsigned i = 0; i < SP_BLOCK_UNITS; i++) {
    uint16_t mapped = sp_pages_in(sp_load(reservation, block * SP_BLOCK_UNITS + i), SP_HOSTM);
    in_use |= (uint32_t)((mapped & (mapped - 1)) != 0) << i;
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

void sp_grow(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range) {
  uint64_t size = dense_units(units_in_use(reservation, unit / SP_BLOCK_UNITS), unit % SP_BLOCK_UNITS);
  if (size > 1) {
    struct sp_job job = {.reservation = reservation, .first_unit = unit / size * size, .end_unit = unit / size * size + size,
        .range = range, .from = (uint8_t)from, .marker = SP_MARKER_GROWN};
    sp_post_job(&job);
  }
}

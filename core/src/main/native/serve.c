// R1: what a handler does about one touch.
#include "internal.h"

// One unit's pages, claimed when they were `from`.
static void one(struct sp_batch *batch, uint64_t unit, uint16_t mask, unsigned from) {
  batch->count = 0;
  if (mask) {
    sp_add(batch, unit, mask, from);
  }
}

// Whether kernels that write around there may be at work on the frames themselves. Windows stay as long as the claim on the unit.
static bool are_in_use(struct sp_reservation *reservation, uint64_t unit) {
  bool in_use = false;
  for (unsigned shared = atomic_load(&reservation->shared); shared && !in_use; shared &= shared - 1) {
    struct sp_window *window = sp_window_of(reservation, unit, SP_DEV0 + (unsigned)__builtin_ctz(shared));
    in_use = window && !sp_is_ready(window);
  }
  return in_use;
}

// What kernels of a device without memory of its own use must not become the pattern: it is shown as it is, and lost all the same.
static void fill_pattern(struct sp_reservation *reservation, const struct sp_batch *mine) {
  struct sp_batch lost;
  lost.count = 0;
  for (uint32_t i = 0; i < mine->count; i++) {
    if (!are_in_use(reservation, mine->unit[i])) {
      sp_add(&lost, mine->unit[i], mine->mask[i], mine->from[i]);
    }
  }
  sp_fill_pattern(reservation, &lost);
}

// Fetching has failed, or the frames were lost before. The claim stays FETCH all the time: a page that is BUSY counts as valid.
static void show_pattern(struct sp_reservation *reservation, const struct sp_batch *mine, bool map, unsigned to) {
  if (map) {
    fill_pattern(reservation, mine);
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
    sp_count_at(reservation, failed->unit[0] * SP_UNIT_PAGES, poisoned_pages, sp_page_count(failed));
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

static void count_unit(struct sp_reservation *reservation, uint64_t page, struct sp_window *window, uint64_t others, uint64_t nanos) {
  sp_count_at(reservation, page, fetches, 1);
  sp_count_at(reservation, page, fetch_nanos, nanos);
  sp_count_at(reservation, page, around_pages, others);
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
  sp_fetch_wait(&fetch, fetch.count, &failed);
  count_unit(reservation, page, window, sp_page_count(&others), sp_now_nanos() - fetch.started);
  sp_set_marker(reservation, unit, SP_MARKER_AROUND | (unsigned)sp_page_count(&others));
  sp_settle(reservation, &touched, &failed, true);
  failed.count = 0;
  add_all(&fetch, &others);
  sp_fetch_wait(&fetch, fetch.count, &failed);
  sp_settle(reservation, &others, &failed, false);
  return range;
}

// Answers whether helpers read ahead of the thread.
static bool bring_around(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range, enum sp_touch_kind kind) {
  struct sp_touch_note note = {reservation, unit, unit + 1, range, (uint8_t)from, kind};
  bool is_read_ahead = sp_follow(&note);
  if (reservation->context->config.around == SP_AROUND_DENSE && !is_read_ahead) {
    sp_grow(reservation, unit, note.from, note.range);
  }
  return is_read_ahead;
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

// Pages that come along if they are in the same state. A unit that helpers left unmapped begins with one: whether a second one is
// touched shows what they brought to be of use.
static uint16_t pages_around(struct sp_reservation *reservation, uint64_t unit, uint64_t word, unsigned at) {
  bool alone = reservation->context->config.around == SP_AROUND_PAGE
      || (sp_state_of(word, at) == SP_HOSTU && sp_is_marked(reservation, unit));
  return alone ? (uint16_t)(1u << at) : SP_ALL_PAGES;
}

static enum sp_touch_kind kind_of(uint64_t word, bool whole) {
  if (sp_pages_in(word, SP_HOSTM)) {
    return SP_TOUCH_AGAIN;
  }
  return whole ? SP_TOUCH_WHOLE : SP_TOUCH_FIRST;
}

bool sp_serve(struct sp_reservation *reservation, uint64_t page) {
  uint64_t unit = page / SP_UNIT_PAGES;
  unsigned at = page % SP_UNIT_PAGES;
  SP_STEP("touch");
  uint64_t word = sp_load(reservation, unit);
  struct sp_step step;
  uint16_t around;
  do {
    around = pages_around(reservation, unit, word, at);
    step = sp_touch(word, at, around);
  } while (step.next != word && !sp_exchange(reservation, unit, &word, step.next));

  sp_note_claim(reservation, unit, step.mine, step.from);
  if (!step.mine) {
    sp_count(reservation->context, dropped, 1);
  } else if (step.from == SP_HOSTM) {
    map_unit(reservation, unit, &step);
  } else if (step.from == SP_HOSTU) {
    sp_touch_marker(reservation, unit);
    map_unit(reservation, unit, &step);
    return !bring_around(reservation, unit, SP_HOSTU, 0, kind_of(word, around == SP_ALL_PAGES));
  } else if (sp_is_device(step.from)) {
    bool in_order = sp_is_in_order(reservation, unit);
    uint64_t range = fetch_unit(reservation, page, &step, in_order);
    return !bring_around(reservation, unit, step.from, range, kind_of(word, in_order));
  } else {
    show_nothing(reservation, unit, &step);
  }
  return true;
}

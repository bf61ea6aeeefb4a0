// Counting for each range. Where ranges begin is marked in a tree of bitmaps, a word for 64 bits of the level below: to mark one costs
// the same however large it is, and to find the range of a unit takes a few looks and no lock.
#include "internal.h"

// Says whether a range begins at a unit. One caller at a time.
static void set_begin(struct sp_reservation *reservation, uint64_t unit, bool begins) {
  uint64_t at = unit;
  for (int level = 0; level < SP_LEVELS; level++, at /= 64) {
    _Atomic uint64_t *word = &reservation->begins[level][at / 64];
    if (begins) {
      atomic_fetch_or(word, 1ull << at % 64);
    } else if (atomic_fetch_and(word, ~(1ull << at % 64)) & ~(1ull << at % 64)) {
      return;
    }
  }
}

static uint64_t highest(uint64_t word) {
  return 63 - (uint64_t)__builtin_clzll(word);
}

// The last unit at or before one at which a range begins. Answers false if there is none, or it changes at this moment.
static bool find_begin(struct sp_reservation *reservation, uint64_t unit, uint64_t *begin) {
  uint64_t at = unit, mask = (2ull << unit % 64) - 1;
  for (int level = 0; level < SP_LEVELS; level++) {
    uint64_t word = atomic_load(&reservation->begins[level][at / 64]) & mask;
    if (word) {
      at = at / 64 * 64 + highest(word);
      while (level-- && (word = atomic_load(&reservation->begins[level][at]))) {
        at = at * 64 + highest(word);
      }
      *begin = at;
      return word;
    }
    at /= 64;
    mask = (1ull << at % 64) - 1;
  }
  return false;
}

void sp_count_in_range(struct sp_reservation *reservation, uint64_t page, size_t statistic, uint64_t amount) {
  atomic_fetch_add_explicit(&reservation->context->statistic[statistic], amount, memory_order_relaxed);
  uint64_t begin, unit = page / SP_UNIT_PAGES;
  if (find_begin(reservation, unit, &begin)) {
    struct sp_range_counts *counts = atomic_load(&reservation->counts[begin]);
    if (counts && unit < begin + counts->unit_count) {
      __atomic_fetch_add((uint64_t *)&counts->statistics + statistic, amount, __ATOMIC_RELAXED);
    }
  }
}

int sp_count_range(struct sp_reservation *reservation, uint64_t first_page, struct sp_range_counts *counts) {
  if (!sp_contains(reservation, first_page, SP_UNIT_PAGES) || first_page % SP_UNIT_PAGES) {
    return -EINVAL;
  }
  uint64_t unit = first_page / SP_UNIT_PAGES;
  pthread_mutex_lock(&reservation->context->reserve_lock);
  atomic_store(&reservation->counts[unit], counts);
  set_begin(reservation, unit, counts);
  pthread_mutex_unlock(&reservation->context->reserve_lock);
  return 0;
}

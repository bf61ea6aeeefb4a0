// Bringing home: the same claims as for a touch, for Java, of leased pages alone.
#include "internal.h"

struct sp_homecoming {
  struct sp_work work;
  bool map;
};

static struct sp_step take(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  return sp_claim_home(word, wanted->mask[entry], ((struct sp_homecoming *)work)->map);
}

// Splits the pages that only have to be mapped from those that are to be fetched.
static void split(struct sp_batch *mine, struct sp_batch *unmapped) {
  unmapped->count = 0;
  for (uint32_t i = 0; i < mine->count; i++) {
    if (mine->from[i] == SP_HOSTU) {
      sp_add(unmapped, mine->unit[i], mine->mask[i], SP_HOSTU);
      mine->mask[i] = 0;
    }
  }
}

static void finish(struct sp_work *work, struct sp_batch *mine) {
  struct sp_reservation *reservation = work->reservation;
  bool map = ((struct sp_homecoming *)work)->map;
  if (map) {
    sp_flag_mapped(reservation, mine);
  }
  struct sp_batch unmapped, failed;
  split(mine, &unmapped);
  sp_map(reservation, &unmapped, true);
  sp_release(reservation, &unmapped, SP_HOSTM);
  if (sp_page_count(mine)) {
    failed.count = 0;
    struct sp_fetch fetch;
    sp_fetch_start(&fetch, reservation, mine, &failed);
    sp_fetch_finish(&fetch, &failed);
    sp_settle(reservation, mine, &failed, map);
  }
}

// Units of a run that there may be something to do about, or that may be poisoned. Where nothing was ever touched there is only mapping.
static uint64_t next_unit(struct sp_reservation *reservation, uint64_t unit, uint64_t end_page, bool map) {
  while (!map && unit * SP_UNIT_PAGES < end_page && sp_is_untouched(reservation, unit / SP_BLOCK_UNITS)) {
    unit = (unit / SP_BLOCK_UNITS + 1) * SP_BLOCK_UNITS;
  }
  return unit;
}

static void add_run(const struct sp_run *run, struct sp_homecoming *homecoming, struct sp_batch *wanted) {
  struct sp_reservation *reservation = homecoming->work.reservation;
  uint64_t end = run->first_page + run->page_count;
  uint64_t unit = next_unit(reservation, run->first_page / SP_UNIT_PAGES, end, homecoming->map);
  while (unit * SP_UNIT_PAGES < end) {
    if (wanted->count == SP_BATCH) {
      sp_do(&homecoming->work, wanted);
      wanted->count = 0;
    }
    sp_add(wanted, unit, sp_unit_pages(unit, run->first_page, end), 0);
    unit = next_unit(reservation, unit + 1, end, homecoming->map);
  }
}

static int64_t count_poisoned(struct sp_reservation *reservation, const struct sp_run *run) {
  int64_t poisoned = 0;
  uint64_t end = run->first_page + run->page_count;
  uint64_t unit = next_unit(reservation, run->first_page / SP_UNIT_PAGES, end, false);
  while (unit * SP_UNIT_PAGES < end) {
    uint16_t pages = sp_unit_pages(unit, run->first_page, end);
    poisoned += __builtin_popcount(sp_pages_in(sp_load(reservation, unit), SP_POISON) & pages);
    unit = next_unit(reservation, unit + 1, end, false);
  }
  return poisoned;
}

int64_t sp_bring_home(struct sp_reservation *reservation, const struct sp_run *runs, uint64_t run_count, int32_t map) {
  struct sp_homecoming homecoming = {{reservation, take, finish}, map != 0};
  for (uint64_t i = 0; i < run_count; i++) {
    if (!sp_contains(reservation, runs[i].first_page, runs[i].page_count)) {
      return -EINVAL;
    }
  }
  struct sp_batch wanted;
  wanted.count = 0;
  for (uint64_t i = 0; i < run_count; i++) {
    add_run(&runs[i], &homecoming, &wanted);
  }
  sp_do(&homecoming.work, &wanted);
  int64_t poisoned = 0;
  for (uint64_t i = 0; i < run_count; i++) {
    poisoned += count_poisoned(reservation, &runs[i]);
  }
  return poisoned;
}

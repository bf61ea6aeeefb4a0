// Written pages, as the system has noted them (R2). The scan comes first, the words after: by a word read before it, a store made
// between the two would be lost.
#include "internal.h"

enum { REGIONS = 128 };

static bool may_be_written(struct sp_reservation *reservation, uint64_t page) {
  return sp_may_be_written(sp_state_of(sp_load(reservation, page / SP_UNIT_PAGES), page % SP_UNIT_PAGES));
}

static uint64_t note(struct sp_reservation *reservation, const struct sp_region *region, uint64_t base_page, uint64_t *written) {
  uint64_t first = (region->start - (uint64_t)reservation->user) / SP_PAGE_BYTES;
  uint64_t end = (region->end - (uint64_t)reservation->user) / SP_PAGE_BYTES;
  uint64_t count = 0;
  for (uint64_t page = first; page < end; page++) {
    if (may_be_written(reservation, page)) {
      uint64_t bit = page - base_page;
      written[bit / 64] |= 1ull << bit % 64;
      count++;
    }
  }
  return count;
}

struct scan {
  struct sp_reservation *reservation;
  uint64_t base_page, *written;
  int64_t count;
  enum sp_scanned what;
  int (*found)(struct scan *scan, const struct sp_region *region);
};

static long scan_some(struct scan *scan, enum sp_scanned what, uint64_t *at, uint64_t end, struct sp_region *regions) {
  struct sp_context *context = scan->reservation->context;
  long found = sp_kernel_scan(&context->kernel, (void *)*at, end - *at, what, regions, REGIONS, at);
  if (found < 0) {
    sp_report(context, "pages can't be scanned", (int)-found);
  }
  return found;
}

static int walk(struct scan *scan, uint64_t at, uint64_t end) {
  struct sp_region regions[REGIONS];
  int error = 0;
  while (at < end && !error) {
    SP_STEP("scan");
    long found = scan_some(scan, scan->what, &at, end, regions);
    if (found > 0 && scan->what != SP_PRESENT) {
      SP_STEP("note");
    }
    for (long i = 0; i < found && !error; i++) {
      error = scan->found(scan, &regions[i]);
    }
    error = found < 0 ? (int)found : error;
  }
  return error;
}

static int take_over(struct scan *scan, const struct sp_region *region) {
  scan->count += (int64_t)note(scan->reservation, region, scan->base_page, scan->written);
  return 0;
}

static struct sp_step leave_mapping(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  (void)work;
  return (struct sp_step){.next = word, .left = sp_busy_pages(word) & wanted->mask[entry]};
}

static int take_back(struct scan *scan, const struct sp_region *region) {
  if (!(region->categories & SP_PAGE_WRITTEN)) {
    uint64_t user = (uint64_t)scan->reservation->user;
    for (uint64_t at = region->start; at < region->end; at += SP_PAGE_BYTES) {
      uint64_t bit = (at - user) / SP_PAGE_BYTES - scan->base_page;
      scan->count -= scan->written[bit / 64] >> bit % 64 & 1;
      scan->written[bit / 64] &= ~(1ull << bit % 64);
    }
  }
  return 0;
}

// A page without an entry counts as written: if the system has dropped it, it may have been. But others may just be mapping it for the
// first time. They are waited for: what they have mapped is protected, and what the system had dropped is mapped unprotected, if at all.
static int take_over_mapped(struct scan *scan, const struct sp_region *region) {
  int64_t count = scan->count;
  take_over(scan, region);
  if (region->categories & SP_PAGE_PRESENT || scan->count == count) {
    return 0;
  }
  struct sp_work waiting = {scan->reservation, leave_mapping, NULL};
  uint64_t first = (region->start - (uint64_t)scan->reservation->user) / SP_PAGE_BYTES;
  sp_do_run(&waiting, first, (region->end - region->start) / SP_PAGE_BYTES);
  struct scan again = *scan;
  again.what = SP_PRESENT;
  again.found = take_back;
  int error = walk(&again, region->start, region->end);
  scan->count = again.count;
  return error;
}

// Most pages are clean, and it takes half the time to see that.
static int walk_what_looks_written(struct scan *scan, uint64_t at, uint64_t end) {
  struct sp_region regions[REGIONS];
  int error = 0;
  while (at < end && !error) {
    SP_STEP("look");
    long found = scan_some(scan, SP_LOOK, &at, end, regions);
    error = found > 0 ? walk(scan, regions[0].start, regions[found - 1].end) : (int)found;
  }
  return error;
}

static int64_t scan_pages(struct scan *scan, int (*way)(struct scan *, uint64_t, uint64_t), uint64_t first_page, uint64_t page_count) {
  uint64_t at = (uint64_t)sp_user_page(scan->reservation, first_page);
  int error = way(scan, at, at + page_count * SP_PAGE_BYTES);
  if (error) {
    return error;
  }
  sp_count_at(scan->reservation, first_page, written_pages, scan->count);
  return scan->count;
}

int64_t sp_scan_claimed(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t base_page,
    uint64_t *written) {
  struct scan scan = {reservation, base_page, written, 0, SP_WRITTEN, take_over};
  return scan_pages(&scan, walk, first_page, page_count);
}

static bool is_flagged(struct sp_reservation *reservation, uint64_t page) {
  return atomic_load(&reservation->flag[page / (SP_BLOCK_UNITS * SP_UNIT_PAGES)]);
}

// The first page at or behind `page` that is in a block whose flag is as asked for.
static uint64_t seek(struct sp_reservation *reservation, uint64_t page, uint64_t end_page, bool flagged) {
  const uint64_t block_pages = SP_BLOCK_UNITS * SP_UNIT_PAGES;
  while (page < end_page && is_flagged(reservation, page) != flagged) {
    page = (page / block_pages + 1) * block_pages;
  }
  return page < end_page ? page : end_page;
}

int64_t sp_scan(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t *written) {
  if (!sp_contains(reservation, first_page, page_count)) {
    return -EINVAL;
  }
  uint64_t started = sp_now_nanos();
  uint64_t end_page = first_page + page_count;
  int64_t count = 0;
  SP_STEP("seek");
  for (uint64_t page = seek(reservation, first_page, end_page, true); page < end_page;) {
    uint64_t end = seek(reservation, page, end_page, false);
    struct scan scan = {reservation, first_page, written, 0, SP_WRITTEN_PRESENCE, take_over_mapped};
    int64_t found = scan_pages(&scan, walk_what_looks_written, page, end - page);
    if (found < 0) {
      return found;
    }
    count += found;
    page = seek(reservation, end, end_page, true);
  }
  sp_count_at(reservation, first_page, scans, 1);
  sp_count_at(reservation, first_page, scan_nanos, sp_now_nanos() - started);
  return count;
}

struct sp_unmapping {
  struct sp_work work;
  uint64_t base_page, *written;
  int64_t count;
};

static struct sp_step take(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  (void)work;
  return sp_claim_mapped(word, wanted->mask[entry]);
}

// Unmapped first, scanned second: a store in between would be lost the other way round.
static void finish(struct sp_work *work, struct sp_batch *mine) {
  struct sp_unmapping *unmapping = (struct sp_unmapping *)work;
  sp_unmap_batch(work->reservation, mine);
  struct sp_spans spans = {.batch = mine};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    int64_t found = sp_scan_claimed(work->reservation, span.page, span.count, unmapping->base_page, unmapping->written);
    unmapping->count = found < 0 ? found : unmapping->count + found;
  }
  sp_release(work->reservation, mine, SP_HOSTU);
}

int64_t sp_unmap(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t *written) {
  if (!sp_contains(reservation, first_page, page_count)) {
    return -EINVAL;
  }
  struct sp_unmapping unmapping = {{reservation, take, finish}, first_page, written, 0};
  sp_do_run(&unmapping.work, first_page, page_count);
  return unmapping.count;
}

// Doubted first, looked at second: a handler claims first and sets the flag second, so one of the two sees the other. A flag in doubt
// counts as set: a scan that found it clear for a moment would pass over what was written.
static bool clear_flag(struct sp_reservation *reservation, uint64_t block) {
  uint8_t doubt = SP_FLAG_DOUBTED;
  atomic_exchange(&reservation->flag[block], doubt);
  SP_STEP("recheck");
  for (uint64_t unit = block * SP_BLOCK_UNITS; unit < (block + 1) * SP_BLOCK_UNITS; unit++) {
    // Sequentially consistent, as the exchange and the handler's claim are: sp_load alone could overtake the exchange.
    uint64_t word = atomic_load(&reservation->word[unit]) ^ SP_WORD_UNTOUCHED;
    // Who finds the flag clear doesn't look: he would not learn what is poisoned.
    if (sp_pages_in(word, SP_HOSTM) | sp_pages_in(word, SP_POISON) | sp_claimed_pages(word)) {
      SP_STEP("set");
      atomic_store(&reservation->flag[block], SP_FLAG_SET);
      return false;
    }
  }
  SP_STEP("confirm");
  // Whoever has mapped since has set it.
  return atomic_compare_exchange_strong(&reservation->flag[block], &doubt, 0);
}

int64_t sp_clear_flags(struct sp_reservation *reservation, uint64_t first_block, uint64_t block_count) {
  if (!sp_contains(reservation, first_block * SP_BLOCK_UNITS * SP_UNIT_PAGES, block_count * SP_BLOCK_UNITS * SP_UNIT_PAGES)) {
    return -EINVAL;
  }
  int64_t set = 0;
  SP_STEP("doubt");
  // One at a time: two that doubt the same flag could not tell whose doubt is confirmed.
  pthread_mutex_lock(&reservation->context->flag_lock);
  for (uint64_t block = first_block; block < first_block + block_count; block++) {
    set += atomic_load(&reservation->flag[block]) && !clear_flag(reservation, block);
  }
  pthread_mutex_unlock(&reservation->context->flag_lock);
  return set;
}

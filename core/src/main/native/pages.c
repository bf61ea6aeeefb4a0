// Ranges come and go, and what happened outside of the library is noted.
#include "internal.h"

#include <string.h>

static struct sp_step take_all(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  (void)work;
  return sp_claim_all(word, wanted->mask[entry]);
}

struct sp_zeroing {
  struct sp_work work;
  bool keeps_frames;
  int error;
};

static int drop_frames(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  SP_STEP("drop");
  int error = sp_kernel_drop_frames(reservation->frames, first_page * SP_PAGE_BYTES, page_count * SP_PAGE_BYTES);
  if (error) {
    sp_report(reservation->context, "frames can't be dropped", error);
  }
  return error;
}

static int zero_frames(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, bool keeps_frames) {
  if (!keeps_frames) {
    return drop_frames(reservation, first_page, page_count);
  }
  memset(sp_manager_page(reservation, first_page), 0, page_count * SP_PAGE_BYTES);
  return 0;
}

// Whatever was there, also what a stray touch may have mapped, is gone; new frames are zero. Nobody maps a frame while it goes: the
// system would forget that its page was not written.
static void finish_zeroing(struct sp_work *work, struct sp_batch *mine) {
  struct sp_zeroing *zeroing = (struct sp_zeroing *)work;
  sp_unmap_batch(work->reservation, mine);
  struct sp_spans spans = {.batch = mine};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    int error = zero_frames(work->reservation, span.page, span.count, zeroing->keeps_frames);
    zeroing->error = zeroing->error ? zeroing->error : error;
  }
  sp_release(work->reservation, mine, SP_HOSTU);
}

static int zero_claimed(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, bool keeps_frames) {
  struct sp_zeroing zeroing = {{reservation, take_all, finish_zeroing}, keeps_frames, 0};
  sp_do_run(&zeroing.work, first_page, page_count);
  return -zeroing.error;
}

int sp_open_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  if (!sp_contains(reservation, first_page, page_count) || first_page % SP_UNIT_PAGES || page_count % SP_UNIT_PAGES) {
    return -EINVAL;
  }
  if (sp_orphans_within(reservation, first_page, page_count)) {
    return -EBUSY;
  }
  zero_claimed(reservation, first_page, page_count, false);
  return 0;
}

// The first page at or behind `page` that is in a block as asked for.
static uint64_t seek(struct sp_reservation *reservation, uint64_t page, uint64_t end_page, bool untouched) {
  const uint64_t block_pages = SP_BLOCK_UNITS * SP_UNIT_PAGES;
  while (page < end_page && sp_is_untouched(reservation, page / block_pages) != untouched) {
    page = (page / block_pages + 1) * block_pages;
  }
  return page < end_page ? page : end_page;
}

// Where nobody has touched there is nothing to claim, but there may be frames. What is touched meanwhile has claims to wait for then.
static int zero_untouched(struct sp_reservation *reservation, uint64_t first_page, uint64_t end_page, bool keeps_frames) {
  int error = 0;
  for (uint64_t page = seek(reservation, first_page, end_page, true); page < end_page && !error;) {
    uint64_t end = seek(reservation, page, end_page, false);
    error = zero_frames(reservation, page, end - page, keeps_frames);
    page = seek(reservation, end, end_page, true);
  }
  return -error;
}

int sp_zero_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, int keeps_frames) {
  if (!sp_contains(reservation, first_page, page_count)) {
    return -EINVAL;
  }
  int error = zero_untouched(reservation, first_page, first_page + page_count, keeps_frames);
  return error ? error : zero_claimed(reservation, first_page, page_count, keeps_frames);
}

static struct sp_step take_closing(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  (void)work;
  return sp_close_idle(word, wanted->mask[entry]);
}

int sp_close_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  if (!sp_contains(reservation, first_page, page_count)) {
    return -EINVAL;
  }
  struct sp_work work = {reservation, take_closing, NULL};
  sp_do_run(&work, first_page, page_count);
  char *address = sp_user_page(reservation, first_page);
  SP_STEP("unmap");
  int error = page_count ? sp_kernel_unmap(address, page_count * SP_PAGE_BYTES) : 0;
  if (error) {
    sp_report(reservation->context, "a range can't be unmapped", error);
    return -error;
  }
  if (page_count) {
    SP_STEP("wake-all");
    sp_kernel_wake(&reservation->context->kernel, address, page_count * SP_PAGE_BYTES);
  }
  return (int)sp_orphans_within(reservation, first_page, page_count);
}

int sp_discard_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  if (!sp_contains(reservation, first_page, page_count)) {
    return -EINVAL;
  }
  return page_count ? -sp_kernel_drop_frames(reservation->frames, first_page * SP_PAGE_BYTES, page_count * SP_PAGE_BYTES) : 0;
}

int sp_pending_reads(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count) {
  return sp_contains(reservation, first_page, page_count) ? (int)sp_orphans_within(reservation, first_page, page_count) : -EINVAL;
}

static struct sp_step take_overwritten(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  (void)work;
  return sp_claim_overwritten(word, wanted->mask[entry]);
}

static void finish_overwritten(struct sp_work *work, struct sp_batch *mine) {
  sp_unmap_batch(work->reservation, mine);
  sp_release(work->reservation, mine, SP_HOSTU);
}

struct loss {
  struct sp_work work;
  unsigned state;
};

static struct sp_step take_lost(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  return sp_lose(word, wanted->mask[entry], ((struct loss *)work)->state);
}

int sp_mark(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint32_t state) {
  bool is_device = sp_is_device(state) && state < SP_DEV0 + SP_DEVICES;
  if (!sp_contains(reservation, first_page, page_count) || (state != SP_HOSTU && !is_device)) {
    return -EINVAL;
  }
  if (state == SP_HOSTU && sp_orphans_within(reservation, first_page, page_count)) {
    return -EBUSY;
  }
  struct sp_work overwritten = {reservation, take_overwritten, finish_overwritten};
  struct loss loss = {{reservation, take_lost, NULL}, state};
  sp_do_run(state == SP_HOSTU ? &overwritten : &loss.work, first_page, page_count);
  return 0;
}

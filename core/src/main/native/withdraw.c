// R3: the host's copies go in favour of a device, behind a kernel that is in its queue already.
//
// Where a slice covers a page in part, the host may have written the rest of it since the page was uploaded. These bytes are sent
// beside the kernel before the claim ends: once the word says that the device has the page, a touch reads it back from there.
#include "internal.h"

struct sp_withdrawal {
  struct sp_work work;
  unsigned device;
  struct sp_slice *slices;
  uint64_t slice_count;
  uint64_t first_slice;  // the first one that reaches into the present batch
  uint16_t partial[SP_BATCH];  // of each entry wanted, the pages that are covered in part
  uint64_t unit[SP_BATCH];
  uint32_t entries;
  int64_t poisoned;
};

static uint16_t partial_pages(const struct sp_withdrawal *it, uint64_t unit) {
  for (uint32_t i = 0; i < it->entries; i++) {
    if (it->unit[i] == unit) {
      return it->partial[i];
    }
  }
  return 0;
}

static struct sp_step take(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry) {
  struct sp_withdrawal *it = (struct sp_withdrawal *)work;
  uint16_t poisoned = sp_pages_in(word, SP_POISON) & wanted->mask[entry];
  uint16_t healed = poisoned & (uint16_t)~it->partial[entry];
  if (healed && sp_orphans_within(work->reservation, wanted->unit[entry] * SP_UNIT_PAGES, SP_UNIT_PAGES)) {
    healed = 0;
  }
  return sp_claim_withdrawal(word, wanted->mask[entry], healed, it->device);
}

// Sends the bytes of a page that no slice covers, and notes at the slices beside them that they were sent.
static int send_gaps(struct sp_withdrawal *it, struct sp_window *window, uint64_t page) {
  uint64_t at = page * SP_PAGE_BYTES, end = at + SP_PAGE_BYTES;
  int error = 0;
  uint64_t i = it->first_slice;
  while (i < it->slice_count && it->slices[i].end_byte <= at) {
    i++;
  }
  for (; at < end && !error; i++) {
    struct sp_slice *slice = i < it->slice_count && it->slices[i].first_byte < end ? &it->slices[i] : NULL;
    uint64_t gap_end = slice ? slice->first_byte : end;
    if (gap_end > at) {
      error = sp_send(it->work.reservation, window, at, gap_end - at);
      sp_count(it->work.reservation->context, edge_bytes, gap_end - at);
    }
    if (slice) {
      slice->sent_edges |= slice->first_byte > page * SP_PAGE_BYTES ? SP_EDGE_FIRST : 0;
      slice->sent_edges |= slice->end_byte < end ? SP_EDGE_LAST : 0;
    }
    at = slice ? slice->end_byte : end;
  }
  return error;
}

static bool was_written(struct sp_reservation *reservation, uint64_t page) {
  uint64_t written = 0;
  // If it can't be known it was.
  return sp_scan_claimed(reservation, page, 1, page, &written) != 0;
}

// Answers the pages whose bytes could not be sent: neither copy is whole then.
static uint16_t send_edges(struct sp_withdrawal *it, uint64_t unit, uint16_t partial) {
  uint16_t lost = 0;
  struct sp_reservation *reservation = it->work.reservation;
  struct sp_window *window = partial ? sp_window_of(reservation, unit, SP_DEV0 + it->device) : NULL;
  if (window && window->kind == SP_FETCH_SHARED) {
    return 0;  // the device writes in the same frames
  }
  for (; partial; partial &= (uint16_t)(partial - 1)) {
    unsigned at = (unsigned)__builtin_ctz(partial);
    uint64_t page = unit * SP_UNIT_PAGES + at;
    if (was_written(reservation, page)) {
      int error = send_gaps(it, window, page);
      if (error) {
        sp_report(reservation->context, "bytes around a slice can't be sent", error);
        lost |= (uint16_t)(1u << at);
      }
    }
  }
  return lost;
}

static void finish(struct sp_work *work, struct sp_batch *mine) {
  struct sp_withdrawal *it = (struct sp_withdrawal *)work;
  struct sp_reservation *reservation = work->reservation;
  sp_count(reservation->context, withdrawn_pages, sp_page_count(mine));
  sp_unmap_batch(reservation, mine);
  struct sp_batch lost;
  lost.count = 0;
  for (uint32_t i = 0; i < mine->count; i++) {
    uint16_t bad = send_edges(it, mine->unit[i], mine->mask[i] & partial_pages(it, mine->unit[i]));
    if (bad) {
      sp_add(&lost, mine->unit[i], bad, SP_POISON);
    }
  }
  sp_subtract(mine, &lost);
  sp_release(reservation, mine, SP_DEV0 + it->device);
  if (lost.count) {
    sp_count_at(reservation, lost.unit[0] * SP_UNIT_PAGES, poisoned_pages, sp_page_count(&lost));
  }
  sp_release(reservation, &lost, SP_POISON);
}

static void add_page_range(struct sp_withdrawal *it, struct sp_batch *wanted, uint64_t unit, uint16_t pages, uint16_t partial) {
  if (wanted->count && wanted->unit[wanted->count - 1] == unit) {
    it->partial[wanted->count - 1] |= partial;
  } else {
    it->partial[wanted->count] = partial;
    it->unit[wanted->count] = unit;
  }
  sp_add(wanted, unit, pages, 0);
  it->entries = wanted->count;
}

static uint16_t partial_of(const struct sp_slice *slice, uint64_t unit) {
  uint64_t first = slice->first_byte / SP_PAGE_BYTES, last = slice->end_byte / SP_PAGE_BYTES;
  uint16_t partial = slice->first_byte % SP_PAGE_BYTES ? sp_unit_pages(unit, first, first + 1) : 0;
  return partial | (slice->end_byte % SP_PAGE_BYTES ? sp_unit_pages(unit, last, last + 1) : 0);
}

static void flush(struct sp_withdrawal *it, struct sp_batch *wanted, uint64_t next_slice) {
  struct sp_batch all = *wanted;
  sp_do(&it->work, wanted);
  for (uint32_t i = 0; i < all.count; i++) {
    it->poisoned += __builtin_popcount(sp_pages_in(sp_load(it->work.reservation, all.unit[i]), SP_POISON) & all.mask[i]);
  }
  wanted->count = 0;
  it->first_slice = next_slice;
}

// A page that several slices cover in part must be done at once, for all of them.
static void add_slice(struct sp_withdrawal *it, struct sp_batch *wanted, uint64_t index) {
  const struct sp_slice *slice = &it->slices[index];
  uint64_t first_page = slice->first_byte / SP_PAGE_BYTES;
  uint64_t end_page = (slice->end_byte + SP_PAGE_BYTES - 1) / SP_PAGE_BYTES;
  for (uint64_t unit = first_page / SP_UNIT_PAGES; unit * SP_UNIT_PAGES < end_page; unit++) {
    bool is_new = !wanted->count || wanted->unit[wanted->count - 1] != unit;
    if (is_new && wanted->count == SP_BATCH) {
      flush(it, wanted, index);
    }
    add_page_range(it, wanted, unit, sp_unit_pages(unit, first_page, end_page), partial_of(slice, unit));
  }
}

static bool are_good(struct sp_reservation *reservation, const struct sp_slice *slices, uint64_t slice_count) {
  uint64_t last = 0;
  for (uint64_t i = 0; i < slice_count; i++) {
    if (slices[i].first_byte < last || slices[i].end_byte <= slices[i].first_byte || slices[i].end_byte > reservation->size_bytes) {
      return false;
    }
    last = slices[i].end_byte;
  }
  return true;
}

int64_t sp_withdraw(struct sp_reservation *reservation, uint32_t device, struct sp_slice *slices, uint64_t slice_count) {
  if (device >= SP_DEVICES || !are_good(reservation, slices, slice_count)) {
    return -EINVAL;
  }
  struct sp_withdrawal it;
  it.work = (struct sp_work){reservation, take, finish};
  it.device = device;
  it.slices = slices;
  it.slice_count = slice_count;
  it.first_slice = 0;
  it.entries = 0;
  it.poisoned = 0;
  struct sp_batch wanted;
  wanted.count = 0;
  for (uint64_t i = 0; i < slice_count; i++) {
    slices[i].sent_edges = 0;
    add_slice(&it, &wanted, i);
  }
  flush(&it, &wanted, slice_count);
  return it.poisoned;
}

// The words of the fault table: pure functions from word to word, the rules of the protocol without memory or time.
// Masks have a bit for each of a unit's 16 pages.
#ifndef SP_WORD_H
#define SP_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "samepage.h"

#define SP_ONES 0x1111111111111111ull
#define SP_ALL_PAGES 0xFFFFu

static inline unsigned sp_state_of(uint64_t word, unsigned page) {
  return word >> (4 * page) & 15;
}

// Bit i of the mask to bit 4 i.
static inline uint64_t sp_spread(uint16_t mask) {
  uint64_t x = mask;
  x = (x | x << 24) & 0x000000FF000000FFull;
  x = (x | x << 12) & 0x000F000F000F000Full;
  x = (x | x << 6) & 0x0303030303030303ull;
  return (x | x << 3) & SP_ONES;
}

// Bit 4 i to bit i; other bits are ignored.
static inline uint16_t sp_gather(uint64_t word) {
  uint64_t x = word & SP_ONES;
  x = (x | x >> 3) & 0x0303030303030303ull;
  x = (x | x >> 6) & 0x000F000F000F000Full;
  x = (x | x >> 12) & 0x000000FF000000FFull;
  return (uint16_t)(x | x >> 24);
}

static inline uint64_t sp_with(uint64_t word, uint16_t mask, unsigned state) {
  uint64_t spread = sp_spread(mask);
  return (word & ~(spread * 15)) | spread * state;
}

static inline uint16_t sp_pages_in(uint64_t word, unsigned state) {
  uint64_t differs = word ^ SP_ONES * state;
  differs |= differs >> 2;
  differs |= differs >> 1;
  return (uint16_t)~sp_gather(differs);
}

static inline uint16_t sp_waited_pages(uint64_t word) {
  return sp_pages_in(word, SP_BUSYW) | sp_pages_in(word, SP_FETCHW);
}

static inline uint16_t sp_busy_pages(uint64_t word) {
  return sp_pages_in(word, SP_BUSY) | sp_pages_in(word, SP_BUSYW);
}

static inline uint16_t sp_fetch_pages(uint64_t word) {
  return sp_pages_in(word, SP_FETCH) | sp_pages_in(word, SP_FETCHW);
}

static inline uint16_t sp_claimed_pages(uint64_t word) {
  return sp_busy_pages(word) | sp_fetch_pages(word);
}

static inline uint16_t sp_device_pages(uint64_t word) {
  return sp_gather(word >> 3);
}

static inline bool sp_is_device(unsigned state) {
  return state >= SP_DEV0;
}

// A page whose bytes a store may have changed since they were last looked at.
static inline bool sp_may_be_written(unsigned state) {
  return state == SP_HOSTM || state == SP_BUSY || state == SP_BUSYW;
}

// What happens to a word: `mine` are the pages that are claimed now, `from` what they were, `left` those to come back for.
struct sp_step {
  uint64_t next;
  uint16_t mine, left;
  uint8_t from;
};

// R1: a thread touched a page. Pages of `around` in the same state come along. An empty `mine`: others have a claim on the page, and
// will wake the thread.
static inline struct sp_step sp_touch(uint64_t word, unsigned page, uint16_t around) {
  uint16_t it = (uint16_t)(1u << page);
  struct sp_step step = {.next = word, .from = (uint8_t)sp_state_of(word, page)};
  switch (step.from) {
    case SP_BUSY:
      step.next = sp_with(word, it, SP_BUSYW);
      return step;
    case SP_FETCH:
      step.next = sp_with(word, it, SP_FETCHW);
      return step;
    case SP_BUSYW:
    case SP_FETCHW:
      return step;
    case SP_HOSTU:
      step.mine = it | (sp_pages_in(word, SP_HOSTU) & around);
      step.next = sp_with(word, step.mine, SP_BUSY);
      return step;
    case SP_HOSTM:  // the system has dropped the entry
      step.mine = it;
      step.next = sp_with(word, it, SP_BUSY);
      return step;
    case SP_CLOSED:
    case SP_POISON:  // there is no valid frame to protect, but mapping needs a claim all the same
      step.mine = it;
      step.next = sp_with(word, it, SP_FETCH);
      return step;
    default:
      step.mine = it | (sp_pages_in(word, step.from) & around);
      step.next = sp_with(word, step.mine, SP_FETCH);
      return step;
  }
}

// Pages that nobody waits for, and that are in one state: HOSTU or a device's.
static inline struct sp_step sp_claim_idle(uint64_t word, uint16_t wanted, unsigned state) {
  struct sp_step step = {.from = (uint8_t)state, .mine = sp_pages_in(word, state) & wanted};
  step.next = sp_with(word, step.mine, state == SP_HOSTU ? SP_BUSY : SP_FETCH);
  return step;
}

// R2: pages whose frames are to be made valid; those of one device at a time. With `map` unmapped ones too, once none is to be fetched.
static inline struct sp_step sp_claim_home(uint64_t word, uint16_t wanted, bool map) {
  uint16_t remote = sp_device_pages(word) & wanted;
  if (remote) {
    struct sp_step step = sp_claim_idle(word, wanted, sp_state_of(word, (unsigned)__builtin_ctz(remote)));
    step.left = wanted & (uint16_t)((remote & ~step.mine) | sp_fetch_pages(word) | (map ? sp_pages_in(word, SP_HOSTU) : 0));
    return step;
  }
  struct sp_step step = sp_claim_idle(word, map ? wanted : 0, SP_HOSTU);
  step.left = sp_fetch_pages(word) & wanted;
  return step;
}

// R3: pages go to a device. Those that are not mapped at once; mapped ones are claimed, to be unmapped first. Poison ends where all
// of the page is overwritten (`healed`).
static inline struct sp_step sp_claim_withdrawal(uint64_t word, uint16_t wanted, uint16_t healed, unsigned device) {
  uint16_t unmapped = (sp_pages_in(word, SP_HOSTU) | sp_device_pages(word)) & wanted;
  uint16_t mapped = sp_pages_in(word, SP_HOSTM) & wanted;
  uint16_t poisoned = sp_pages_in(word, SP_POISON) & wanted & healed;
  struct sp_step step = {.from = SP_HOSTM, .mine = mapped | poisoned, .left = sp_claimed_pages(word) & wanted};
  step.next = sp_with(word, unmapped, SP_DEV0 + device);
  step.next = sp_with(step.next, mapped, SP_BUSY);
  step.next = sp_with(step.next, poisoned, SP_FETCH);
  return step;
}

// Mapped pages that are to be unmapped and stay valid.
static inline struct sp_step sp_claim_mapped(uint64_t word, uint16_t wanted) {
  struct sp_step step = {.from = SP_HOSTM, .mine = sp_pages_in(word, SP_HOSTM) & wanted, .left = sp_claimed_pages(word) & wanted};
  step.next = sp_with(word, step.mine, SP_BUSY);
  return step;
}

// Everything that is not claimed by others.
static inline struct sp_step sp_claim_all(uint64_t word, uint16_t wanted) {
  struct sp_step step = {.from = SP_CLOSED, .left = sp_claimed_pages(word) & wanted};
  step.mine = wanted & (uint16_t)~step.left;
  step.next = sp_with(word, step.mine, SP_FETCH);
  return step;
}

// R4: pages leave their range.
static inline struct sp_step sp_close_idle(uint64_t word, uint16_t wanted) {
  struct sp_step step = {.from = SP_CLOSED, .left = sp_claimed_pages(word) & wanted};
  step.next = sp_with(word, wanted & (uint16_t)~step.left, SP_CLOSED);
  return step;
}

// Frames were overwritten: devices' copies end; poisoned pages, which may be mapped, are claimed.
static inline struct sp_step sp_claim_overwritten(uint64_t word, uint16_t wanted) {
  struct sp_step step = {.from = SP_POISON, .mine = sp_pages_in(word, SP_POISON) & wanted, .left = sp_fetch_pages(word) & wanted};
  step.next = sp_with(word, sp_device_pages(word) & wanted, SP_HOSTU);
  step.next = sp_with(step.next, step.mine, SP_FETCH);
  return step;
}

// A device has lost what it had; what another one has by now is not lost.
static inline struct sp_step sp_lose(uint64_t word, uint16_t wanted, unsigned state) {
  struct sp_step step = {.from = (uint8_t)state, .left = sp_fetch_pages(word) & wanted};
  step.next = sp_with(word, sp_pages_in(word, state) & wanted, SP_POISON);
  return step;
}

// The frames of claimed pages are valid now; who waits goes on waiting.
static inline uint64_t sp_filled(uint64_t word, uint16_t mine) {
  uint16_t waited = sp_pages_in(word, SP_FETCHW) & mine;
  return sp_with(sp_with(word, mine, SP_BUSY), waited, SP_BUSYW);
}

#endif

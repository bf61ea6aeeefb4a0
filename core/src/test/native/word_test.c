// The words' pure functions, against the obvious way to write them.
#include "word.h"

#include "testing.h"

static unsigned seed = 7;

static uint64_t random_word(void) {
  uint64_t word = 0;
  for (int i = 0; i < 5; i++) {
    word = word << 15 ^ (uint64_t)rand_r(&seed);
  }
  return word;
}

static void a_nibble_is_a_page(void) {
  for (unsigned page = 0; page < 16; page++) {
    CHECK_EQUALS(sp_state_of(0xFEDCBA9876543210ull, page), page);
  }
}

static void masks_spread_and_gather(void) {
  for (uint32_t mask = 0; mask < 65536; mask++) {
    CHECK_EQUALS(sp_gather(sp_spread((uint16_t)mask)), mask);
    CHECK_EQUALS(sp_spread((uint16_t)mask) & ~SP_ONES, 0);
  }
}

static void pages_in_a_state_are_found_and_set(void) {
  for (int round = 0; round < 20000; round++) {
    uint64_t word = random_word();
    unsigned state = (unsigned)rand_r(&seed) % 16;
    uint16_t mask = (uint16_t)rand_r(&seed);
    uint16_t expected = 0, devices = 0, claimed = 0, waited = 0;
    uint64_t with = word;
    for (unsigned page = 0; page < 16; page++) {
      unsigned it = word >> 4 * page & 15;
      uint16_t bit = (uint16_t)(1u << page);
      expected |= it == state ? bit : 0;
      devices |= it >= SP_DEV0 ? bit : 0;
      claimed |= it >= SP_BUSY && it <= SP_FETCHW ? bit : 0;
      waited |= it == SP_BUSYW || it == SP_FETCHW ? bit : 0;
      with = mask & bit ? (with & ~(15ull << 4 * page)) | (uint64_t)state << 4 * page : with;
    }
    CHECK_EQUALS(sp_pages_in(word, state), expected);
    CHECK_EQUALS(sp_device_pages(word), devices);
    CHECK_EQUALS(sp_claimed_pages(word), claimed);
    CHECK_EQUALS(sp_waited_pages(word), waited);
    CHECK_EQUALS(sp_with(word, mask, state), with);
  }
}

// Page 0 CLOSED, 1 HOSTU, 2 HOSTM, 3 BUSY, 4 BUSYW, 5 FETCH, 6 FETCHW, 7 POISON, 8 device 0, 9 device 1, 10 HOSTU, 11 device 0.
static const uint64_t sample = 0x8811819876543210ull & 0x0000FFFFFFFFFFFFull;

static void check_step(struct sp_step step, uint16_t mine, uint16_t left, uint64_t next) {
  CHECK_EQUALS(step.mine, mine);
  CHECK_EQUALS(step.left, left);
  CHECK_EQUALS(step.next, next);
}

static void a_touch_claims_pages_in_the_same_state(void) {
  uint64_t word = 0x0000819876543210ull | 1ull << 40 | 8ull << 44;
  word = sp_with(word, 1 << 10, SP_HOSTU);
  check_step(sp_touch(word, 1, SP_ALL_PAGES), 1 << 1 | 1 << 10, 0, sp_with(word, 1 << 1 | 1 << 10, SP_BUSY));
  check_step(sp_touch(word, 1, 1 << 1), 1 << 1, 0, sp_with(word, 1 << 1, SP_BUSY));
  check_step(sp_touch(word, 8, SP_ALL_PAGES), 1 << 8 | 1 << 11, 0, sp_with(word, 1 << 8 | 1 << 11, SP_FETCH));
  check_step(sp_touch(word, 9, SP_ALL_PAGES), 1 << 9, 0, sp_with(word, 1 << 9, SP_FETCH));
  check_step(sp_touch(word, 2, SP_ALL_PAGES), 1 << 2, 0, sp_with(word, 1 << 2, SP_BUSY));
}

static void a_touch_of_a_claimed_page_asks_to_be_woken(void) {
  check_step(sp_touch(sample, 3, SP_ALL_PAGES), 0, 0, sp_with(sample, 1 << 3, SP_BUSYW));
  check_step(sp_touch(sample, 4, SP_ALL_PAGES), 0, 0, sample);
  check_step(sp_touch(sample, 5, SP_ALL_PAGES), 0, 0, sp_with(sample, 1 << 5, SP_FETCHW));
  check_step(sp_touch(sample, 6, SP_ALL_PAGES), 0, 0, sample);
}

static void a_touch_without_a_valid_frame_is_claimed_alone(void) {
  check_step(sp_touch(sample, 0, SP_ALL_PAGES), 1, 0, sp_with(sample, 1, SP_FETCH));
  check_step(sp_touch(sample, 7, SP_ALL_PAGES), 1 << 7, 0, sp_with(sample, 1 << 7, SP_FETCH));
}

static void bringing_home_takes_one_device_at_a_time(void) {
  uint64_t word = SP_ONES * SP_HOSTM;
  word = sp_with(word, 0x0003, SP_DEV0 + 2);
  word = sp_with(word, 0x000C, SP_DEV0 + 5);
  word = sp_with(word, 0x0010, SP_FETCH);
  word = sp_with(word, 0x0020, SP_BUSYW);
  word = sp_with(word, 0x00C0, SP_HOSTU);
  check_step(sp_claim_home(word, 0xFFFE, false), 0x0002, 0x001C, sp_with(word, 0x0002, SP_FETCH));
  check_step(sp_claim_home(word, 0xFFFE, true), 0x0002, 0x00DC, sp_with(word, 0x0002, SP_FETCH));
  check_step(sp_claim_home(word, 0xFFF0, false), 0, 0x0010, word);
  check_step(sp_claim_home(word, 0xFFF0, true), 0x00C0, 0x0010, sp_with(word, 0x00C0, SP_BUSY));
}

static void withdrawal_claims_mapped_pages_and_waits_for_claims(void) {
  uint64_t word = SP_ONES * SP_HOSTU;
  word = sp_with(word, 0x0003, SP_HOSTM);
  word = sp_with(word, 0x000C, SP_DEV0 + 5);
  word = sp_with(word, 0x0010, SP_FETCHW);
  word = sp_with(word, 0x0020, SP_BUSY);
  word = sp_with(word, 0x0300, SP_POISON);
  struct sp_step step = sp_claim_withdrawal(word, 0x0FFE, 0x0200, 1);
  uint64_t next = sp_with(sp_with(sp_with(word, 0x0CCC, SP_DEV0 + 1), 0x0002, SP_BUSY), 0x0200, SP_FETCH);
  check_step(step, 0x0202, 0x0030, next);
}

static void who_waits_goes_on_waiting_when_frames_are_filled(void) {
  uint64_t word = sp_with(sp_with(SP_ONES * SP_FETCH, 0x00F0, SP_FETCHW), 0x0F00, SP_HOSTU);
  uint64_t expected = sp_with(sp_with(word, 0x000F, SP_BUSY), 0x00F0, SP_BUSYW);
  CHECK_EQUALS(sp_filled(word, 0x00FF), expected);
}

static void poison_and_loss_leave_other_pages_alone(void) {
  uint64_t word = sp_with(sp_with(SP_ONES * SP_HOSTM, 0x000F, SP_DEV0 + 3), 0x00F0, SP_POISON);
  check_step(sp_lose(word, 0x0FF3, SP_DEV0 + 3), 0, 0, sp_with(word, 0x0003, SP_POISON));
  check_step(sp_lose(word, 0x0FF3, SP_DEV0 + 2), 0, 0, word);
  check_step(sp_claim_overwritten(word, 0x0FF3), 0x00F0, 0, sp_with(sp_with(word, 0x0003, SP_HOSTU), 0x00F0, SP_FETCH));
}

static void closing_takes_all_but_claims(void) {
  check_step(sp_close_idle(sample, SP_ALL_PAGES), 0, 0x0078, sp_with(sample, 0xFF87, SP_CLOSED));
}

int main(void) {
  RUN(a_nibble_is_a_page);
  RUN(masks_spread_and_gather);
  RUN(pages_in_a_state_are_found_and_set);
  RUN(a_touch_claims_pages_in_the_same_state);
  RUN(a_touch_of_a_claimed_page_asks_to_be_woken);
  RUN(a_touch_without_a_valid_frame_is_claimed_alone);
  RUN(bringing_home_takes_one_device_at_a_time);
  RUN(withdrawal_claims_mapped_pages_and_waits_for_claims);
  RUN(who_waits_goes_on_waiting_when_frames_are_filled);
  RUN(poison_and_loss_leave_other_pages_alone);
  RUN(closing_takes_all_but_claims);
  puts("ok");
  return 0;
}

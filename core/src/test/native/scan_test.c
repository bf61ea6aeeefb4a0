// Scans beside threads that map pages at that moment, which are held there.
#include <pthread.h>
#include <stdbool.h>

#include "steps.h"
#include "testing.h"

enum { PAGES = SP_BLOCK_BYTES / SP_PAGE_BYTES, WATCHDOG_SECONDS = 60 };

static struct sp_context *context;
static struct memory memory;
static atomic_bool held, released;

static void set_up(void) {
  alarm(WATCHDOG_SECONDS);
  struct sp_config config = usual_config();
  config.ahead_bytes = 0;
  context = open_context(config);
  memory = reserve(context, SP_BLOCK_BYTES);
  atomic_store(&held, false);
  atomic_store(&released, false);
}

static void tear_down(void) {
  steps_call(NULL);
  CHECK_EQUALS(statistics_of(context).errors, 0);
  CHECK_EQUALS(sp_close(context), 0);
}

// Whoever is going to map all of unit 3 is held until the scanning thread has found its pages without entries.
static void hold_mapping(const char *point) {
  static __thread bool scans;
  scans |= !strcmp(point, "seek");
  if (!scans && !strcmp(point, "map") && state_of(&memory, 63) == SP_BUSY) {
    atomic_store(&held, true);
    while (!atomic_load(&released)) {
      usleep(100);
    }
  } else if (scans && (!strcmp(point, "take") || !strcmp(point, "end"))) {
    atomic_store(&released, true);
  }
}

static void await_held(void) {
  while (!atomic_load(&held)) {
    usleep(100);
  }
}

static int64_t scan(uint64_t *written) {
  int64_t count = sp_scan(memory.reservation, 0, 64, written);
  hold_mapping("end");
  return count;
}

static void *store_to_page_50(void *nothing) {
  user_cells(&memory, 50)[0] = 7;
  return nothing;
}

static void pages_around_a_touch_are_not_written(void) {
  set_up();
  uint64_t written[1] = {0};
  user_cells(&memory, 20)[0] = 1;
  await_unclaimed(&memory, 0, PAGES);
  steps_call(hold_mapping);
  pthread_t thread;
  CHECK_EQUALS(pthread_create(&thread, NULL, store_to_page_50, NULL), 0);
  await_held();
  int64_t count = scan(written);
  pthread_join(thread, NULL);
  // The store was made before the scan ended, or after: it is found once.
  uint64_t both = 1 << 20 | 1ull << 50;
  CHECK(written[0] == 1 << 20 || written[0] == both, "written: 0x%llx", (unsigned long long)written[0]);
  CHECK_EQUALS(count, __builtin_popcountll(written[0]));
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 64, written), 2 - count);
  CHECK_EQUALS(written[0], both);
  tear_down();
}

static void pages_that_helpers_map_behind_a_discard_are_not_written(void) {
  set_up();
  uint64_t written[1] = {0};
  steps_call(hold_mapping);
  // Three units of four: the helpers are told to map the fourth, and do so whenever they get to it.
  for (uint64_t page = 0; page < 48; page++) {
    user_cells(&memory, page)[0] = 1;
  }
  await_held();
  CHECK_EQUALS(sp_zero_pages(memory.reservation, 0, 48, 0), 0);
  user_cells(&memory, 5)[0] = 2;
  CHECK_EQUALS(scan(written), 1);
  CHECK_EQUALS(written[0], 1 << 5);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(user_cells(&memory, 50)[0], 0);
  tear_down();
}

static void pages_that_the_system_drops_stay_written_beside_those(void) {
  set_up();
  uint64_t written[1] = {0};
  user_cells(&memory, 47)[0] = 1;
  await_unclaimed(&memory, 0, PAGES);
  madvise_dontneed(&memory, 47, 1);
  steps_call(hold_mapping);
  pthread_t thread;
  CHECK_EQUALS(pthread_create(&thread, NULL, store_to_page_50, NULL), 0);
  await_held();
  scan(written);
  pthread_join(thread, NULL);
  CHECK_EQUALS(written[0] & ~(1ull << 50), 1ull << 47);
  tear_down();
}

static void *load_from_page_3(void *nothing) {
  CHECK_EQUALS(user_cells(&memory, 3)[0], 0);
  return nothing;
}

static pthread_t toucher;

// Somebody touches a page whose frame is about to go.
static void touch_before_frames_are_dropped(const char *point) {
  if (!strcmp(point, "drop") && !atomic_exchange(&held, true)) {
    CHECK_EQUALS(pthread_create(&toucher, NULL, load_from_page_3, NULL), 0);
    while (state_of(&memory, 3) == SP_FETCH) {
      usleep(100);
    }
    CHECK_EQUALS(state_of(&memory, 3), SP_FETCHW);
  }
}

static void nobody_maps_a_page_while_its_frame_is_dropped(void) {
  set_up();
  uint64_t written[1] = {0};
  for (uint64_t page = 0; page < SP_UNIT_PAGES; page++) {
    user_cells(&memory, page)[0] = 1;
  }
  await_unclaimed(&memory, 0, PAGES);
  steps_call(touch_before_frames_are_dropped);
  CHECK_EQUALS(sp_zero_pages(memory.reservation, 0, SP_UNIT_PAGES, 0), 0);
  CHECK(atomic_load(&held), "no frame was dropped");
  pthread_join(toucher, NULL);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 64, written), 0);
  tear_down();
}

static void pages_are_zeroed_in_the_frames_that_they_have(void) {
  set_up();
  uint64_t written[1] = {0};
  user_cells(&memory, 3)[0] = 7;
  manager_cells(&memory, 4)[0] = 7;
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(sp_zero_pages(memory.reservation, 3, 2, 1), 0);
  CHECK_EQUALS(manager_cells(&memory, 3)[0], 0);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 64, written), 0);
  CHECK_EQUALS(user_cells(&memory, 3)[0], 0);
  CHECK_EQUALS(user_cells(&memory, 4)[0], 0);
  tear_down();
}

static void touch_while_frames_of_an_untouched_block_are_dropped(const char *point) {
  if (!strcmp(point, "drop") && !atomic_exchange(&held, true)) {
    CHECK_EQUALS(user_cells(&memory, 3)[0], 7);
  }
}

static void a_first_touch_while_frames_are_dropped_leaves_nothing_mapped(void) {
  set_up();
  uint64_t written[1] = {0};
  manager_cells(&memory, 3)[0] = 7;
  manager_cells(&memory, 4)[0] = 7;
  steps_call(touch_while_frames_of_an_untouched_block_are_dropped);
  CHECK_EQUALS(sp_zero_pages(memory.reservation, 3, 1, 0), 0);
  CHECK(atomic_load(&held), "no frame was dropped");
  CHECK_EQUALS(state_of(&memory, 3), SP_HOSTU);
  CHECK_EQUALS(user_cells(&memory, 3)[0], 0);
  CHECK_EQUALS(user_cells(&memory, 4)[0], 7);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 64, written), 0);
  tear_down();
}

int main(void) {
  RUN(pages_around_a_touch_are_not_written);
  RUN(pages_that_helpers_map_behind_a_discard_are_not_written);
  RUN(pages_that_the_system_drops_stay_written_beside_those);
  RUN(nobody_maps_a_page_while_its_frame_is_dropped);
  RUN(pages_are_zeroed_in_the_frames_that_they_have);
  RUN(a_first_touch_while_frames_are_dropped_leaves_nothing_mapped);
  puts("ok");
  return 0;
}

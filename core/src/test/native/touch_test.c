// One thing at a time: touches, scans, withdrawals, ranges that come and go. Windows are plain memory.
#include "testing.h"

enum { BYTES = 4 * SP_BLOCK_BYTES, PAGES = BYTES / SP_PAGE_BYTES, BLOCK_PAGES = SP_BLOCK_BYTES / SP_PAGE_BYTES,
  WATCHDOG_SECONDS = 60 };

static struct sp_context *context;
static struct memory memory;
static struct sp_window window;
static uint64_t *device;  // the window's memory

static uint64_t *device_cells(uint64_t page) {
  return device + page * SP_PAGE_BYTES / 8;
}

static void set_up(struct sp_config config) {
  alarm(WATCHDOG_SECONDS);
  context = open_context(config);
  memory = reserve(context, BYTES);
  device = malloc(BYTES);
  window = (struct sp_window){.kind = SP_FETCH_MEMORY, .memory = (uint64_t)device, .size_bytes = BYTES, .range = 1};
  CHECK_EQUALS(sp_set_windows(memory.reservation, 3, 0, BYTES / SP_UNIT_BYTES, &window), 0);
  for (uint64_t page = 0; page < PAGES; page++) {
    for (int i = 0; i < 512; i++) {
      device_cells(page)[i] = page << 16 | (uint64_t)i;
    }
  }
}

static void tear_down(void) {
  struct sp_statistics statistics = statistics_of(context);
  char text[256];
  sp_last_error(context, text, sizeof text);
  CHECK(statistics.errors == 0, "%llu errors, the last one: %s", (unsigned long long)statistics.errors, text);
  CHECK_EQUALS(sp_close(context), 0);
  free(device);
}

static struct sp_config quiet_config(void) {
  struct sp_config config = usual_config();
  config.around = SP_AROUND_UNIT;
  config.ahead_bytes = 0;
  return config;
}

static void memory_is_zero_and_can_be_written(void) {
  set_up(usual_config());
  for (uint64_t page = 0; page < PAGES; page += 7) {
    CHECK_EQUALS(user_cells(&memory, page)[page % 512], 0);
    user_cells(&memory, page)[page % 512] = page + 1;
  }
  for (uint64_t page = 0; page < PAGES; page += 7) {
    CHECK_EQUALS(manager_cells(&memory, page)[page % 512], page + 1);
  }
  tear_down();
}

static void a_touch_fetches_the_unit_from_its_device(void) {
  set_up(quiet_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, 64), 0);
  CHECK_EQUALS(state_of(&memory, 20), SP_DEV0 + 3);
  CHECK_EQUALS(user_cells(&memory, 20)[5], 20 << 16 | 5);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 20), SP_HOSTM);
  for (uint64_t page = 16; page < 32; page++) {
    CHECK_EQUALS(state_of(&memory, page), page == 20 ? SP_HOSTM : SP_HOSTU);
  }
  for (uint64_t page = 16; page < 32; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[511], page << 16 | 511);
  }
  CHECK_EQUALS(state_of(&memory, 15), SP_DEV0 + 3);
  CHECK_EQUALS(state_of(&memory, 32), SP_DEV0 + 3);
  CHECK_EQUALS(statistics_of(context).fetched_pages, 16);
  CHECK_EQUALS(flag_of(&memory, 0), 1);
  tear_down();
}

static void fault_around_leaves_pages_in_other_states_alone(void) {
  set_up(quiet_config());
  user_cells(&memory, 3)[0] = 42;
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, 3), 0);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 8, 4), 0);
  CHECK_EQUALS(user_cells(&memory, 9)[0], 9 << 16);
  CHECK_EQUALS(user_cells(&memory, 3)[0], 42);
  CHECK_EQUALS(user_cells(&memory, 2)[1], 2 << 16 | 1);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(statistics_of(context).fetched_pages, 7);
  tear_down();
}

static void scans_find_exactly_the_written_pages(void) {
  set_up(usual_config());
  uint64_t written[PAGES / 64] = {0};
  for (uint64_t page = 0; page < BLOCK_PAGES; page++) {
    (void)user_cells(&memory, page)[0];
  }
  CHECK_EQUALS(sp_scan(memory.reservation, 0, PAGES, written), 0);
  user_cells(&memory, 5)[0] = 1;
  user_cells(&memory, 64)[511] = 1;
  manager_cells(&memory, 80)[0] = 1;
  CHECK_EQUALS(sp_scan(memory.reservation, 4, 100, written), 2);
  CHECK_EQUALS(written[0], 1 << 1 | 1ull << 60);
  CHECK_EQUALS(written[1], 0);
  memset(written, 0, sizeof written);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, PAGES, written), 0);
  user_cells(&memory, 5)[0] = 1;
  CHECK_EQUALS(sp_scan(memory.reservation, 6, 100, written), 0);
  CHECK_EQUALS(sp_scan(memory.reservation, 5, 1, written), 1);
  tear_down();
}

static void many_scattered_written_pages_are_found(void) {
  set_up(usual_config());
  uint64_t written[PAGES / 64] = {0};
  CHECK_EQUALS(bring_home(&memory, 0, PAGES, 1), 0);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, PAGES, written), 0);
  for (uint64_t page = 1; page < PAGES; page += 2) {
    user_cells(&memory, page)[0] = page;
  }
  CHECK_EQUALS(sp_scan(memory.reservation, 0, PAGES, written), PAGES / 2);
  for (int i = 0; i < PAGES / 64; i++) {
    CHECK_EQUALS(written[i], 0xAAAAAAAAAAAAAAAAull);
  }
  tear_down();
}

static void a_page_that_went_and_came_back_counts_as_clean(void) {
  set_up(quiet_config());
  uint64_t written[1] = {0};
  user_cells(&memory, 5)[0] = 1;
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, 16), 0);
  CHECK_EQUALS(user_cells(&memory, 5)[0], 5 << 16);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 16, written), 0);
  tear_down();
}

static void an_entry_that_the_system_dropped_stays_written(void) {
  set_up(quiet_config());
  uint64_t written[1] = {0};
  user_cells(&memory, 5)[0] = 77;
  CHECK_EQUALS(bring_home(&memory, 0, 16, 1), 0);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 16, written), 1);
  user_cells(&memory, 5)[1] = 78;
  // What reclaim does to an entry. The next touch finds a page that is HOSTM and not there.
  madvise_dontneed(&memory, 5, 1);
  CHECK_EQUALS(user_cells(&memory, 5)[1], 78);
  CHECK_EQUALS(sp_scan(memory.reservation, 0, 16, written), 1);
  tear_down();
}

static void withdrawal_sends_what_the_host_wrote_around_the_slice(void) {
  set_up(quiet_config());
  volatile uint64_t *cells = user_cells(&memory, 5);
  for (int i = 0; i < 512; i++) {
    cells[i] = 1000 + (uint64_t)i;
  }
  // Two slices in page 5, one that begins there and goes on. The kernel has written them on the device already.
  struct sp_slice slices[] = {{5 * 4096 + 80, 5 * 4096 + 160, 9}, {5 * 4096 + 800, 7 * 4096, 9}};
  for (int i = 0; i < 512; i++) {
    device_cells(5)[i] = (i >= 10 && i < 20) || i >= 100 ? 2000 + (uint64_t)i : 0;
  }
  CHECK_EQUALS(sp_withdraw(memory.reservation, 3, slices, 2), 0);
  CHECK_EQUALS(slices[0].sent_edges, SP_EDGE_FIRST | SP_EDGE_LAST);
  CHECK_EQUALS(slices[1].sent_edges, SP_EDGE_FIRST);
  CHECK_EQUALS(statistics_of(context).edge_bytes, 80 + 640);
  for (int i = 0; i < 512; i++) {
    CHECK_EQUALS(cells[i], ((i >= 10 && i < 20) || i >= 100 ? 2000 : 1000) + i);
  }
  CHECK_EQUALS(user_cells(&memory, 6)[0], 6 << 16);
  tear_down();
}

static void withdrawal_sends_nothing_of_clean_pages(void) {
  set_up(quiet_config());
  (void)user_cells(&memory, 5)[0];
  struct sp_slice slice = {5 * 4096 + 80, 5 * 4096 + 160, 9};
  CHECK_EQUALS(sp_withdraw(memory.reservation, 3, &slice, 1), 0);
  CHECK_EQUALS(slice.sent_edges, 0);
  CHECK_EQUALS(statistics_of(context).edge_bytes, 0);
  tear_down();
}

static void bringing_home_fills_frames_without_mapping(void) {
  set_up(usual_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, PAGES), 0);
  struct sp_run runs[] = {{3, 2}, {30, 1000}};
  CHECK_EQUALS(sp_bring_home(memory.reservation, runs, 2, 0), 0);
  CHECK_EQUALS(state_of(&memory, 2), SP_DEV0 + 3);
  CHECK_EQUALS(state_of(&memory, 3), SP_HOSTU);
  CHECK_EQUALS(state_of(&memory, 5), SP_DEV0 + 3);
  CHECK_EQUALS(state_of(&memory, 30), SP_HOSTU);
  CHECK_EQUALS(state_of(&memory, 1029), SP_HOSTU);
  CHECK_EQUALS(state_of(&memory, 1030), SP_DEV0 + 3);
  CHECK_EQUALS(manager_cells(&memory, 1029)[9], 1029 << 16 | 9);
  CHECK_EQUALS(flag_of(&memory, 0), 0);
  CHECK_EQUALS(statistics_of(context).fetched_pages, 1002);
  tear_down();
}

static void prefetched_pages_are_mapped_without_faults(void) {
  set_up(usual_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, 700), 0);
  CHECK_EQUALS(bring_home(&memory, 0, 1000, 1), 0);
  for (uint64_t page = 0; page < 1000; page++) {
    CHECK_EQUALS(state_of(&memory, page), SP_HOSTM);
    CHECK_EQUALS(user_cells(&memory, page)[0], page < 700 ? page << 16 : 0);
  }
  CHECK_EQUALS(statistics_of(context).faults, 0);
  tear_down();
}

static void flags_clear_where_nothing_is_mapped(void) {
  set_up(quiet_config());
  user_cells(&memory, 0)[0] = 1;
  user_cells(&memory, BLOCK_PAGES)[0] = 1;
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, BLOCK_PAGES + 1), 0);
  CHECK_EQUALS(sp_clear_flags(memory.reservation, 0, 4), 1);
  CHECK_EQUALS(flag_of(&memory, 0), 0);
  CHECK_EQUALS(flag_of(&memory, 1), 1);
  tear_down();
}

static void unmapping_reports_what_was_written_and_keeps_it(void) {
  set_up(quiet_config());
  user_cells(&memory, 2)[0] = 11;
  (void)user_cells(&memory, 3)[0];
  await_unclaimed(&memory, 0, PAGES);
  uint64_t written[1] = {0};
  CHECK_EQUALS(sp_unmap(memory.reservation, 1, 15, written), 1);
  CHECK_EQUALS(written[0], 1 << 1);
  CHECK_EQUALS(state_of(&memory, 2), SP_HOSTU);
  CHECK_EQUALS(state_of(&memory, 0), SP_HOSTM);
  CHECK_EQUALS(user_cells(&memory, 2)[0], 11);
  tear_down();
}

static void a_closed_page_shows_the_pattern_and_an_opened_one_zero(void) {
  set_up(quiet_config());
  CHECK_EQUALS(sp_open_pages(memory.reservation, 0, 64), 0);
  user_cells(&memory, 1)[0] = 5;
  CHECK_EQUALS(sp_close_pages(memory.reservation, 0, 64), 0);
  CHECK_EQUALS(sp_discard_pages(memory.reservation, 0, 64), 0);
  CHECK_EQUALS(user_cells(&memory, 1)[7], 0xDEADBEEFDEADBEEFull);
  CHECK_EQUALS(user_cells(&memory, 50)[7], 0xDEADBEEFDEADBEEFull);
  CHECK_EQUALS(statistics_of(context).closed_touches, 2);
  CHECK_EQUALS(sp_open_pages(memory.reservation, 0, 64), 0);
  CHECK_EQUALS(user_cells(&memory, 1)[0], 0);
  CHECK_EQUALS(user_cells(&memory, 50)[7], 0);
  tear_down();
}

static void lost_pages_show_the_pattern_until_they_are_overwritten(void) {
  set_up(quiet_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, 20), 0);
  CHECK_EQUALS(withdraw_pages(&memory, 2, 4, 1), 0);
  CHECK_EQUALS(sp_mark(memory.reservation, 2, 3, SP_DEV0 + 3), 0);
  CHECK_EQUALS(state_of(&memory, 4), SP_DEV0 + 2);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 4, 1), 0);
  CHECK_EQUALS(bring_home(&memory, 0, 20, 0), 2);
  CHECK_EQUALS(user_cells(&memory, 3)[0], 0xDEADBEEFDEADBEEFull);
  CHECK_EQUALS(user_cells(&memory, 1)[0], 1 << 16);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 3), SP_POISON);
  CHECK_EQUALS(sp_withdraw(memory.reservation, 3, &(struct sp_slice){2 * 4096, 3 * 4096 + 10, 0}, 1), 1);
  CHECK_EQUALS(state_of(&memory, 2), SP_DEV0 + 3);
  CHECK_EQUALS(state_of(&memory, 3), SP_POISON);
  manager_cells(&memory, 3)[0] = 99;
  CHECK_EQUALS(sp_mark(memory.reservation, 3, 1, SP_HOSTU), 0);
  CHECK_EQUALS(user_cells(&memory, 3)[0], 99);
  CHECK_EQUALS(user_cells(&memory, 2)[0], 2 << 16);
  tear_down();
}

// Memory of the process and its page tables, frames of memfds left out.
static long resident_kibibytes(void) {
  char line[256];
  long total = 0, value;
  FILE *file = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "RssAnon: %ld", &value) == 1 || sscanf(line, "VmPTE: %ld", &value) == 1) {
      total += value;
    }
  }
  fclose(file);
  return total;
}

static void a_terabyte_costs_nothing_until_it_is_touched(void) {
  context = open_context(usual_config());
#if defined(__SANITIZE_THREAD__)
  uint64_t bytes = 1ull << 37;  // its shadow leaves no room for more
#else
  uint64_t bytes = 1ull << 40;
#endif
  long before = resident_kibibytes();
  memory = reserve(context, bytes);
  uint64_t pages = bytes / SP_PAGE_BYTES;
  CHECK_EQUALS(sp_open_pages(memory.reservation, 0, pages), 0);
  user_cells(&memory, pages / 3)[0] = 3;
  CHECK_EQUALS(user_cells(&memory, pages - 1)[511], 0);
  CHECK_EQUALS(user_cells(&memory, pages / 3)[0], 3);
  CHECK_EQUALS(bring_home(&memory, 0, pages, 0), 0);
  CHECK_EQUALS(sp_mark(memory.reservation, 0, pages, SP_HOSTU), 0);
  printf("    %ld KiB\n", resident_kibibytes() - before);
  CHECK(resident_kibibytes() < before + 1024, "%ld KiB, %ld before", resident_kibibytes(), before);
  CHECK_EQUALS(sp_close_pages(memory.reservation, 0, pages), 0);
  CHECK_EQUALS(sp_discard_pages(memory.reservation, 0, pages), 0);
  CHECK_EQUALS(sp_unreserve(memory.reservation), 0);
  CHECK_EQUALS(sp_close(context), 0);
}

static void a_reservation_goes_while_helpers_read_ahead(void) {
  set_up(usual_config());
  for (int round = 0; round < 100; round++) {
    struct memory other = reserve(context, BYTES);
    CHECK_EQUALS(sp_set_windows(other.reservation, 3, 0, BYTES / SP_UNIT_BYTES, &window), 0);
    CHECK_EQUALS(withdraw_pages(&other, 3, 0, PAGES), 0);
    for (uint64_t page = 0; page < (uint64_t)(3 + round % 5) * SP_UNIT_PAGES; page++) {
      CHECK_EQUALS(user_cells(&other, page)[0], page << 16);
    }
    CHECK_EQUALS(sp_close_pages(other.reservation, 0, PAGES), 0);
    CHECK_EQUALS(sp_unreserve(other.reservation), 0);
  }
  CHECK(statistics_of(context).ahead_pages > 0, "nothing was read ahead");
  tear_down();
}

static void a_sweep_in_order_is_read_ahead_of(void) {
  set_up(usual_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, PAGES), 0);
  for (uint64_t page = 0; page < PAGES; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[511], page << 16 | 511);
    sweep_slowly(&memory, page, 0);
  }
  CHECK_EQUALS(statistics_of(context).fetched_pages, PAGES);
  CHECK(statistics_of(context).ahead_pages > 0, "nothing was read ahead");
  while (statistics_of(context).ahead_used_pages < statistics_of(context).ahead_pages) {
    usleep(100);
  }
  CHECK_EQUALS(__atomic_load_n(&window.ahead_pages, __ATOMIC_RELAXED), statistics_of(context).ahead_pages);
  CHECK(statistics_of(context).faults < BYTES / SP_UNIT_BYTES, "%lu faults", statistics_of(context).faults);
  tear_down();
}

static void touches_all_over_are_not_read_ahead_of(void) {
  set_up(usual_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, PAGES), 0);
  for (uint64_t i = 0; i < 16; i++) {
    uint64_t unit = (i * 7 + 3) % 16 * 8;
    CHECK_EQUALS(user_cells(&memory, unit * SP_UNIT_PAGES + 5)[1], (unit * SP_UNIT_PAGES + 5) << 16 | 1);
  }
  await_unclaimed(&memory, 0, PAGES);
  struct sp_statistics s = statistics_of(context);
  CHECK_EQUALS(s.fetched_pages, 16 * SP_UNIT_PAGES);
  CHECK_EQUALS(s.around_pages, 16 * (SP_UNIT_PAGES - 1));
  CHECK_EQUALS(s.around_used_pages, 0);
  tear_down();
}

// What shows that more than a page of a unit is used.
static void touch_twice(uint64_t unit) {
  for (uint64_t page = unit * SP_UNIT_PAGES; page < unit * SP_UNIT_PAGES + 2; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], page << 16);
  }
}

// As the diagonal of a matrix whose rows are a little longer than a unit.
static void a_page_in_nearly_every_unit_brings_nothing_but_its_unit(void) {
  set_up(usual_config());
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, PAGES), 0);
  uint64_t touched = 0;
  for (uint64_t byte = 0; byte < BYTES; byte += SP_UNIT_BYTES + SP_UNIT_BYTES / 5) {
    uint64_t page = byte / SP_PAGE_BYTES;
    CHECK_EQUALS(user_cells(&memory, page)[7], page << 16 | 7);
    touched++;
  }
  await_unclaimed(&memory, 0, PAGES);
  struct sp_statistics s = statistics_of(context);
  CHECK_EQUALS(s.fetched_pages, touched * SP_UNIT_PAGES);
  CHECK_EQUALS(s.grown_pages + s.ahead_pages, 0);
  tear_down();
}

// Answers how many pages a sweep brings that becomes sparse after half a block.
static uint64_t brought_by_a_sweep_that_becomes_sparse(void) {
  struct sp_config config = usual_config();
  config.ahead_bytes = SP_BLOCK_BYTES;
  set_up(config);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, PAGES), 0);
  uint64_t page = 0;
  while (page < BLOCK_PAGES / 2) {
    CHECK_EQUALS(user_cells(&memory, page)[7], page << 16 | 7);
    page++;
  }
  for (; page < PAGES; page += SP_UNIT_PAGES + SP_UNIT_PAGES / 5) {
    CHECK_EQUALS(user_cells(&memory, page)[7], page << 16 | 7);
  }
  await_unclaimed(&memory, 0, PAGES);
  uint64_t brought = statistics_of(context).fetched_pages;
  tear_down();
  return brought;
}

static void a_sweep_that_becomes_sparse_is_not_read_ahead_of_for_long(void) {
  // What was ahead when the sweep ended, at most; behind that the units touched alone, of which one in six is passed over.
  uint64_t dense = BLOCK_PAGES / 2 + BLOCK_PAGES + 2 * 16 * SP_UNIT_PAGES;
  uint64_t most = dense + (PAGES - dense) * 6 / 7;
  // Where other programs have the processors, a helper may map what lies ahead before the touches there can tell: some sweeps are tried.
  uint64_t brought = UINT64_MAX;
  for (int i = 0; i < 20 && brought > most; i++) {
    brought = brought_by_a_sweep_that_becomes_sparse();
  }
  CHECK(brought <= most, "%lu pages", brought);
}

static void blocks_in_use_are_brought_in_larger_parts(void) {
  struct sp_config config = usual_config();
  config.ahead_bytes = 0;
  set_up(config);
  CHECK_EQUALS(withdraw_pages(&memory, 3, 0, BLOCK_PAGES), 0);
  // Three units of the first four, then two of the next four: more than half of four, and of eight.
  uint64_t units[] = {2, 0, 3, 7, 5};
  for (int i = 0; i < 5; i++) {
    touch_twice(units[i]);
    while (statistics_of(context).grown_pages < (i < 2 ? 0 : i < 4 ? 1 : 3) * SP_UNIT_PAGES) {
      usleep(100);
    }
  }
  await_unclaimed(&memory, 0, PAGES);
  struct sp_statistics s = statistics_of(context);
  CHECK_EQUALS(s.fetched_pages, 8 * SP_UNIT_PAGES);
  CHECK_EQUALS(s.grown_pages, 3 * SP_UNIT_PAGES);
  CHECK_EQUALS(state_of(&memory, 8 * SP_UNIT_PAGES), SP_DEV0 + 3);
  tear_down();
}

static void bad_arguments_are_refused(void) {
  set_up(usual_config());
  uint64_t written;
  CHECK_EQUALS(sp_scan(memory.reservation, PAGES - 1, 2, &written), -22);
  CHECK_EQUALS(sp_scan(memory.reservation, PAGES, 0, &written), 0);
  CHECK_EQUALS(withdraw_pages(&memory, 8, 0, 1), -22);
  CHECK_EQUALS(withdraw_pages(&memory, 0, PAGES, 1), -22);
  CHECK_EQUALS(bring_home(&memory, 5, PAGES, 0), -22);
  CHECK_EQUALS(sp_open_pages(memory.reservation, 1, 16), -22);
  CHECK_EQUALS(sp_mark(memory.reservation, 1, 16, SP_HOSTM), -22);
  CHECK_EQUALS(sp_mark(memory.reservation, 1, 16, SP_POISON), -22);
  CHECK_EQUALS(sp_mark(memory.reservation, 1, 16, SP_DEV0 + SP_DEVICES), -22);
  struct sp_config config = {0};
  struct sp_context *none;
  char reason[256];
  CHECK_EQUALS(sp_open(&config, &none, reason, sizeof reason), -22);
  CHECK(strstr(reason, "handlers=0"), "%s", reason);
  tear_down();
}

int main(void) {
  RUN(memory_is_zero_and_can_be_written);
  RUN(a_touch_fetches_the_unit_from_its_device);
  RUN(fault_around_leaves_pages_in_other_states_alone);
  RUN(scans_find_exactly_the_written_pages);
  RUN(many_scattered_written_pages_are_found);
  RUN(a_page_that_went_and_came_back_counts_as_clean);
  RUN(an_entry_that_the_system_dropped_stays_written);
  RUN(withdrawal_sends_what_the_host_wrote_around_the_slice);
  RUN(withdrawal_sends_nothing_of_clean_pages);
  RUN(bringing_home_fills_frames_without_mapping);
  RUN(prefetched_pages_are_mapped_without_faults);
  RUN(flags_clear_where_nothing_is_mapped);
  RUN(unmapping_reports_what_was_written_and_keeps_it);
  RUN(a_closed_page_shows_the_pattern_and_an_opened_one_zero);
  RUN(lost_pages_show_the_pattern_until_they_are_overwritten);
  RUN(a_terabyte_costs_nothing_until_it_is_touched);
  RUN(a_sweep_in_order_is_read_ahead_of);
  RUN(touches_all_over_are_not_read_ahead_of);
  RUN(a_page_in_nearly_every_unit_brings_nothing_but_its_unit);
  RUN(a_sweep_that_becomes_sparse_is_not_read_ahead_of_for_long);
  RUN(blocks_in_use_are_brought_in_larger_parts);
  RUN(a_reservation_goes_while_helpers_read_ahead);
  RUN(bad_arguments_are_refused);
  puts("ok");
  return 0;
}

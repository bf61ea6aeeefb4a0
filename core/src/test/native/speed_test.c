// Figures, printed: fault latency, a sweep, random touches. Only what does not depend on the machine's mood is checked.
#include "fake_opencl.h"
#include "testing.h"

enum { MIB = 1 << 20, TOUCHES = 400 };
// What is swept and scanned.
static uint64_t size_bytes = 256 * MIB;

static struct sp_context *context;
static struct memory memory;
static struct sp_window window;
static char *device;
static double micros[TOUCHES];

static void set_up(struct sp_config config, uint64_t bytes) {
  context = open_context(config);
  memory = reserve(context, bytes);
  device = malloc(bytes);
  memset(device, 1, bytes);
  window = (struct sp_window){.kind = SP_FETCH_MEMORY, .memory = (uint64_t)device, .size_bytes = bytes, .range = 1};
  sp_set_windows(memory.reservation, 0, 0, bytes / SP_UNIT_BYTES, &window);
  // The frames exist, as they do after any use.
  memset((char *)memory.views.manager, 0, bytes);
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, bytes / SP_PAGE_BYTES), 0);
}

static void tear_down(void) {
  CHECK_EQUALS(sp_close(context), 0);
  free(device);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void touch_random_units(const char *what, struct sp_config config, double pace_micros) {
  set_up(config, size_bytes);
  unsigned seed = 3;
  for (int i = 0; i < TOUCHES; i++) {
    uint64_t unit = (uint64_t)i * 1021 % (size_bytes / SP_UNIT_BYTES);  // all over, none of them twice
    uint64_t page = unit * SP_UNIT_PAGES + (uint64_t)rand_r(&seed) % SP_UNIT_PAGES;
    double start = now_micros();
    CHECK_EQUALS((uint8_t)user_cells(&memory, page)[0], 1);
    micros[i] = now_micros() - start;
    while (now_micros() < start + pace_micros) {
    }
  }
  qsort(micros, TOUCHES, sizeof *micros, compare);
  printf("    %-42s median %5.1f us, p90 %5.1f us, p99 %5.1f us, %.1f pages a touch\n", what, micros[TOUCHES / 2],
      micros[TOUCHES * 9 / 10], micros[TOUCHES * 99 / 100], (double)statistics_of(context).fetched_pages / TOUCHES);
  tear_down();
}

static void one_touch(void) {
  struct sp_config page = usual_config(), unit = usual_config();
  page.around = SP_AROUND_PAGE;
  page.ahead_bytes = unit.ahead_bytes = 0;
  unit.around = SP_AROUND_UNIT;
  touch_random_units("one page, back to back", page, 0);
  touch_random_units("a unit around it, back to back", unit, 0);
  touch_random_units("as usual, back to back", usual_config(), 0);
  touch_random_units("as usual, one in 100 us", usual_config(), 100);
  touch_random_units("as usual, one in 1 ms", usual_config(), 1000);
  struct sp_config unbound = usual_config();
  unbound.bound_processors = 0;
  touch_random_units("handlers not bound, back to back", unbound, 0);
  touch_random_units("handlers not bound, one in 100 us", unbound, 100);
}

static uint64_t sum(const volatile uint64_t *cells, uint64_t bytes) {
  uint64_t total = 0;
  for (uint64_t i = 0; i < bytes / 8; i++) {
    total += cells[i];
  }
  return total;
}

static void sweep(const char *what, struct sp_config config, double best) {
  set_up(config, size_bytes);
  double start = now_micros();
  uint64_t total = sum(user_cells(&memory, 0), size_bytes);
  double took = now_micros() - start;
  CHECK_EQUALS(total, 0x0101010101010101ull * (size_bytes / 8));
  struct sp_statistics s = statistics_of(context);
  printf("    %-42s %.1f GB/s, %.2f of copy and sweep; %llu faults, %llu of %llu pages ahead were of use\n", what, size_bytes / took / 1e3,
      best / took, (unsigned long long)s.faults, (unsigned long long)s.ahead_used_pages, (unsigned long long)s.ahead_pages);
  CHECK_EQUALS(s.fetched_pages, size_bytes / SP_PAGE_BYTES);
  tear_down();
}

static void sweeps_in_order(void) {
  char *from = malloc(size_bytes), *to = malloc(size_bytes);
  memset(from, 1, size_bytes);
  memset(to, 2, size_bytes);
  double start = now_micros();
  memcpy(to, from, size_bytes);
  CHECK_EQUALS(sum((uint64_t *)to, size_bytes), 0x0101010101010101ull * (size_bytes / 8));
  double best = now_micros() - start;
  printf("    %-42s %.1f GB/s\n", "one copy, then a sweep", size_bytes / best / 1e3);
  free(from);
  free(to);
  struct sp_config unit = usual_config(), dense = usual_config();
  unit.around = SP_AROUND_UNIT;
  unit.ahead_bytes = dense.ahead_bytes = 0;
  sweep("a unit at a time", unit, best);
  sweep("growing with density", dense, best);
  sweep("reading ahead", usual_config(), best);
}

static void random_touches_fetch_a_unit_each(void) {
  enum { BYTES = 1024 * MIB };
  context = open_context(usual_config());
  memory = reserve(context, BYTES);
  device = calloc(1, BYTES);
  window = (struct sp_window){.kind = SP_FETCH_MEMORY, .memory = (uint64_t)device, .size_bytes = BYTES, .range = 1};
  sp_set_windows(memory.reservation, 0, 0, BYTES / SP_UNIT_BYTES, &window);
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, BYTES / SP_PAGE_BYTES), 0);
  unsigned seed = 11;
  for (int i = 0; i < 1000; i++) {
    (void)user_cells(&memory, (uint64_t)rand_r(&seed) % (BYTES / SP_PAGE_BYTES))[0];
  }
  uint64_t pages = statistics_of(context).fetched_pages;
  printf("    1000 random pages of 1 GiB: %llu KiB fetched, %.2f of 64 KiB each\n", (unsigned long long)pages * 4, (double)pages / 16000);
  CHECK(pages <= 16000, "%llu pages", (unsigned long long)pages);
  tear_down();
}

static void first_writes_and_scans(void) {
  uint64_t pages = size_bytes / SP_PAGE_BYTES;
  set_up(usual_config(), size_bytes);
  CHECK_EQUALS(bring_home(&memory, 0, pages, 1), 0);
  uint64_t *written = calloc(pages / 64, sizeof *written);
  double start = now_micros();
  CHECK_EQUALS(sp_scan(memory.reservation, 0, pages, written), 0);
  double clean = now_micros() - start;
  for (int i = 0; i < TOUCHES; i++) {
    double before = now_micros();
    user_cells(&memory, (uint64_t)i * (pages / TOUCHES))[0] = 1;
    micros[i] = now_micros() - before;
  }
  qsort(micros, TOUCHES, sizeof *micros, compare);
  start = now_micros();
  CHECK_EQUALS(sp_scan(memory.reservation, 0, pages, written), TOUCHES);
  double dirty = now_micros() - start;
  start = now_micros();
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, pages), 0);
  double withdrawn = now_micros() - start;
  start = now_micros();
  CHECK_EQUALS(sp_clear_flags(memory.reservation, 0, size_bytes / SP_BLOCK_BYTES), 0);
  double cleared = now_micros() - start;
  start = now_micros();
  CHECK_EQUALS(sp_scan(memory.reservation, 0, pages, written), 0);
  printf("    %llu MiB: first write median %.2f us, scan %.0f us clean, %.0f us with %d written, withdrawal %.0f us, flags %.1f us, scan of"
         " nothing mapped %.1f us\n", (unsigned long long)size_bytes / MIB, micros[TOUCHES / 2], clean, dirty, TOUCHES, withdrawn,
      cleared, now_micros() - start);
  free(written);
  tear_down();
}

// speed_test [MIB]
int main(int count, char **arguments) {
  if (count > 1) {
    size_bytes = strtoull(arguments[1], NULL, 10) * MIB;
  }
  RUN(one_touch);
  RUN(sweeps_in_order);
  RUN(random_touches_fetch_a_unit_each);
  RUN(first_writes_and_scans);
  puts("ok");
  return 0;
}

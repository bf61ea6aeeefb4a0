// The protocol on the real system: threads that load, store and launch kernels on slices of their own, in pages and units that they
// share with others, while windows are evicted, pages unmapped, entries dropped, ranges closed, threads interrupted. All is free of
// races by slices, so every load and every kernel must read what was written last.
//   stress_test SECONDS SEED [DEVICES]
#include <signal.h>

#include "manager.h"

enum {
  THREADS = 4,
  CELLS = SP_PAGE_BYTES / 8,
  STEP = 17,  // cells that are looked at and written
  MIXED = 0, MIXED_PAGES = 64,     // block 0: quarters 0 and 2 of a page belong to one thread, 1 and 3 to another
  WHOLE = 512, WHOLE_PAGES = 128,  // block 1: runs of 8 pages belong to a thread
  FLEETING = 1024, FLEETING_PAGES = 32,  // block 2: so many for each thread, which closes and opens them
  STUCK_SECONDS = 30,
};

struct expected_call {
  struct kernel_call call;
  unsigned page_count;
  bool mixed;
  unsigned parity;
  uint64_t page[LAUNCH_PAGES], expected[LAUNCH_PAGES];
  uint64_t value;  // to write; 0: reads alone
  atomic_int pending;
};

static struct memory *memory;
static unsigned seed, device_count = DEVICES;
static atomic_bool stop;
static atomic_bool quiet;  // for a while hardly anybody touches: flags get clear, withdrawals are skipped
static atomic_long progress[THREADS];
static pthread_t threads[THREADS];

static bool owns(const struct expected_call *call, int cell) {
  return !call->mixed || (unsigned)(cell / (CELLS / 4) % 2) == call->parity;
}

// Calls outlive their launch: each thread has some, and waits before it uses one again.
enum { CALLS = 64 };
static struct expected_call calls[THREADS * CALLS];

static void check_and_write(const struct kernel_call *it) {
  struct expected_call *call = &calls[it->number];
  char *window = *it->window;
  CHECK(window, "a kernel without a window");
  for (unsigned i = 0; i < call->page_count; i++) {
    _Atomic uint64_t *cells = (_Atomic uint64_t *)(window + call->page[i] * SP_PAGE_BYTES);
    for (int cell = 0; cell < CELLS; cell += STEP) {
      if (owns(call, cell)) {
        uint64_t found = atomic_load_explicit(&cells[cell], memory_order_relaxed);
        CHECK(call->expected[i] == UINT64_MAX || found == call->expected[i],
            "seed %u: a kernel reads %lx in page %lu cell %d, expected %lx", seed, found, call->page[i], cell, call->expected[i]);
        if (call->value) {
          atomic_store_explicit(&cells[cell], call->value, memory_order_relaxed);
        }
      }
    }
  }
  atomic_fetch_sub(&call->pending, 1);
}

// A program thread: what it owns, and what it wrote there last.
struct program {
  unsigned me, random;
  uint64_t value[MANAGED_PAGES];  // of its own cells
  uint64_t next;
  unsigned calls;
};
static struct program programs[THREADS];

static unsigned any(struct program *it, unsigned bound) {
  return (unsigned)rand_r(&it->random) / 7 % bound;
}

static uint64_t new_value(struct program *it) {
  return ++it->next << 4 | it->me;
}

static bool is_own(const struct program *it, uint64_t page, bool mixed) {
  return mixed ? page % 2 == it->me / 2 : page < FLEETING ? page / 8 % THREADS == it->me : true;
}

static bool in_own_cells(const struct program *it, bool mixed, int cell) {
  return !mixed || (unsigned)(cell / (CELLS / 4) % 2) == it->me % 2;
}

static void load(struct program *it, uint64_t page, bool mixed) {
  volatile uint64_t *cells = user_cells(memory, page);
  for (int cell = 0; cell < CELLS; cell += STEP) {
    if (in_own_cells(it, mixed, cell)) {
      uint64_t found = cells[cell];
      CHECK(found == it->value[page], "seed %u: thread %u loads %lx in page %lu cell %d, expected %lx, state %u", seed, it->me, found, page,
          cell, it->value[page], state_of(memory, page));
    }
  }
}

static void await_kernels(struct program *it) {
  for (unsigned i = it->me * CALLS; i < (it->me + 1) * CALLS; i++) {
    while (atomic_load(&calls[i].pending)) {
      usleep(20);
    }
  }
}

static void store(struct program *it, uint64_t page, bool mixed) {
  // A store under a kernel that reads would be a race of the program's own.
  await_kernels(it);
  uint64_t value = new_value(it);
  volatile uint64_t *cells = user_cells(memory, page);
  for (int cell = 0; cell < CELLS; cell += STEP) {
    if (in_own_cells(it, mixed, cell)) {
      cells[cell] = value;
    }
  }
  it->value[page] = value;
}

static void add_slices(struct launch *launch, const struct program *it, uint64_t page, bool mixed) {
  uint64_t base = page * SP_PAGE_BYTES, quarter = SP_PAGE_BYTES / 4;
  if (mixed) {
    uint64_t first = base + it->me % 2 * quarter;
    launch->slice[launch->slice_count++] = (struct sp_slice){first, first + quarter, 0};
    launch->slice[launch->slice_count++] = (struct sp_slice){first + 2 * quarter, first + 3 * quarter, 0};
  } else {
    launch->slice[launch->slice_count++] = (struct sp_slice){base, base + SP_PAGE_BYTES, 0};
  }
}

static void run_kernel(struct program *it, uint64_t page, uint64_t end, bool mixed, bool writes) {
  unsigned number = it->me * CALLS + it->calls++ % CALLS;
  struct expected_call *call = &calls[number];
  while (atomic_load(&call->pending)) {
    usleep(20);
  }
  struct launch launch = {.device = any(it, device_count), .writes = writes, .overwrites = writes && !mixed && any(it, 2),
      .call = {.kernel = check_and_write, .number = number}};
  unsigned most = 1 + any(it, LAUNCH_PAGES);
  for (; page < end && launch.page_count < most; page++) {
    if (is_own(it, page, mixed)) {
      call->page[launch.page_count] = page;
      call->expected[launch.page_count] = launch.overwrites ? UINT64_MAX : it->value[page];
      launch.page[launch.page_count++] = page;
      add_slices(&launch, it, page, mixed);
    }
  }
  call->page_count = launch.page_count;
  call->mixed = mixed;
  call->parity = it->me % 2;
  call->value = writes ? new_value(it) : 0;
  atomic_store(&call->pending, 1);
  for (unsigned i = 0; writes && i < launch.page_count; i++) {
    it->value[launch.page[i]] = call->value;
  }
  manager_launch(&launch);
}

static uint64_t own_page(struct program *it, uint64_t first, uint64_t count, bool mixed) {
  uint64_t page;
  do {
    page = first + any(it, (unsigned)count);
  } while (!is_own(it, page, mixed));
  return page;
}

static void close_and_open(struct program *it, uint64_t first) {
  await_kernels(it);
  manager_reopen(first, FLEETING_PAGES);
  memset(&it->value[first], 0, FLEETING_PAGES * sizeof *it->value);
}

static void step(struct program *it) {
  unsigned where = any(it, 8);
  bool mixed = where < 4;
  uint64_t first = mixed ? MIXED : where < 6 ? WHOLE : FLEETING + it->me * FLEETING_PAGES;
  uint64_t count = mixed ? MIXED_PAGES : where < 6 ? WHOLE_PAGES : FLEETING_PAGES;
  uint64_t page = own_page(it, first, count, mixed);
  unsigned what = atomic_load(&quiet) && any(it, 500) ? 12 + any(it, 7) : any(it, 20);
  if (what < 8) {
    load(it, page, mixed);
  } else if (what < 12) {
    store(it, page, mixed);
  } else if (what < 19) {
    run_kernel(it, page, first + count, mixed, what < 17);
  } else if (where >= 6) {
    close_and_open(it, first);
  }
}

static void *run_program(void *argument) {
  struct program *it = argument;
  while (!atomic_load(&stop)) {
    step(it);
    atomic_fetch_add(&progress[it->me], 1);
  }
  return NULL;
}

static void *run_chaos(void *unused) {
  unsigned random = seed * 31 + 9;
  while (!atomic_load(&stop)) {
    uint64_t page = (uint64_t)rand_r(&random) / 3 % MANAGED_PAGES;
    unsigned what = (unsigned)rand_r(&random) / 3 % 64;
    if (atomic_load(&quiet)) {
      manager_unmap(page);
    } else if (what == 0) {
      manager_evict((unsigned)rand_r(&random) / 3 % device_count);
    } else if (what < 8) {
      manager_unmap(page % 64 + page / 512 * 512);
    } else if (what < 20) {
      madvise_dontneed(memory, page % 64 + page / 512 * 512, 1);
    } else if (what < 30) {
      pthread_kill(threads[(unsigned)rand_r(&random) / 3 % THREADS], SIGUSR1);
    } else if (what < 34) {
      struct sp_run run = {page, MANAGED_PAGES - page < 20 ? MANAGED_PAGES - page : 20};
      CHECK_EQUALS(sp_bring_home(memory->reservation, &run, 1, 1), 0);
    } else {
      usleep((unsigned)rand_r(&random) / 3 % 60);
    }
  }
  return unused;
}

static void interrupt(int signal) {
  (void)signal;
}

static void print_states(void) {
  for (uint64_t page = 0; page < MANAGED_PAGES; page++) {
    if (page % 512 < 128) {
      printf("%x%s", state_of(memory, page), page % 64 == 63 ? "\n" : page % 16 == 15 ? " " : "");
    }
  }
  for (int i = 0; i < THREADS; i++) {
    printf("thread %d: %ld steps\n", i, atomic_load(&progress[i]));
  }
  manager_print();
}

static void watch(double seconds) {
  long last[THREADS] = {0};
  double end = now_micros() + seconds * 1e6, moved[THREADS];
  for (int i = 0; i < THREADS; i++) {
    moved[i] = now_micros();
  }
  for (int round = 0; now_micros() < end; round++) {
    usleep(50000);
    atomic_store(&quiet, round % 8 >= 5);
    for (int i = 0; i < THREADS; i++) {
      if (atomic_load(&progress[i]) != last[i]) {
        last[i] = atomic_load(&progress[i]);
        moved[i] = now_micros();
      }
      if (now_micros() - moved[i] > STUCK_SECONDS * 1e6) {
        printf("seed %u: thread %d hangs\n", seed, i);
        print_states();
        fflush(stdout);
        _exit(2);
      }
    }
  }
}

int main(int argc, char **argv) {
  double seconds = argc > 1 ? atof(argv[1]) : 10;
  seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
  device_count = argc > 3 ? (unsigned)atoi(argv[3]) : DEVICES;
  memory = manager_open(usual_config(), device_count);
  struct sigaction action = {.sa_handler = interrupt};
  sigaction(SIGUSR1, &action, NULL);
  for (unsigned i = 0; i < THREADS; i++) {
    programs[i] = (struct program){.me = i, .random = seed * 77 + i * 5};
    pthread_create(&threads[i], NULL, run_program, &programs[i]);
  }
  pthread_t chaos;
  pthread_create(&chaos, NULL, run_chaos, NULL);
  watch(seconds);
  atomic_store(&stop, true);
  alarm(STUCK_SECONDS);
  long steps = 0;
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    steps += atomic_load(&progress[i]);
  }
  pthread_join(chaos, NULL);
  printf("  seed %u, %.0f s, %u devices: %ld steps\n", seed, seconds, device_count, steps);
  manager_print();
  struct sp_statistics statistics = statistics_of(memory->context);
  char text[256];
  sp_last_error(memory->context, text, sizeof text);
  CHECK(!statistics.errors, "seed %u: %lu errors, the last one: %s", seed, statistics.errors, text);
  manager_close();
  puts("ok");
  return 0;
}

// What the tests of the library share: checks that say where and what, a context, a program's view of a reservation.
#ifndef TESTING_H
#define TESTING_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "samepage.h"

#define CHECK(condition, ...)                                              \
  do {                                                                     \
    if (!(condition)) {                                                    \
      fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);      \
      fprintf(stderr, __VA_ARGS__);                                        \
      fprintf(stderr, "\n");                                               \
      fflush(NULL);                                                        \
      _exit(1);                                                            \
    }                                                                      \
  } while (0)

#define CHECK_EQUALS(actual, expected)                                                                              \
  do {                                                                                                              \
    long long actual_ = (long long)(actual), expected_ = (long long)(expected);                                     \
    CHECK(actual_ == expected_, "%s is %lld (0x%llx), expected %lld (0x%llx)", #actual, actual_, (unsigned long long)actual_, \
        expected_, (unsigned long long)expected_);                                                                  \
  } while (0)

#define RUN(test)              \
  do {                         \
    printf("  %s\n", #test);   \
    fflush(stdout);            \
    test();                    \
  } while (0)

static inline double now_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static inline struct sp_config usual_config(void) {
  return (struct sp_config){.handlers = 4, .helpers = 2, .around = SP_AROUND_DENSE, .spin_micros = 30, .fetch_spin_micros = 50,
      .bound_processors = 4, .timeout_millis = 30000, .ahead_bytes = 8 << 20};
}

static inline struct sp_context *open_context(struct sp_config config) {
  struct sp_context *context;
  char reason[256] = "";
  int error = sp_open(&config, &context, reason, sizeof reason);
  CHECK(!error, "error %d: %s", error, reason);
  return context;
}

static inline struct sp_statistics statistics_of(struct sp_context *context) {
  struct sp_statistics statistics;
  sp_statistics(context, &statistics);
  return statistics;
}

// A reservation as tests use it.
struct memory {
  struct sp_context *context;
  struct sp_reservation *reservation;
  struct sp_views views;
};

static inline struct memory reserve(struct sp_context *context, uint64_t bytes) {
  struct memory memory = {.context = context};
  int error = sp_reserve(context, bytes, &memory.reservation, &memory.views);
  CHECK(!error, "error %d", error);
  return memory;
}

// The program's pointer: volatile, for others change what it shows.
static inline volatile uint64_t *user_cells(const struct memory *memory, uint64_t page) {
  return (volatile uint64_t *)(memory->views.user + page * SP_PAGE_BYTES);
}

static inline uint64_t *manager_cells(const struct memory *memory, uint64_t page) {
  return (uint64_t *)(memory->views.manager + page * SP_PAGE_BYTES);
}

static inline unsigned state_of(const struct memory *memory, uint64_t page) {
  uint64_t word = __atomic_load_n((uint64_t *)memory->views.words + page / SP_UNIT_PAGES, __ATOMIC_ACQUIRE) ^ SP_WORD_UNTOUCHED;
  return word >> 4 * (page % SP_UNIT_PAGES) & 15;
}

// Until nobody has a claim: a thread goes on before the handler is done with the pages around.
static inline void await_unclaimed(const struct memory *memory, uint64_t first, uint64_t count) {
  for (uint64_t page = first; page < first + count; page++) {
    while (state_of(memory, page) >= SP_BUSY && state_of(memory, page) <= SP_FETCHW) {
      usleep(100);
    }
  }
}

// Called at each page of a sweep. It may be over before a helper gets a processor: until more than so many pages were brought ahead, each
// unit takes a while, behind its second page, which shows that more than one is used.
static inline void sweep_slowly(const struct memory *memory, uint64_t page, uint64_t ahead_pages) {
  for (int i = 0; page % SP_UNIT_PAGES == 1 && i < 200 && statistics_of(memory->context).ahead_pages <= ahead_pages; i++) {
    usleep(100);
  }
}

static inline uint8_t flag_of(const struct memory *memory, uint64_t block) {
  return __atomic_load_n((uint8_t *)memory->views.flags + block, __ATOMIC_ACQUIRE);
}

// What reclaim does to entries of the user view.
static inline void madvise_dontneed(const struct memory *memory, uint64_t page, uint64_t count) {
  CHECK_EQUALS(madvise((void *)user_cells(memory, page), count * SP_PAGE_BYTES, MADV_DONTNEED), 0);
}

// A kernel writes whole pages on a device: what a caller does at the end of a launch.
static inline int64_t withdraw_pages(const struct memory *memory, uint32_t device, uint64_t first, uint64_t count) {
  struct sp_slice slice = {first * SP_PAGE_BYTES, (first + count) * SP_PAGE_BYTES, 0};
  return sp_withdraw(memory->reservation, device, &slice, 1);
}

static inline int64_t bring_home(const struct memory *memory, uint64_t first, uint64_t count, int map) {
  struct sp_run run = {first, count};
  return sp_bring_home(memory->reservation, &run, 1, map);
}

#endif

// What the parts of the library share. Who owns what:
//   context.c   opening and closing, statistics, errors        table.c     reservations and their words
//   ranges.c    counting for each range
//   handler.c   the threads that wait for faults               claim.c     batches of claimed pages: map, release, wait
//   serve.c     one fault, fault-around in its unit            fetch.c     reading windows, whichever device they are on
//   ahead.c     touches in order, the helper threads            withdraw.c  R3          scan.c  written pages
//   pages.c     ranges come and go, marks                       kernel.c    system calls
//   home.c      bringing home                                   orphans.c   reads that were given up
//   near.c      what helpers bring                         deaths.c    threads that end before they should
//   cuda.c      CUDA devices, called as OpenCL's are
//
// Lock order: job_lock, orphan_lock, flag_lock, thread_lock, error_lock before nothing; a window's lock before nothing but short driver
// calls that don't wait. No lock is held while a claim is waited for, a device is, or a call returns.
#ifndef SP_INTERNAL_H
#define SP_INTERNAL_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "samepage.h"
#include "step.h"
#include "word.h"

enum {
  SP_RESERVATIONS = 1024,
  SP_HANDLERS = 32,
  SP_SEATS = SP_HANDLERS,
  SP_HELPERS = 8,
  SP_JOBS = 8,
  SP_STREAMS = 16,
  SP_ORPHANS = 256,
  SP_BATCH = 256,  // units that are claimed at once, at most: 16 MiB
  SP_LEVELS = 5,   // enough for 2^30 units
  SP_STATISTICS = sizeof(struct sp_statistics) / sizeof(uint64_t),
};

enum { SP_FLAG_SET = 1, SP_FLAG_DOUBTED = 2 };

struct sp_reservation {
  struct sp_context *context;
  int frames;  // the memfd
  uint64_t size_bytes, unit_count, block_count;
  char *user, *manager;
  void *tables;
  size_t tables_bytes;
  _Atomic uint64_t *word;  // a unit each
  _Atomic uint8_t *flag;   // a block each: 0, or SP_FLAG_SET or SP_FLAG_DOUBTED: may be mapped
  _Atomic uint8_t *used;   // a block each: some word was ever changed
  _Atomic uint16_t *marker;  // a unit each: see SP_MARKER_PAGES
  struct sp_window *_Atomic *window[SP_DEVICES];  // a unit each
  struct sp_range_counts *_Atomic *counts;        // a unit each: where a range begins, what is counted for it
  _Atomic uint64_t *begins[SP_LEVELS];            // bits: in the first level a unit each, then a word of the level before
  atomic_uint shared;  // a bit for each device that had a window of SP_FETCH_SHARED here, as all of its windows are
  bool leaving;  // no more work for helpers here; guarded by job_lock
};

// Pages of some units, ascending; several entries may be of one unit, in different states.
struct sp_batch {
  uint32_t count;
  uint64_t unit[SP_BATCH];
  uint16_t mask[SP_BATCH];
  uint8_t from[SP_BATCH];  // the state before the claim
};

// Where some handlers look for faults, one of them at a time.
struct sp_seat {
  int processor;         // they are bound to it; -1: to none
  atomic_uint watchers;  // handlers that look for faults, or were told to
  sem_t vacancies;       // told to, but not there yet
};

// A thread that may be inside a reservation: `serving` is odd while it is. What is unpublished first and then awaited by
// sp_await_threads is not used any more.
struct sp_thread {
  struct sp_context *context;
  pthread_t thread;
  _Atomic uint64_t serving;
  struct sp_seat *seat;  // handlers
  bool watching;         // handlers: counted in the seat's watchers
  struct sp_reservation *reservation;
  struct sp_batch claims;  // what it has claimed there, known to itself alone
};

// Units to bring that nobody waits for.
struct sp_job {
  struct sp_reservation *reservation;
  uint64_t first_unit, end_unit;
  uint64_t range;
  uint8_t from;
  uint16_t marker;  // SP_MARKER_GROWN or SP_MARKER_AHEAD
};

// What the marker of a unit says: how many pages came without being asked for, which a touch of this unit shows to be of use, and why.
enum { SP_MARKER_AROUND = 1 << 13, SP_MARKER_GROWN = 1 << 14, SP_MARKER_AHEAD = 1 << 15, SP_MARKER_PAGES = SP_MARKER_AROUND - 1 };

// What a touch says of how much of its unit is used. Only a second touch shows that more than a page is: without it, nothing beyond the
// unit is brought. Units that are mapped as a whole show nothing.
enum sp_touch_kind { SP_TOUCH_FIRST, SP_TOUCH_AGAIN, SP_TOUCH_WHOLE };

struct sp_touch_note {
  struct sp_reservation *reservation;
  uint64_t unit;
  uint64_t next;  // the first unit behind it that was not brought
  uint64_t range;
  uint8_t from;  // a device's state, or HOSTU
  enum sp_touch_kind kind;
};

// Touches in order by one thread, as far as faults show them.
struct sp_stream {
  struct sp_reservation *reservation;
  uint64_t first, last, next;      // units: where it began, the last fault, the first one that was not brought
  uint64_t ahead_next, ahead_end;  // units: what helpers are to do
  uint64_t units, age;             // units touched so far
  bool dense;                      // where it could be seen last, more than one page of a unit was touched
  uint64_t range;
  uint8_t from;  // the device's state, 0 if not known
};

// A read that took too long. The driver may still carry it out.
struct sp_orphan {
  struct sp_reservation *reservation;
  uint64_t first_page, page_count;
  int32_t (*event_info)(void *, uint32_t, uint64_t, void *, uint64_t *);
  int32_t (*release_event)(void *);
  void *event;
};

struct sp_context {
  struct sp_config config;
  struct sp_kernel kernel;
  atomic_bool stopping;
  struct sp_reservation *_Atomic reservation[SP_RESERVATIONS];
  pthread_mutex_t reserve_lock;

  struct sp_thread handler[SP_HANDLERS];
  struct sp_thread helper[SP_HELPERS];
  struct sp_seat seat[SP_SEATS];
  uint32_t seat_count;
  uint32_t processors;
  sem_t jobs;

  pthread_mutex_t job_lock;  // guards all that helpers are to do
  struct sp_job job[SP_JOBS];
  uint32_t job_count;
  struct sp_stream stream[SP_STREAMS];
  uint64_t stream_clock;

  pthread_mutex_t orphan_lock;
  struct sp_orphan orphan[SP_ORPHANS];
  atomic_uint orphan_count;
  atomic_bool orphans_lost;  // more than the list holds
  void *_Atomic given_up;  // the last event of a window that was waited for in vain, retained
  int32_t (*release_given_up)(void *);  // guarded by orphan_lock

  _Atomic uint64_t statistic[SP_STATISTICS];
  pthread_mutex_t flag_lock;  // held by who clears flags
  pthread_mutex_t thread_lock;  // held by who ends or replaces threads
  pthread_mutex_t error_lock;
  char error[256];
};

#define sp_count(context, name, amount) \
  atomic_fetch_add_explicit(&(context)->statistic[offsetof(struct sp_statistics, name) / sizeof(uint64_t)], (uint64_t)(amount), \
      memory_order_relaxed)

// For the context and for the range of a page.
#define sp_count_at(reservation, page, name, amount) \
  sp_count_in_range(reservation, page, offsetof(struct sp_statistics, name) / sizeof(uint64_t), (uint64_t)(amount))

static inline void sp_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Runs of consecutive pages of a batch.
struct sp_spans {
  const struct sp_batch *batch;
  uint32_t entry, page;
};
struct sp_span {
  uint64_t page, count;
  uint32_t entry;  // where it begins
};

// context.c
uint64_t sp_now_nanos(void);
void sp_nap(uint64_t nanos);
void sp_report(struct sp_context *context, const char *what, int error);

// ranges.c
void sp_count_in_range(struct sp_reservation *reservation, uint64_t page, size_t statistic, uint64_t amount);

// table.c
struct sp_reservation *sp_find(struct sp_context *context, uint64_t user_address);
uint64_t sp_load(struct sp_reservation *reservation, uint64_t unit);
bool sp_exchange(struct sp_reservation *reservation, uint64_t unit, uint64_t *word, uint64_t next);
bool sp_is_untouched(struct sp_reservation *reservation, uint64_t block);
char *sp_user_page(struct sp_reservation *reservation, uint64_t page);
char *sp_manager_page(struct sp_reservation *reservation, uint64_t page);
bool sp_contains(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);
void sp_await_threads(struct sp_context *context);
// Answers how many timed out reads may still write to its frames, which stay mapped for them.
uint32_t sp_release_reservation(struct sp_reservation *reservation);

// claim.c
void sp_add(struct sp_batch *batch, uint64_t unit, uint16_t mask, unsigned from);
uint64_t sp_page_count(const struct sp_batch *batch);
bool sp_next_span(struct sp_spans *spans, struct sp_span *span);
uint16_t sp_unit_pages(uint64_t unit, uint64_t first_page, uint64_t end_page);
void sp_flag_mapped(struct sp_reservation *reservation, const struct sp_batch *batch);
void sp_map(struct sp_reservation *reservation, const struct sp_batch *batch, bool protect);
void sp_fill_pattern(struct sp_reservation *reservation, const struct sp_batch *batch);
void sp_mark_filled(struct sp_reservation *reservation, const struct sp_batch *batch);
void sp_subtract(struct sp_batch *batch, const struct sp_batch *less);
void sp_release(struct sp_reservation *reservation, const struct sp_batch *batch, unsigned to);
void sp_release_to_origin(struct sp_reservation *reservation, const struct sp_batch *batch);
int sp_unmap_batch(struct sp_reservation *reservation, const struct sp_batch *batch);

// What is done to pages that others may have claims on: `take` says what can be had of a word, `finish` works on what was claimed and
// ends the claim; what is left is waited for, while no claim is held.
struct sp_work {
  struct sp_reservation *reservation;
  struct sp_step (*take)(struct sp_work *work, uint64_t word, const struct sp_batch *wanted, uint32_t entry);
  void (*finish)(struct sp_work *work, struct sp_batch *mine);
};
void sp_do(struct sp_work *work, struct sp_batch *wanted);
// The same for a run of pages, in batches.
void sp_do_run(struct sp_work *work, uint64_t first_page, uint64_t page_count);

// fetch.c
enum { SP_READS = 64 };
struct sp_read {
  struct sp_window *window;
  void *event;
  uint64_t page, count;
  uint8_t from;
  bool failed;
};
// Reads of claimed pages: added first, then waited for in the same order.
struct sp_fetch {
  struct sp_reservation *reservation;
  uint64_t started, deadline;
  uint32_t count, waited;
  const struct sp_opencl *to_flush;
  struct sp_read read[SP_READS];
};
void sp_fetch_begin(struct sp_fetch *fetch, struct sp_reservation *reservation);
// False if there is no room for all before sp_fetch_wait; the span is what is left then.
bool sp_fetch_add(struct sp_fetch *fetch, struct sp_span *span, unsigned from);
// The driver may begin with what was added.
void sp_fetch_flush(struct sp_fetch *fetch);
// Waits until `count` of the reads have ended; adds the pages of those that have failed to `failed`.
void sp_fetch_wait(struct sp_fetch *fetch, uint32_t count, struct sp_batch *failed);
// All of it, for batches of any size. Starting waits only where a batch is in more pieces than there is room for.
void sp_fetch_start(struct sp_fetch *fetch, struct sp_reservation *reservation, const struct sp_batch *mine, struct sp_batch *failed);
void sp_fetch_finish(struct sp_fetch *fetch, struct sp_batch *failed);
// The window of a unit. Only under a claim on one of the device's pages there: without, it may be gone.
struct sp_window *sp_window_of(struct sp_reservation *reservation, uint64_t unit, unsigned state);
// Whether a window could be read now, without waiting for a kernel.
bool sp_is_ready(struct sp_window *window);
// When no thread is left.
void sp_forget_given_up(struct sp_context *context);
// Sends bytes of the frames behind what is on the device's command queue.
int sp_send(struct sp_reservation *reservation, struct sp_window *window, uint64_t first_byte, uint64_t bytes);

// orphans.c
void sp_add_orphan(struct sp_reservation *reservation, const struct sp_read *read);
uint32_t sp_orphans_within(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);
void sp_forget_orphans(struct sp_reservation *reservation);

// scan.c
// Of pages that the caller has claimed and unmapped. Sets bits of `written` counted from base_page. Answers how many pages were written,
// or a negative errno.
int64_t sp_scan_claimed(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t base_page,
    uint64_t *written);

// serve.c
// Answers whether the thread may well touch what isn't there again soon.
bool sp_serve(struct sp_reservation *reservation, uint64_t page);
// Ends the claim of pages that were fetched, except `failed`, which are poisoned.
void sp_settle(struct sp_reservation *reservation, struct sp_batch *mine, const struct sp_batch *failed, bool map);
// near.c
void sp_set_marker(struct sp_reservation *reservation, uint64_t unit, unsigned marker);
// A unit that may be marked was touched.
void sp_touch_marker(struct sp_reservation *reservation, uint64_t unit);
// Whether a touch of a unit is to show if what was brought with it, or because of it, is of use.
bool sp_is_marked(struct sp_reservation *reservation, uint64_t unit);
// Has more brought of a part of a block that is in use.
void sp_grow(struct sp_reservation *reservation, uint64_t unit, unsigned from, uint64_t range);
// Brings units that nobody has asked for: maps them if they are HOSTU; fetches a device's if that needs no waiting for a kernel, and
// leaves one of them unmapped.
void sp_bring_near(const struct sp_job *job);

// ahead.c
// Notes a touch; for a second one says where the unit came from, if it knows. Answers whether helpers read ahead of it.
bool sp_follow(struct sp_touch_note *note);
// Whether a touch of a unit goes on where others have ended, which used more of their units than a page.
bool sp_is_in_order(struct sp_reservation *reservation, uint64_t unit);
// Work for helpers, or none if they have enough.
void sp_post_job(const struct sp_job *job);
// Helpers begin nothing in a reservation any more.
void sp_forget_jobs(struct sp_reservation *reservation);
void *sp_helper_thread(void *thread);

// handler.c
int sp_start_threads(struct sp_context *context);
void sp_join_threads(struct sp_context *context);
// Before what may take long: another handler looks for faults meanwhile.
void sp_stand_down(void);
void sp_nap_exactly(void);
void sp_enter(struct sp_thread *thread);
void sp_leave(struct sp_thread *thread);
// Starts another thread in the place of the one that calls this, which is about to end; unless all are to end.
void sp_replace(struct sp_thread *thread);

// deaths.c
// What a thread of ours begins with; sp_end_life is its pthread_cleanup_push.
void sp_begin_life(struct sp_thread *thread);
void sp_end_life(void *thread);
// Of threads of ours: what they have claimed. Others, which only callers can end, are ignored.
void sp_note_claim(struct sp_reservation *reservation, uint64_t unit, uint16_t mask, unsigned from);
void sp_note_release(uint64_t unit, uint16_t mask);

#endif

// Threads of the library that are ended from outside, idle and at work: whoever waits for what they had begun goes on, and others take
// their place. Whatever hangs is a failure: alarm() is a watchdog.
#include <signal.h>

#include "fake_opencl.h"
#include "internal.h"
#include "refused_threads.h"
#include "testing.h"

enum { BYTES = 4 * SP_BLOCK_BYTES, PAGES = BYTES / SP_PAGE_BYTES, WATCHDOG_SECONDS = 60, UNITS = 3, TOUCHERS = 5 };
#define PATTERN 0xDEADBEEFDEADBEEFull

static struct sp_context *context;
static struct memory memory;
static struct fake_queue *fetches, *commands;
static struct sp_opencl opencl;
static struct fake_buffer buffer;
static struct sp_window window;

static void set_up(uint32_t kind) {
  alarm(WATCHDOG_SECONDS);
  context = open_context(usual_config());
  memory = reserve(context, BYTES);
  fetches = fake_queue_open(1);
  commands = fake_queue_open(2);
  opencl = fake_opencl(fetches, commands);
  buffer = (struct fake_buffer){malloc(BYTES), BYTES};
  window = (struct sp_window){.kind = kind, .memory = kind == SP_FETCH_MEMORY ? (uint64_t)buffer.bytes : (uint64_t)&buffer,
      .size_bytes = BYTES, .range = 1, .opencl = kind == SP_FETCH_MEMORY ? NULL : &opencl};
  sp_set_windows(memory.reservation, 0, 0, BYTES / SP_UNIT_BYTES, &window);
  for (uint64_t page = 0; page < PAGES; page++) {
    ((uint64_t *)(buffer.bytes + page * SP_PAGE_BYTES))[0] = page + 1;
  }
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, PAGES), 0);
}

static void tear_down(int pending) {
  CHECK_EQUALS(sp_close_pages(memory.reservation, 0, PAGES), pending);
  struct fake_event *producer = (struct fake_event *)sp_set_producer(&window, 0, 0, 0);
  sp_forget_window(&window);
  if (producer) {
    fake_release(producer);
  }
  CHECK_EQUALS(sp_unreserve(memory.reservation), pending);
  CHECK_EQUALS(sp_close(context), 0);
  fake_queue_close(fetches);
  fake_queue_close(commands);
  free(buffer.bytes);
}

static pthread_t id_of(struct sp_thread *thread) {
  pthread_mutex_lock(&context->thread_lock);
  pthread_t id = thread->thread;
  pthread_mutex_unlock(&context->thread_lock);
  return id;
}

// Ends a thread, and waits until another one has its place.
static void end(struct sp_thread *thread) {
  pthread_t id = id_of(thread);
  CHECK_EQUALS(pthread_cancel(id), 0);
  while (pthread_equal(id_of(thread), id)) {
    usleep(100);
  }
}

static void *touch(void *page) {
  return (void *)user_cells(&memory, (uint64_t)page)[0];
}

static void idle_threads_are_replaced(void) {
  set_up(SP_FETCH_MEMORY);
  for (uint64_t round = 0; round < 5; round++) {
    for (unsigned i = 0; i < context->config.handlers; i++) {
      end(&context->handler[i]);
    }
    for (unsigned i = 0; i < context->config.helpers; i++) {
      end(&context->helper[i]);
    }
    CHECK_EQUALS(withdraw_pages(&memory, 0, 0, PAGES), 0);
    uint64_t before = statistics_of(context).ahead_pages;
    for (uint64_t page = 0; page < PAGES; page++) {
      CHECK_EQUALS(user_cells(&memory, page)[0], page + 1);
      sweep_slowly(&memory, page, before);
    }
    await_unclaimed(&memory, 0, PAGES);
    CHECK(statistics_of(context).ahead_pages > before, "nobody read ahead in round %d", (int)round);
  }
  CHECK_EQUALS(statistics_of(context).poisoned_pages, 0);
  tear_down(0);
}

static void end_unreplaced(struct sp_thread *thread, const char *what) {
  char text[256] = "";
  uint64_t errors = statistics_of(context).errors + 2;  // that it was ended, and that nobody takes its place
  refuse_threads(1);
  CHECK_EQUALS(pthread_cancel(id_of(thread)), 0);
  while (statistics_of(context).errors < errors) {
    usleep(100);
  }
  // Counted first, told second; and not told to who is just asking, so that is not done too often.
  while (!strstr(text, "no other one could be started") || !strstr(text, what)) {
    usleep(10000);
    sp_last_error(context, text, sizeof text);
  }
  CHECK(strstr(text, "errno=11"), "%s", text);
}

static void threads_that_cannot_be_replaced_are_reported(void) {
  set_up(SP_FETCH_MEMORY);
  end_unreplaced(&context->handler[0], "serves faults");
  end_unreplaced(&context->helper[0], "reads ahead");
  CHECK_EQUALS(statistics_of(context).errors, 4);  // that each was ended, and that nobody takes its place
  for (uint64_t page = 0; page < PAGES; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], page + 1);
  }
  await_unclaimed(&memory, 0, PAGES);
  tear_down(0);
}

static void nothing(void *argument) {
  (void)argument;
}

static void who_waits_for_a_thread_that_ends_goes_on(void) {
  set_up(SP_FETCH_OPENCL);
  fake_queue_hold(commands, true);
  sp_set_producer(&window, 0, (uint64_t)fake_enqueue_kernel(commands, nothing, "", 1), 1);
  // One for the first unit, two for each of the others.
  pthread_t threads[TOUCHERS];
  for (uint64_t i = 0; i < TOUCHERS; i++) {
    pthread_create(&threads[i], NULL, touch, (void *)((i + 1) / 2 * SP_UNIT_PAGES));
  }
  for (uint64_t unit = 0; unit < UNITS; unit++) {
    while (state_of(&memory, unit * SP_UNIT_PAGES) != (unit ? SP_FETCHW : SP_FETCH)) {
      usleep(100);
    }
  }
  for (unsigned i = 0; i < context->config.handlers; i++) {
    if (atomic_load(&context->handler[i].serving) % 2) {
      end(&context->handler[i]);
    }
  }
  for (int i = 0; i < TOUCHERS; i++) {
    void *seen;
    pthread_join(threads[i], &seen);
    CHECK_EQUALS((uint64_t)seen, PATTERN);
  }
  fake_queue_hold(commands, false);
  for (uint64_t page = UNITS * SP_UNIT_PAGES; page < PAGES; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], page + 1);
  }
  await_unclaimed(&memory, 0, PAGES);
  for (uint64_t page = 0; page < PAGES; page++) {
    CHECK((state_of(&memory, page) == SP_POISON) == (page < UNITS * SP_UNIT_PAGES), "page %d", (int)page);
  }
  CHECK_EQUALS(statistics_of(context).poisoned_pages, UNITS * SP_UNIT_PAGES);
  CHECK(statistics_of(context).errors >= UNITS, "not reported");
  tear_down(1);  // nobody knows whether a read is under way
}

static void ignore(int signal) {
  (void)signal;
}

// A signal makes a thread that waits fault again, as profilers do; that others serve the page is no claim of who finds it so.
static void touches_that_are_dropped_are_no_claims(void) {
  set_up(SP_FETCH_OPENCL);
  struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  fake_queue_hold(commands, true);
  sp_set_producer(&window, 0, (uint64_t)fake_enqueue_kernel(commands, nothing, "", 1), 1);
  pthread_t threads[2];
  for (uint64_t i = 0; i < 2; i++) {
    pthread_create(&threads[i], NULL, touch, (void *)(i * SP_UNIT_PAGES));
    while (state_of(&memory, i * SP_UNIT_PAGES) != SP_FETCH) {
      usleep(100);
    }
  }
  for (int i = 0; i < 3 * SP_BATCH; i++) {
    uint64_t before = statistics_of(context).dropped;
    pthread_kill(threads[i % 2], SIGUSR1);
    while (statistics_of(context).dropped == before) {
      usleep(20);
    }
  }
  for (unsigned i = 0; i < context->config.handlers; i++) {
    CHECK(context->handler[i].claims.count <= 1, "%u claims", context->handler[i].claims.count);
    CHECK(context->handler[i].context == context, "handler %u was overwritten", i);
  }
  fake_queue_hold(commands, false);
  for (uint64_t i = 0; i < 2; i++) {
    void *seen;
    pthread_join(threads[i], &seen);
    CHECK_EQUALS((uint64_t)seen, i * SP_UNIT_PAGES + 1);
  }
  tear_down(0);
}

int main(void) {
  RUN(touches_that_are_dropped_are_no_claims);
  RUN(idle_threads_are_replaced);
  RUN(threads_that_cannot_be_replaced_are_reported);
  RUN(who_waits_for_a_thread_that_ends_goes_on);
  puts("ok");
  return 0;
}

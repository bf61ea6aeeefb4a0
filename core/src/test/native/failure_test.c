// What goes wrong: drivers that fail or hang, ranges that close while they are touched, threads that wait while all ends. Nobody
// hangs: each test has a watchdog.
#include <pthread.h>

#include "fake_opencl.h"
#include "testing.h"

enum { BYTES = 2 * SP_BLOCK_BYTES, PAGES = BYTES / SP_PAGE_BYTES, WATCHDOG_SECONDS = 60 };
#define PATTERN 0xDEADBEEFDEADBEEFull

static struct sp_context *context;
static struct memory memory;
static struct fake_queue *fetches, *commands;
static struct sp_opencl opencl;
static struct fake_buffer buffer;
static struct sp_window window;

static uint64_t *device_cells(uint64_t page) {
  return (uint64_t *)(buffer.bytes + page * SP_PAGE_BYTES);
}

static void set_up(uint64_t timeout_millis) {
  alarm(WATCHDOG_SECONDS);
  struct sp_config config = usual_config();
  config.timeout_millis = timeout_millis;
  config.around = SP_AROUND_UNIT;
  config.ahead_bytes = 0;
  context = open_context(config);
  memory = reserve(context, BYTES);
  fetches = fake_queue_open(1);
  commands = fake_queue_open(2);
  opencl = fake_opencl(fetches, commands);
  buffer = (struct fake_buffer){malloc(BYTES), BYTES};
  window = (struct sp_window){.kind = SP_FETCH_OPENCL, .memory = (uint64_t)&buffer, .size_bytes = BYTES, .range = 1, .opencl = &opencl};
  sp_set_windows(memory.reservation, 0, 0, BYTES / SP_UNIT_BYTES, &window);
  for (uint64_t page = 0; page < PAGES; page++) {
    device_cells(page)[0] = page + 1;
  }
}

static void forget_window(void) {
  for (uint32_t queue = 0; queue < SP_QUEUES; queue++) {
    uint64_t producer = sp_set_producer(&window, queue, 0, 0);
    if (producer) {
      fake_release((struct fake_event *)producer);
    }
  }
  sp_forget_window(&window);
}

static void tear_down(void) {
  forget_window();
  CHECK_EQUALS(sp_close(context), 0);
  fake_queue_close(fetches);
  fake_queue_close(commands);
  free(buffer.bytes);
  CHECK_EQUALS(fake_live_events(), 0);
}

static void nothing(void *argument) {
  (void)argument;
}

static void publish_kernel(void) {
  struct fake_event *event = fake_enqueue_kernel(commands, nothing, "", 1);
  uint64_t before = sp_set_producer(&window, 0, (uint64_t)event, 1);
  if (before) {
    fake_release((struct fake_event *)before);
  }
}

static void withdraw_all(void) {
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, PAGES), 0);
}

static void await_state(uint64_t page, unsigned state) {
  while (state_of(&memory, page) != state) {
    usleep(100);
  }
}

static void a_failed_read_poisons_exactly_its_pages(void) {
  set_up(30000);
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, 20), 0);
  CHECK_EQUALS(sp_mark(memory.reservation, 4, 2, SP_HOSTU), 0);
  // A touch of page 2 reads 2, then 0 and 1, 3, and 6 to 15. The first two of these go wrong.
  fake_queue_fail(fetches, 2);
  CHECK_EQUALS(user_cells(&memory, 2)[0], PATTERN);
  await_unclaimed(&memory, 0, PAGES);
  for (uint64_t page = 0; page < 16; page++) {
    CHECK_EQUALS(state_of(&memory, page), page < 3 ? SP_POISON : SP_HOSTU);
  }
  for (uint64_t page = 0; page < 16; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], page < 3 ? PATTERN : page == 4 || page == 5 ? 0 : page + 1);
  }
  CHECK_EQUALS(state_of(&memory, 16), SP_DEV0);
  CHECK_EQUALS(user_cells(&memory, 16)[0], 17);
  CHECK_EQUALS(statistics_of(context).poisoned_pages, 3);
  CHECK_EQUALS(__atomic_load_n(&window.poisoned_pages, __ATOMIC_RELAXED), 3);
  CHECK_EQUALS(bring_home(&memory, 0, 20, 0), 3);
  tear_down();
}

static void a_failed_kernel_poisons_what_it_should_have_written(void) {
  set_up(30000);
  fake_queue_fail(commands, 1);
  publish_kernel();
  withdraw_all();
  CHECK_EQUALS(user_cells(&memory, 2)[0], PATTERN);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 15), SP_POISON);
  CHECK_EQUALS(state_of(&memory, 16), SP_DEV0);
  tear_down();
}

static void pages_without_a_window_are_poisoned(void) {
  set_up(30000);
  withdraw_all();
  sp_set_windows(memory.reservation, 0, 1, 1, NULL);
  CHECK_EQUALS(user_cells(&memory, 20)[0], PATTERN);
  CHECK_EQUALS(user_cells(&memory, 15)[0], 16);
  CHECK_EQUALS(bring_home(&memory, 0, 64, 0), 16);
  tear_down();
}

static void a_kernel_that_takes_too_long_poisons_and_leaves_no_read_behind(void) {
  set_up(1000);  // in the end a touch is to be served in time
  fake_queue_hold(commands, true);
  publish_kernel();
  withdraw_all();
  CHECK_EQUALS(user_cells(&memory, 2)[0], PATTERN);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 15), SP_POISON);
  CHECK_EQUALS(statistics_of(context).pending_reads, 0);
  fake_queue_hold(commands, false);
  fake_queue_finish(commands);
  CHECK_EQUALS(user_cells(&memory, 16)[0], 17);
  CHECK_EQUALS(user_cells(&memory, 3)[0], PATTERN);
  tear_down();
}

static pthread_t touch_elsewhere(uint64_t page);
static uint64_t result_of(pthread_t thread);

static void who_sweeps_behind_a_kernel_that_never_ends_waits_once(void) {
  // For each of 64 units it would be longer than the watchdog's time.
  set_up(2000);
  fake_queue_hold(commands, true);
  publish_kernel();
  withdraw_all();
  for (uint64_t page = 0; page < PAGES; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], PATTERN);
  }
  await_unclaimed(&memory, 0, PAGES);
  fake_queue_hold(commands, false);
  fake_queue_finish(commands);
  // The next kernel is waited for again.
  fake_queue_hold(commands, true);
  struct fake_event *before = (struct fake_event *)sp_set_producer(&window, 0, (uint64_t)fake_enqueue_kernel(commands, nothing, "", 1), 1);
  fake_release(before);
  withdraw_all();
  pthread_t thread = touch_elsewhere(5);
  await_state(5, SP_FETCH);
  fake_queue_hold(commands, false);
  CHECK_EQUALS(result_of(thread), 6);
  tear_down();
}

static void a_read_that_takes_too_long_keeps_its_frames_from_new_use(void) {
  set_up(50);
  withdraw_all();
  fake_queue_hold(fetches, true);
  CHECK_EQUALS(user_cells(&memory, 2)[0], PATTERN);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 15), SP_POISON);
  CHECK_EQUALS(statistics_of(context).pending_reads, 3);
  CHECK_EQUALS(sp_mark(memory.reservation, 0, 16, SP_HOSTU), -16);
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, 16), 16);
  CHECK_EQUALS(sp_close_pages(memory.reservation, 0, PAGES), 3);
  CHECK_EQUALS(sp_open_pages(memory.reservation, 0, PAGES), -16);
  fake_queue_hold(fetches, false);
  fake_queue_finish(fetches);
  CHECK_EQUALS(sp_pending_reads(memory.reservation, 0, PAGES), 0);
  CHECK_EQUALS(sp_open_pages(memory.reservation, 0, PAGES), 0);
  CHECK_EQUALS(user_cells(&memory, 2)[0], 0);
  tear_down();
}

static void *touch_page(void *page) {
  return (void *)user_cells(&memory, (uint64_t)page)[0];
}

static pthread_t touch_elsewhere(uint64_t page) {
  pthread_t thread;
  pthread_create(&thread, NULL, touch_page, (void *)page);
  return thread;
}

static uint64_t result_of(pthread_t thread) {
  void *result;
  pthread_join(thread, &result);
  return (uint64_t)result;
}

static void write_page_5(void *argument) {
  (void)argument;
  device_cells(5)[0] = 500;
}

static void a_touch_waits_for_the_kernel(void) {
  set_up(30000);
  fake_queue_hold(commands, true);
  struct fake_event *event = fake_enqueue_kernel(commands, write_page_5, "", 1);
  CHECK_EQUALS(sp_set_producer(&window, 0, (uint64_t)event, 1), 0);
  withdraw_all();
  pthread_t thread = touch_elsewhere(5);
  await_state(5, SP_FETCH);
  usleep(5000);
  CHECK_EQUALS(state_of(&memory, 5), SP_FETCH);
  fake_queue_hold(commands, false);
  CHECK_EQUALS(result_of(thread), 500);
  tear_down();
}

static void all_threads_that_touch_one_page_go_on(void) {
  set_up(30000);
  for (int round = 0; round < 20; round++) {
    // Held before: a handler may be about to serve a fault of the last round, whose thread has gone on. It would bring the page at once.
    await_unclaimed(&memory, 0, PAGES);
    fake_queue_hold(fetches, true);
    withdraw_all();
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
      threads[i] = touch_elsewhere(5);
    }
    await_state(5, SP_FETCHW);
    fake_queue_hold(fetches, false);
    for (int i = 0; i < 8; i++) {
      CHECK_EQUALS(result_of(threads[i]), 6);
    }
  }
  // Counted when the claim ends, which may be after the threads went on.
  await_unclaimed(&memory, 0, PAGES);
  while (statistics_of(context).wakes < 20) {
    usleep(100);
  }
  tear_down();
}

static void a_touch_waits_for_the_kernels_of_all_queues(void) {
  set_up(30000);
  struct fake_queue *others[] = {fake_queue_open(3), fake_queue_open(3)};
  uint32_t numbers[] = {1, SP_QUEUES - 1};
  for (int i = 0; i < 2; i++) {
    fake_queue_hold(others[i], true);
    CHECK_EQUALS(sp_set_producer(&window, numbers[i], (uint64_t)fake_enqueue_kernel(others[i], nothing, "", 1), 1), 0);
  }
  CHECK_EQUALS(withdraw_pages(&memory, 0, 0, 16), 0);
  pthread_t waiting = touch_elsewhere(0);
  for (int i = 0; i < 2; i++) {
    await_state(0, SP_FETCH);
    usleep(20000);
    CHECK_EQUALS(state_of(&memory, 0), SP_FETCH);
    fake_queue_hold(others[i], false);
  }
  CHECK_EQUALS(result_of(waiting), 1);
  forget_window();
  fake_queue_close(others[0]);
  fake_queue_close(others[1]);
  tear_down();
}

static void one_long_kernel_does_not_hold_up_other_touches(void) {
  set_up(30000);
  struct fake_queue *slow = fake_queue_open(3);
  struct sp_opencl slow_opencl = fake_opencl(fetches, slow);
  struct sp_window slow_window = window;
  slow_window.opencl = &slow_opencl;
  sp_set_windows(memory.reservation, 1, 0, BYTES / SP_UNIT_BYTES, &slow_window);
  fake_queue_hold(slow, true);
  struct fake_event *kernel = fake_enqueue_kernel(slow, nothing, "", 1);
  sp_set_producer(&slow_window, 0, (uint64_t)kernel, 1);
  CHECK_EQUALS(withdraw_pages(&memory, 1, 0, 48), 0);
  CHECK_EQUALS(withdraw_pages(&memory, 0, 48, 100), 0);
  pthread_t waiting[] = {touch_elsewhere(0), touch_elsewhere(16), touch_elsewhere(32)};
  await_state(0, SP_FETCH);
  await_state(16, SP_FETCH);
  await_state(32, SP_FETCH);
  for (uint64_t page = 48; page < 148; page++) {
    CHECK_EQUALS(user_cells(&memory, page)[0], page + 1);
  }
  CHECK_EQUALS(state_of(&memory, 0), SP_FETCH);
  fake_queue_hold(slow, false);
  for (uint64_t i = 0; i < 3; i++) {
    CHECK_EQUALS(result_of(waiting[i]), 16 * i + 1);
  }
  fake_release((struct fake_event *)sp_set_producer(&slow_window, 0, 0, 0));
  sp_forget_window(&slow_window);
  fake_queue_close(slow);
  tear_down();
}

static atomic_bool closed;

static void *touch_all(void *argument) {
  unsigned seed = (unsigned)(uintptr_t)argument;
  uint64_t sum = 0;
  for (long after = 0; after < 2000; after += atomic_load(&closed)) {
    sum += user_cells(&memory, (uint64_t)rand_r(&seed) % PAGES)[0];
  }
  return (void *)(sum | 1);
}

static void closing_while_touched_leaves_nobody_hanging(void) {
  set_up(30000);
  for (int round = 0; round < 5; round++) {
    atomic_store(&closed, false);
    withdraw_all();
    fake_queue_delay(fetches, 200);
    pthread_t threads[4];
    for (uint64_t i = 0; i < 4; i++) {
      pthread_create(&threads[i], NULL, touch_all, (void *)(round * 4 + i + 1));
    }
    usleep(2000);
    CHECK_EQUALS(sp_close_pages(memory.reservation, 0, PAGES), 0);
    CHECK_EQUALS(sp_discard_pages(memory.reservation, 0, PAGES), 0);
    atomic_store(&closed, true);
    for (int i = 0; i < 4; i++) {
      CHECK(result_of(threads[i]), "round %d", round);
    }
    await_unclaimed(&memory, 0, PAGES);
    for (uint64_t page = 0; page < PAGES; page++) {
      CHECK_EQUALS(state_of(&memory, page), SP_CLOSED);
    }
    CHECK_EQUALS(sp_open_pages(memory.reservation, 0, PAGES), 0);
    CHECK_EQUALS(user_cells(&memory, PAGES / 2)[1], 0);
  }
  tear_down();
}

static atomic_int gone_on;

static void *touch_and_tell(void *page) {
  (void)user_cells(&memory, (uint64_t)page)[0];
  atomic_fetch_add(&gone_on, 1);
  return NULL;
}

// More touchers than handlers wait for a kernel that never ends.
static void touchers_go_on_when_the_library_is_closed(void) {
  set_up(30000);
  fake_queue_hold(commands, true);
  publish_kernel();
  withdraw_all();
  pthread_t threads[6];
  for (uint64_t i = 0; i < 6; i++) {
    pthread_create(&threads[i], NULL, touch_and_tell, (void *)(i * 16));
  }
  while (statistics_of(context).faults < 4) {
    usleep(100);
  }
  usleep(1000);
  CHECK_EQUALS(atomic_load(&gone_on), 0);
  CHECK_EQUALS(sp_close(context), 0);
  for (int i = 0; i < 6; i++) {
    pthread_join(threads[i], NULL);
  }
  CHECK_EQUALS(atomic_load(&gone_on), 6);
  forget_window();
  fake_queue_close(fetches);
  fake_queue_close(commands);
  free(buffer.bytes);
  CHECK_EQUALS(fake_live_events(), 0);
}

static void late_reads_at_the_end_find_their_frames(void) {
  set_up(50);
  withdraw_all();
  fake_queue_hold(fetches, true);
  CHECK_EQUALS(user_cells(&memory, 2)[0], PATTERN);
  await_unclaimed(&memory, 0, PAGES);
  CHECK_EQUALS(state_of(&memory, 15), SP_POISON);
  forget_window();
  CHECK_EQUALS(sp_close(context), 3);
  fake_queue_hold(fetches, false);
  fake_queue_close(fetches);  // carries the reads out: into memory that is still there
  fake_queue_close(commands);
  free(buffer.bytes);
}

int main(void) {
  RUN(a_touch_waits_for_the_kernel);
  RUN(a_failed_read_poisons_exactly_its_pages);
  RUN(a_failed_kernel_poisons_what_it_should_have_written);
  RUN(pages_without_a_window_are_poisoned);
  RUN(a_kernel_that_takes_too_long_poisons_and_leaves_no_read_behind);
  RUN(who_sweeps_behind_a_kernel_that_never_ends_waits_once);
  RUN(a_read_that_takes_too_long_keeps_its_frames_from_new_use);
  RUN(all_threads_that_touch_one_page_go_on);
  RUN(a_touch_waits_for_the_kernels_of_all_queues);
  RUN(one_long_kernel_does_not_hold_up_other_touches);
  RUN(closing_while_touched_leaves_nobody_hanging);
  RUN(touchers_go_on_when_the_library_is_closed);
  RUN(late_reads_at_the_end_find_their_frames);
  puts("ok");
  return 0;
}

// Reading windows into frames, and sending bytes of frames to windows. One switch for each step says how a kind of device does it.
//
// What a window's contents wait for is polled for before the read is enqueued, rather than handed to the driver as a wait list: the
// fetch queue is in order, so a read that waits for a long kernel would hold up all fetches behind it; a read that never was enqueued
// leaves nothing behind when it is given up; and PoCL never starts a command that was told to wait for one that failed.
#include <sched.h>
#include <string.h>

#include "internal.h"

enum { EVENT_STATUS = 0x11D3, COMPLETE = 0, TIMED_OUT = 1 };
static const uint64_t first_nap_nanos = 10000, longest_nap_nanos = 200000, hurry_nanos = 100000000;

static void lock(struct sp_window *window) {
  while (__atomic_exchange_n(&window->lock, 1, __ATOMIC_ACQUIRE)) {
    sched_yield();
  }
}

static void unlock(struct sp_window *window) {
  __atomic_store_n(&window->lock, 0, __ATOMIC_RELEASE);
}

static uint64_t swap(struct sp_window *window, uint64_t *field, uint64_t event) {
  lock(window);
  uint64_t before = *field;
  *field = event;
  unlock(window);
  return before;
}

uint64_t sp_set_producer(struct sp_window *window, uint32_t queue, uint64_t event, uint64_t launches) {
  struct sp_producer *producer = &window->producers[queue % SP_QUEUES];
  lock(window);
  uint64_t before = producer->event;
  __atomic_store_n(&producer->event, event, __ATOMIC_RELAXED);
  producer->launches = launches;
  unlock(window);
  return before;
}

static void release_event(const struct sp_window *window, uint64_t event) {
  if (event) {
    window->opencl->release_event((void *)event);
  }
}

void sp_forget_window(struct sp_window *window) {
  if (window->kind == SP_FETCH_OPENCL) {
    release_event(window, swap(window, &window->edge, 0));
  }
}

// An event of a window, retained under the lock: whoever replaces it may release it at once.
static void *pin(struct sp_window *window, const uint64_t *field) {
  lock(window);
  void *event = (void *)*field;
  if (event) {
    window->opencl->retain_event(event);
  }
  unlock(window);
  return event;
}

// OpenCL's numbers: 0 complete, more: not yet, less: failed.
static int32_t status_of(const struct sp_opencl *opencl, void *event) {
  int32_t status = 0;
  int32_t error = opencl->event_info(event, EVENT_STATUS, sizeof status, &status, NULL);
  return error ? error : status;
}

static uint64_t remaining_time(struct sp_fetch *fetch, uint64_t now) {
  if (atomic_load_explicit(&fetch->reservation->context->stopping, memory_order_relaxed) && fetch->deadline > now + hurry_nanos) {
    fetch->deadline = now + hurry_nanos;
  }
  return fetch->deadline > now ? fetch->deadline - now : 0;
}

// Who waited for an event in vain waited for all: a copy over many units behind a kernel that never ends would take its time for each.
static bool was_given_up(struct sp_context *context, void *event) {
  return event && atomic_load(&context->given_up) == event;
}

// The event is kept, so that no other one gets its address.
static void give_up(struct sp_context *context, const struct sp_opencl *opencl, void *event) {
  opencl->retain_event(event);
  pthread_mutex_lock(&context->orphan_lock);
  void *before = atomic_exchange(&context->given_up, event);
  int32_t (*release)(void *) = context->release_given_up;
  context->release_given_up = opencl->release_event;
  pthread_mutex_unlock(&context->orphan_lock);
  if (before) {
    release(before);
  }
}

void sp_forget_given_up(struct sp_context *context) {
  void *event = atomic_exchange(&context->given_up, NULL);
  if (event) {
    context->release_given_up(event);
  }
}

static int32_t await_event(struct sp_fetch *fetch, const struct sp_opencl *opencl, void *event) {
  SP_STEP("await");
  uint64_t spin_end = sp_now_nanos() + 1000ull * fetch->reservation->context->config.fetch_spin_micros;
  uint64_t nap = first_nap_nanos;
  for (;;) {
    int32_t status = status_of(opencl, event);
    if (status <= COMPLETE) {
      return status;
    }
    uint64_t now = sp_now_nanos();
    if (!remaining_time(fetch, now)) {
      return TIMED_OUT;
    }
    if (now < spin_end) {
      sched_yield();  // not a busy loop: a driver on this processor may need it
    } else {
      sp_stand_down();
      sp_nap(nap);
      nap = nap * 2 < longest_nap_nanos ? nap * 2 : longest_nap_nanos;
    }
  }
}

// Each launch in the queue may take as long as a fetch.
static void allow_for_launches(struct sp_fetch *fetch, struct sp_window *window, const struct sp_producer *producer) {
  lock(window);
  uint64_t launches = producer->launches;
  unlock(window);
  uint64_t deadline = fetch->started + launches * fetch->reservation->context->config.timeout_millis * 1000000;
  fetch->deadline = deadline > fetch->deadline ? deadline : fetch->deadline;
}

static int32_t await_pinned(struct sp_fetch *fetch, struct sp_window *window, const uint64_t *field) {
  void *event = pin(window, field);
  if (!event) {
    return COMPLETE;
  }
  struct sp_context *context = fetch->reservation->context;
  bool in_vain = was_given_up(context, event);
  int32_t status = in_vain ? status_of(window->opencl, event) : await_event(fetch, window->opencl, event);
  if (!in_vain && status == TIMED_OUT && !atomic_load(&context->stopping)) {
    give_up(context, window->opencl, event);
  }
  window->opencl->release_event(event);
  return status > COMPLETE ? TIMED_OUT : status;
}

// Most queues write to few windows. What a page waits for was there before its word said so.
static bool has_producer(const struct sp_window *window, int queue) {
  return __atomic_load_n(&window->producers[queue].event, __ATOMIC_RELAXED);
}

static int32_t await_producers(struct sp_fetch *fetch, struct sp_window *window) {
  int32_t status = COMPLETE;
  for (int queue = 0; queue < SP_QUEUES && status == COMPLETE; queue++) {
    if (has_producer(window, queue)) {
      allow_for_launches(fetch, window, &window->producers[queue]);
      status = await_pinned(fetch, window, &window->producers[queue].event);
    }
  }
  return status;
}

static bool is_pinned_complete(struct sp_window *window, const uint64_t *field) {
  void *event = pin(window, field);
  if (!event) {
    return true;
  }
  int32_t status = status_of(window->opencl, event);
  window->opencl->release_event(event);
  return status == COMPLETE;
}

static bool are_producers_complete(struct sp_window *window) {
  bool all = true;
  for (int queue = 0; queue < SP_QUEUES && all; queue++) {
    all = !has_producer(window, queue) || is_pinned_complete(window, &window->producers[queue].event);
  }
  return all;
}

bool sp_is_ready(struct sp_window *window) {
  switch (window->kind) {
    case SP_FETCH_MEMORY:
      return true;
    case SP_FETCH_OPENCL:
      return are_producers_complete(window) && is_pinned_complete(window, &window->edge);
    case SP_FETCH_SHARED:
      return are_producers_complete(window);
    default:
      return false;
  }
}

struct sp_window *sp_window_of(struct sp_reservation *reservation, uint64_t unit, unsigned state) {
  return atomic_load_explicit(&reservation->window[state - SP_DEV0][unit], memory_order_acquire);
}

static uint64_t offset_of(const struct sp_window *window, uint64_t first_byte) {
  return first_byte - window->first_byte;
}

static bool holds(const struct sp_window *window, uint64_t first_byte, uint64_t bytes) {
  uint64_t offset = offset_of(window, first_byte);
  return first_byte >= window->first_byte && offset <= window->size_bytes && bytes <= window->size_bytes - offset;
}

static int error_of(int32_t status) {
  if (status == COMPLETE) {
    return 0;
  }
  return status == TIMED_OUT ? ETIMEDOUT : EIO;
}

// The frames are what the device writes to.
static int enqueue_shared(struct sp_fetch *fetch, struct sp_read *read) {
  SP_STEP("producer");
  return error_of(await_producers(fetch, read->window));
}

static int enqueue_opencl(struct sp_fetch *fetch, struct sp_read *read) {
  struct sp_window *window = read->window;
  const struct sp_opencl *opencl = window->opencl;
  SP_STEP("producer");
  int32_t status = await_producers(fetch, window);
  if (status == COMPLETE) {
    SP_STEP("edge");
    status = await_pinned(fetch, window, &window->edge);
  }
  if (status != COMPLETE) {
    return error_of(status);
  }
  SP_STEP("read");
  fetch->to_flush = opencl;
  status = opencl->enqueue_read(opencl->fetch_queue, (void *)window->memory, 0, offset_of(window, read->page * SP_PAGE_BYTES),
      read->count * SP_PAGE_BYTES, sp_manager_page(fetch->reservation, read->page), 0, NULL, &read->event);
  return status ? EIO : 0;
}

static int enqueue(struct sp_fetch *fetch, struct sp_read *read) {
  if (!read->window || !holds(read->window, read->page * SP_PAGE_BYTES, read->count * SP_PAGE_BYTES)) {
    return ENXIO;
  }
  switch (read->window->kind) {
    case SP_FETCH_MEMORY:
      return 0;  // copied when it is waited for
    case SP_FETCH_OPENCL:
      return enqueue_opencl(fetch, read);
    case SP_FETCH_SHARED:
      return enqueue_shared(fetch, read);
    default:
      return ENOTSUP;
  }
}

static int finish_opencl(struct sp_fetch *fetch, struct sp_read *read) {
  int32_t status = await_event(fetch, read->window->opencl, read->event);
  if (status == TIMED_OUT) {
    // From now on the event belongs to the list of those that were given up.
    sp_add_orphan(fetch->reservation, read);
    return ETIMEDOUT;
  }
  read->window->opencl->release_event(read->event);
  return status == COMPLETE ? 0 : EIO;
}

static int finish(struct sp_fetch *fetch, struct sp_read *read) {
  switch (read->window->kind) {
    case SP_FETCH_OPENCL:
      return finish_opencl(fetch, read);
    case SP_FETCH_SHARED:
      return 0;
    default:
      break;
  }
  uint64_t source = read->window->memory + offset_of(read->window, read->page * SP_PAGE_BYTES);
  SP_STEP("read");
  memcpy(sp_manager_page(fetch->reservation, read->page), (void *)source, read->count * SP_PAGE_BYTES);
  return 0;
}

void sp_fetch_begin(struct sp_fetch *fetch, struct sp_reservation *reservation) {
  fetch->reservation = reservation;
  fetch->started = sp_now_nanos();
  fetch->deadline = fetch->started + reservation->context->config.timeout_millis * 1000000;
  fetch->count = fetch->waited = 0;
  fetch->to_flush = NULL;
}

static void add_read(struct sp_fetch *fetch, struct sp_window *window, uint64_t page, uint64_t count, unsigned from) {
  struct sp_read *read = &fetch->read[fetch->count++];
  *read = (struct sp_read){.window = window, .page = page, .count = count, .from = (uint8_t)from};
  int error = enqueue(fetch, read);
  if (error) {
    sp_report(fetch->reservation->context, "a fetch can't be enqueued", error);
    read->failed = true;
  }
}

// How many of a span's pages lie in one window. A unit is in one at most.
static uint64_t pages_in_window(struct sp_fetch *fetch, const struct sp_span *span, unsigned from, const struct sp_window *window) {
  uint64_t end = span->page + span->count;
  uint64_t unit = span->page / SP_UNIT_PAGES + 1;
  while (unit * SP_UNIT_PAGES < end && sp_window_of(fetch->reservation, unit, from) == window) {
    unit++;
  }
  return unit * SP_UNIT_PAGES < end ? unit * SP_UNIT_PAGES - span->page : span->count;
}

bool sp_fetch_add(struct sp_fetch *fetch, struct sp_span *span, unsigned from) {
  while (span->count) {
    if (fetch->count == SP_READS) {
      return false;
    }
    struct sp_window *window = sp_window_of(fetch->reservation, span->page / SP_UNIT_PAGES, from);
    uint64_t count = pages_in_window(fetch, span, from, window);
    add_read(fetch, window, span->page, count, from);
    span->page += count;
    span->count -= count;
  }
  return true;
}

void sp_fetch_flush(struct sp_fetch *fetch) {
  if (fetch->to_flush) {
    fetch->to_flush->flush(fetch->to_flush->fetch_queue);
    fetch->to_flush = NULL;
  }
}

static void add_pages(struct sp_batch *batch, uint64_t first, uint64_t count, unsigned from) {
  for (uint64_t unit = first / SP_UNIT_PAGES; unit * SP_UNIT_PAGES < first + count; unit++) {
    sp_add(batch, unit, sp_unit_pages(unit, first, first + count), from);
  }
}

static void count_read(struct sp_fetch *fetch, const struct sp_read *read) {
  if (!read->failed && read->window->kind == SP_FETCH_SHARED) {
    return;
  }
  sp_count_at(fetch->reservation, read->page, fetched_pages, read->failed ? 0 : read->count);
  if (read->window) {
    uint64_t *counter = read->failed ? &read->window->poisoned_pages : &read->window->fetched_pages;
    __atomic_fetch_add(counter, read->count, __ATOMIC_RELAXED);
  }
}

void sp_fetch_wait(struct sp_fetch *fetch, uint32_t count, struct sp_batch *failed) {
  sp_fetch_flush(fetch);
  for (; fetch->waited < count; fetch->waited++) {
    struct sp_read *read = &fetch->read[fetch->waited];
    int error = read->failed ? 0 : finish(fetch, read);
    if (error) {
      sp_report(fetch->reservation->context, "a fetch has failed", error);
      read->failed = true;
    }
    count_read(fetch, read);
    if (read->failed) {
      add_pages(failed, read->page, read->count, read->from);
    }
  }
}

void sp_fetch_start(struct sp_fetch *fetch, struct sp_reservation *reservation, const struct sp_batch *mine, struct sp_batch *failed) {
  sp_fetch_begin(fetch, reservation);
  struct sp_spans spans = {.batch = mine};
  for (struct sp_span span; sp_next_span(&spans, &span);) {
    while (!sp_fetch_add(fetch, &span, mine->from[span.entry])) {
      sp_fetch_wait(fetch, fetch->count, failed);
      fetch->count = fetch->waited = 0;
    }
  }
  sp_fetch_flush(fetch);
}

void sp_fetch_finish(struct sp_fetch *fetch, struct sp_batch *failed) {
  sp_fetch_wait(fetch, fetch->count, failed);
  if (fetch->count) {
    sp_count_at(fetch->reservation, fetch->read[0].page, fetches, 1);
    sp_count_at(fetch->reservation, fetch->read[0].page, fetch_nanos, sp_now_nanos() - fetch->started);
  }
}

static int send_opencl(struct sp_reservation *reservation, struct sp_window *window, uint64_t first_byte, uint64_t bytes) {
  const struct sp_opencl *opencl = window->opencl;
  void *event = NULL;
  if (opencl->enqueue_write(opencl->command_queue, (void *)window->memory, 0, offset_of(window, first_byte), bytes,
          reservation->manager + first_byte, 0, NULL, &event)) {
    return EIO;
  }
  release_event(window, swap(window, &window->edge, (uint64_t)event));
  opencl->flush(opencl->command_queue);
  return 0;
}

int sp_send(struct sp_reservation *reservation, struct sp_window *window, uint64_t first_byte, uint64_t bytes) {
  if (!window || !holds(window, first_byte, bytes)) {
    return ENXIO;
  }
  SP_STEP("send");
  switch (window->kind) {
    case SP_FETCH_MEMORY:
      memcpy((void *)(window->memory + offset_of(window, first_byte)), reservation->manager + first_byte, bytes);
      return 0;
    case SP_FETCH_OPENCL:
      return send_opencl(reservation, window, first_byte, bytes);
    default:
      return ENOTSUP;
  }
}

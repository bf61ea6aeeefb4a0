// The threads that serve faults. On each seat one of them looks for faults. Before it does what may take long it stands down, and another
// one takes its place; so a touch that waits for a long kernel holds up no other.
//
// What a fault costs is mostly the waking of threads on other processors. With few processors each has a seat of its own, whose handlers
// are bound to it: a fault wakes one on each, and the one on the processor of the thread that touched is there first, at the price of a
// switch between threads. With many that would be too many to wake: there is one seat, bound to none, and whoever is on it polls for a
// while after each fault, since the next one often follows at once, before it sleeps.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "internal.h"

enum { BACKLOG = 8, STACK_BYTES = 1 << 20 };

static __thread struct sp_thread *self;

void sp_enter(struct sp_thread *thread) {
  atomic_fetch_add(&thread->serving, 1);
}

void sp_leave(struct sp_thread *thread) {
  atomic_fetch_add(&thread->serving, 1);
}

static void call_another(struct sp_seat *seat) {
  atomic_fetch_add(&seat->watchers, 1);
  sem_post(&seat->vacancies);
}

void sp_stand_down(void) {
  if (!self || !self->watching) {
    return;
  }
  self->watching = false;
  if (atomic_fetch_sub(&self->seat->watchers, 1) == 1) {
    call_another(self->seat);
  }
}

static void return_to_watch(struct sp_thread *thread) {
  if (!thread->watching) {
    thread->watching = true;
    atomic_fetch_add(&thread->seat->watchers, 1);
  }
}

// Leaves the watch to others; false if there are none.
static bool retire(struct sp_thread *thread) {
  unsigned watchers = atomic_load(&thread->seat->watchers);
  while (watchers > 1) {
    if (atomic_compare_exchange_weak(&thread->seat->watchers, &watchers, watchers - 1)) {
      thread->watching = false;
      return true;
    }
  }
  return false;
}

// Answers whether it is worth while to look for the next one at once.
static bool handle(struct sp_thread *thread, uint64_t address) {
  struct sp_context *context = thread->context;
  bool soon = true;
  sp_enter(thread);
  struct sp_reservation *reservation = sp_find(context, address);
  if (reservation) {
    uint64_t page = (address - (uint64_t)reservation->user) / SP_PAGE_BYTES;
    sp_count_at(reservation, page, faults, 1);
    soon = sp_serve(reservation, page);
  } else {
    sp_count(context, faults, 1);
    // Its reservation is being given back, which wakes who waits there; once more does no harm.
    sp_kernel_wake(&context->kernel, (void *)(address & ~(uint64_t)(SP_PAGE_BYTES - 1)), SP_PAGE_BYTES);
  }
  sp_leave(thread);
  return soon;
}

static bool is_bound(const struct sp_seat *seat) {
  return seat->processor >= 0;
}

// Threads on more processors than two may touch faster than one handler serves.
static bool needs_help(struct sp_thread *thread, unsigned in_a_row) {
  return in_a_row % BACKLOG == 0 && !is_bound(thread->seat) && 2 * atomic_load(&thread->seat->watchers) < thread->context->processors;
}

static void watch(struct sp_thread *thread) {
  struct sp_context *context = thread->context;
  // Where handlers are bound, the thread that was served needs this processor next.
  uint64_t spin_nanos = is_bound(thread->seat) ? 0 : 1000ull * context->config.spin_micros;
  // Whoever was called because another one stood down sleeps at once: what that one waits for may need the processor.
  uint64_t idle_since = 0;
  unsigned in_a_row = 0;
  while (!atomic_load(&context->stopping)) {
    uint64_t address;
    SP_STEP("next");
    int error = sp_kernel_next(&context->kernel, &address);
    if (!error) {
      if (needs_help(thread, ++in_a_row)) {
        call_another(thread->seat);
      }
      bool soon = handle(thread, address);
      return_to_watch(thread);
      idle_since = soon ? sp_now_nanos() : 0;
      continue;
    }
    in_a_row = 0;
    if (error != EAGAIN && error != EINTR) {
      sp_report(context, "faults can't be read", error);
      sp_nap(1000000);
    } else if (sp_now_nanos() - idle_since < spin_nanos) {
      sp_relax();
    } else if (retire(thread)) {
      return;
    } else {
      sp_kernel_await(&context->kernel);
    }
  }
}

void sp_nap_exactly(void) {
  // By default naps are 50 us longer than asked for.
  prctl(PR_SET_TIMERSLACK, 1000);
}

static void bind_to_seat(const struct sp_seat *seat) {
  if (is_bound(seat)) {
    cpu_set_t it;
    CPU_ZERO(&it);
    CPU_SET(seat->processor, &it);
    sched_setaffinity(0, sizeof it, &it);  // where that fails it only is slower
  }
}

static void *handler_thread(void *argument) {
  self = argument;
  sp_begin_life(self);
  sp_nap_exactly();
  bind_to_seat(self->seat);
  struct sp_context *context = self->context;
  pthread_cleanup_push(sp_end_life, self);
  while (!atomic_load(&context->stopping)) {
    if (sem_wait(&self->seat->vacancies) == 0) {
      self->watching = true;
      watch(self);
    }
  }
  pthread_cleanup_pop(0);
  return NULL;
}

// Signals are the program's affair: none is delivered to our threads, save what they cause themselves.
static void block_signals(sigset_t *before) {
  sigset_t all;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGFPE);
  sigdelset(&all, SIGILL);
  pthread_sigmask(SIG_SETMASK, &all, before);
}

void sp_replace(struct sp_thread *thread) {
  struct sp_context *context = thread->context;
  bool helps = thread >= context->helper && thread < context->helper + SP_HELPERS;
  pthread_mutex_lock(&context->thread_lock);
  pthread_t next;
  sigset_t before;
  block_signals(&before);
  bool is_wanted = !atomic_load(&context->stopping);
  int error = is_wanted ? pthread_create(&next, NULL, helps ? sp_helper_thread : handler_thread, thread) : 0;
  if (is_wanted && !error) {
    pthread_setname_np(next, helps ? "samepage-hlp" : "samepage-flt");
    pthread_detach(pthread_self());
    thread->thread = next;
  }
  pthread_mutex_unlock(&context->thread_lock);
  if (error) {
    sp_report(context, helps ? "a thread that reads ahead was ended, and no other one could be started"
        : "a thread that serves faults was ended, and no other one could be started: touches may wait for good", error);
  }
}

static int start(struct sp_thread *thread, void *(*body)(void *), const char *name, const pthread_attr_t *attributes) {
  int error = pthread_create(&thread->thread, attributes, body, thread);
  if (!error) {
    pthread_setname_np(thread->thread, name);
  }
  return error;
}

// Starts as many of one kind as can be; answers how many.
static uint32_t start_some(struct sp_thread *threads, uint32_t count, void *(*body)(void *), const char *name,
    const pthread_attr_t *attributes, int *error) {
  uint32_t started = 0;
  while (!*error && started < count) {
    char numbered[16];
    snprintf(numbered, sizeof numbered, "samepage-%s-%u", name, started % 10);
    *error = start(&threads[started], body, numbered, attributes);
    started += !*error;
  }
  return started;
}

static void join_some(struct sp_thread *threads, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    pthread_join(threads[i].thread, NULL);
  }
}

static void join(struct sp_context *context, uint32_t handlers, uint32_t helpers) {
  pthread_mutex_lock(&context->thread_lock);
  atomic_store(&context->stopping, true);
  pthread_mutex_unlock(&context->thread_lock);
  sp_kernel_stop(&context->kernel);
  for (uint32_t i = 0; i < handlers; i++) {
    sem_post(&context->handler[i].seat->vacancies);
  }
  for (uint32_t i = 0; i < helpers; i++) {
    sem_post(&context->jobs);
  }
  join_some(context->handler, handlers);
  join_some(context->helper, helpers);
}

static void add_seat(struct sp_context *context, int processor) {
  struct sp_seat *seat = &context->seat[context->seat_count++];
  seat->processor = processor;
  sem_init(&seat->vacancies, 0, 0);
}

static void make_seats(struct sp_context *context) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  bool is_known = sched_getaffinity(0, sizeof allowed, &allowed) == 0;
  context->processors = is_known ? (uint32_t)CPU_COUNT(&allowed) : UINT32_MAX;
  const struct sp_config *config = &context->config;
  if (context->processors > config->bound_processors || context->processors > config->handlers) {
    add_seat(context, -1);
  } else {
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
      if (CPU_ISSET(processor, &allowed)) {
        add_seat(context, processor);
      }
    }
  }
  for (uint32_t i = 0; i < config->handlers; i++) {
    context->handler[i].seat = &context->seat[i % context->seat_count];
  }
}

void sp_join_threads(struct sp_context *context) {
  join(context, context->config.handlers, context->config.helpers);
}

int sp_start_threads(struct sp_context *context) {
  sigset_t before;
  block_signals(&before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  make_seats(context);
  int error = 0;
  uint32_t handlers = start_some(context->handler, context->config.handlers, handler_thread, "flt", &attributes, &error);
  uint32_t helpers = start_some(context->helper, context->config.helpers, sp_helper_thread, "hlp", &attributes, &error);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    join(context, handlers, helpers);
    return error;
  }
  for (uint32_t i = 0; i < context->seat_count; i++) {
    call_another(&context->seat[i]);
  }
  return 0;
}

// The threads that serve faults. One of them looks for faults at a time: it polls for a while after each, since the next one often
// follows at once, then sleeps. Before it does what may take long it stands down, and another one takes its place; so a touch that
// waits for a long kernel holds up no other, and a short fault wakes no thread but the one that touched.
#include <pthread.h>
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

static void call_another(struct sp_context *context) {
  atomic_fetch_add(&context->watchers, 1);
  sem_post(&context->vacancies);
}

void sp_stand_down(void) {
  if (!self || !self->watching) {
    return;
  }
  self->watching = false;
  if (atomic_fetch_sub(&self->context->watchers, 1) == 1) {
    call_another(self->context);
  }
}

static void return_to_watch(struct sp_thread *thread) {
  if (!thread->watching) {
    thread->watching = true;
    atomic_fetch_add(&thread->context->watchers, 1);
  }
}

// Leaves the watch to others; false if there are none.
static bool retire(struct sp_thread *thread) {
  unsigned watchers = atomic_load(&thread->context->watchers);
  while (watchers > 1) {
    if (atomic_compare_exchange_weak(&thread->context->watchers, &watchers, watchers - 1)) {
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
  sp_count(context, faults, 1);
  sp_enter(thread);
  struct sp_reservation *reservation = sp_find(context, address);
  if (reservation) {
    soon = sp_serve(reservation, (address - (uint64_t)reservation->user) / SP_PAGE_BYTES);
  } else {
    // Its reservation is being given back, which wakes who waits there; once more does no harm.
    sp_kernel_wake(&context->kernel, (void *)(address & ~(uint64_t)(SP_PAGE_BYTES - 1)), SP_PAGE_BYTES);
  }
  sp_leave(thread);
  return soon;
}

// Threads on more processors than two may touch faster than one handler serves.
static bool needs_help(struct sp_context *context, unsigned in_a_row) {
  return in_a_row % BACKLOG == 0 && 2 * (long)atomic_load(&context->watchers) < context->processors;
}

static void watch(struct sp_thread *thread) {
  struct sp_context *context = thread->context;
  uint64_t spin_nanos = 1000ull * context->config.spin_micros;
  // Whoever was called because another one stood down sleeps at once: what that one waits for may need the processor.
  uint64_t idle_since = 0;
  unsigned in_a_row = 0;
  while (!atomic_load(&context->stopping)) {
    uint64_t address;
    SP_STEP("next");
    int error = sp_kernel_next(&context->kernel, &address);
    if (!error) {
      if (needs_help(context, ++in_a_row)) {
        call_another(context);
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

static void *handler_thread(void *argument) {
  self = argument;
  sp_nap_exactly();
  struct sp_context *context = self->context;
  while (!atomic_load(&context->stopping)) {
    if (sem_wait(&context->vacancies) == 0) {
      self->watching = true;
      watch(self);
    }
  }
  return NULL;
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

static void join_some(struct sp_thread *threads, uint32_t count, sem_t *waits_on) {
  for (uint32_t i = 0; i < count; i++) {
    sem_post(waits_on);
  }
  for (uint32_t i = 0; i < count; i++) {
    pthread_join(threads[i].thread, NULL);
  }
}

static void join(struct sp_context *context, uint32_t handlers, uint32_t helpers) {
  atomic_store(&context->stopping, true);
  sp_kernel_stop(&context->kernel);
  join_some(context->handler, handlers, &context->vacancies);
  join_some(context->helper, helpers, &context->jobs);
}

void sp_join_threads(struct sp_context *context) {
  join(context, context->config.handlers, context->config.helpers);
}

int sp_start_threads(struct sp_context *context) {
  // Signals are the program's affair: none is delivered to these threads, save what they cause themselves.
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGFPE);
  sigdelset(&all, SIGILL);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  int error = 0;
  uint32_t handlers = start_some(context->handler, context->config.handlers, handler_thread, "flt", &attributes, &error);
  uint32_t helpers = start_some(context->helper, context->config.helpers, sp_helper_thread, "hlp", &attributes, &error);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    join(context, handlers, helpers);
    return error;
  }
  call_another(context);
  return 0;
}

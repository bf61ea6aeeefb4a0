// The threads that serve faults. One of them looks for faults at a time: it polls for a while after each, since the next one often
// follows at once, then sleeps. Before it does what may take long it stands down, and another one takes its place; so a touch that
// waits for a long kernel holds up no other, and a short fault wakes no thread but the one that touched.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

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

static void handle(struct sp_thread *thread, uint64_t address) {
  struct sp_context *context = thread->context;
  sp_count(context, faults, 1);
  sp_enter(thread);
  struct sp_reservation *reservation = sp_find(context, address);
  if (reservation) {
    sp_serve(reservation, (address - (uint64_t)reservation->user) / SP_PAGE_BYTES);
  } else {
    // Its reservation is being given back, which wakes who waits there; once more does no harm.
    sp_kernel_wake(&context->kernel, (void *)(address & ~(uint64_t)(SP_PAGE_BYTES - 1)), SP_PAGE_BYTES);
  }
  sp_leave(thread);
}

// Threads on more processors than two may touch faster than one handler serves.
static bool needs_help(struct sp_context *context, unsigned in_a_row) {
  return in_a_row % BACKLOG == 0 && 2 * (long)atomic_load(&context->watchers) < context->processors;
}

static void watch(struct sp_thread *thread) {
  struct sp_context *context = thread->context;
  uint64_t spin_nanos = 1000ull * context->config.spin_micros;
  uint64_t idle_since = sp_now_nanos();
  unsigned in_a_row = 0;
  while (!atomic_load(&context->stopping)) {
    uint64_t address;
    int error = sp_kernel_next(&context->kernel, &address);
    if (!error) {
      if (needs_help(context, ++in_a_row)) {
        call_another(context);
      }
      handle(thread, address);
      return_to_watch(thread);
      idle_since = sp_now_nanos();
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
      idle_since = sp_now_nanos();
    }
  }
}

static void *handler_thread(void *argument) {
  self = argument;
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

// Starts all, or as many as can be; answers how many handlers in `started`.
static int start_all(struct sp_context *context, const pthread_attr_t *attributes, uint32_t *started) {
  int error = start(&context->ahead, sp_ahead_thread, "samepage-ahead", attributes);
  for (*started = 0; !error && *started < context->config.handlers; *started += !error) {
    char name[16];
    snprintf(name, sizeof name, "samepage-flt-%u", *started % 100);
    error = start(&context->handler[*started], handler_thread, name, attributes);
  }
  return error;
}

static void join(struct sp_context *context, uint32_t handlers) {
  atomic_store(&context->stopping, true);
  sp_kernel_stop(&context->kernel);
  for (uint32_t i = 0; i < handlers; i++) {
    sem_post(&context->vacancies);
  }
  sem_post(&context->ahead_work);
  for (uint32_t i = 0; i < handlers; i++) {
    pthread_join(context->handler[i].thread, NULL);
  }
  if (context->ahead.thread) {
    pthread_join(context->ahead.thread, NULL);
  }
}

void sp_join_threads(struct sp_context *context) {
  join(context, context->config.handlers);
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
  uint32_t started;
  int error = start_all(context, &attributes, &started);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    join(context, started);
    return error;
  }
  call_another(context);
  return 0;
}

// Opening and closing, time, statistics, errors.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

uint64_t sp_now_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void sp_nap(uint64_t nanos) {
  struct timespec time = {(time_t)(nanos / 1000000000), (long)(nanos % 1000000000)};
  nanosleep(&time, NULL);
}

void sp_report(struct sp_context *context, const char *what, int error) {
  sp_count(context, errors, 1);
  // The first to come writes; a handler doesn't queue up for it.
  if (pthread_mutex_trylock(&context->error_lock) == 0) {
    char text[128];
    snprintf(context->error, sizeof context->error, "%s: errno=%d (%s)", what, error, strerror_r(error, text, sizeof text));
    pthread_mutex_unlock(&context->error_lock);
  }
}

int sp_last_error(struct sp_context *context, char *text, uint64_t text_bytes) {
  pthread_mutex_lock(&context->error_lock);
  int length = snprintf(text, text_bytes, "%s", context->error);
  pthread_mutex_unlock(&context->error_lock);
  return length;
}

void sp_statistics(struct sp_context *context, struct sp_statistics *statistics) {
  uint64_t values[SP_STATISTICS];
  for (int i = 0; i < SP_STATISTICS; i++) {
    values[i] = atomic_load_explicit(&context->statistic[i], memory_order_relaxed);
  }
  memcpy(statistics, values, sizeof values);
  statistics->pending_reads = atomic_load(&context->orphan_count);
}

static int check(const struct sp_config *config, char *reason, uint64_t reason_bytes) {
  long page_bytes = sysconf(_SC_PAGESIZE);
  if (page_bytes != SP_PAGE_BYTES) {
    snprintf(reason, reason_bytes, "pages are not of %d bytes here: page_bytes=%ld\nUse a kernel with such pages.", SP_PAGE_BYTES,
        page_bytes);
    return ENOTSUP;
  }
  if (config->handlers - 1 >= SP_HANDLERS || config->helpers - 1 >= SP_HELPERS || config->around > SP_AROUND_DENSE
      || !config->timeout_millis) {
    snprintf(reason, reason_bytes, "bad configuration: handlers=%u (1 to %d), helpers=%u (1 to %d), around=%u (0 to %d), "
        "timeout_millis=%llu (at least 1)", config->handlers, SP_HANDLERS, config->helpers, SP_HELPERS, config->around, SP_AROUND_DENSE,
        (unsigned long long)config->timeout_millis);
    return EINVAL;
  }
  return 0;
}

static void make(struct sp_context *context, const struct sp_config *config) {
  context->config = *config;
  pthread_mutex_init(&context->reserve_lock, NULL);
  pthread_mutex_init(&context->job_lock, NULL);
  pthread_mutex_init(&context->orphan_lock, NULL);
  pthread_mutex_init(&context->flag_lock, NULL);
  pthread_mutex_init(&context->thread_lock, NULL);
  pthread_mutex_init(&context->error_lock, NULL);
  sem_init(&context->jobs, 0, 0);
  for (int i = 0; i < SP_HANDLERS; i++) {
    context->handler[i].context = context;
  }
  for (int i = 0; i < SP_HELPERS; i++) {
    context->helper[i].context = context;
  }
}

int sp_open(const struct sp_config *config, struct sp_context **result, char *reason, uint64_t reason_bytes) {
  int error = check(config, reason, reason_bytes);
  if (error) {
    return -error;
  }
  struct sp_context *context = calloc(1, sizeof *context);
  if (!context) {
    snprintf(reason, reason_bytes, "out of memory\nGive the process more.");
    return -ENOMEM;
  }
  make(context, config);
  error = sp_kernel_open(&context->kernel, reason, reason_bytes);
  if (!error && (error = sp_start_threads(context))) {
    snprintf(reason, reason_bytes, "threads can't be started: errno=%d\nRaise the limit of threads (ulimit -u, the container's pids), "
        "or lower samepage.fault.handlers and samepage.fault.helpers.", error);
    sp_kernel_close(&context->kernel);
  }
  if (error) {
    free(context);
    return -error;
  }
  *result = context;
  return 0;
}

int sp_close(struct sp_context *context) {
  struct sp_reservation *reservation;
  for (int i = 0; i < SP_RESERVATIONS; i++) {
    if ((reservation = atomic_load(&context->reservation[i]))) {
      sp_kernel_unwatch(&context->kernel, reservation->user, reservation->size_bytes);
    }
  }
  sp_join_threads(context);
  int pending = 0;
  for (int i = 0; i < SP_RESERVATIONS; i++) {
    if ((reservation = atomic_load(&context->reservation[i]))) {
      pending += (int)sp_release_reservation(reservation);
    }
  }
  sp_forget_given_up(context);
  sp_kernel_close(&context->kernel);
  free(context);
  return pending;
}

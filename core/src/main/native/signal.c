// How a thread sleeps until a driver calls: no Java runs on the driver's thread, and the sleeper is woken by nobody else.
#include "samepage.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct sp_signal {
  _Atomic uint32_t called;
  _Atomic uint32_t holders;  // the sleeper and the driver: the last frees it
};

struct sp_signal *sp_signal_open(void) {
  struct sp_signal *signal = malloc(sizeof *signal);
  if (signal) {
    atomic_init(&signal->called, 0);
    atomic_init(&signal->holders, 2);
  }
  return signal;
}

void sp_signal_drop(struct sp_signal *signal) {
  if (atomic_fetch_sub(&signal->holders, 1) == 1) {
    free(signal);
  }
}

void sp_signal_call(void *event, int32_t status, struct sp_signal *signal) {
  (void)event;
  (void)status;
  atomic_store(&signal->called, 1);
  syscall(SYS_futex, &signal->called, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  sp_signal_drop(signal);
}

int32_t sp_signal_await(struct sp_signal *signal, int64_t timeout_nanos) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += timeout_nanos / 1000000000;
  end.tv_nsec += timeout_nanos % 1000000000;
  if (end.tv_nsec >= 1000000000) {
    end.tv_sec++;
    end.tv_nsec -= 1000000000;
  }
  while (!atomic_load(&signal->called)) {
    // By the clock that nobody sets, as FUTEX_WAIT_BITSET takes a point in time.
    if (syscall(SYS_futex, &signal->called, FUTEX_WAIT_BITSET_PRIVATE, 0, &end, NULL, FUTEX_BITSET_MATCH_ANY) && errno == ETIMEDOUT) {
      return (int32_t)atomic_load(&signal->called);
    }
  }
  return 1;
}

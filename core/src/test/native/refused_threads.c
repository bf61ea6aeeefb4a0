#include "refused_threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int refusals;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument);

void refuse_threads(int count) {
  atomic_store(&refusals, count);
}

// The linker leads all calls here: --wrap=pthread_create in build.sh.
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  if (atomic_load(&refusals) > 0) {
    atomic_fetch_sub(&refusals, 1);
    return EAGAIN;
  }
  return __real_pthread_create(thread, attributes, body, argument);
}

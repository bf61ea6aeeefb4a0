#include "fake_opencl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "testing.h"

enum { CAPACITY = 1024, ARGUMENT_BYTES = 128, EVENT_STATUS = 0x11D3, COMPLETE = 0, QUEUED = 3, FAILED = -14 };

struct fake_event {
  atomic_int references;
  _Atomic int32_t status;
};

enum kind { READ, WRITE, KERNEL };
struct command {
  enum kind kind;
  char *window, *host;
  uint64_t bytes;
  void (*kernel)(void *);
  char argument[ARGUMENT_BYTES];
  struct fake_event *event;
};

struct fake_queue {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct command command[CAPACITY];
  unsigned head, count, seed, delay_micros;
  int failures;
  bool held, closing;
};

static atomic_long live_events;

long fake_live_events(void) {
  return atomic_load(&live_events);
}

// By atomics: others may be at different bytes of the same page, which is no mistake of theirs.
static void copy(char *to, const char *from, uint64_t bytes) {
  uint64_t i = 0;
  for (; i + 8 <= bytes && (((uintptr_t)to | (uintptr_t)from) & 7) == 0; i += 8) {
    uint64_t cell = atomic_load_explicit((_Atomic uint64_t *)(from + i), memory_order_relaxed);
    atomic_store_explicit((_Atomic uint64_t *)(to + i), cell, memory_order_relaxed);
  }
  memcpy(to + i, from + i, bytes - i);
}

static void carry_out(struct command *command) {
  switch (command->kind) {
    case READ:
      copy(command->host, command->window, command->bytes);
      break;
    case WRITE:
      copy(command->window, command->host, command->bytes);
      break;
    case KERNEL:
      command->kernel(command->argument);
      break;
  }
}

static void settle(struct command *command, int32_t status) {
  atomic_store_explicit(&command->event->status, status, memory_order_release);
  fake_release(command->event);
}

static void *run(void *argument) {
  struct fake_queue *queue = argument;
  pthread_mutex_lock(&queue->lock);
  for (;;) {
    while ((!queue->count || queue->held) && !queue->closing) {
      pthread_cond_wait(&queue->changed, &queue->lock);
    }
    if (!queue->count) {
      break;
    }
    struct command command = queue->command[queue->head];
    unsigned delay = queue->delay_micros && rand_r(&queue->seed) % 4 == 0 ? (unsigned)rand_r(&queue->seed) % queue->delay_micros : 0;
    bool fails = queue->failures > 0 && queue->failures--;
    pthread_mutex_unlock(&queue->lock);
    if (delay) {
      usleep(delay);
    }
    if (!fails) {
      carry_out(&command);
    }
    settle(&command, fails ? FAILED : COMPLETE);
    pthread_mutex_lock(&queue->lock);
    queue->head = (queue->head + 1) % CAPACITY;
    queue->count--;
    pthread_cond_broadcast(&queue->changed);
  }
  pthread_mutex_unlock(&queue->lock);
  return NULL;
}

struct fake_queue *fake_queue_open(unsigned seed) {
  struct fake_queue *queue = calloc(1, sizeof *queue);
  queue->seed = seed;
  pthread_mutex_init(&queue->lock, NULL);
  pthread_cond_init(&queue->changed, NULL);
  pthread_create(&queue->thread, NULL, run, queue);
  return queue;
}

void fake_queue_close(struct fake_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->closing = true;
  pthread_cond_broadcast(&queue->changed);
  pthread_mutex_unlock(&queue->lock);
  pthread_join(queue->thread, NULL);
  free(queue);
}

void fake_queue_delay(struct fake_queue *queue, unsigned most_micros) {
  pthread_mutex_lock(&queue->lock);
  queue->delay_micros = most_micros;
  pthread_mutex_unlock(&queue->lock);
}

void fake_queue_hold(struct fake_queue *queue, bool hold) {
  pthread_mutex_lock(&queue->lock);
  queue->held = hold;
  pthread_cond_broadcast(&queue->changed);
  pthread_mutex_unlock(&queue->lock);
}

void fake_queue_fail(struct fake_queue *queue, int commands) {
  pthread_mutex_lock(&queue->lock);
  queue->failures = commands;
  pthread_mutex_unlock(&queue->lock);
}

void fake_queue_finish(struct fake_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (queue->count) {
    pthread_cond_wait(&queue->changed, &queue->lock);
  }
  pthread_mutex_unlock(&queue->lock);
}

static struct fake_event *enqueue(struct fake_queue *queue, struct command command) {
  struct fake_event *event = malloc(sizeof *event);
  atomic_init(&event->references, 2);  // the queue's and the caller's
  atomic_init(&event->status, QUEUED);
  atomic_fetch_add(&live_events, 1);
  command.event = event;
  pthread_mutex_lock(&queue->lock);
  while (queue->count == CAPACITY) {
    pthread_cond_wait(&queue->changed, &queue->lock);
  }
  queue->command[(queue->head + queue->count++) % CAPACITY] = command;
  pthread_cond_broadcast(&queue->changed);
  pthread_mutex_unlock(&queue->lock);
  return event;
}

struct fake_event *fake_enqueue_kernel(struct fake_queue *queue, void (*kernel)(void *), const void *argument, uint64_t argument_bytes) {
  struct command command = {.kind = KERNEL, .kernel = kernel};
  CHECK(argument_bytes <= ARGUMENT_BYTES, "%llu bytes", (unsigned long long)argument_bytes);
  memcpy(command.argument, argument, argument_bytes);
  return enqueue(queue, command);
}

void fake_release(struct fake_event *event) {
  if (atomic_fetch_sub(&event->references, 1) == 1) {
    atomic_fetch_sub(&live_events, 1);
    free(event);
  }
}

void fake_wait(struct fake_event *event) {
  while (atomic_load_explicit(&event->status, memory_order_acquire) > 0) {
    usleep(10);
  }
}

static char *locate(void *memory, uint64_t offset, uint64_t size) {
  struct fake_buffer *buffer = memory;
  CHECK(buffer->bytes, "a command for a window that was freed");
  CHECK(offset + size <= buffer->size, "offset %llu, size %llu of %llu", (unsigned long long)offset, (unsigned long long)size,
      (unsigned long long)buffer->size);
  return buffer->bytes + offset;
}

static int32_t enqueue_read(void *queue, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, void *target, uint32_t waits,
    void *const *wait_list, void **event) {
  CHECK(!blocking && !waits && !wait_list, "reads neither block nor wait");
  *event = enqueue(queue, (struct command){.kind = READ, .window = locate(memory, offset, size), .host = target, .bytes = size});
  return 0;
}

static int32_t enqueue_write(void *queue, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
    uint32_t waits, void *const *wait_list, void **event) {
  CHECK(!blocking && !waits && !wait_list, "writes neither block nor wait");
  *event = enqueue(queue, (struct command){.kind = WRITE, .window = locate(memory, offset, size), .host = (char *)source, .bytes = size});
  return 0;
}

static int32_t flush(void *queue) {
  (void)queue;
  return 0;
}

static int32_t event_info(void *event, uint32_t name, uint64_t size, void *value, uint64_t *size_returned) {
  CHECK(name == EVENT_STATUS && size == 4 && !size_returned, "name 0x%x, size %llu", name, (unsigned long long)size);
  int32_t status = atomic_load_explicit(&((struct fake_event *)event)->status, memory_order_acquire);
  memcpy(value, &status, sizeof status);
  return 0;
}

static int32_t retain_event(void *event) {
  atomic_fetch_add(&((struct fake_event *)event)->references, 1);
  return 0;
}

static int32_t release_event(void *event) {
  fake_release(event);
  return 0;
}

struct sp_opencl fake_opencl(struct fake_queue *fetches, struct fake_queue *commands) {
  return (struct sp_opencl){enqueue_read, enqueue_write, flush, event_info, retain_event, release_event, fetches, commands};
}

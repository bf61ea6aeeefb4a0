// An OpenCL in-order queue of our own, with the signatures that the library calls by address: a thread carries out reads and writes
// of plain memory, as slowly and as badly as a test wants.
#ifndef FAKE_OPENCL_H
#define FAKE_OPENCL_H

#include <stdbool.h>
#include <stdint.h>

#include "samepage.h"

struct fake_buffer {
  char *bytes;
  uint64_t size;
};

struct fake_queue;
struct fake_event;

struct fake_queue *fake_queue_open(unsigned seed);
// Carries out what is enqueued, then ends the thread.
void fake_queue_close(struct fake_queue *queue);
// Every fourth command waits up to so long first.
void fake_queue_delay(struct fake_queue *queue, unsigned most_micros);
// Commands wait until they may go on.
void fake_queue_hold(struct fake_queue *queue, bool hold);
// The next commands end with an error.
void fake_queue_fail(struct fake_queue *queue, int commands);
void fake_queue_finish(struct fake_queue *queue);
// A kernel: answers its event, retained for the caller.
struct fake_event *fake_enqueue_kernel(struct fake_queue *queue, void (*kernel)(void *), const void *argument, uint64_t argument_bytes);
void fake_wait(struct fake_event *event);
void fake_release(struct fake_event *event);
long fake_live_events(void);

// The functions, and two queues.
struct sp_opencl fake_opencl(struct fake_queue *fetches, struct fake_queue *commands);

#endif

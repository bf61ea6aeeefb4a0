// Streams: each has a thread that runs its commands in order. Events: what a stream has come past.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "double.h"

struct event {
  _Atomic int references;
  _Atomic uint64_t recorded, passed;  // numbers of recordings
  struct context *context;
  bool is_timed;
  uint64_t nanos;
};

struct stream {
  struct context *context;
  struct command *first, *last;
  pthread_cond_t more;  // commands, or closing
  bool closing, busy, held;
};

// One lock for all: a double need not be fast.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;  // for those that wait for a stream or an event, or are held
static int waiting;
static bool held;
static long stream_count;
static _Atomic long event_count;

static uint64_t now_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct command *new_command(void (*run)(struct command *)) {
  struct command *command = calloc(1, sizeof *command);
  command->run = run;
  return command;
}

static void release_event(struct event *event) {
  if (event && atomic_fetch_sub(&event->references, 1) == 1) {
    event_count--;
    free(event);
  }
}

static void await_change(void) {
  waiting++;
  pthread_cond_wait(&changed, &lock);
  waiting--;
}

static void announce_change(void) {
  if (waiting) {
    pthread_cond_broadcast(&changed);
  }
}

static void await_command(struct stream *stream) {
  for (;;) {
    if (!stream->first && !stream->closing) {
      pthread_cond_wait(&stream->more, &lock);
    } else if (stream->first && (held || stream->held)) {
      await_change();
    } else {
      return;
    }
  }
}

static void *run(void *argument) {
  struct stream *stream = argument;
  pthread_mutex_lock(&lock);
  for (;;) {
    await_command(stream);
    struct command *command = stream->first;
    if (!command) {
      break;
    }
    stream->first = command->next;
    stream->busy = true;
    pthread_mutex_unlock(&lock);
    command->run(command);
    release_event(command->event);
    free(command->staging);
    free(command);
    pthread_mutex_lock(&lock);
    stream->busy = false;
    stream->context->pending--;
    announce_change();
  }
  stream_count--;
  pthread_mutex_unlock(&lock);
  pthread_cond_destroy(&stream->more);
  free(stream);
  return NULL;
}

API result cuStreamCreate(struct stream **stream, unsigned flags) {
  IN_CONTEXT(context);
  (void)flags;
  struct stream *made = calloc(1, sizeof *made);
  made->context = context;
  pthread_cond_init(&made->more, NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, made)) {
    free(made);
    return OUT_OF_MEMORY;
  }
  pthread_detach(thread);
  pthread_mutex_lock(&lock);
  stream_count++;
  pthread_mutex_unlock(&lock);
  *stream = made;
  return SUCCESS;
}

// What is in it is still done.
API result cuStreamDestroy_v2(struct stream *stream) {
  CALLED();
  if (!stream) {
    return INVALID_HANDLE;
  }
  pthread_mutex_lock(&lock);
  stream->closing = true;
  pthread_cond_signal(&stream->more);
  pthread_mutex_unlock(&lock);
  return SUCCESS;
}

static void put(struct stream *stream, struct command *command) {
  command->stream = stream;
  command->context = stream->context;
  if (stream->first) {
    stream->last->next = command;
  } else {
    stream->first = command;
  }
  stream->last = command;
  stream->context->pending++;
  pthread_cond_signal(&stream->more);
}

static result refuse(struct command *command) {
  release_event(command->event);
  free(command->staging);
  free(command);
  return INVALID_HANDLE;
}

result enqueue(struct context *context, struct stream *stream, struct command *command) {
  if (!stream || stream->context != context) {
    return refuse(command);
  }
  pthread_mutex_lock(&lock);
  put(stream, command);
  pthread_mutex_unlock(&lock);
  return SUCCESS;
}

static bool is_empty(const struct stream *stream) {
  return !stream->first && !stream->busy;
}

static result synchronize(struct context *context, struct stream *stream) {
  pthread_mutex_lock(&lock);
  while (!is_empty(stream)) {
    await_change();
  }
  pthread_mutex_unlock(&lock);
  return context->error;
}

result enqueue_and_wait(struct context *context, struct stream *stream, struct command *command) {
  result refused = enqueue(context, stream, command);
  return refused ? refused : synchronize(context, stream);
}

API result cuStreamSynchronize(struct stream *stream) {
  IN_CONTEXT(context);
  return stream && stream->context == context ? synchronize(context, stream) : INVALID_HANDLE;
}

API result cuStreamGetCtx(struct stream *stream, struct context **context) {
  CALLED();
  if (!stream) {
    return INVALID_HANDLE;
  }
  *context = stream->context;
  return SUCCESS;
}

API result cuStreamQuery(struct stream *stream) {
  IN_CONTEXT(context);
  if (!stream || stream->context != context) {
    return INVALID_HANDLE;
  }
  pthread_mutex_lock(&lock);
  bool done = is_empty(stream);
  pthread_mutex_unlock(&lock);
  return done ? context->error : NOT_READY;
}

API result cuEventCreate(struct event **event, unsigned flags) {
  IN_CONTEXT(context);
  struct event *made = calloc(1, sizeof *made);
  made->references = 1;
  made->context = context;
  made->is_timed = !(flags & 2);
  event_count++;
  *event = made;
  return SUCCESS;
}

API result cuEventDestroy_v2(struct event *event) {
  CALLED();
  if (!event) {
    return INVALID_HANDLE;
  }
  release_event(event);
  return SUCCESS;
}

static void pass_event(struct command *command) {
  struct event *event = command->event;
  pthread_mutex_lock(&lock);
  event->nanos = now_nanos();
  if (event->passed < command->number) {
    event->passed = command->number;
  }
  announce_change();
  pthread_mutex_unlock(&lock);
}

API result cuEventRecord(struct event *event, struct stream *stream) {
  IN_CONTEXT(context);
  if (!event || event->context != context || !stream || stream->context != context) {
    return INVALID_HANDLE;
  }
  struct command *command = new_command(pass_event);
  event->references++;
  command->event = event;
  pthread_mutex_lock(&lock);
  command->number = ++event->recorded;
  put(stream, command);
  pthread_mutex_unlock(&lock);
  return SUCCESS;
}

static void await_event(struct command *command) {
  pthread_mutex_lock(&lock);
  while (command->event->passed < command->number && command->context->error == SUCCESS) {
    await_change();
  }
  pthread_mutex_unlock(&lock);
}

// An event of any context.
API result cuStreamWaitEvent(struct stream *stream, struct event *event, unsigned flags) {
  IN_CONTEXT(context);
  if (!event || !stream || stream->context != context || flags) {
    return INVALID_HANDLE;
  }
  struct command *command = new_command(await_event);
  event->references++;
  command->event = event;
  command->number = event->recorded;
  return enqueue(context, stream, command);
}

// A failed context answers its failure for every event.
API result cuEventQuery(struct event *event) {
  CALLED();
  if (!event) {
    return INVALID_HANDLE;
  }
  result error = event->context->error;
  return error ? error : event->passed >= event->recorded ? SUCCESS : NOT_READY;
}

API result cuEventSynchronize(struct event *event) {
  CALLED();
  pthread_mutex_lock(&lock);
  uint64_t number = event->recorded;
  while (event->passed < number && event->context->error == SUCCESS) {
    await_change();
  }
  pthread_mutex_unlock(&lock);
  return event->context->error;
}

API result cuEventElapsedTime(float *millis, struct event *start, struct event *end) {
  CALLED();
  if (!start || !end || !start->is_timed || !end->is_timed) {
    return INVALID_HANDLE;
  }
  if (start->passed < start->recorded || end->passed < end->recorded) {
    return NOT_READY;
  }
  *millis = (float)(end->nanos - start->nanos) / 1e6f;
  return SUCCESS;
}

void settle(struct context *context) {
  pthread_mutex_lock(&lock);
  while (context->pending) {
    await_change();
  }
  pthread_mutex_unlock(&lock);
}

void hold_streams(bool hold) {
  pthread_mutex_lock(&lock);
  held = hold;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

void hold_stream(struct stream *stream, bool hold) {
  pthread_mutex_lock(&lock);
  stream->held = hold;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

long live_streams(void) {
  pthread_mutex_lock(&lock);
  long count = stream_count;
  pthread_mutex_unlock(&lock);
  return count;
}

long live_events(void) {
  return event_count;
}

// Reading ahead of threads that touch in order. Handlers note what they see; a thread of its own does the reading, so that no touch
// waits for it. The first unit of what was read stays unmapped: touching it says that more is wanted.
#include "internal.h"

enum { FAULTS_IN_ORDER = 3, CHUNK_UNITS = SP_BLOCK_UNITS, LEAST_AHEAD_UNITS = 8 };

static bool matches(const struct sp_stream *stream, struct sp_reservation *reservation, uint64_t unit) {
  return stream->reservation == reservation && unit > stream->last && unit <= stream->next;
}

static struct sp_stream *find(struct sp_context *context, struct sp_reservation *reservation, uint64_t unit) {
  struct sp_stream *oldest = &context->stream[0];
  for (int i = 0; i < SP_STREAMS; i++) {
    struct sp_stream *it = &context->stream[i];
    if (matches(it, reservation, unit)) {
      return it;
    }
    oldest = it->age < oldest->age ? it : oldest;
  }
  *oldest = (struct sp_stream){.reservation = reservation, .first = unit, .last = unit, .next = unit + 1};
  return oldest;
}

// The longer a stream, the more is read ahead of it.
static uint64_t end_ahead(const struct sp_stream *stream, const struct sp_config *config, uint64_t unit) {
  uint64_t most = config->ahead_bytes / SP_UNIT_BYTES;
  uint64_t ahead = 2 * (unit - stream->first + 1);
  ahead = ahead < LEAST_AHEAD_UNITS ? LEAST_AHEAD_UNITS : ahead;
  uint64_t end = unit + 1 + (ahead < most ? ahead : most);
  end = (end + CHUNK_UNITS - 1) / CHUNK_UNITS * CHUNK_UNITS;
  return end < stream->reservation->unit_count ? end : stream->reservation->unit_count;
}

// True if there is new work for the read-ahead thread.
static bool advance(struct sp_stream *stream, const struct sp_config *config, uint64_t unit, uint64_t next) {
  stream->last = unit;
  stream->next = next > stream->next ? next : stream->next;
  if (++stream->faults < FAULTS_IN_ORDER || !stream->from) {
    return false;
  }
  uint64_t end = end_ahead(stream, config, unit);
  stream->ahead_next = stream->ahead_next > stream->next ? stream->ahead_next : stream->next;
  if (end <= stream->ahead_end) {
    return false;
  }
  stream->ahead_end = end;
  return stream->ahead_next < end;
}

void sp_follow(struct sp_reservation *reservation, uint64_t unit, uint64_t next, unsigned from, uint64_t range) {
  struct sp_context *context = reservation->context;
  if (!context->config.ahead_bytes) {
    return;
  }
  pthread_mutex_lock(&context->stream_lock);
  struct sp_stream *stream = find(context, reservation, unit);
  stream->age = ++context->stream_clock;
  if (sp_is_device(from)) {
    stream->from = (uint8_t)from;
    stream->range = range;
  }
  bool more = advance(stream, &context->config, unit, next);
  pthread_mutex_unlock(&context->stream_lock);
  if (more) {
    sem_post(&context->ahead_work);
  }
}

void sp_forget_streams(struct sp_reservation *reservation) {
  struct sp_context *context = reservation->context;
  pthread_mutex_lock(&context->stream_lock);
  for (int i = 0; i < SP_STREAMS; i++) {
    if (context->stream[i].reservation == reservation) {
      context->stream[i] = (struct sp_stream){0};
    }
  }
  pthread_mutex_unlock(&context->stream_lock);
}

// Takes one chunk of work out of the stream with the least to go; false if there is none. Streams that were forgotten have none, so
// what was taken belongs to a reservation that waits for this thread before it goes.
static bool take_chunk(struct sp_context *context, struct sp_stream *chunk) {
  struct sp_stream *best = NULL;
  pthread_mutex_lock(&context->stream_lock);
  for (int i = 0; i < SP_STREAMS; i++) {
    struct sp_stream *it = &context->stream[i];
    if (it->ahead_next < it->ahead_end && (!best || it->ahead_next - it->last < best->ahead_next - best->last)) {
      best = it;
    }
  }
  if (best) {
    *chunk = *best;
    uint64_t end = (best->ahead_next / CHUNK_UNITS + 1) * CHUNK_UNITS;
    chunk->ahead_end = end < best->ahead_end ? end : best->ahead_end;
    best->ahead_next = chunk->ahead_end;
    best->next = chunk->ahead_end > best->next ? chunk->ahead_end : best->next;
  }
  pthread_mutex_unlock(&context->stream_lock);
  return best != NULL;
}

static void work(struct sp_thread *self) {
  struct sp_context *context = self->context;
  struct sp_stream chunk;
  for (bool more = true; more && !atomic_load(&context->stopping);) {
    sp_enter(self);
    more = take_chunk(context, &chunk);
    if (more) {
      sp_bring_near(chunk.reservation, chunk.ahead_next, chunk.ahead_end, chunk.from, chunk.range, SP_MARKER_AHEAD);
    }
    sp_leave(self);
  }
}

void *sp_ahead_thread(void *argument) {
  struct sp_thread *self = argument;
  while (!atomic_load(&self->context->stopping)) {
    if (sem_wait(&self->context->ahead_work) == 0) {
      work(self);
    }
  }
  return NULL;
}

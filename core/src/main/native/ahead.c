// What nobody has asked for yet: parts of blocks that are in use, and what lies ahead of threads that touch in order. Handlers note what
// they see; helpers do the work, so that no touch waits for it. Touching the unit that a helper left unmapped says that more is wanted.
#include "internal.h"

enum { UNITS_IN_ORDER = 3, CHUNK_UNITS = 16, JOB_UNITS = 64, LEAST_AHEAD_UNITS = 8, LATE_UNITS = 2 };

// A touch may be noted a little late: its thread goes on, and its next one is served by another handler, before the note is taken.
static bool belongs(const struct sp_stream *stream, struct sp_reservation *reservation, uint64_t unit) {
  return stream->reservation == reservation && unit >= stream->first && unit + LATE_UNITS >= stream->last && unit <= stream->next;
}

static struct sp_stream *find(struct sp_context *context, struct sp_reservation *reservation, uint64_t unit) {
  for (int i = 0; i < SP_STREAMS; i++) {
    if (belongs(&context->stream[i], reservation, unit)) {
      return &context->stream[i];
    }
  }
  return NULL;
}

static struct sp_stream *begin(struct sp_context *context, struct sp_reservation *reservation, uint64_t unit) {
  struct sp_stream *oldest = &context->stream[0];
  for (int i = 1; i < SP_STREAMS; i++) {
    oldest = context->stream[i].age < oldest->age ? &context->stream[i] : oldest;
  }
  *oldest = (struct sp_stream){.reservation = reservation, .first = unit, .last = unit, .next = unit + 1};
  return oldest;
}

bool sp_is_in_order(struct sp_reservation *reservation, uint64_t unit) {
  struct sp_context *context = reservation->context;
  pthread_mutex_lock(&context->job_lock);
  struct sp_stream *stream = find(context, reservation, unit);
  bool in_order = stream && unit > stream->last && stream->dense;
  pthread_mutex_unlock(&context->job_lock);
  return in_order;
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

// Answers whether there is something new.
static bool step(struct sp_stream *stream, const struct sp_touch_note *note) {
  bool is_new = note->unit > stream->last || !stream->units;
  bool was_dense = stream->dense;
  stream->last = is_new ? note->unit : stream->last;
  stream->next = note->next > stream->next ? note->next : stream->next;
  stream->units += is_new;
  stream->dense = note->kind == SP_TOUCH_AGAIN || (was_dense && !(is_new && note->kind == SP_TOUCH_FIRST));
  return is_new || stream->dense != was_dense;
}

// Answers how many more jobs there are.
static uint64_t advance(struct sp_stream *stream, const struct sp_config *config, const struct sp_touch_note *note) {
  if (!step(stream, note) || !stream->dense || stream->units < UNITS_IN_ORDER || !stream->from || !config->ahead_bytes) {
    return 0;
  }
  stream->ahead_next = stream->ahead_next > stream->next ? stream->ahead_next : stream->next;
  uint64_t begin = stream->ahead_end > stream->ahead_next ? stream->ahead_end : stream->ahead_next;
  uint64_t end = end_ahead(stream, config, stream->last);
  stream->ahead_end = end > stream->ahead_end ? end : stream->ahead_end;
  return end > begin ? (end - begin + JOB_UNITS - 1) / JOB_UNITS : 0;
}

static void call_helpers(struct sp_context *context, uint64_t jobs) {
  for (uint64_t i = 0; i < jobs && i < context->config.helpers; i++) {
    sem_post(&context->jobs);
  }
}

static uint64_t follow(struct sp_context *context, struct sp_touch_note *note, bool *is_read_ahead) {
  struct sp_stream *stream = find(context, note->reservation, note->unit);
  if (!stream) {
    stream = begin(context, note->reservation, note->unit);
  }
  stream->age = ++context->stream_clock;
  if (sp_is_device(note->from)) {
    stream->from = note->from;
    stream->range = note->range;
  } else if (note->kind == SP_TOUCH_AGAIN && stream->from) {
    note->from = stream->from;
    note->range = stream->range;
  }
  uint64_t jobs = advance(stream, &context->config, note);
  *is_read_ahead = stream->ahead_end > note->unit;
  return jobs;
}

bool sp_follow(struct sp_touch_note *note) {
  struct sp_context *context = note->reservation->context;
  uint64_t jobs = 0;
  bool is_read_ahead = false;
  pthread_mutex_lock(&context->job_lock);
  if (!note->reservation->leaving) {
    jobs = follow(context, note, &is_read_ahead);
  }
  pthread_mutex_unlock(&context->job_lock);
  call_helpers(context, jobs);
  return is_read_ahead;
}

void sp_post_job(const struct sp_job *job) {
  struct sp_context *context = job->reservation->context;
  pthread_mutex_lock(&context->job_lock);
  bool has_room = context->job_count < SP_JOBS && !job->reservation->leaving;
  if (has_room) {
    context->job[context->job_count++] = *job;
  }
  pthread_mutex_unlock(&context->job_lock);
  call_helpers(context, has_room);
}

void sp_forget_jobs(struct sp_reservation *reservation) {
  struct sp_context *context = reservation->context;
  pthread_mutex_lock(&context->job_lock);
  reservation->leaving = true;
  for (int i = 0; i < SP_STREAMS; i++) {
    if (context->stream[i].reservation == reservation) {
      context->stream[i] = (struct sp_stream){0};
    }
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < context->job_count; i++) {
    if (context->job[i].reservation != reservation) {
      context->job[kept++] = context->job[i];
    }
  }
  context->job_count = kept;
  pthread_mutex_unlock(&context->job_lock);
}

// A part of what lies ahead of the stream that will get there first.
static bool take_ahead(struct sp_context *context, struct sp_job *job) {
  struct sp_stream *best = NULL;
  for (int i = 0; i < SP_STREAMS; i++) {
    struct sp_stream *it = &context->stream[i];
    if (it->ahead_next < it->ahead_end && (!best || it->ahead_next - it->last < best->ahead_next - best->last)) {
      best = it;
    }
  }
  if (!best) {
    return false;
  }
  uint64_t end = (best->ahead_next / JOB_UNITS + 1) * JOB_UNITS;
  end = end < best->ahead_end ? end : best->ahead_end;
  *job = (struct sp_job){best->reservation, best->ahead_next, end, best->range, best->from, SP_MARKER_AHEAD};
  best->ahead_next = end;
  best->next = end > best->next ? end : best->next;
  return true;
}

// The newest job first: where a thread was last, it is most likely still.
static bool take(struct sp_context *context, struct sp_job *job) {
  pthread_mutex_lock(&context->job_lock);
  bool found = take_ahead(context, job);
  if (!found && context->job_count) {
    *job = context->job[--context->job_count];
    found = true;
  }
  pthread_mutex_unlock(&context->job_lock);
  return found;
}

// From before it takes a job a helper counts as inside: whoever has made sure that nothing is begun can wait for what was.
static void work(struct sp_thread *self) {
  struct sp_job job;
  for (bool more = true; more && !atomic_load(&self->context->stopping);) {
    sp_enter(self);
    more = take(self->context, &job);
    if (more) {
      sp_bring_near(&job);
    }
    sp_leave(self);
  }
}

void *sp_helper_thread(void *argument) {
  struct sp_thread *self = argument;
  sp_begin_life(self);
  sp_nap_exactly();
  pthread_cleanup_push(sp_end_life, self);
  while (!atomic_load(&self->context->stopping)) {
    if (sem_wait(&self->context->jobs) == 0) {
      work(self);
    }
  }
  pthread_cleanup_pop(0);
  return NULL;
}

// A CUDA device as the rest knows OpenCL's: reads and writes of windows in streams, and events with users. The threads that come here
// have no context of their own, or one that is nobody's business: the device's is pushed for each call.
#include <stdlib.h>

#include "internal.h"

// Host memory is pinned in chunks that end at multiples of this, and the driver takes no copy from one to the next.
static const uint64_t chunk_bytes = 32 << 20;

enum { SUCCESS = 0, NOT_READY = 600, WITHOUT_TIMES = 2, UNFINISHED = 1 };

static int32_t enter(const struct sp_cuda *cuda) {
  return cuda->push_context(cuda->context);
}

static int32_t leave(const struct sp_cuda *cuda, int32_t result) {
  void *context;
  cuda->pop_context(&context);
  return result;
}

static int32_t record(const struct sp_cuda_queue *queue, struct sp_cuda_event *made) {
  const struct sp_cuda *cuda = queue->cuda;
  int32_t error = cuda->create_event(&made->event, WITHOUT_TIMES);
  if (error) {
    return error;
  }
  error = cuda->record_event(made->event, queue->stream);
  if (error) {
    cuda->destroy_event(made->event);
  }
  return error;
}

// An event behind what was just enqueued. Where none can be had nobody could tell when that is over: then it is over here, or the
// device has failed.
static int32_t event_behind(const struct sp_cuda_queue *queue, void **event) {
  struct sp_cuda_event *made = calloc(1, sizeof *made);
  int32_t error = made ? record(queue, made) : ENOMEM;
  if (error) {
    queue->cuda->synchronize(queue->stream);
    free(made);
    return error;
  }
  made->users = 1;
  made->is_ours = 1;
  made->cuda = queue->cuda;
  *event = made;
  return SUCCESS;
}

static int32_t copy_to_host(const struct sp_cuda_queue *queue, char *target, uint64_t source, uint64_t size) {
  int32_t error = SUCCESS;
  for (uint64_t done = 0, part; done < size && !error; done += part) {
    uint64_t to_end = chunk_bytes - (uint64_t)(target + done) % chunk_bytes;
    part = size - done < to_end ? size - done : to_end;
    error = queue->cuda->copy_to_host(target + done, source + done, part, queue->stream);
  }
  if (error) {
    queue->cuda->synchronize(queue->stream);  // of the parts before it
  }
  return error;
}

static int32_t enqueue_read(void *handle, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, void *target, uint32_t waits,
    void *const *wait_list, void **event) {
  (void)blocking, (void)waits, (void)wait_list;
  const struct sp_cuda_queue *queue = handle;
  int32_t error = enter(queue->cuda);
  if (error) {
    return error;
  }
  error = copy_to_host(queue, target, (uint64_t)memory + offset, size);
  return leave(queue->cuda, error ? error : event_behind(queue, event));
}

static int32_t enqueue_write(void *handle, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
    uint32_t waits, void *const *wait_list, void **event) {
  (void)blocking, (void)waits, (void)wait_list;
  const struct sp_cuda_queue *queue = handle;
  int32_t error = enter(queue->cuda);
  if (error) {
    return error;
  }
  error = queue->cuda->copy_to_device((uint64_t)memory + offset, source, size, queue->stream);
  return leave(queue->cuda, error ? error : event_behind(queue, event));
}

static int32_t flush(void *queue) {
  (void)queue;  // a stream begins by itself
  return SUCCESS;
}

static int32_t event_info(void *handle, uint32_t name, uint64_t size, void *value, uint64_t *size_returned) {
  (void)name, (void)size, (void)size_returned;
  const struct sp_cuda_event *event = handle;
  int32_t error = enter(event->cuda);
  if (!error) {
    error = leave(event->cuda, event->cuda->query_event(event->event));
  }
  *(int32_t *)value = error == NOT_READY ? UNFINISHED : -error;
  return SUCCESS;
}

static int32_t retain_event(void *handle) {
  struct sp_cuda_event *event = handle;
  atomic_fetch_add(&event->users, 1);
  return SUCCESS;
}

static int32_t release_event(void *handle) {
  struct sp_cuda_event *event = handle;
  bool is_ours = event->is_ours;  // asked first: the caller's may be used again once it has no user
  if (atomic_fetch_sub(&event->users, 1) == 1 && is_ours) {
    if (!enter(event->cuda)) {
      leave(event->cuda, event->cuda->destroy_event(event->event));
    }
    free(event);
  }
  return SUCCESS;
}

void sp_adapt_cuda(const struct sp_cuda *cuda, struct sp_opencl *adapted) {
  *adapted = (struct sp_opencl){enqueue_read, enqueue_write, flush, event_info, retain_event, release_event, (void *)&cuda->fetch_queue,
      (void *)&cuda->command_queue};
}

// A kernel and its uploads, as one call. A driver that runs on the host's processors wakes its threads for each command, who then take the
// processor, and the driver's locks, from the thread that is about to enqueue the next. So the uploads are held back by an event until the
// kernel is in its queue. Between the two no Java runs: a thread that is stopped there would leave the device waiting for it (R5).
#include "samepage.h"

#include <stddef.h>

enum { COMPLETE = 0 };

static void *create_gate(const struct sp_launch *launch) {
  int32_t refused = 0;
  return launch->calls->create_user_event(launch->context, &refused);
}

// In a queue that is in order it is enough to hold the first one back.
static int32_t enqueue_uploads(struct sp_launch *launch, void *gate) {
  for (uint64_t i = 0; i < launch->upload_count; i++) {
    struct sp_upload *upload = &launch->uploads[i];
    uint32_t waits = i == 0 && gate;
    int32_t error = launch->calls->enqueue_write(launch->upload_queue, upload->memory, 0, upload->offset, upload->size, upload->source,
        waits, waits ? &gate : NULL, &upload->event);
    if (error) {
      upload->event = NULL;
      return error;
    }
  }
  return 0;
}

static int32_t enqueue_kernel(struct sp_launch *launch) {
  int32_t error = launch->calls->enqueue_kernel(launch->kernel_queue, launch->kernel, (uint32_t)launch->dimensions, NULL, launch->global,
      launch->local, 1, &launch->uploads[launch->upload_count - 1].event, &launch->event);
  if (error) {
    launch->event = NULL;
  }
  return error;
}

// Whatever became of the rest.
static int32_t open_gate(const struct sp_launch_calls *calls, void *gate) {
  int32_t error = calls->set_user_event_status(gate, COMPLETE);
  calls->release_event(gate);
  return error;
}

static int32_t flush(const struct sp_launch *launch) {
  int32_t error = launch->calls->flush(launch->upload_queue);
  int32_t other = launch->calls->flush(launch->kernel_queue);
  return error ? error : other;
}

int32_t sp_launch(struct sp_launch *launch) {
  for (uint64_t i = 0; i < launch->upload_count; i++) {
    launch->uploads[i].event = NULL;
  }
  launch->event = NULL;
  void *gate = launch->gate ? launch->gate : create_gate(launch);  // without one nothing is held back
  int32_t error = enqueue_uploads(launch, gate);
  error = error ? error : enqueue_kernel(launch);
  int32_t closed = gate ? open_gate(launch->calls, gate) : 0;
  error = error ? error : closed;
  error = error ? error : flush(launch);
  launch->gate = create_gate(launch);  // now, as the next kernel is kept waiting by it
  return error;
}

#include "hand_event.h"

#include <stdatomic.h>

#include "testing.h"

enum { EVENT_STATUS = 0x11D3, QUEUED = 3, COMPLETE = 0 };

struct hand_event {
  atomic_int references;
  _Atomic int32_t status;
};

struct hand_event *hand_event_new(void) {
  struct hand_event *event = malloc(sizeof *event);
  atomic_init(&event->references, 2);  // the queue's and the caller's
  atomic_init(&event->status, QUEUED);
  return event;
}

void hand_event_release(struct hand_event *event) {
  if (atomic_fetch_sub(&event->references, 1) == 1) {
    free(event);
  }
}

int32_t hand_event_release_by_driver(void *event) {
  hand_event_release(event);
  return 0;
}

int32_t hand_event_retain_by_driver(void *event) {
  atomic_fetch_add(&((struct hand_event *)event)->references, 1);
  return 0;
}

int32_t hand_event_info(void *event, uint32_t name, uint64_t size, void *value, uint64_t *returned) {
  CHECK(name == EVENT_STATUS && size == 4 && !returned, "name 0x%x", name);
  int32_t status = atomic_load(&((struct hand_event *)event)->status);
  memcpy(value, &status, sizeof status);
  return 0;
}

void hand_event_complete(struct hand_event *event) {
  atomic_store(&event->status, COMPLETE);
  hand_event_release(event);
}

bool hand_event_is_complete(struct hand_event *event) {
  return atomic_load(&event->status) == COMPLETE;
}

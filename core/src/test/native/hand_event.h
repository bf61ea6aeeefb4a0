// Events as an OpenCL driver has them, which a test completes by hand.
#ifndef HAND_EVENT_H
#define HAND_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct hand_event;

// One reference is the queue's, which ends with the completion; the other one is the caller's.
struct hand_event *hand_event_new(void);
void hand_event_complete(struct hand_event *event);
bool hand_event_is_complete(struct hand_event *event);
void hand_event_release(struct hand_event *event);

// As the library calls a driver.
int32_t hand_event_retain_by_driver(void *event);
int32_t hand_event_release_by_driver(void *event);
int32_t hand_event_info(void *event, uint32_t name, uint64_t size, void *value, uint64_t *returned);

#endif

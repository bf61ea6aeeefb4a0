// What tests tell the double and ask of it: the functions that begin with samepage_double_. The real library has none of them.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

enum { FUNCTIONS = 256, PLANS = 16, NAME_BYTES = 64, NOTES_BYTES = 4096 };

struct plan {
  char function[NAME_BYTES];
  long in_calls;  // 1: the next one
  result answer;
  bool for_good;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  char name[NAME_BYTES];
  long calls;
} counted[FUNCTIONS];
static struct plan plans[PLANS];
static char notes[NOTES_BYTES];

static void count(const char *function) {
  for (int i = 0; i < FUNCTIONS; i++) {
    if (!counted[i].name[0]) {
      snprintf(counted[i].name, NAME_BYTES, "%s", function);
    }
    if (!strcmp(counted[i].name, function)) {
      counted[i].calls++;
      return;
    }
  }
}

static result planned(const char *function) {
  for (int i = 0; i < PLANS; i++) {
    struct plan *plan = &plans[i];
    if (!strcmp(plan->function, function)) {
      if (plan->in_calls > 1) {
        plan->in_calls--;
      } else {
        result answer = plan->answer;
        if (!plan->for_good) {
          plan->function[0] = 0;
        }
        return answer;
      }
    }
  }
  return SUCCESS;
}

result called(const char *function) {
  pthread_mutex_lock(&lock);
  count(function);
  result answer = planned(function);
  pthread_mutex_unlock(&lock);
  return answer;
}

void note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  pthread_mutex_lock(&lock);
  size_t length = strlen(notes);
  vsnprintf(notes + length, NOTES_BYTES - length, format, arguments);
  pthread_mutex_unlock(&lock);
  va_end(arguments);
}

// As a machine with two good devices, of which nothing is known yet.
API void samepage_double_reset(void) {
  pthread_mutex_lock(&lock);
  memset(counted, 0, sizeof counted);
  memset(plans, 0, sizeof plans);
  notes[0] = 0;
  pthread_mutex_unlock(&lock);
  settings = (struct settings){.device_count = 2, .driver_version = 12060, .peers_allowed = true, .most_registered_bytes = 16ull << 30,
      .granularity = 2 << 20, .most_pitch = 0x7FFFFFFF};
  for (int i = 0; i < DEVICES; i++) {
    struct device *device = &devices[i];
    snprintf(device->name, sizeof device->name, "Samepage test double of a GPU (no hardware), number %d", i);
    device->memory_bytes = 8ull << 30;
    device->major = 9;
    device->minor = device->compute_mode = 0;
    memset(device->told, 0, sizeof device->told);
    contexts[i].device = contexts[i].number = i;
    contexts[i].error = SUCCESS;
  }
}

__attribute__((constructor)) static void begin(void) {
  samepage_double_reset();
}

API void samepage_double_devices(int count) {
  settings.device_count = count;
}

API void samepage_double_driver_version(int version) {
  settings.driver_version = version;
}

API void samepage_double_init_result(int answer) {
  settings.init_result = answer;
}

API void samepage_double_compute_mode(int device, int mode) {
  devices[device].compute_mode = mode;
}

API void samepage_double_memory_bytes(int device, uint64_t bytes) {
  devices[device].memory_bytes = bytes;
}

// What a device answers for one of its attributes, and goes by.
API void samepage_double_attribute(int device, int number, int value) {
  devices[device].told[number] = value + 1;
}

API void samepage_double_peers_allowed(int allowed) {
  settings.peers_allowed = allowed;
}

API void samepage_double_most_registered_bytes(uint64_t bytes) {
  settings.most_registered_bytes = bytes;
}

// 0: devices say that they have no virtual memory management.
API void samepage_double_granularity(uint64_t bytes) {
  settings.granularity = bytes;
}

API void samepage_double_most_pitch(uint64_t bytes) {
  settings.most_pitch = bytes;
}

// A function's call answers an error instead of doing what it does: the `in_calls`th from now, or from there on all.
API void samepage_double_fail(const char *function, long in_calls, int answer, int for_good) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < PLANS; i++) {
    if (!plans[i].function[0]) {
      plans[i] = (struct plan){.in_calls = in_calls, .answer = answer, .for_good = for_good};
      snprintf(plans[i].function, NAME_BYTES, "%s", function);
      break;
    }
  }
  pthread_mutex_unlock(&lock);
}

API long samepage_double_calls(const char *function) {
  long calls = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < FUNCTIONS; i++) {
    if (!strcmp(counted[i].name, function)) {
      calls = counted[i].calls;
    }
  }
  pthread_mutex_unlock(&lock);
  return calls;
}

// What went wrong inside: bad addresses, kernels that the double doesn't know.
API void samepage_double_notes(char *text, uint64_t bytes) {
  pthread_mutex_lock(&lock);
  snprintf(text, bytes, "%s", notes);
  pthread_mutex_unlock(&lock);
}

// Streams begin no further command until they are let go.
API void samepage_double_hold(int held) {
  hold_streams(held);
}

// One stream does.
API void samepage_double_hold_stream(struct stream *stream, int held) {
  hold_stream(stream, held);
}

API long samepage_double_live_streams(void) {
  return live_streams();
}

API long samepage_double_live_events(void) {
  return live_events();
}

API uint64_t samepage_double_used_bytes(int device) {
  return devices[device].used_bytes;
}

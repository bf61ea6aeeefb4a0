// A kernel and its uploads in one call: what the driver is told, in which order, and what is left where it refuses.
#include "testing.h"

#include <stdbool.h>

enum { MOST_CALLS = 32, REFUSED = -5, MISSING = -6 };

// What was called: a letter for each call, and a digit for those that have one.
static char told[MOST_CALLS + 1];
static unsigned call_count;
static char refused_call;
static unsigned refused_number, enqueued, held;
static char gate_event, next_gate_event, upload_events[3], kernel_event;
static char context, upload_queue, kernel_queue, kernel, memory, bytes[64];
static const uint64_t global[] = {128, 64}, local[] = {16, 8};

static int32_t tell(char call, unsigned number) {
  CHECK(call_count < MOST_CALLS, "%s", told);
  told[call_count++] = call;
  return call == refused_call && number == refused_number ? REFUSED : 0;
}

static void *create_user_event(void *given, int32_t *error) {
  CHECK(given == &context, "another context");
  bool is_next = strchr(told, 'k') || strchr(told, 'r');
  *error = tell('c', is_next) ? MISSING : 0;
  return *error ? NULL : is_next ? &next_gate_event : &gate_event;
}

static int32_t set_user_event_status(void *event, int32_t status) {
  CHECK(event == &gate_event, "another event");
  CHECK_EQUALS(status, 0);
  return tell('o', 0);
}

static int32_t enqueue_write(void *queue, void *given, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
    uint32_t waits, void *const *wait_list, void **event) {
  CHECK(queue == &upload_queue && given == &memory, "another queue or memory");
  CHECK_EQUALS(blocking, 0);
  CHECK_EQUALS(offset, 1000 + enqueued);
  CHECK_EQUALS(size, 8 * (enqueued + 1));
  CHECK(source == bytes + 8 * enqueued, "another source");
  CHECK_EQUALS(waits, enqueued == 0 ? held : 0);
  CHECK(waits ? wait_list[0] == &gate_event : !wait_list, "what it waits for");
  unsigned number = enqueued++;
  if (tell('w', number)) {
    *event = &gate_event;  // drivers may leave anything there
    return REFUSED;
  }
  *event = &upload_events[number];
  return 0;
}

static int32_t enqueue_kernel(void *queue, void *given, uint32_t dimensions, const uint64_t *offset, const uint64_t *globals,
    const uint64_t *locals, uint32_t waits, void *const *wait_list, void **event) {
  CHECK(queue == &kernel_queue && given == &kernel && !offset && globals == global && locals == local, "another launch");
  CHECK_EQUALS(dimensions, 2);
  CHECK_EQUALS(waits, 1);
  CHECK(wait_list[0] == &upload_events[enqueued - 1], "not behind the last upload");
  if (tell('k', 0)) {
    *event = &gate_event;
    return REFUSED;
  }
  *event = &kernel_event;
  return 0;
}

static int32_t flush(void *queue) {
  return tell('f', queue == &kernel_queue);
}

static int32_t release_event(void *event) {
  CHECK(event == &gate_event, "an event of the caller's");
  return tell('r', 0);
}

static const struct sp_launch_calls calls = {create_user_event, set_user_event_status, enqueue_write, enqueue_kernel, flush, release_event};
static struct sp_upload uploads[3];

// Answers what the library does; `call` is refused, 0 for none. There may be a gate from before.
static struct sp_launch launch_with(void *gate, uint64_t upload_count, char call, unsigned number, int32_t expected) {
  memset(told, 0, sizeof told);
  call_count = enqueued = 0;
  refused_call = call;
  refused_number = number;
  held = gate || call != 'c' || number != 0;
  for (unsigned i = 0; i < 3; i++) {
    uploads[i] = (struct sp_upload){&memory, 1000 + i, 8 * (i + 1), bytes + 8 * i, &gate_event};
  }
  struct sp_launch launch = {&calls, &context, &upload_queue, &kernel_queue, &kernel, 2, global, local, uploads, upload_count, &gate_event,
      gate};
  CHECK_EQUALS(sp_launch(&launch), expected);
  bool is_next_refused = call == 'c' && (gate || number == 1);
  CHECK(launch.gate == (is_next_refused ? NULL : &next_gate_event), "the next gate");
  return launch;
}

static struct sp_launch launch(uint64_t upload_count, char call, unsigned number, int32_t expected) {
  return launch_with(NULL, upload_count, call, number, expected);
}

static void check_events(const struct sp_launch *launch, unsigned upload_count, void *event) {
  for (unsigned i = 0; i < launch->upload_count; i++) {
    CHECK(uploads[i].event == (i < upload_count ? &upload_events[i] : NULL), "event of upload %u", i);
  }
  CHECK(launch->event == event, "the kernel's event");
}

static void check_told(const char *expected) {
  CHECK(!strcmp(told, expected), "%s, expected %s", told, expected);
}

static void uploads_are_held_back_until_the_kernel_is_in_its_queue(void) {
  struct sp_launch one = launch(1, 0, 0, 0);
  check_told("cwkorffc");
  check_events(&one, 1, &kernel_event);
  struct sp_launch three = launch(3, 0, 0, 0);
  check_told("cwwwkorffc");
  check_events(&three, 3, &kernel_event);
}

static void an_event_from_before_is_taken_and_the_next_one_is_left(void) {
  struct sp_launch next = launch_with(&gate_event, 2, 0, 0, 0);
  check_told("wwkorffc");
  check_events(&next, 2, &kernel_event);
  struct sp_launch refused = launch_with(&gate_event, 1, 'w', 0, REFUSED);
  check_told("worc");
  check_events(&refused, 0, NULL);
  struct sp_launch last = launch_with(&gate_event, 1, 'c', 1, 0);
  check_told("wkorffc");
  check_events(&last, 1, &kernel_event);
}

static void without_an_event_nothing_is_held_back(void) {
  struct sp_launch refused = launch(2, 'c', 0, 0);
  check_told("cwwkffc");
  check_events(&refused, 2, &kernel_event);
}

static void behind_an_upload_that_is_refused_nothing_is_enqueued_and_what_was_goes_on(void) {
  struct sp_launch first = launch(2, 'w', 0, REFUSED);
  check_told("cworc");
  check_events(&first, 0, NULL);
  struct sp_launch second = launch(3, 'w', 1, REFUSED);
  check_told("cwworc");
  check_events(&second, 1, NULL);
}

static void the_uploads_of_a_kernel_that_is_refused_go_on(void) {
  struct sp_launch refused = launch(2, 'k', 0, REFUSED);
  check_told("cwwkorc");
  check_events(&refused, 2, NULL);
}

static void what_fails_behind_the_kernel_is_told_and_the_kernel_stays(void) {
  struct sp_launch unopened = launch(1, 'o', 0, REFUSED);
  check_told("cwkorc");
  check_events(&unopened, 1, &kernel_event);
  struct sp_launch unflushed = launch(1, 'f', 0, REFUSED);
  check_told("cwkorffc");
  check_events(&unflushed, 1, &kernel_event);
  struct sp_launch other = launch(1, 'f', 1, REFUSED);
  check_told("cwkorffc");
  check_events(&other, 1, &kernel_event);
}

int main(void) {
  RUN(uploads_are_held_back_until_the_kernel_is_in_its_queue);
  RUN(an_event_from_before_is_taken_and_the_next_one_is_left);
  RUN(without_an_event_nothing_is_held_back);
  RUN(behind_an_upload_that_is_refused_nothing_is_enqueued_and_what_was_goes_on);
  RUN(the_uploads_of_a_kernel_that_is_refused_go_on);
  RUN(what_fails_behind_the_kernel_is_told_and_the_kernel_stays);
  return 0;
}

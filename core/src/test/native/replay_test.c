// Replays traces of the explorer's model of the fault table on the library: threads are held at each step (SP_STEP) until the trace says
// that it is their turn. After each step all that can be seen must be as in the model: the words, the flag, what the system knows of the
// pages, the frames, the windows, what Java's directory says, who waits; and what a load loads. A thread that gets to another step than
// the model says fails the test too.
//
// What the model has and a replay can't hold is done at once: several pages of one system call, and what a woken thread does next.
//   replay_test FILE
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "page_entry.h"
#include "replay.h"
#include "steps.h"

enum { POINT_CHARS = 16, LINE_CHARS = 256, HANGS_SECONDS = 30 };

struct actor {
  pthread_t thread;
  int id;  // the system's
  bool parked, granted, busy;
  char point[POINT_CHARS];
  // What a thread is to do, or has done.
  char act[POINT_CHARS];
  unsigned what, value;
  bool unmaps;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct actor actors[ACTORS];
static bool over;
static unsigned trace_number, line_number;
static char line[LINE_CHARS];

#define FAIL_IF(condition, ...)                                                          \
  do {                                                                                   \
    if (condition) {                                                                     \
      fprintf(stderr, "trace %u, line %u, \"%s\": ", trace_number, line_number, line);   \
      CHECK(!(condition), __VA_ARGS__);                                                  \
    }                                                                                    \
  } while (0)

// ---- actors

static void park(const char *point) {
  if (replay_actor() < 0 && !strcmp(point, "next")) {
    replay_become(HANDLER);
  }
  int me = replay_actor();
  if (me < 0) {
    return;
  }
  struct actor *it = &actors[me];
  pthread_mutex_lock(&lock);
  snprintf(it->point, sizeof it->point, "%s", point);
  it->parked = true;
  pthread_cond_broadcast(&changed);
  while (!it->granted && !over) {
    pthread_cond_wait(&changed, &lock);
  }
  it->granted = it->parked = false;
  pthread_mutex_unlock(&lock);
  if (me < THREADS) {
    replay_at(point);
  }
}

static void access_cell(struct actor *it) {
  volatile uint64_t *first = replay_user_cell(it->what, false), *last = replay_user_cell(it->what, true);
  if (!strcmp(it->act, "store")) {
    *first = it->value;
    *last = it->value;
  } else {
    uint64_t value = *first;
    it->value = (unsigned)value;
  }
}

static void carry_out(struct actor *it) {
  if (!strcmp(it->act, "launch")) {
    replay_launch(it->what, it->unmaps);
  } else if (!strcmp(it->act, "evict")) {
    replay_evict(it->what);
  } else if (!strcmp(it->act, "close")) {
    replay_close_range();
  } else {
    access_cell(it);
  }
}

static void *run(void *argument) {
  struct actor *it = argument;
  it->id = gettid();
  replay_become((int)(it - actors));
  pthread_mutex_lock(&lock);
  for (;;) {
    while (!it->busy && !over) {
      pthread_cond_wait(&changed, &lock);
    }
    if (over) {
      break;
    }
    pthread_mutex_unlock(&lock);
    carry_out(it);
    pthread_mutex_lock(&lock);
    it->busy = false;
    pthread_cond_broadcast(&changed);
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

// Waits until an actor is held at a step or done. The lock is held.
static void await_stop(unsigned actor) {
  struct actor *it = &actors[actor];
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += HANGS_SECONDS;
  while (!it->parked && (actor == HANDLER || it->busy)) {
    int error = pthread_cond_timedwait(&changed, &lock, &deadline);
    FAIL_IF(error == ETIMEDOUT, "actor %u hangs behind %s", actor, it->point);
  }
}

static void grant(unsigned actor, const char *point, unsigned argument) {
  struct actor *it = &actors[actor];
  pthread_mutex_lock(&lock);
  await_stop(actor);
  FAIL_IF(!it->parked || strcmp(it->point, point), "actor %u is %s%s", actor, it->parked ? "at " : "done, last at ", it->point);
  replay_tell(actor, argument);
  it->granted = true;
  it->parked = false;
  pthread_cond_broadcast(&changed);
  await_stop(actor);
  pthread_mutex_unlock(&lock);
}

static void begin(unsigned actor, const char *act, unsigned what, unsigned value, bool unmaps, bool waits) {
  struct actor *it = &actors[actor];
  pthread_mutex_lock(&lock);
  FAIL_IF(it->busy, "thread %u is still busy with %s", actor, it->act);
  snprintf(it->act, sizeof it->act, "%s", act);
  it->what = what;
  it->value = value;
  it->unmaps = unmaps;
  it->busy = true;
  pthread_cond_broadcast(&changed);
  if (waits) {
    await_stop(actor);
  }
  pthread_mutex_unlock(&lock);
}

// Until so many threads wait for pages, and the events of so many of them are unread.
static void await_faults(unsigned waiting, unsigned unread) {
  double end = now_micros() + HANGS_SECONDS * 1e6;
  unsigned w, u;
  waiting_threads(replay_context()->kernel.faults, &w, &u);
  while ((w != waiting || u != unread) && now_micros() < end) {
    usleep(20);
    waiting_threads(replay_context()->kernel.faults, &w, &u);
  }
  FAIL_IF(w != waiting || u != unread, "%u threads wait, %u unread; expected %u, %u", w, u, waiting, unread);
}

static void go_on(unsigned actor, int expected) {
  struct actor *it = &actors[actor];
  pthread_mutex_lock(&lock);
  await_stop(actor);
  FAIL_IF(it->busy, "thread %u is at %s", actor, it->point);
  FAIL_IF(expected != NO_VALUE && it->value != (unsigned)expected, "thread %u loads %u, expected %d", actor, it->value, expected);
  pthread_mutex_unlock(&lock);
}

static void ignore(int signal) {
  (void)signal;
}

// Until the thread has left its fault. A handler can't tell: ThreadSanitizer calls it when it likes.
static void send_signal(unsigned actor) {
  pthread_kill(actors[actor].thread, SIGUSR1);
  for (double end = now_micros() + HANGS_SECONDS * 1e6; has_pending_signals(actors[actor].id);) {
    FAIL_IF(now_micros() > end, "the signal does not arrive");
    usleep(20);
  }
}

// ---- traces

struct step {
  char act[POINT_CHARS];
  unsigned actor;
  int a, b;
};

static bool next_line(FILE *file) {
  line_number++;
  if (!fgets(line, sizeof line, file)) {
    return false;
  }
  line[strcspn(line, "\n")] = 0;
  return true;
}

// Whether the launch that was just read unmaps what it would scan: its thread's next step says so.
static bool looks_ahead_to_unmapping(FILE *file, unsigned actor) {
  long here = ftell(file);
  char ahead[LINE_CHARS], act[POINT_CHARS];
  unsigned who;
  bool unmaps = false, found = false;
  while (!found && fgets(ahead, sizeof ahead, file) && strncmp(ahead, "end", 3)) {
    bool is_step = sscanf(ahead, "step %15s %u", act, &who) == 2;
    found = is_step && who == actor && strcmp(act, "reads") && strcmp(act, "command") && strcmp(act, "reclaim");
    unmaps = found && !strcmp(act, "unmapping");
  }
  fseek(file, here, SEEK_SET);
  return unmaps;
}

static bool is_access(const char *act) {
  return !strcmp(act, "load") || !strcmp(act, "store");
}

static void take(FILE *file, const struct step *step) {
  unsigned a = (unsigned)step->a;
  if (is_access(step->act)) {
    begin(step->actor, step->act, a, (unsigned)step->b, false, false);
  } else if (!strcmp(step->act, "launch")) {
    begin(step->actor, step->act, a, 0, looks_ahead_to_unmapping(file, step->actor), true);
  } else if (!strcmp(step->act, "evict") || !strcmp(step->act, "close")) {
    begin(step->actor, step->act, a, 0, false, true);
  } else if (!strcmp(step->act, "unmapping")) {
    grant(step->actor, "seek", 0);
  } else if (!strcmp(step->act, "goes-on")) {
    go_on(step->actor, step->a);
  } else if (!strcmp(step->act, "signal")) {
    send_signal(step->actor);
  } else if (!strcmp(step->act, "command")) {
    replay_command(step->actor);
  } else if (!strcmp(step->act, "reads")) {
    replay_read(step->actor);
  } else if (!strcmp(step->act, "reclaim")) {
    replay_reclaim(a);
  } else if (strcmp(step->act, "again")) {
    grant(step->actor, step->act, a);
  }
}

static unsigned number(char **text) {
  char *end;
  long value = strtol(*text, &end, 10);
  FAIL_IF(end == *text, "a number is missing");
  *text = end;
  return (unsigned)value;
}

static void compare(const char *what, const unsigned *actual, unsigned count, char **text) {
  for (unsigned i = 0; i < count; i++) {
    unsigned expected = number(text);
    FAIL_IF(actual[i] != expected, "%s[%u] is %u, expected %u", what, i, actual[i], expected);
  }
}

// "state WAITING UNREAD WORDS FLAG HOST DEVICES ENTRIES FRAMES WINDOWS"; frames are missing once the range is closed.
static void check_state(void) {
  char *text = line + strlen("state");
  unsigned waiting = number(&text), unread = number(&text);
  await_faults(waiting, unread);
  struct replay_state state = replay_look();
  compare("word", state.word, PAGES, &text);
  compare("flag", &state.flag, 1, &text);
  compare("host_holds", &state.host_holds, 1, &text);
  compare("device_holds", state.device_holds, REPLAY_DEVICES, &text);
  compare("entry", state.entry, PAGES, &text);
  compare("window", state.window, REPLAY_DEVICES * CELLS, &text);
  if (strchr(text, 'f')) {
    text = strchr(text, 'f') + 1;
    compare("frame", state.frame, CELLS, &text);
  }
}

static struct replay_setting read_setting(FILE *file) {
  struct replay_setting it = {0};
  unsigned on_device;
  int found = sscanf(line, "trace %u %u %u %u %u %u %u", &trace_number, &it.pages, &it.parts, &it.immediate, &it.shared, &on_device,
      &it.kernel_count);
  FAIL_IF(found != 7 || it.kernel_count > KERNELS, "no trace begins here");
  it.starts_on_device = on_device;
  for (unsigned i = 0; i < it.kernel_count; i++) {
    struct replay_kernel *kernel = &it.kernel[i];
    found = next_line(file) ? sscanf(line, "kernel %u %u %u %u", &kernel->device, &kernel->reads, &kernel->declares, &kernel->writes) : 0;
    FAIL_IF(found != 4, "no kernel");
  }
  return it;
}

// Answers how many steps.
static unsigned replay(FILE *file, unsigned index) {
  struct replay_setting setting = read_setting(file);
  replay_begin(index, &setting);
  unsigned steps = 0;
  while (next_line(file) && strcmp(line, "end")) {
    struct step step;
    if (sscanf(line, "step %15s %u %d %d", step.act, &step.actor, &step.a, &step.b) == 4) {
      FAIL_IF(step.actor >= ACTORS, "no such actor");
      take(file, &step);
      steps++;
    } else {
      FAIL_IF(strncmp(line, "state", 5), "neither a step nor a state");
      check_state();
    }
  }
  replay_end();
  return steps;
}

static unsigned count_traces(FILE *file) {
  unsigned traces = 0;
  while (next_line(file)) {
    traces += !strncmp(line, "trace", 5);
  }
  rewind(file);
  line_number = 0;
  return traces;
}

static void end_actors(void) {
  pthread_mutex_lock(&lock);
  over = true;
  steps_call(NULL);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  for (unsigned i = 0; i < THREADS; i++) {
    pthread_join(actors[i].thread, NULL);
  }
}

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
  CHECK(file, "usage: replay_test FILE");
  unsigned traces = count_traces(file), steps = 0;
  CHECK(traces, "no traces in %s", argv[1]);
  struct sigaction action = {.sa_handler = ignore};
  sigaction(SIGUSR1, &action, NULL);
  steps_call(park);
  replay_open(traces);
  for (unsigned i = 0; i < THREADS; i++) {
    pthread_create(&actors[i].thread, NULL, run, &actors[i]);
  }
  for (unsigned i = 0; i < traces && next_line(file); i++) {
    steps += replay(file, i);
  }
  fclose(file);
  end_actors();
  replay_close();
  printf("  %u traces, %u steps\n", traces, steps);
  return 0;
}

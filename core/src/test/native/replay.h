// What a trace of the explorer's model of the fault table is replayed on: one unit of a block of its own, at most two devices whose queues
// the test works off by hand, and what Java does around the library, as plainly as can be. FaultSpace in the tests in Java is the model.
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>

#include "internal.h"
#include "testing.h"

enum {
  THREADS = 2,
  HANDLER = THREADS,
  ACTORS = THREADS + 1,
  PAGES = 2,
  PARTS = 2,
  CELLS = PAGES * PARTS,
  REPLAY_DEVICES = 2,
  KERNELS = 4,
  GARBAGE = 15,
  NO_VALUE = -1,
};

struct replay_kernel {
  unsigned device, reads, declares, writes;
};

// The small world of a trace.
struct replay_setting {
  unsigned pages, parts, immediate, shared;
  bool starts_on_device;
  unsigned kernel_count;
  struct replay_kernel kernel[KERNELS];
};

// What can be seen of it when nobody runs.
struct replay_state {
  unsigned word[PAGES], flag, entry[PAGES], frame[CELLS], window[REPLAY_DEVICES * CELLS];
  unsigned host_holds, device_holds[REPLAY_DEVICES];
};

void replay_open(unsigned traces);
void replay_close(void);
struct sp_context *replay_context(void);
void replay_begin(unsigned trace, const struct replay_setting *setting);
void replay_end(void);
struct replay_state replay_look(void);
volatile uint64_t *replay_user_cell(unsigned cell, bool last);

// Called by the thread that it is about; each waits at its steps.
void replay_launch(unsigned kernel, bool unmaps);
void replay_evict(unsigned device);
void replay_close_range(void);
// What a step does that Java takes under a lock; called once the step is granted.
void replay_at(const char *point);

// A device goes on.
void replay_command(unsigned device);
void replay_read(unsigned actor);
void replay_reclaim(unsigned page);

// Who the calling thread is, -1 before it was said, and what the trace says about the step that was granted to him last.
void replay_become(int actor);
int replay_actor(void);
void replay_tell(unsigned actor, unsigned argument);

#endif

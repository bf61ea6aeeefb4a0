#include "replay.h"

#include "hand_event.h"
#include "page_entry.h"
#include "step.h"

enum { COMMANDS = 8, ELSEWHERE = 7 };

enum kind { UPLOAD, KERNEL };
struct command {
  enum kind kind;
  uint64_t offset, bytes;
  const char *source;
  unsigned kernel, number;
  struct hand_event *event;
};

struct device {
  char *bytes;  // NULL: there is no window
  struct sp_window *window;
  struct sp_opencl opencl;
  struct command command[COMMANDS];
  unsigned count;
};

struct read {
  struct device *device;
  uint64_t offset, bytes;
  char *target;
  struct hand_event *event;
};

static __thread int me = -1;
static unsigned arguments[ACTORS];
static struct memory memory;
static struct replay_setting setting;
static uint64_t block;
static struct device devices[REPLAY_DEVICES];
static struct read reads[ACTORS];
static unsigned host_holds, device_holds[REPLAY_DEVICES], withdrawn_to;
static bool scanned[THREADS];

void replay_become(int actor) {
  me = actor;
}

int replay_actor(void) {
  return me;
}

void replay_tell(unsigned actor, unsigned argument) {
  arguments[actor] = argument;
}

static uint64_t first_page(void) {
  return block * SP_BLOCK_UNITS * SP_UNIT_PAGES;
}

static unsigned all_pages(void) {
  return (1u << setting.pages) - 1;
}

static uint64_t part_bytes(void) {
  return SP_PAGE_BYTES / setting.parts;
}

// Where a cell begins in its unit.
static uint64_t offset_of(unsigned cell) {
  return cell / PARTS * SP_PAGE_BYTES + cell % PARTS * part_bytes();
}

static bool exists(unsigned cell) {
  return cell / PARTS < setting.pages && cell % PARTS < setting.parts;
}

// Both ends of a cell hold its value.
static void put(char *unit, unsigned cell, uint64_t value) {
  *(uint64_t *)(unit + offset_of(cell)) = value;
  *(uint64_t *)(unit + offset_of(cell) + part_bytes() - 8) = value;
}

static unsigned get(const char *unit, unsigned cell) {
  uint64_t value = *(const uint64_t *)(unit + offset_of(cell)), last = *(const uint64_t *)(unit + offset_of(cell) + part_bytes() - 8);
  CHECK(value == last, "cell %u is torn: %llu and %llu", cell, (unsigned long long)value, (unsigned long long)last);
  return (unsigned)value;
}

static void fill(char *unit, uint64_t value) {
  for (unsigned cell = 0; cell < CELLS; cell++) {
    if (exists(cell)) {
      put(unit, cell, value);
    }
  }
}

static char *frames(void) {
  return (char *)manager_cells(&memory, first_page());
}

// Whether a device's kernels use the frames. What else it has nobody looks at.
static bool is_shared(unsigned d) {
  return setting.shared >> d & 1;
}

volatile uint64_t *replay_user_cell(unsigned cell, bool last) {
  return (volatile uint64_t *)((char *)user_cells(&memory, first_page()) + offset_of(cell) + (last ? part_bytes() - 8 : 0));
}

// ---- queues

static struct hand_event *enqueue(struct device *device, struct command command) {
  CHECK(device->count < COMMANDS, "%u commands", device->count);
  command.event = hand_event_new();
  device->command[device->count++] = command;
  return command.event;
}

static int32_t enqueue_write(void *queue, void *buffer, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
    uint32_t waits, void *const *wait_list, void **event) {
  (void)buffer, (void)blocking, (void)waits, (void)wait_list;
  *event = enqueue(queue, (struct command){.kind = UPLOAD, .offset = offset, .bytes = size, .source = source});
  return 0;
}

static int32_t enqueue_read(void *queue, void *buffer, uint32_t blocking, uint64_t offset, uint64_t size, void *target, uint32_t waits,
    void *const *wait_list, void **event) {
  (void)buffer, (void)blocking, (void)waits, (void)wait_list;
  struct read *read = &reads[me];
  CHECK(!read->event, "actor %d reads twice at once", me);
  *read = (struct read){queue, offset, size, target, hand_event_new()};
  *event = read->event;
  return 0;
}

static int32_t flush(void *queue) {
  (void)queue;
  return 0;
}

static void run_kernel(struct device *device, const struct replay_kernel *kernel, unsigned number) {
  for (unsigned cell = 0; cell < CELLS; cell++) {
    if (kernel->writes >> cell & 1) {
      put(is_shared(kernel->device) ? frames() : device->bytes, cell, number);
    }
  }
}

void replay_command(unsigned d) {
  struct device *device = &devices[d];
  CHECK(device->count && device->bytes, "device %u has %u commands", d, device->count);
  struct command command = device->command[0];
  memmove(device->command, device->command + 1, --device->count * sizeof command);
  if (command.kind == KERNEL) {
    run_kernel(device, &setting.kernel[command.kernel], command.number);
  } else {
    memcpy(device->bytes + command.offset, command.source, command.bytes);
  }
  hand_event_complete(command.event);
}

void replay_read(unsigned actor) {
  struct read read = reads[actor];
  CHECK(read.event && read.device->bytes, "nothing is read for actor %u", actor);
  memcpy(read.target, read.device->bytes + read.offset, read.bytes);
  reads[actor].event = NULL;
  hand_event_complete(read.event);
}

void replay_reclaim(unsigned page) {
  madvise_dontneed(&memory, first_page() + page, 1);
}

// ---- windows

static void open_window(unsigned d, uint64_t value) {
  struct device *device = &devices[d];
  enum sp_fetcher alone = setting.immediate >> d & 1 ? SP_FETCH_MEMORY : SP_FETCH_OPENCL;
  device->bytes = calloc(PAGES, SP_PAGE_BYTES);
  fill(device->bytes, value);
  device->opencl = (struct sp_opencl){enqueue_read, enqueue_write, flush, hand_event_info, hand_event_retain_by_driver,
      hand_event_release_by_driver, device, device};
  device->window = calloc(1, sizeof *device->window);
  *device->window = (struct sp_window){.kind = is_shared(d) ? SP_FETCH_SHARED : alone, .memory = (uint64_t)device->bytes,
      .first_byte = first_page() * SP_PAGE_BYTES, .size_bytes = PAGES * SP_PAGE_BYTES, .range = block, .opencl = &device->opencl};
  sp_set_windows(memory.reservation, d, block * SP_BLOCK_UNITS, 1, device->window);
}

static void forget_window(unsigned d) {
  sp_set_windows(memory.reservation, d, block * SP_BLOCK_UNITS, 1, NULL);
}

// Edges that nobody waits for go to memory that the driver keeps for them.
static void free_window(unsigned d) {
  struct device *device = &devices[d];
  if (!device->bytes) {
    return;
  }
  struct hand_event *producer = (struct hand_event *)sp_set_producer(device->window, 0, 0, 0);
  sp_forget_window(device->window);
  if (producer) {
    hand_event_release(producer);
  }
  for (unsigned i = 0; i < device->count; i++) {
    hand_event_complete(device->command[i].event);
  }
  device->count = 0;
  free(device->window);
  free(device->bytes);
  device->bytes = NULL;
  device_holds[d] = 0;
}

// ---- what Java does

static struct sp_run run_of(unsigned pages) {
  unsigned first = (unsigned)__builtin_ctz(pages);
  return (struct sp_run){first_page() + first, (uint64_t)__builtin_popcount(pages)};
}

static unsigned pages_of(unsigned cells) {
  return (cells & 3 ? 1u : 0) | (cells & 12 ? 2u : 0);
}

static unsigned partial_pages(const struct replay_kernel *kernel) {
  unsigned partial = 0;
  for (unsigned page = 0; setting.parts > 1 && page < setting.pages; page++) {
    unsigned declared = kernel->declares >> page * PARTS & 3;
    partial |= (declared == 1 || declared == 2) << page;
  }
  return partial;
}

static unsigned valid_pages(void) {
  unsigned valid = 0;
  for (unsigned page = 0; page < setting.pages; page++) {
    unsigned state = state_of(&memory, first_page() + page);
    valid |= (state >= SP_HOSTU && state <= SP_BUSYW) << page;
  }
  return valid;
}

static bool are_devices(unsigned pages, unsigned d) {
  for (unsigned page = 0; page < setting.pages; page++) {
    if ((pages >> page & 1) && state_of(&memory, first_page() + page) != SP_DEV0 + d) {
      return false;
    }
  }
  return true;
}

void replay_at(const char *point) {
  if (!strcmp(point, "seek")) {
    scanned[me] = flag_of(&memory, block) != 0;
  } else if (!strcmp(point, "doubt")) {
    withdrawn_to = 0;
  }
}

static void clear_flags(unsigned device) {
  CHECK(sp_clear_flags(memory.reservation, block, 1) >= 0, "block %llu", (unsigned long long)block);
  SP_STEP("remember");
  if (device < REPLAY_DEVICES && !flag_of(&memory, block) && are_devices(all_pages(), device)) {
    withdrawn_to = device + 1;
  }
}

static void bring_pages_home(unsigned pages) {
  struct sp_run run = run_of(pages);
  CHECK_EQUALS(sp_bring_home(memory.reservation, &run, 1, 0), 0);
}

// Answers the pages that were found written.
static unsigned scan(unsigned needed, bool unmaps) {
  struct sp_run run = run_of(needed);
  uint64_t written = 0;
  if (unmaps) {
    SP_STEP("seek");
    CHECK(sp_unmap(memory.reservation, run.first_page, run.page_count, &written) >= 0, "can't unmap");
    clear_flags(ELSEWHERE);
  } else {
    CHECK(sp_scan(memory.reservation, run.first_page, run.page_count, &written) >= 0, "can't scan");
  }
  return (unsigned)written << (run.first_page - first_page());
}

// What is missing goes to the frames if they lack it.
static void bring(unsigned missing) {
  if (missing & ~host_holds) {
    bring_pages_home(missing & ~host_holds);
    SP_STEP("arrived");
    withdrawn_to = 0;
    host_holds |= missing & valid_pages();
  }
}

// What a kernel overwrites in the frames comes there as well.
static void prepare_in_place(const struct replay_kernel *kernel) {
  unsigned pages = pages_of(kernel->reads | kernel->declares);
  SP_STEP("plan");
  host_holds |= pages & valid_pages();
  bring(pages & ~host_holds);
}

// Answers what the device lacks; the frames have it.
static unsigned prepare(const struct replay_kernel *kernel, bool unmaps) {
  unsigned needed = pages_of(kernel->reads) | partial_pages(kernel);
  if (!needed) {
    return 0;
  }
  unsigned written = scan(needed, unmaps);
  SP_STEP("plan");
  if (scanned[me]) {
    host_holds |= needed & valid_pages();
    for (unsigned d = 0; d < REPLAY_DEVICES; d++) {
      device_holds[d] &= ~(written & host_holds);
    }
  }
  unsigned missing = needed & ~device_holds[kernel->device];
  bring(missing);
  return missing;
}

static struct hand_event *submit(unsigned index, unsigned missing) {
  struct device *device = &devices[setting.kernel[index].device];
  SP_STEP("enqueue");
  for (unsigned page = 0; page < setting.pages; page++) {
    if (missing >> page & 1) {
      hand_event_release(enqueue(device, (struct command){.kind = UPLOAD, .offset = page * SP_PAGE_BYTES, .bytes = SP_PAGE_BYTES,
          .source = frames() + page * SP_PAGE_BYTES}));
    }
  }
  return enqueue(device, (struct command){.kind = KERNEL, .kernel = index, .number = arguments[me]});
}

// Answers how many slices: runs of declared cells.
static uint64_t slices_of(const struct replay_kernel *kernel, struct sp_slice *slices) {
  uint64_t count = 0, end = UINT64_MAX;
  for (unsigned cell = 0; cell < CELLS; cell++) {
    if (exists(cell) && (kernel->declares >> cell & 1)) {
      uint64_t first = first_page() * SP_PAGE_BYTES + offset_of(cell);
      count += first != end;
      slices[count - 1] = (struct sp_slice){first == end ? slices[count - 1].first_byte : first, first + part_bytes(), 0};
      end = first + part_bytes();
    }
  }
  return count;
}

static void publish(struct device *device, struct hand_event *event) {
  SP_STEP("publish");
  if (device->window->kind == SP_FETCH_MEMORY) {
    SP_STEP("settle");
    CHECK(hand_event_is_complete(event), "the kernel has not run");
    hand_event_release(event);
    return;
  }
  struct hand_event *before = (struct hand_event *)sp_set_producer(device->window, 0, (uint64_t)event, 1);
  if (before) {
    hand_event_release(before);
  }
}

static void withdraw(const struct replay_kernel *kernel) {
  struct sp_slice slices[CELLS];
  SP_STEP("skip");
  bool is_known = withdrawn_to == kernel->device + 1 && !flag_of(&memory, block);
  if (is_known || are_devices(pages_of(kernel->declares), kernel->device)) {
    return;
  }
  CHECK_EQUALS(sp_withdraw(memory.reservation, kernel->device, slices, slices_of(kernel, slices)), 0);
  clear_flags(kernel->device);
}

void replay_launch(unsigned index, bool unmaps) {
  const struct replay_kernel *kernel = &setting.kernel[index];
  struct device *device = &devices[kernel->device];
  if (!device->bytes) {
    open_window(kernel->device, GARBAGE);
  }
  scanned[me] = false;
  unsigned missing = 0, written = pages_of(kernel->declares);
  if (is_shared(kernel->device)) {
    prepare_in_place(kernel);
  } else {
    missing = prepare(kernel, unmaps);
  }
  struct hand_event *event = submit(index, missing);
  if (written) {
    publish(device, event);
    withdraw(kernel);
  } else {
    hand_event_release(event);
  }
  SP_STEP("enter");
  device_holds[kernel->device] |= missing;
  for (unsigned d = 0; d < REPLAY_DEVICES; d++) {
    device_holds[d] &= ~written;
  }
  host_holds &= ~written;
  *(is_shared(kernel->device) ? &host_holds : &device_holds[kernel->device]) |= written;
}

void replay_evict(unsigned d) {
  SP_STEP("lacking");
  unsigned lacking = 0;
  for (unsigned page = 0; page < setting.pages; page++) {
    unsigned state = state_of(&memory, first_page() + page);
    lacking |= (state == SP_DEV0 + d || state == SP_FETCH || state == SP_FETCHW) << page;
  }
  if (lacking) {
    bring_pages_home(lacking);
  }
  SP_STEP("evacuated");
  withdrawn_to = 0;
  host_holds |= valid_pages();
  SP_STEP("forget");
  forget_window(d);
  SP_STEP("free");
  free_window(d);
}

void replay_close_range(void) {
  CHECK_EQUALS(sp_close_pages(memory.reservation, first_page(), setting.pages), 0);
  SP_STEP("drain");
  SP_STEP("closed");
  for (unsigned d = 0; d < REPLAY_DEVICES; d++) {
    if (devices[d].bytes) {
      forget_window(d);
      free_window(d);
    }
  }
}

// ---- traces

static unsigned entry_of(unsigned page) {
  return page_entry(memory.context->kernel.pagemap, sp_user_page(memory.reservation, first_page() + page));
}

struct replay_state replay_look(void) {
  struct replay_state state = {.flag = flag_of(&memory, block), .host_holds = host_holds};
  for (unsigned page = 0; page < setting.pages; page++) {
    state.word[page] = state_of(&memory, first_page() + page);
    state.entry[page] = entry_of(page);
  }
  for (unsigned cell = 0; cell < CELLS; cell++) {
    state.frame[cell] = exists(cell) ? get(frames(), cell) : 0;
    for (unsigned d = 0; d < REPLAY_DEVICES; d++) {
      state.window[d * CELLS + cell] = exists(cell) && devices[d].bytes ? get(devices[d].bytes, cell) : GARBAGE;
    }
  }
  memcpy(state.device_holds, device_holds, sizeof device_holds);
  return state;
}

struct sp_context *replay_context(void) {
  return memory.context;
}

void replay_open(unsigned traces) {
  struct sp_config config = usual_config();
  config.handlers = config.helpers = 1;
  config.around = SP_AROUND_UNIT;
  config.ahead_bytes = 0;
  memory = reserve(open_context(config), (uint64_t)traces * SP_BLOCK_BYTES);
}

void replay_close(void) {
  CHECK_EQUALS(sp_close(memory.context), 0);
}

// Each has a block of its own. Other pages of the unit are a device's that nobody reads.
void replay_begin(unsigned trace, const struct replay_setting *wanted) {
  block = trace;
  setting = *wanted;
  withdrawn_to = 0;
  host_holds = setting.starts_on_device ? 0 : all_pages();
  CHECK_EQUALS(withdraw_pages(&memory, ELSEWHERE, first_page() + setting.pages, SP_UNIT_PAGES - setting.pages), 0);
  fill(frames(), setting.starts_on_device ? GARBAGE : 0);
  if (setting.starts_on_device) {
    open_window(0, 0);
    CHECK_EQUALS(withdraw_pages(&memory, 0, first_page(), setting.pages), 0);
    device_holds[0] = all_pages();
  }
  uint64_t written = 0;
  CHECK(sp_scan_claimed(memory.reservation, first_page(), setting.pages, first_page(), &written) >= 0, "can't scan");
}

void replay_end(void) {
  for (unsigned d = 0; d < REPLAY_DEVICES; d++) {
    if (devices[d].bytes) {
      forget_window(d);
      free_window(d);
    }
    device_holds[d] = 0;
  }
}

#include "manager.h"

struct device {
  pthread_mutex_t order;  // enqueueing and publishing the event are one step
  struct fake_queue *fetches, *commands;
  struct sp_opencl opencl;
  struct fake_buffer buffer;  // its bytes: the window, NULL if there is none
  struct sp_window *window;
};

// What a page's lease protects: `writer` excludes all, `prep` excludes prep and writer.
struct page {
  bool writer, prep;
  int readers;
  uint8_t valid;      // a bit for each device
  uint8_t exclusive;  // 1 + the device that it was withdrawn to, and it is not mapped since; guarded by `lock`
  struct fake_event *upload[DEVICES];
};

static struct memory memory;
static struct device devices[DEVICES];
static struct page pages[MANAGED_PAGES];
static unsigned device_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static atomic_long launches, skipped, evictions, unmappings, reopenings, sent_edges;

static bool is_remote(uint64_t page) {
  return state_of(&memory, page) >= SP_DEV0;
}

// ---- devices

static void run_kernel(void *argument) {
  struct kernel_call call;
  memcpy(&call, argument, sizeof call);
  call.kernel(&call);
}

static void open_window(unsigned d) {
  struct device *device = &devices[d];
  device->buffer = (struct fake_buffer){malloc(MANAGED_PAGES * SP_PAGE_BYTES), MANAGED_PAGES * SP_PAGE_BYTES};
  memset(device->buffer.bytes, 0xEE, device->buffer.size);
  device->window = calloc(1, sizeof *device->window);
  *device->window = (struct sp_window){.kind = d == MEMORY_DEVICE ? SP_FETCH_MEMORY : SP_FETCH_OPENCL,
      .memory = d == MEMORY_DEVICE ? (uint64_t)device->buffer.bytes : (uint64_t)&device->buffer, .size_bytes = device->buffer.size,
      .range = 1, .opencl = &device->opencl};
  sp_set_windows(memory.reservation, d, 0, MANAGED_PAGES / SP_UNIT_PAGES, device->window);
}

static void close_window(unsigned d) {
  struct device *device = &devices[d];
  sp_set_windows(memory.reservation, d, 0, MANAGED_PAGES / SP_UNIT_PAGES, NULL);
  uint64_t producer = sp_set_producer(device->window, 0, 0, 0);
  sp_forget_window(device->window);
  if (producer) {
    fake_release((struct fake_event *)producer);
  }
  memset(device->buffer.bytes, 0xDD, device->buffer.size);
  free(device->buffer.bytes);
  free(device->window);
  device->buffer.bytes = NULL;
  device->window = NULL;
}

static void note_upload(unsigned d, uint64_t page, struct fake_event *event) {
  if (pages[page].upload[d]) {
    fake_release(pages[page].upload[d]);
  }
  pages[page].upload[d] = event;
}

static void upload(unsigned d, uint64_t page) {
  struct device *device = &devices[d];
  pthread_mutex_lock(&device->order);
  if (d == MEMORY_DEVICE) {
    memcpy(device->buffer.bytes + page * SP_PAGE_BYTES, manager_cells(&memory, page), SP_PAGE_BYTES);
  } else {
    void *event;
    device->opencl.enqueue_write(device->commands, &device->buffer, 0, page * SP_PAGE_BYTES, SP_PAGE_BYTES, manager_cells(&memory, page),
        0, NULL, &event);
    note_upload(d, page, event);
  }
  pthread_mutex_unlock(&device->order);
}

static void enqueue_kernel(unsigned d, const struct launch *launch) {
  struct device *device = &devices[d];
  struct kernel_call call = launch->call;
  call.window = &device->buffer.bytes;
  pthread_mutex_lock(&device->order);
  if (d == MEMORY_DEVICE) {
    call.kernel(&call);
  } else {
    struct fake_event *event = fake_enqueue_kernel(device->commands, run_kernel, &call, sizeof call);
    uint64_t before = launch->writes ? sp_set_producer(device->window, 0, (uint64_t)event, 1) : (uint64_t)event;
    if (before) {
      fake_release((struct fake_event *)before);
    }
  }
  pthread_mutex_unlock(&device->order);
}

static void nothing(void *argument) {
  (void)argument;
}

// ---- leases

static bool is_free(uint64_t page, bool exclusive) {
  return !pages[page].writer && !pages[page].prep && (!exclusive || !pages[page].readers);
}

static bool are_free(const uint64_t *list, unsigned count, bool exclusive) {
  for (unsigned i = 0; i < count; i++) {
    if (!is_free(list[i], exclusive)) {
      return false;
    }
  }
  return true;
}

static void hold(const uint64_t *list, unsigned count, bool exclusive) {
  while (!are_free(list, count, exclusive)) {
    pthread_cond_wait(&released, &lock);
  }
  for (unsigned i = 0; i < count; i++) {
    *(exclusive ? &pages[list[i]].writer : &pages[list[i]].prep) = true;
  }
}

// The end of R3: flags of blocks in which nothing is mapped are cleared.
static void clear_flags(const uint64_t *list, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    uint64_t block = list[i] / 512;
    if (flag_of(&memory, block)) {
      sp_clear_flags(memory.reservation, block, 1);
      for (uint64_t page = block * 512; page < (block + 1) * 512; page++) {
        pages[page].exclusive = is_remote(page) ? pages[page].exclusive : 0;
      }
    }
  }
}

static void release(const uint64_t *list, unsigned count, bool writer) {
  pthread_mutex_lock(&lock);
  for (unsigned i = 0; i < count; i++) {
    if (writer) {
      pages[list[i]].writer = false;
    } else {
      pages[list[i]].readers--;
    }
  }
  if (writer) {
    clear_flags(list, count);
  }
  pthread_cond_broadcast(&released);
  pthread_mutex_unlock(&lock);
}

static void prepare_to_reader(const struct launch *launch) {
  pthread_mutex_lock(&lock);
  for (unsigned i = 0; i < launch->page_count; i++) {
    pages[launch->page[i]].prep = false;
    pages[launch->page[i]].readers++;
  }
  pthread_cond_broadcast(&released);
  pthread_mutex_unlock(&lock);
}

// ---- R2, R3, R4

static void scan(uint64_t page) {
  uint64_t written = 0;
  CHECK(sp_scan(memory.reservation, page, 1, &written) >= 0, "page %llu", (unsigned long long)page);
  if (written) {
    pages[page].valid = 0;
  }
}

static void not_exclusive(uint64_t page) {
  pthread_mutex_lock(&lock);
  pages[page].exclusive = 0;
  pthread_mutex_unlock(&lock);
}

static void make_valid(const struct launch *launch) {
  unsigned d = launch->device;
  struct sp_run runs[LAUNCH_PAGES] = {0};
  unsigned missing = 0;
  for (unsigned i = 0; i < launch->page_count; i++) {
    uint64_t page = launch->page[i];
    scan(page);
    if (!(pages[page].valid >> d & 1) && !launch->overwrites) {
      not_exclusive(page);
      runs[missing++] = (struct sp_run){page, 1};
    }
  }
  CHECK_EQUALS(sp_bring_home(memory.reservation, runs, missing, 0), 0);
  for (unsigned i = 0; i < missing; i++) {
    upload(d, runs[i].first_page);
    pages[runs[i].first_page].valid |= (uint8_t)(1 << d);
  }
}

// What is still to be read from the frames for other devices must not see what a fetch brings later.
static void await_uploads_elsewhere(const struct launch *launch) {
  for (unsigned i = 0; i < launch->page_count; i++) {
    for (unsigned e = 0; e < device_count; e++) {
      struct fake_event *event = pages[launch->page[i]].upload[e];
      if (e != launch->device && event) {
        fake_wait(event);
      }
    }
  }
}

// The bytes around slices are read from the frames until the queue has got there.
static void note_sent_edges(struct launch *launch) {
  bool any = false;
  for (unsigned i = 0; i < launch->slice_count; i++) {
    any |= launch->slice[i].sent_edges != 0;
    atomic_fetch_add(&sent_edges, launch->slice[i].sent_edges != 0);
  }
  for (unsigned i = 0; any && launch->device != MEMORY_DEVICE && i < launch->page_count; i++) {
    note_upload(launch->device, launch->page[i], fake_enqueue_kernel(devices[launch->device].commands, nothing, "", 1));
  }
}

static bool can_skip(const struct launch *launch) {
  bool skip = true;
  pthread_mutex_lock(&lock);
  for (unsigned i = 0; i < launch->page_count; i++) {
    uint64_t page = launch->page[i];
    skip &= !flag_of(&memory, page / 512) && pages[page].exclusive == launch->device + 1;
  }
  pthread_mutex_unlock(&lock);
  return skip;
}

static void withdraw(struct launch *launch) {
  if (can_skip(launch)) {
    atomic_fetch_add(&skipped, 1);
  } else {
    CHECK_EQUALS(sp_withdraw(memory.reservation, launch->device, launch->slice, launch->slice_count), 0);
    note_sent_edges(launch);
  }
  for (unsigned i = 0; i < launch->page_count; i++) {
    struct page *page = &pages[launch->page[i]];
    page->valid = (uint8_t)(1 << launch->device);
    pthread_mutex_lock(&lock);
    page->exclusive = (uint8_t)(launch->device + 1);
    pthread_mutex_unlock(&lock);
  }
}

void manager_launch(struct launch *launch) {
  atomic_fetch_add(&launches, 1);
  pthread_mutex_lock(&lock);
  hold(launch->page, launch->page_count, launch->writes);
  if (!devices[launch->device].window) {
    open_window(launch->device);
  }
  pthread_mutex_unlock(&lock);
  make_valid(launch);
  if (launch->writes) {
    await_uploads_elsewhere(launch);
  } else {
    prepare_to_reader(launch);
  }
  enqueue_kernel(launch->device, launch);
  if (launch->writes) {
    withdraw(launch);
  }
  release(launch->page, launch->page_count, launch->writes);
}

static unsigned all_pages(uint64_t *list) {
  for (uint64_t page = 0; page < MANAGED_PAGES; page++) {
    list[page] = page;
  }
  return MANAGED_PAGES;
}

static void bring_home_from(unsigned d) {
  static __thread struct sp_run runs[MANAGED_PAGES];
  unsigned count = 0;
  for (uint64_t page = 0; page < MANAGED_PAGES; page++) {
    unsigned state = state_of(&memory, page);
    if (state == SP_DEV0 + d || state == SP_FETCH || state == SP_FETCHW) {
      not_exclusive(page);
      runs[count++] = (struct sp_run){page, 1};
    }
  }
  CHECK_EQUALS(sp_bring_home(memory.reservation, runs, count, 0), 0);
}

void manager_evict(unsigned d) {
  static uint64_t list[MANAGED_PAGES];
  pthread_mutex_lock(&lock);
  hold(list, all_pages(list), true);
  bool exists = devices[d].window != NULL;
  pthread_mutex_unlock(&lock);
  if (exists) {
    atomic_fetch_add(&evictions, 1);
    bring_home_from(d);
    for (uint64_t page = 0; page < MANAGED_PAGES; page++) {
      pages[page].valid &= (uint8_t)~(1 << d);
    }
    if (d != MEMORY_DEVICE) {
      fake_queue_finish(devices[d].commands);
    }
    close_window(d);
  }
  release(list, MANAGED_PAGES, true);
}

void manager_unmap(uint64_t page) {
  atomic_fetch_add(&unmappings, 1);
  pthread_mutex_lock(&lock);
  hold(&page, 1, true);
  pthread_mutex_unlock(&lock);
  uint64_t written = 0;
  CHECK(sp_unmap(memory.reservation, page, 1, &written) >= 0, "page %llu", (unsigned long long)page);
  if (written) {
    pages[page].valid = 0;
  }
  release(&page, 1, true);
}

void manager_reopen(uint64_t first_page, uint64_t page_count) {
  uint64_t list[64];
  CHECK(page_count <= 64, "%llu pages", (unsigned long long)page_count);
  atomic_fetch_add(&reopenings, 1);
  for (uint64_t i = 0; i < page_count; i++) {
    list[i] = first_page + i;
  }
  pthread_mutex_lock(&lock);
  hold(list, (unsigned)page_count, true);
  pthread_mutex_unlock(&lock);
  CHECK_EQUALS(sp_close_pages(memory.reservation, first_page, page_count), 0);
  for (unsigned d = 0; d < device_count; d++) {
    if (d != MEMORY_DEVICE) {
      fake_queue_finish(devices[d].commands);
    }
  }
  CHECK_EQUALS(sp_discard_pages(memory.reservation, first_page, page_count), 0);
  CHECK_EQUALS(sp_open_pages(memory.reservation, first_page, page_count), 0);
  for (uint64_t i = 0; i < page_count; i++) {
    pages[list[i]].valid = 0;
    not_exclusive(list[i]);
  }
  release(list, (unsigned)page_count, true);
}

// ---- open and close

struct memory *manager_open(struct sp_config config, unsigned count) {
  device_count = count;
  memory = reserve(open_context(config), MANAGED_PAGES * SP_PAGE_BYTES);
  for (unsigned d = 0; d < count; d++) {
    struct device *device = &devices[d];
    pthread_mutex_init(&device->order, NULL);
    device->fetches = fake_queue_open(2 * d + 1);
    device->commands = fake_queue_open(2 * d + 2);
    device->opencl = fake_opencl(device->fetches, device->commands);
    fake_queue_delay(device->commands, 60);
    fake_queue_delay(device->fetches, 20);
  }
  return &memory;
}

void manager_close(void) {
  for (unsigned d = 0; d < device_count; d++) {
    manager_evict(d);
    fake_queue_close(devices[d].fetches);
    fake_queue_close(devices[d].commands);
  }
  for (uint64_t page = 0; page < MANAGED_PAGES; page++) {
    for (unsigned d = 0; d < DEVICES; d++) {
      note_upload(d, page, NULL);
    }
  }
  CHECK_EQUALS(sp_close(memory.context), 0);
  CHECK_EQUALS(fake_live_events(), 0);
}

void manager_print(void) {
  struct sp_statistics s = statistics_of(memory.context);
  printf("    %ld launches (%ld needed no withdrawal), %ld evictions, %ld unmappings, %ld reopenings, %ld slices with sent edges\n",
      launches, skipped, evictions, unmappings, reopenings, sent_edges);
  printf("    %lu faults, %lu of them on claimed pages, %lu wakes, %lu pages fetched (%lu grown, %lu ahead), %lu withdrawn, %lu found"
         " written, EEXIST %lu, EAGAIN %lu, EFAULT %lu\n", s.faults, s.dropped, s.wakes, s.fetched_pages, s.grown_pages, s.ahead_pages,
      s.withdrawn_pages, s.written_pages, s.already_mapped, s.interrupted_maps, s.new_frames);
}

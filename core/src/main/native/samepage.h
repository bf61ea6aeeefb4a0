// libsamepage: host memory whose pages are fetched from devices when they are touched.
//
// A reservation is a memfd mapped twice. Programs touch the user view, which userfaultfd watches; every copy goes through the
// manager view. Who has a page stands in a table of words, four bits a page; the rules by which words change are those of the
// fault-table protocol, and the comments name them R1 to R5 as it does:
//
//   R1  BUSY and FETCH are claims: only their owner fetches into the frame, maps, unmaps or changes the state. Owners are calls
//       into this library and its threads; a claim never outlives a call. An owner waits for nothing but a device.
//   R2  Before a device reads: scan, then ask for the words; bring home what it lacks.
//   R3  A kernel is enqueued first, the host's copies are withdrawn second.
//   R4  Before a window is freed, its pages are brought home and claims on them have ended.
//   R5  Nothing that a device queue waits for may need a Java thread, but for one inside sp_launch, where no Java runs.
//
// All calls answer 0 or a count, or a negative errno. Any thread may call, unless a call says otherwise. Calls may block for as
// long as a device does (config.timeout_millis at most) and take no lock that outlives them.
#ifndef SAMEPAGE_H
#define SAMEPAGE_H

#include <stdint.h>

#define SP_API __attribute__((visibility("default")))

enum {
  SP_PAGE_BYTES = 4096,
  SP_UNIT_PAGES = 16,  // a word's pages; what a fault brings at least
  SP_UNIT_BYTES = SP_PAGE_BYTES * SP_UNIT_PAGES,
  SP_BLOCK_UNITS = 32,
  SP_BLOCK_BYTES = SP_UNIT_BYTES * SP_BLOCK_UNITS,
  SP_DEVICES = 8,
};

// What four bits of a word say. W: somebody must be woken when the claim ends.
enum sp_state {
  SP_CLOSED,  // belongs to no range
  SP_HOSTU,   // the frame is valid, the page is not mapped in the user view
  SP_HOSTM,   // the frame is valid, the page may be mapped, and may have been written
  SP_BUSY,    // claimed, the frame is valid
  SP_BUSYW,
  SP_FETCH,  // claimed, the frame is not valid
  SP_FETCHW,
  SP_POISON,  // the only valid copy was lost
  SP_DEV0,    // device 0 has the only valid copy; SP_DEV0 + d for device d
};

// Words are stored xor this, so that memory nobody has touched says HOSTU everywhere and costs nothing.
#define SP_WORD_UNTOUCHED 0x1111111111111111ull

// What a thread reads that touches a poisoned page, or one of a range that was closed: this, in every four bytes.
#define SP_PATTERN 0xDEADBEEFu

// How many pages a fault brings.
enum sp_around {
  SP_AROUND_PAGE,   // the touched one
  SP_AROUND_UNIT,   // its unit
  SP_AROUND_DENSE,  // its unit, then larger parts of the block once more than half of their units are in use
};

struct sp_config {
  uint32_t handlers;           // threads that serve faults, 1 to 32: as many touches can wait for kernels before others wait too
  uint32_t helpers;            // threads that bring what nobody has asked for yet, 1 to 8
  uint32_t around;             // enum sp_around
  uint32_t spin_micros;        // how long a handler looks for the next fault before it sleeps
  uint32_t fetch_spin_micros;  // how long a fetch is polled without a pause
  uint32_t bound_processors;   // on at most so many processors handlers are bound, some to each; else to none
  uint64_t timeout_millis;     // after this a fetch has failed
  uint64_t ahead_bytes;        // the most that is read ahead of threads that touch in order; 0: nothing
};

struct sp_context;
struct sp_reservation;
struct sp_signal;

// Addresses of a reservation. They are valid until it is given back.
struct sp_views {
  uint64_t user;     // what programs touch, aligned to blocks
  uint64_t manager;  // the same frames, never protected
  uint64_t words;    // uint64_t for each unit, xor SP_WORD_UNTOUCHED; read with acquire, never written by the caller
  uint64_t flags;    // uint8_t for each block: 0 if none of its pages is mapped
};

enum sp_fetcher {
  SP_FETCH_MEMORY = 1,  // the window is memory of this process, and complete whenever a word says that its device has a page
  SP_FETCH_OPENCL = 2,
  SP_FETCH_SHARED = 3,  // the window is the frames themselves: what is waited for is as for the device's kind, and nothing is copied
};

// An OpenCL device's functions and queues. Filled by the caller, constant, valid while a window names it.
struct sp_opencl {
  int32_t (*enqueue_read)(void *queue, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, void *target, uint32_t waits,
      void *const *wait_list, void **event);
  int32_t (*enqueue_write)(void *queue, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
      uint32_t waits, void *const *wait_list, void **event);
  int32_t (*flush)(void *queue);
  int32_t (*event_info)(void *event, uint32_t name, uint64_t size, void *value, uint64_t *size_returned);
  int32_t (*retain_event)(void *event);
  int32_t (*release_event)(void *event);
  void *fetch_queue;    // in order, used by this library alone
  void *command_queue;  // in order, where the caller enqueues uploads
};

// A stream of a CUDA device.
struct sp_cuda_queue {
  const struct sp_cuda *cuda;
  void *stream;
};

// A CUDA device: the driver's functions, its context, a stream that this library alone uses and the one of the caller's uploads. Filled
// by the caller, constant, valid while a window or an event names it.
struct sp_cuda {
  int32_t (*push_context)(void *context);
  int32_t (*pop_context)(void **context);
  int32_t (*copy_to_host)(void *target, uint64_t source, uint64_t bytes, void *stream);
  int32_t (*copy_to_device)(uint64_t target, const void *source, uint64_t bytes, void *stream);
  int32_t (*create_event)(void **event, uint32_t flags);
  int32_t (*record_event)(void *event, void *stream);
  int32_t (*query_event)(void *event);
  int32_t (*destroy_event)(void *event);
  int32_t (*synchronize)(void *stream);
  void *context;
  struct sp_cuda_queue fetch_queue, command_queue;
};

// An event of such a device and how many use it. The caller's are its own: it may use one again that has no user.
struct sp_cuda_event {
  void *event;
  _Atomic int32_t users;
  int32_t is_ours;  // own: 0 in the caller's
  const struct sp_cuda *cuda;
};

// Behind which event a window's contents are complete, as far as one of the caller's queues is concerned. Own: see sp_set_producer.
struct sp_producer {
  uint64_t event;
  uint64_t launches;
};
enum { SP_QUEUES = 8 };

// Device memory that backs a run of a reservation. Filled by the caller, zero where nothing is said; stays until R4 has been
// followed for all its pages and sp_forget_window was called. Fields marked own belong to the library.
struct sp_window {
  uint32_t kind;         // enum sp_fetcher
  uint32_t lock;         // own
  uint64_t memory;       // MEMORY: its address; OPENCL: the cl_mem; SHARED: anything
  uint64_t first_byte;   // the byte of the reservation that the window's first byte backs, a multiple of the page size
  uint64_t size_bytes;
  uint64_t range;        // any number that windows of one range have in common: read-ahead ends where it changes
  uint64_t edge;         // own: the event of the last upload that a withdrawal enqueued
  const struct sp_opencl *opencl;  // OPENCL and, where the device has producers, SHARED
  uint64_t faults;         // own, counters: touches that fetched
  uint64_t fetched_pages;  // own
  uint64_t ahead_pages;    // own: of these, brought by read-ahead
  uint64_t poisoned_pages;  // own
  struct sp_producer producers[SP_QUEUES];  // own, one for each of the caller's queues
};

struct sp_run {
  uint64_t first_page, page_count;  // pages of the reservation
};

// A part of a reservation that a kernel has declared to write.
struct sp_slice {
  uint64_t first_byte, end_byte;  // bytes of the reservation; at the end of a range rounded up to a page
  uint64_t sent_edges;            // out: SP_EDGE_FIRST, SP_EDGE_LAST
};
enum { SP_EDGE_FIRST = 1, SP_EDGE_LAST = 2 };

struct sp_statistics {
  uint64_t faults;            // events read
  uint64_t dropped;           // of these, on pages that were claimed: their threads are woken when the claim ends
  uint64_t fetches;           // claims that were filled from a device
  uint64_t fetched_pages;     // pages that came from devices, all in all; not those of SP_FETCH_SHARED, which were there
  uint64_t fetch_nanos;
  uint64_t around_pages;      // brought because another page of their unit was touched, out of order
  uint64_t around_used_pages;  // of these, in units that were touched once more
  uint64_t grown_pages;       // brought because their part of the block was in use
  uint64_t grown_used_pages;  // of these, in parts that were touched afterwards
  uint64_t ahead_pages;       // brought by read-ahead
  uint64_t ahead_used_pages;  // of these, in parts that were touched afterwards
  uint64_t wakes;             // wake-ups of threads that found a claimed page
  uint64_t already_mapped;    // EEXIST
  uint64_t interrupted_maps;  // EAGAIN
  uint64_t new_frames;        // EFAULT: frames that did not exist yet
  uint64_t withdrawn_pages;   // unmapped in favour of a device
  uint64_t edge_bytes;        // host bytes around a slice that were sent beside the kernel
  uint64_t scans;
  uint64_t scan_nanos;
  uint64_t written_pages;     // found written
  uint64_t poisoned_pages;
  uint64_t poison_touches;    // touches of poisoned pages that were not mapped
  uint64_t closed_touches;    // touches of pages of no range
  uint64_t pending_reads;     // now: timed out reads that the driver may still carry out
  uint64_t errors;            // answers of the system or a driver that should not be
};

// What is counted for one range, which the caller gives, zero but for the number. It stays as long as the context.
struct sp_range_counts {
  uint64_t unit_count;
  struct sp_statistics statistics;  // what happens to no page, such as wakes, is counted for the context alone
};

// Starts the handler. Refused with -EPERM, -ENOSYS, -ENOTSUP, -EINVAL or what else the system answers where it can't be had; `reason` says
// why and, in a second line, what to change where there is something.
SP_API int sp_open(const struct sp_config *config, struct sp_context **context, char *reason, uint64_t reason_bytes);

// Stops all threads and gives back all reservations. No other call may be under way or follow. A thread that waits in a touch goes
// on; it reads what the frame holds. Answers the number of timed out reads that a driver may still carry out: the memory that they
// write to stays mapped.
SP_API int sp_close(struct sp_context *context);

// Takes address space, a multiple of SP_BLOCK_BYTES. All of it reads as zero.
SP_API int sp_reserve(struct sp_context *context, uint64_t size_bytes, struct sp_reservation **reservation, struct sp_views *views);

// Gives it back. All its pages were closed; nobody touches it any more. Answers like sp_close.
SP_API int sp_unreserve(struct sp_reservation *reservation);

// Gives pages to a range: whole units. They are HOSTU and read as zero. -EBUSY while a timed out read may still write to them.
SP_API int sp_open_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);

// Takes pages from their range (R4, the last step): waits for claims, then nothing is mapped any more. A thread that touches one
// afterwards reads SP_PATTERN (zero where nothing was ever touched); nobody hangs. Answers the number of timed out reads that may
// still write to them; these pages can't be opened before that is 0 (sp_pending_reads).
SP_API int sp_close_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);

// Makes pages that are the host's as they were at first: not mapped, and zero, in new frames or in the frames that they have. Waits for
// others' claims, and is one itself: who touches such a page meanwhile waits. On an error some of them may keep what they had.
SP_API int sp_zero_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, int keeps_frames);

// Gives back the frames of closed pages, once no device command reads or writes them any more.
SP_API int sp_discard_pages(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);

SP_API int sp_pending_reads(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count);

// Says where a device keeps units; 0: nowhere. Before any word can name the device for their pages.
SP_API int sp_set_windows(struct sp_reservation *reservation, uint32_t device, uint64_t first_unit, uint64_t unit_count,
    struct sp_window *window);

// Fills in a CUDA device as windows name devices: they and the events that the caller sets are the device's, SP_FETCH_OPENCL is the kind.
SP_API void sp_adapt_cuda(const struct sp_cuda *cuda, struct sp_opencl *adapted);

// Says which event the contents of a window are complete with as far as a queue of the caller's, 0 to SP_QUEUES - 1, writes to it: of the
// last such command, flushed, retained by the caller; 0: nothing there is awaited. A fetch waits for those of all queues, `launches` times
// as long as for anything else: so many are in the queues up to it. In the order of the queue, and before any word can name the device.
// Answers the one before, which the library does not use any more once this returns.
SP_API uint64_t sp_set_producer(struct sp_window *window, uint32_t queue, uint64_t event, uint64_t launches);

// Before a window's memory is given back, once R4 was followed: lets go of what the library holds. The caller takes the producers.
SP_API void sp_forget_window(struct sp_window *window);

// R2, prefetch: makes the host's frames valid, and maps them if `map` is 1. Waits for others' claims. The pages are leased.
// Answers how many pages are poisoned.
SP_API int64_t sp_bring_home(struct sp_reservation *reservation, const struct sp_run *runs, uint64_t run_count, int32_t map);

// R3: withdraws the host's copies in favour of a device, after the kernel was enqueued and its event published. Slices ascend and
// don't overlap; pages that they cover in part are the ones that scans and uploads see to: what the host has written there, outside
// of all slices, is enqueued on the device's command queue, beside the kernel, before the claim ends, and `sent_edges` says so: these
// frames are read until the queue gets there. Answers how many pages stay poisoned: those that are covered in part, and those that
// a timed out read may still write to.
SP_API int64_t sp_withdraw(struct sp_reservation *reservation, uint32_t device, struct sp_slice *slices, uint64_t slice_count);

// R2: finds which pages were written since the last scan and starts again. Sets bit i of the zeroed `written` for first_page + i;
// answers how many. Blocks whose flag is 0 are passed over. Pages that others map meanwhile are waited for, as they are no written ones.
// One thread at a time for each page.
SP_API int64_t sp_scan(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t *written);

// Unmaps pages that stay valid, so that scans can pass over them. Answers like sp_scan, whose place it takes for these pages.
SP_API int64_t sp_unmap(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint64_t *written);

// R3, the end, under the caller's lock: clears the flags of blocks in which nothing is mapped. Answers how many stay set.
SP_API int64_t sp_clear_flags(struct sp_reservation *reservation, uint64_t first_block, uint64_t block_count);

// What happens outside of the library. SP_HOSTU: the frames are overwritten as a whole; devices' copies and poison end. Before the first
// byte is written: a touch in between would fetch a device's bytes over them.
// SP_DEV0 + d: device d has lost what it alone had of these pages, which is poisoned then. Other pages stay as they are.
// -EBUSY while a timed out read may still write to frames that are to be HOSTU.
SP_API int sp_mark(struct sp_reservation *reservation, uint64_t first_page, uint64_t page_count, uint32_t state);

// Has what happens to the pages of a range counted for it, too, from now on; NULL: no more. Ranges don't overlap.
SP_API int sp_count_range(struct sp_reservation *reservation, uint64_t first_page, struct sp_range_counts *counts);

SP_API void sp_statistics(struct sp_context *context, struct sp_statistics *statistics);

// A thread's sleep until a driver calls sp_signal_call, whose address it is given together with the signal. Needs no context.
// NULL: no memory.
SP_API struct sp_signal *sp_signal_open(void);

// Called once, by whatever thread; as CL_CALLBACK of clSetEventCallback wants it. The signal must not be used by the caller any more.
SP_API void sp_signal_call(void *event, int32_t status, struct sp_signal *signal);

// Answers 1 once it was called, 0 after so long. By the thread that opened it.
SP_API int32_t sp_signal_await(struct sp_signal *signal, int64_t timeout_nanos);

// Once by the thread that opened it; once more by the same where no driver will call.
SP_API void sp_signal_drop(struct sp_signal *signal);

// What sp_launch calls: an OpenCL driver's functions, constant.
struct sp_launch_calls {
  void *(*create_user_event)(void *context, int32_t *error);
  int32_t (*set_user_event_status)(void *event, int32_t status);
  int32_t (*enqueue_write)(void *queue, void *memory, uint32_t blocking, uint64_t offset, uint64_t size, const void *source,
      uint32_t waits, void *const *wait_list, void **event);
  int32_t (*enqueue_kernel)(void *queue, void *kernel, uint32_t dimensions, const uint64_t *offset, const uint64_t *global,
      const uint64_t *local, uint32_t waits, void *const *wait_list, void **event);
  int32_t (*flush)(void *queue);
  int32_t (*release_event)(void *event);
};

struct sp_upload {
  void *memory;
  uint64_t offset, size;
  const void *source;
  void *event;  // out: the caller's to release; NULL: not enqueued
};

struct sp_launch {
  const struct sp_launch_calls *calls;
  void *context;
  void *upload_queue;  // in order
  void *kernel_queue;
  void *kernel;        // its arguments are set
  uint64_t dimensions;
  const uint64_t *global;
  const uint64_t *local;  // or NULL
  struct sp_upload *uploads;
  uint64_t upload_count;  // at least 1
  void *event;            // out: the kernel's, the caller's to release; NULL: not enqueued
  void *gate;             // a user event that nothing waits for, or NULL; taken. Out: the next one, the caller's, or NULL
};

// Enqueues uploads and a kernel that comes behind them. No upload begins before the kernel is in its queue. Answers 0, or the driver's
// first error: what was enqueued before it stays so. Needs no context of this library.
SP_API int32_t sp_launch(struct sp_launch *launch);

// The last thing counted in statistics.errors. Answers the text's length, 0 if there is none.
SP_API int sp_last_error(struct sp_context *context, char *text, uint64_t text_bytes);

#endif

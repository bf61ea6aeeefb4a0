// A test double of NVIDIA's driver library, libcuda.so.1: devices that are made up, whose memory and kernels are this process's own. It
// lets the back end's calls, their order and their failures be tested where there is no GPU. It shows nothing of how a GPU works, and
// says of itself that it is a double wherever it is asked for a name.
//
//   driver.c   devices, contexts, errors                 memory.c   device memory, registered host memory
//   stream.c   streams and events: a thread for each     vmm.c      reserved addresses, and memory that is mapped there
//   copies.c   copies, of rows too, and fills
//   module.c   PTX as far as kernels are found in it     kernels.c  what kernels of tests and samples do
//   control.c  what tests tell it and ask of it          host.c     pinned host memory of the driver's own, blocking copies
//   managed.c  managed memory
//
// Lock order: stream locks before the lock of vmm.c before memory_lock before nothing; no lock is held while a kernel runs.
#ifndef SAMEPAGE_DOUBLE_H
#define SAMEPAGE_DOUBLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define API __attribute__((visibility("default")))

typedef uint64_t address;  // of the double's device memory: nothing is mapped there
typedef int result;

// CUDA's numbers.
enum {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  DEVICE_UNAVAILABLE = 46,
  INVALID_CONTEXT = 201,
  NO_BINARY_FOR_GPU = 209,
  INVALID_PTX = 218,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  PEER_ACCESS_ALREADY_ENABLED = 704,
  CONTEXT_IS_DESTROYED = 709,
  HOST_MEMORY_ALREADY_REGISTERED = 712,
  HOST_MEMORY_NOT_REGISTERED = 713,
  LAUNCH_FAILED = 719,
  NOT_SUPPORTED = 801,
};

enum { DEVICES = 4, CONTEXTS = 32, CONTEXT_STACK = 32, ATTRIBUTES = 128 };

// What a device is asked for by number, where the double goes by it.
enum {
  INTEGRATED = 18,
  PAGEABLE_MEMORY_ACCESS = 88,
  CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM = 91,
  HOST_REGISTER_SUPPORTED = 99,
};

struct context {
  int device, number;
  _Atomic uint32_t retained;
  _Atomic result error;  // sticky: once a kernel has failed, every call says so
  uint64_t peers;        // bits: contexts whose memory it may use
  long pending;          // commands in its streams
};

struct device {
  char name[96];
  uint64_t memory_bytes;
  _Atomic uint64_t used_bytes;
  int major, minor, compute_mode;
  int told[ATTRIBUTES];  // what a test has said of an attribute, and 1
};

struct settings {
  int device_count, driver_version;
  bool peers_allowed;
  uint64_t most_registered_bytes;
  uint64_t granularity;  // of memory that is mapped; 0: devices have no virtual memory management
  uint64_t most_pitch;
  result init_result;
};

extern struct device devices[DEVICES];
extern struct context contexts[CONTEXTS];  // the primary ones first, then those that programs make
extern struct settings settings;

// driver.c
// The context of the calling thread, checked; NULL if there is none or it has failed, and why.
struct context *current(result *why);
result fail_context(struct context *context, result error);
int attribute(const struct device *device, int number);

// control.c
// Each function of the library asks it first: what a test has told it to answer, or SUCCESS.
result called(const char *function);
#define CALLED()                            \
  do {                                      \
    result told_ = called(__func__);        \
    if (told_ != SUCCESS) return told_;     \
  } while (0)
// A call that needs a context which has not failed.
#define IN_CONTEXT(context)                            \
  CALLED();                                            \
  result why_ = SUCCESS;                               \
  struct context *context = current(&why_);            \
  if (!context) return why_
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

// memory.c
// Where bytes of device memory really are; NULL if some of them aren't there, or belong to another context that isn't a peer. Host
// memory is where it is, for devices whose attributes say that they may use it.
char *locate(const struct context *context, address at, uint64_t bytes);
address take_addresses(uint64_t bytes, uint64_t alignment);  // 0 if there are none left
enum host_kind { PAGEABLE, PINNED, ACROSS };
enum host_kind host_kind(const void *at, uint64_t bytes);
void forget_memory(const struct context *context);

// managed.c
char *locate_managed(address at, uint64_t bytes);
bool free_managed(address at);

// vmm.c
// As locate, of memory that was mapped: all of it must be, with access for the context's device.
char *locate_virtual(const struct context *context, address at, uint64_t bytes);

// stream.c
struct event;
struct stream;
struct command {
  struct command *next;
  void (*run)(struct command *);
  struct stream *stream;
  struct context *context;
  struct event *event;
  uint64_t number;  // which recording of the event
  void *to_host;
  const void *from_host;
  void *staging;
  struct context *to_context, *from_context;
  address to, from;
  uint64_t bytes;                        // of each row
  uint64_t rows, to_pitch, from_pitch;   // 0 rows: there are none
  uint32_t value, value_bytes;
  const struct kernel *kernel;
  uint32_t grid[3], block[3], shared_bytes;
  char parameters[1024];
};
struct command *new_command(void (*run)(struct command *));
result enqueue(struct context *context, struct stream *stream, struct command *command);
result enqueue_and_wait(struct context *context, struct stream *stream, struct command *command);
void settle(struct context *context);  // until its streams are empty
void hold_streams(bool held);
void hold_stream(struct stream *stream, bool held);
long live_streams(void);
long live_events(void);

// module.c
enum { PARAMETERS = 16 };
struct parameter {
  uint32_t offset, bytes;
};
struct kernel {
  char name[64], signature[128];
  uint32_t parameter_count, parameter_bytes;
  struct parameter parameter[PARAMETERS];
  void (*body)(const struct command *);
  struct kernel *next;
};

// kernels.c
void (*kernel_body(const char *module, const char *kernel))(const struct command *);

#endif

// Copies and fills. As the driver does, a copy from host memory that isn't registered takes the bytes at once, and one to such memory is
// over when the call returns.
#include <stdlib.h>
#include <string.h>

#include "double.h"

static void fail(struct command *command) {
  fail_context(command->context, ILLEGAL_ADDRESS);
}

// By words where that goes: others may look at the memory meanwhile.
static void move(char *to, const char *from, uint64_t bytes) {
  uint64_t i = 0;
  if ((((uintptr_t)to | (uintptr_t)from) & 7) == 0) {
    for (; i + 8 <= bytes; i += 8) {
      __atomic_store_n((uint64_t *)(to + i), __atomic_load_n((const uint64_t *)(from + i), __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    }
  }
  memcpy(to + i, from + i, bytes - i);
}

// From the first byte of the first row to the last of the last.
static uint64_t extent(uint64_t bytes, uint64_t rows, uint64_t pitch) {
  return rows ? (rows - 1) * pitch + bytes : bytes;
}

static void run_copy(struct command *command) {
  if (command->context->error) {
    return;
  }
  char *to = command->to_host ? command->to_host
                              : locate(command->to_context, command->to, extent(command->bytes, command->rows, command->to_pitch));
  const char *from = command->from_host
                         ? command->from_host
                         : locate(command->from_context, command->from, extent(command->bytes, command->rows, command->from_pitch));
  if (!to || !from) {
    fail(command);
    return;
  }
  move(to, from, command->bytes);
  for (uint64_t row = 1; row < command->rows; row++) {
    move(to + row * command->to_pitch, from + row * command->from_pitch, command->bytes);
  }
}

API result cuMemcpyHtoDAsync_v2(address to, const void *from, size_t bytes, struct stream *stream) {
  IN_CONTEXT(context);
  enum host_kind kind = host_kind(from, bytes);
  if (kind == ACROSS || !locate(context, to, bytes)) {
    return INVALID_VALUE;
  }
  struct command *command = new_command(run_copy);
  command->to = to;
  command->to_context = context;
  command->bytes = bytes;
  command->from_host = from;
  if (kind == PAGEABLE) {
    command->from_host = command->staging = malloc(bytes);
    memcpy(command->staging, from, bytes);
  }
  return enqueue(context, stream, command);
}

API result cuMemcpyDtoHAsync_v2(void *to, address from, size_t bytes, struct stream *stream) {
  IN_CONTEXT(context);
  enum host_kind kind = host_kind(to, bytes);
  if (kind == ACROSS || !locate(context, from, bytes)) {
    return INVALID_VALUE;
  }
  struct command *command = new_command(run_copy);
  command->to_host = to;
  command->from = from;
  command->from_context = context;
  command->bytes = bytes;
  return kind == PINNED ? enqueue(context, stream, command) : enqueue_and_wait(context, stream, command);
}

enum { HOST_MEMORY = 1, DEVICE_MEMORY = 2 };

// One side of a copy of rows, and the other.
struct side {
  size_t x, y;
  int type;
  void *host;
  address device;
  void *array;
  size_t pitch;
};
struct rectangle {
  struct side from, to;
  size_t width, height;
};

static bool is_good(const struct side *side, size_t width) {
  return side->pitch >= side->x + width && side->pitch <= settings.most_pitch && !side->array &&
         (side->type == HOST_MEMORY ? side->host != NULL : side->type == DEVICE_MEMORY && side->device);
}

static uint64_t skipped(const struct side *side) {
  return side->y * side->pitch + side->x;
}

static char *staged(const char *from, const struct rectangle *it) {
  char *staging = malloc(it->width * it->height);
  for (size_t row = 0; row < it->height; row++) {
    memcpy(staging + row * it->width, from + row * it->from.pitch, it->width);
  }
  return staging;
}

// Between the host and a device, as that is all there is a use for here.
API result cuMemcpy2DAsync_v2(const struct rectangle *it, struct stream *stream) {
  IN_CONTEXT(context);
  bool is_upload = it->from.type == HOST_MEMORY;
  if (!it->width || !it->height || !is_good(&it->from, it->width) || !is_good(&it->to, it->width) ||
      it->to.type != (is_upload ? DEVICE_MEMORY : HOST_MEMORY)) {
    return INVALID_VALUE;
  }
  const struct side *device = is_upload ? &it->to : &it->from, *host = is_upload ? &it->from : &it->to;
  char *host_at = (char *)host->host + skipped(host);
  address device_at = device->device + skipped(device);
  enum host_kind kind = host_kind(host_at, extent(it->width, it->height, host->pitch));
  if (kind == ACROSS || !locate(context, device_at, extent(it->width, it->height, device->pitch))) {
    return INVALID_VALUE;
  }
  struct command *command = new_command(run_copy);
  command->bytes = it->width;
  command->rows = it->height;
  command->to_pitch = it->to.pitch;
  command->from_pitch = it->from.pitch;
  command->to = command->from = device_at;
  command->to_context = command->from_context = context;
  if (!is_upload) {
    command->to_host = host_at;
    return kind == PINNED ? enqueue(context, stream, command) : enqueue_and_wait(context, stream, command);
  }
  command->from_host = host_at;
  if (kind == PAGEABLE) {
    command->from_host = command->staging = staged(host_at, it);
    command->from_pitch = it->width;
  }
  return enqueue(context, stream, command);
}

// Also where a device uses the host's memory by its own addresses.
static bool is_across(address at, uint64_t bytes) {
  return host_kind((void *)at, bytes) == ACROSS;
}

static result copy(struct context *context, struct context *to_context, address to, struct context *from_context, address from,
    size_t bytes, struct stream *stream) {
  if (is_across(to, bytes) || is_across(from, bytes) || !locate(to_context, to, bytes) || !locate(from_context, from, bytes)) {
    return INVALID_VALUE;
  }
  struct command *command = new_command(run_copy);
  command->to = to;
  command->to_context = to_context;
  command->from = from;
  command->from_context = from_context;
  command->bytes = bytes;
  return enqueue(context, stream, command);
}

API result cuMemcpyDtoDAsync_v2(address to, address from, size_t bytes, struct stream *stream) {
  IN_CONTEXT(context);
  return copy(context, context, to, context, from, bytes, stream);
}

API result cuMemcpyPeerAsync(address to, struct context *to_context, address from, struct context *from_context, size_t bytes,
    struct stream *stream) {
  IN_CONTEXT(context);
  return copy(context, to_context, to, from_context, from, bytes, stream);
}

static void run_fill(struct command *command) {
  if (command->context->error) {
    return;
  }
  char *to = locate(command->context, command->to, command->bytes);
  if (!to) {
    fail(command);
  } else if (command->value_bytes == 1) {
    memset(to, (int)command->value, command->bytes);
  } else {
    for (uint64_t i = 0; i < command->bytes; i += 4) {
      memcpy(to + i, &command->value, 4);
    }
  }
}

static result fill(struct context *context, address to, uint32_t value, uint32_t value_bytes, size_t count, struct stream *stream) {
  if (is_across(to, count * value_bytes) || !locate(context, to, count * value_bytes) || to % value_bytes) {
    return INVALID_VALUE;
  }
  struct command *command = new_command(run_fill);
  command->to = to;
  command->bytes = count * value_bytes;
  command->value = value;
  command->value_bytes = value_bytes;
  return enqueue(context, stream, command);
}

API result cuMemsetD8Async(address to, unsigned char value, size_t count, struct stream *stream) {
  IN_CONTEXT(context);
  return fill(context, to, value, 1, count, stream);
}

API result cuMemsetD32Async(address to, unsigned value, size_t count, struct stream *stream) {
  IN_CONTEXT(context);
  return fill(context, to, value, 4, count, stream);
}

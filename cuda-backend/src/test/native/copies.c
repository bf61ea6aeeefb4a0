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

static void run_copy(struct command *command) {
  if (command->context->error) {
    return;
  }
  char *to = command->to_host ? command->to_host : locate(command->to_context, command->to, command->bytes);
  const char *from = command->from_host ? command->from_host : locate(command->from_context, command->from, command->bytes);
  if (to && from) {
    move(to, from, command->bytes);
  } else {
    fail(command);
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

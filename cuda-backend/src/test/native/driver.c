// Devices, contexts and errors.
#include <stdio.h>
#include <string.h>

#include "double.h"

struct device devices[DEVICES];
struct context contexts[CONTEXTS];
struct settings settings;

static _Atomic bool initialised;
static _Thread_local struct context *stack[CONTEXT_STACK];
static _Thread_local int depth;

struct context *current(result *why) {
  struct context *context = depth ? stack[depth - 1] : NULL;
  *why = !initialised ? NOT_INITIALIZED : !context ? INVALID_CONTEXT : !context->retained ? CONTEXT_IS_DESTROYED : context->error;
  return *why == SUCCESS ? context : NULL;
}

result fail_context(struct context *context, result error) {
  result none = SUCCESS;
  atomic_compare_exchange_strong(&context->error, &none, error);
  return error;
}

static result check_device(int device) {
  return !initialised ? NOT_INITIALIZED : device < 0 || device >= settings.device_count ? INVALID_DEVICE : SUCCESS;
}

API result cuInit(unsigned flags) {
  CALLED();
  if (flags) {
    return INVALID_VALUE;
  }
  if (settings.init_result) {
    return settings.init_result;
  }
  if (!settings.device_count) {
    return NO_DEVICE;
  }
  initialised = true;
  return SUCCESS;
}

API result cuDriverGetVersion(int *version) {
  CALLED();
  *version = settings.driver_version;
  return SUCCESS;
}

API result cuDeviceGetCount(int *count) {
  CALLED();
  if (!initialised) {
    return NOT_INITIALIZED;
  }
  *count = settings.device_count;
  return SUCCESS;
}

API result cuDeviceGet(int *device, int ordinal) {
  CALLED();
  *device = ordinal;
  return check_device(ordinal);
}

API result cuDeviceGetName(char *name, int length, int device) {
  CALLED();
  result bad = check_device(device);
  if (!bad) {
    snprintf(name, (size_t)length, "%s", devices[device].name);
  }
  return bad;
}

static result uuid(char *bytes, int device) {
  memcpy(bytes, "a test double   ", 16);
  bytes[15] = (char)device;
  return SUCCESS;
}

API result cuDeviceGetUuid(char *bytes, int device) {
  CALLED();
  result bad = check_device(device);
  return bad ? bad : uuid(bytes, device);
}

API result cuDeviceGetUuid_v2(char *bytes, int device) {
  CALLED();
  result bad = check_device(device);
  return bad ? bad : uuid(bytes, device);
}

API result cuDeviceTotalMem_v2(size_t *bytes, int device) {
  CALLED();
  result bad = check_device(device);
  *bytes = bad ? 0 : devices[device].memory_bytes;
  return bad;
}

int attribute(const struct device *device, int number) {
  if (number >= 0 && number < ATTRIBUTES && device->told[number]) {
    return device->told[number] - 1;
  }
  switch (number) {
    case 1:   // threads of a block, in all
    case 2:   // in the first dimension
    case 3:
      return 1024;
    case 4:
      return 64;
    case 5:  // blocks of a grid
      return 0x7FFFFFFF;
    case 6:
    case 7:
      return 65535;
    case 8:  // shared memory of a block
      return 48 << 10;
    case 10:  // threads of a warp
      return 32;
    case 20:
      return device->compute_mode;
    case 41:  // one address space for host and devices
      return 1;
    case 33:  // the bus that it is on
      return 0x40 + (int)(device - devices);
    case 75:
      return device->major;
    case 76:
      return device->minor;
    case 11:
      return (int)settings.most_pitch;
    case 83:  // managed memory
    case 89:  // which host and device may use at a time
      return 1;
    case 102:  // virtual memory management
      return settings.granularity != 0;
    case HOST_REGISTER_SUPPORTED:
      return 1;
    default:  // integrated, pageable memory access and the like
      return 0;
  }
}

API result cuDeviceGetAttribute(int *value, int number, int device) {
  CALLED();
  result bad = check_device(device);
  *value = bad ? 0 : attribute(&devices[device], number);
  return bad;
}

API result cuDeviceCanAccessPeer(int *can, int device, int peer) {
  CALLED();
  result bad = check_device(device);
  *can = settings.peers_allowed && device != peer;
  return bad ? bad : check_device(peer);
}

API result cuDevicePrimaryCtxRetain(struct context **context, int device) {
  CALLED();
  result bad = check_device(device);
  if (bad) {
    return bad;
  }
  if (devices[device].compute_mode == 2 || devices[device].compute_mode == 3) {
    return DEVICE_UNAVAILABLE;  // prohibited, or another process has it
  }
  *context = &contexts[device];
  (*context)->retained++;
  return SUCCESS;
}

static void end_context(struct context *context) {
  forget_memory(context);
  context->error = SUCCESS;
  context->peers = 0;
  for (int i = 0; i < CONTEXTS; i++) {
    contexts[i].peers &= ~(1ull << context->number);
  }
}

// The last one ends the context: what it held is gone, and its failure with it.
API result cuDevicePrimaryCtxRelease_v2(int device) {
  CALLED();
  struct context *context = &contexts[device];
  if (!context->retained) {
    return INVALID_CONTEXT;
  }
  if (--context->retained == 0) {
    end_context(context);
  }
  return SUCCESS;
}

API result cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
  CALLED();
  *flags = 0;
  *active = contexts[device].retained > 0;
  return check_device(device);
}

// A context of the program's own, which it makes current.
API result cuCtxCreate_v2(struct context **made, unsigned flags, int device) {
  CALLED();
  (void)flags;
  result bad = check_device(device);
  for (int i = DEVICES; !bad && i < CONTEXTS; i++) {
    uint32_t none = 0;
    if (depth < CONTEXT_STACK && atomic_compare_exchange_strong(&contexts[i].retained, &none, 1)) {
      contexts[i].device = device;
      contexts[i].number = i;
      *made = stack[depth++] = &contexts[i];
      return SUCCESS;
    }
  }
  return bad ? bad : OUT_OF_MEMORY;
}

API result cuCtxDestroy_v2(struct context *context) {
  CALLED();
  if (context < contexts + DEVICES || context >= contexts + CONTEXTS || !context->retained) {
    return INVALID_CONTEXT;
  }
  settle(context);
  end_context(context);
  context->retained = 0;
  depth -= depth && stack[depth - 1] == context;
  return SUCCESS;
}

API result cuCtxPushCurrent_v2(struct context *context) {
  CALLED();
  if (!context || depth == CONTEXT_STACK) {
    return INVALID_CONTEXT;
  }
  stack[depth++] = context;
  return SUCCESS;
}

API result cuCtxPopCurrent_v2(struct context **context) {
  CALLED();
  if (!depth) {
    return INVALID_CONTEXT;
  }
  depth--;
  if (context) {
    *context = stack[depth];
  }
  return SUCCESS;
}

API result cuCtxSetCurrent(struct context *context) {
  CALLED();
  if (!depth && context) {
    depth = 1;
  }
  if (context) {
    stack[depth - 1] = context;
  } else if (depth) {
    depth--;
  }
  return SUCCESS;
}

API result cuCtxGetCurrent(struct context **context) {
  CALLED();
  *context = depth ? stack[depth - 1] : NULL;
  return SUCCESS;
}

API result cuCtxGetDevice(int *device) {
  IN_CONTEXT(context);
  *device = context->device;
  return SUCCESS;
}

API result cuCtxEnablePeerAccess(struct context *peer, unsigned flags) {
  IN_CONTEXT(context);
  uint64_t bit = 1ull << peer->number;
  if (flags || !settings.peers_allowed || peer->device == context->device) {
    return INVALID_VALUE;
  }
  if (context->peers & bit) {
    return PEER_ACCESS_ALREADY_ENABLED;
  }
  context->peers |= bit;
  return SUCCESS;
}

static const struct {
  result number;
  const char *name, *text;
} errors[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {PEER_ACCESS_ALREADY_ENABLED, "CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED", "peer access is already enabled"},
    {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {HOST_MEMORY_ALREADY_REGISTERED, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED", "part or all of the memory is already mapped"},
    {HOST_MEMORY_NOT_REGISTERED, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED", "pointer does not correspond to a registered memory region"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
};

static result describe(result error, const char **text, bool is_name) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (errors[i].number == error) {
      *text = is_name ? errors[i].name : errors[i].text;
      return SUCCESS;
    }
  }
  *text = NULL;
  return INVALID_VALUE;
}

API result cuGetErrorName(result error, const char **text) {
  return describe(error, text, true);
}

API result cuGetErrorString(result error, const char **text) {
  return describe(error, text, false);
}

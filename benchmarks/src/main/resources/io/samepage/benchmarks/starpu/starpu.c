/*
 * What the benchmarks ask of StarPU: arrays of floats that it keeps coherent, and the sample's two kernels as tasks of its OpenCL worker.
 * Compiled where StarPU is installed, loaded by Java, and called by one thread.
 */
#include <errno.h>
#include <starpu.h>
#include <stdlib.h>

#define TILE 16
#define MATRICES_MAX 3
#define VALUES_MAX 4

struct launch {
  const char *kernel;
  int matrices;
  int values[VALUES_MAX];
  int value_count;
  size_t items[2];
};

static struct starpu_opencl_program program;
/* StarPU's own queue does not measure kernels. */
static cl_command_queue queue;
static long long kernel_nanos;

static cl_command_queue measuring_queue(int device) {
  cl_context context;
  cl_device_id id;
  cl_int error;
  starpu_opencl_get_context(device, &context);
  starpu_opencl_get_device(device, &id);
  cl_command_queue made = clCreateCommandQueue(context, id, CL_QUEUE_PROFILING_ENABLE, &error);
  STARPU_ASSERT(error == CL_SUCCESS);
  return made;
}

static long long time_of(cl_event event, cl_profiling_info what) {
  cl_ulong nanos = 0;
  STARPU_ASSERT(clGetEventProfilingInfo(event, what, sizeof nanos, &nanos, NULL) == CL_SUCCESS);
  return (long long) nanos;
}

static void set_arguments(cl_kernel kernel, void *buffers[], const struct launch *launch) {
  for (int i = 0; i < launch->matrices; i++) {
    cl_mem matrix = (cl_mem) STARPU_VECTOR_GET_DEV_HANDLE(buffers[i]);
    STARPU_ASSERT(clSetKernelArg(kernel, i, sizeof matrix, &matrix) == CL_SUCCESS);
  }
  for (int i = 0; i < launch->value_count; i++) {
    STARPU_ASSERT(clSetKernelArg(kernel, launch->matrices + i, sizeof(int), &launch->values[i]) == CL_SUCCESS);
  }
}

/* Called by StarPU's worker when the arrays are on the device. */
static void run(void *buffers[], void *argument) {
  const struct launch *launch = argument;
  size_t group[2] = {TILE, TILE};
  cl_kernel kernel;
  cl_command_queue unused;
  cl_event event;
  int device = starpu_worker_get_devid(starpu_worker_get_id());
  queue = queue == NULL ? measuring_queue(device) : queue;
  STARPU_ASSERT(starpu_opencl_load_kernel(&kernel, &unused, &program, launch->kernel, device) == CL_SUCCESS);
  set_arguments(kernel, buffers, launch);
  STARPU_ASSERT(clEnqueueNDRangeKernel(queue, kernel, 2, NULL, launch->items, group, 0, NULL, &event) == CL_SUCCESS);
  STARPU_ASSERT(clWaitForEvents(1, &event) == CL_SUCCESS);
  kernel_nanos += time_of(event, CL_PROFILING_COMMAND_END) - time_of(event, CL_PROFILING_COMMAND_START);
  clReleaseEvent(event);
  starpu_opencl_release_kernel(kernel);
}

static struct starpu_codelet multiply_codelet = {
  .opencl_funcs = {run}, .nbuffers = 3, .modes = {STARPU_R, STARPU_R, STARPU_W}, .name = "multiply"};
static struct starpu_codelet gram_codelet = {.opencl_funcs = {run}, .nbuffers = 2, .modes = {STARPU_R, STARPU_W}, .name = "gram"};

/* With one worker, which drives the first OpenCL device; answers 0, or why not, as a negative error code. */
int bench_start(const char *source) {
  struct starpu_conf conf;
  setenv("STARPU_OPENCL_ON_CPUS", "1", 0);
  setenv("STARPU_WORKERS_NOBIND", "1", 0);
  setenv("STARPU_SILENT", "1", 0);
  starpu_conf_init(&conf);
  conf.sched_policy_name = "eager";
  conf.ncpus = 0;
  conf.ncuda = 0;
  conf.nopencl = 1;
  conf.catch_signals = 0;  /* They are the JVM's. */
  int error = starpu_init(&conf);
  if (error == 0) {
    starpu_profiling_status_set(STARPU_PROFILING_ENABLE);
    error = starpu_opencl_load_opencl_from_string(source, &program, "") == CL_SUCCESS ? 0 : -EINVAL;
  }
  return error;
}

void *bench_register(void *floats, int count) {
  starpu_data_handle_t data;
  starpu_vector_data_register(&data, STARPU_MAIN_RAM, (uintptr_t) floats, count, sizeof(float));
  return data;
}

void bench_unregister(void *data) {
  starpu_data_unregister(data);
}

/* The host is to read (1), to overwrite (2), or to do both (3). */
int bench_acquire(void *data, int access) {
  return starpu_data_acquire(data, access == 1 ? STARPU_R : access == 2 ? STARPU_W : STARPU_RW);
}

void bench_release(void *data) {
  starpu_data_release(data);
}

/* Opens and closes a host access again and again. */
int bench_acquire_often(void *data, int count) {
  int error = 0;
  for (int i = 0; i < count && error == 0; i++) {
    error = starpu_data_acquire(data, STARPU_R);
    if (error == 0) {
      starpu_data_release(data);
    }
  }
  return error;
}

static size_t items(int count) {
  return (size_t) (count + TILE - 1) / TILE * TILE;
}

static int submit(struct starpu_codelet *codelet, void *data[], struct launch launch) {
  struct starpu_task *task = starpu_task_create();
  struct launch *argument = malloc(sizeof launch);
  *argument = launch;
  task->cl = codelet;
  task->cl_arg = argument;
  task->cl_arg_size = sizeof launch;
  task->cl_arg_free = 1;
  for (int i = 0; i < launch.matrices; i++) {
    task->handles[i] = data[i];
  }
  return starpu_task_submit(task);
}

int bench_multiply(void *a, void *b, void *c, int rows, int inner, int columns) {
  void *data[MATRICES_MAX] = {a, b, c};
  struct launch launch = {"multiply", 3, {rows, inner, columns}, 3, {items(columns), items(rows)}};
  return submit(&multiply_codelet, data, launch);
}

int bench_gram(void *c, void *d, int rows, int columns) {
  void *data[MATRICES_MAX] = {c, d};
  struct launch launch = {"gram", 2, {0, rows, columns, rows}, 4, {items(rows), items(rows)}};
  return submit(&gram_codelet, data, launch);
}

/* How long kernels ran; to be asked when all that wrote were waited for. */
long long bench_kernel_nanos(void) {
  return kernel_nanos;
}

/* How much StarPU has copied since it was asked last. */
long long bench_moved_bytes(void) {
  long long bytes = 0;
  for (int bus = 0; bus < starpu_bus_get_count(); bus++) {
    struct starpu_profiling_bus_info info;
    if (starpu_bus_get_profiling_info(bus, &info) == 0) {
      bytes += info.transferred_bytes;
    }
  }
  return bytes;
}

void bench_stop(void) {
  if (queue != NULL) {
    clReleaseCommandQueue(queue);
    queue = NULL;
  }
  starpu_opencl_unload_opencl(&program);
  starpu_shutdown();
}

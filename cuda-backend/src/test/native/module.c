// PTX, as far as it takes to find its kernels and their parameters, and to refuse what isn't PTX. No instruction is carried out: what a
// kernel does is written in C, and found by the name of the file that the PTX says it was made from.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

enum { ERROR_LOG = 5, ERROR_LOG_BYTES = 6, NEWEST_PTX = 805, WORD = 128 };

struct module {
  struct kernel *kernels;
};

struct reader {
  char *text;  // without comments
  const char *at;
  char made_from[64];
  struct module *module;
  const struct device *device;
  char problem[256];
  result error;
};

static const char *const opcodes[] = {"abs", "add", "and", "atom", "bar", "barrier", "bra", "cvt", "cvta", "div", "ex2", "fma", "ld",
    "ldu", "lg2", "mad", "max", "min", "mov", "mul", "mul24", "neg", "not", "or", "prmt", "rcp", "red", "rem", "ret", "rsqrt", "selp",
    "setp", "shf", "shfl", "shl", "shr", "sqrt", "st", "sub", "trap", "xor", "call", "exit", "membar", "fence", "bfe", "bfi", "clz",
    "popc", "sad", "slct", "set", "sin", "cos", "tanh", "vote", "activemask", "nanosleep", "lop3", "testp", "copysign", "bfind", "brev"};

static result refuse(struct reader *reader, result error, const char *what, const char *which) {
  int line = 1;
  for (const char *c = reader->text; c < reader->at; c++) {
    line += *c == '\n';
  }
  snprintf(reader->problem, sizeof reader->problem, "test double of ptxas: line %d: %s '%s'\n", line, what, which);
  return reader->error = error;
}

static void blank(char *from, const char *to) {
  for (; from < to; from++) {
    *from = *from == '\n' ? '\n' : ' ';
  }
}

static void drop_comments(struct reader *reader) {
  char *comment;
  const char *said = strstr(reader->text, "// Made from ");
  if (said) {
    sscanf(said, "// Made from %63[A-Za-z0-9]", reader->made_from);
  }
  while ((comment = strstr(reader->text, "//"))) {
    char *end = strchr(comment, '\n');
    blank(comment, end ? end : comment + strlen(comment));
  }
  while ((comment = strstr(reader->text, "/*"))) {
    char *end = strstr(comment, "*/");
    blank(comment, end ? end + 2 : comment + strlen(comment));
  }
}

static void skip_space(struct reader *reader) {
  while (isspace((unsigned char)*reader->at)) {
    reader->at++;
  }
}

// A word, or a single other character.
static bool next(struct reader *reader, char word[WORD]) {
  skip_space(reader);
  int length = 0;
  while (length < WORD - 1 && *reader->at && (isalnum((unsigned char)*reader->at) || strchr("._$%@!", *reader->at))) {
    word[length++] = *reader->at++;
  }
  if (!length && *reader->at) {
    word[length++] = *reader->at++;
  }
  word[length] = 0;
  return length > 0;
}

static uint32_t type_bytes(const char *type) {
  size_t length = strlen(type);
  if (length >= 3 && !strcmp(type + length - 2, "64")) {
    return 8;
  }
  if (length >= 3 && !strcmp(type + length - 2, "32")) {
    return 4;
  }
  if (length >= 3 && !strcmp(type + length - 2, "16")) {
    return 2;
  }
  return !strcmp(type, ".u8") || !strcmp(type, ".s8") || !strcmp(type, ".b8") ? 1 : 0;
}

static result read_parameter(struct reader *reader, struct kernel *kernel) {
  char word[WORD];
  uint32_t alignment = 0, bytes = 0, count = 1;
  bool is_pointer = false;
  while (next(reader, word) && word[0] == '.') {
    if (!strcmp(word, ".align")) {
      next(reader, word);
      alignment = is_pointer ? alignment : (uint32_t)atoi(word);
    } else if (!strcmp(word, ".ptr")) {
      is_pointer = true;
    } else if (type_bytes(word)) {
      bytes = type_bytes(word);
    }
  }
  skip_space(reader);
  if (*reader->at == '[') {
    count = (uint32_t)atoi(++reader->at);
    reader->at = strchr(reader->at, ']') + 1;
  }
  if (!bytes || kernel->parameter_count == PARAMETERS) {
    return refuse(reader, INVALID_PTX, "bad parameter", word);
  }
  alignment = alignment ? alignment : bytes;
  uint32_t offset = (kernel->parameter_bytes + alignment - 1) / alignment * alignment;
  kernel->parameter[kernel->parameter_count++] = (struct parameter){offset, bytes * count};
  kernel->parameter_bytes = offset + bytes * count;
  return SUCCESS;
}

static result read_parameters(struct reader *reader, struct kernel *kernel) {
  char word[WORD];
  skip_space(reader);
  if (*reader->at != '(') {
    return SUCCESS;
  }
  for (reader->at++; next(reader, word) && strcmp(word, ")");) {
    if (!strcmp(word, ".param") && read_parameter(reader, kernel)) {
      return reader->error;
    }
  }
  return SUCCESS;
}

static bool is_opcode(const char *word) {
  size_t length = strcspn(word, ".");
  for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
    if (strlen(opcodes[i]) == length && !strncmp(opcodes[i], word, length)) {
      return true;
    }
  }
  return false;
}

static void skip_statement(struct reader *reader) {
  while (*reader->at && *reader->at != ';') {
    reader->at++;
  }
}

static result read_body(struct reader *reader) {
  char word[WORD];
  int depth = 0;
  do {
    if (!next(reader, word)) {
      return refuse(reader, INVALID_PTX, "the text ends within", "{");
    }
    depth += word[0] == '{';
    depth -= word[0] == '}';
    if (strchr("{};:", word[0]) || word[0] == '@') {
      continue;
    }
    skip_space(reader);
    if (*reader->at == ':') {
      continue;  // a label
    }
    if (word[0] != '.' && !is_opcode(word)) {
      return refuse(reader, INVALID_PTX, "not a name of any known instruction:", word);
    }
    skip_statement(reader);
  } while (depth);
  return SUCCESS;
}

static result read_kernel(struct reader *reader) {
  char word[WORD];
  struct kernel *kernel = calloc(1, sizeof *kernel);
  kernel->next = reader->module->kernels;
  reader->module->kernels = kernel;
  next(reader, word);
  snprintf(kernel->name, sizeof kernel->name, "%.63s", word);
  kernel->body = kernel_body(reader->made_from, kernel->name);
  if (read_parameters(reader, kernel)) {
    return reader->error;
  }
  while (next(reader, word) && word[0] != '{') {
  }
  reader->at--;
  return read_body(reader);
}

static result read_version(struct reader *reader) {
  int major = 0, minor = 0;
  char word[WORD];
  next(reader, word);
  sscanf(word, "%d.%d", &major, &minor);
  return major * 100 + minor > NEWEST_PTX ? refuse(reader, UNSUPPORTED_PTX_VERSION, "unsupported .version", word) : SUCCESS;
}

static result read_target(struct reader *reader) {
  char word[WORD];
  next(reader, word);
  int target = 0;
  sscanf(word, "sm_%d", &target);
  return target > reader->device->major * 10 + reader->device->minor ? refuse(reader, NO_BINARY_FOR_GPU, "target is newer", word) : SUCCESS;
}

static result read_text(struct reader *reader) {
  char word[WORD];
  bool has_version = false;
  while (!reader->error && next(reader, word)) {
    if (!strcmp(word, ".version")) {
      has_version = !read_version(reader);
    } else if (!strcmp(word, ".target")) {
      read_target(reader);
    } else if (!strcmp(word, ".entry")) {
      read_kernel(reader);
    }
  }
  return reader->error || has_version ? reader->error : refuse(reader, INVALID_PTX, "missing", ".version");
}

static void discard(struct module *module) {
  for (struct kernel *kernel = module->kernels; kernel;) {
    struct kernel *next_one = kernel->next;
    free(kernel);
    kernel = next_one;
  }
  free(module);
}

static void write_log(const char *text, unsigned count, const int *options, void **values) {
  char *log = NULL;
  size_t bytes = 0;
  for (unsigned i = 0; i < count; i++) {
    log = options[i] == ERROR_LOG ? values[i] : log;
    bytes = options[i] == ERROR_LOG_BYTES ? (size_t)values[i] : bytes;
  }
  if (log && bytes) {
    snprintf(log, bytes, "%s", text);
  }
}

API result cuModuleLoadDataEx(struct module **module, const void *image, unsigned count, int *options, void **values) {
  IN_CONTEXT(context);
  struct reader reader = {.text = strdup(image), .device = &devices[context->device]};
  reader.module = calloc(1, sizeof *reader.module);
  reader.at = reader.text;
  drop_comments(&reader);
  write_log("", count, options, values);
  if (read_text(&reader)) {
    write_log(reader.problem, count, options, values);
    discard(reader.module);
  } else {
    *module = reader.module;
  }
  free(reader.text);
  return reader.error;
}

API result cuModuleUnload(struct module *module) {
  IN_CONTEXT(context);
  (void)context;
  discard(module);
  return SUCCESS;
}

API result cuModuleGetFunction(struct kernel **kernel, struct module *module, const char *name) {
  IN_CONTEXT(context);
  (void)context;
  for (struct kernel *it = module->kernels; it; it = it->next) {
    if (!strcmp(it->name, name)) {
      *kernel = it;
      return SUCCESS;
    }
  }
  return NOT_FOUND;
}

API result cuFuncGetAttribute(int *value, int attribute, struct kernel *kernel) {
  IN_CONTEXT(context);
  (void)context;
  (void)kernel;
  *value = attribute == 0 ? 1024 : 0;  // threads of a block; shared memory and the like: none
  return SUCCESS;
}

static void run_kernel(struct command *command) {
  if (!command->context->error) {
    command->kernel->body(command);
  }
}

static bool is_possible(const uint32_t grid[3], const uint32_t block[3], uint32_t shared_bytes) {
  uint64_t threads = (uint64_t)block[0] * block[1] * block[2];
  return threads && threads <= 1024 && block[2] <= 64 && grid[0] && grid[1] && grid[2] && grid[0] <= 0x7FFFFFFF && grid[1] <= 65535
      && grid[2] <= 65535 && shared_bytes <= 48 << 10;
}

API result cuLaunchKernel(struct kernel *kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
    unsigned block_z, unsigned shared_bytes, struct stream *stream, void **parameters, void **extra) {
  IN_CONTEXT(context);
  const uint32_t grid[] = {grid_x, grid_y, grid_z}, block[] = {block_x, block_y, block_z};
  if (!is_possible(grid, block, shared_bytes) || extra || kernel->parameter_bytes > sizeof((struct command *)0)->parameters) {
    return INVALID_VALUE;
  }
  if (!kernel->body) {
    note("the double has no kernel of that name: kernel=%s; ", kernel->name);
    return NOT_SUPPORTED;
  }
  struct command *command = new_command(run_kernel);
  command->kernel = kernel;
  memcpy(command->grid, grid, sizeof grid);
  memcpy(command->block, block, sizeof block);
  command->shared_bytes = shared_bytes;
  for (uint32_t i = 0; i < kernel->parameter_count; i++) {
    memcpy(command->parameters + kernel->parameter[i].offset, parameters[i], kernel->parameter[i].bytes);
  }
  return enqueue(context, stream, command);
}

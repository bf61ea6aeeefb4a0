#include "page_entry.h"

#include <sys/ioctl.h>

#include "testing.h"

// Newer than the headers of the systems that we build on.
#define PAGEMAP_SCAN _IOWR('f', 16, struct scan_argument)
enum { IS_WRITTEN = 2, IS_PRESENT = 8 };

struct scan_argument {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

unsigned page_entry(int pagemap, const void *page) {
  struct { uint64_t start, end, categories; } region = {0};
  struct scan_argument argument = {.size = sizeof argument, .start = (uint64_t)page, .end = (uint64_t)page + SP_PAGE_BYTES,
      .vec = (uint64_t)&region, .vec_len = 1, .category_anyof_mask = IS_WRITTEN | IS_PRESENT, .return_mask = IS_WRITTEN | IS_PRESENT};
  int found = ioctl(pagemap, PAGEMAP_SCAN, &argument);
  CHECK(found >= 0, "PAGEMAP_SCAN answers %d", found);
  bool is_written = found && (region.categories & IS_WRITTEN), is_present = found && (region.categories & IS_PRESENT);
  return is_present ? (is_written ? ENTRY_WRITTEN : ENTRY_CLEAN) : is_written ? ENTRY_NONE : ENTRY_MARKER;
}

// Answers a number that stands behind a name in a file of the system's.
static unsigned long long find(const char *path, const char *name, int base) {
  char text[4096] = "";
  FILE *file = fopen(path, "r");
  CHECK(file, "%s", path);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  const char *found = strstr(text, name);
  CHECK(found, "%s has no %s", path, name);
  return strtoull(found + strlen(name), NULL, base);
}

void waiting_threads(int faults, unsigned *waiting, unsigned *unread) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", faults);
  *unread = (unsigned)find(path, "pending:", 10);
  *waiting = (unsigned)find(path, "total:", 10);
}

bool has_pending_signals(int thread) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/status", thread);
  return find(path, "SigPnd:", 16) != 0;
}

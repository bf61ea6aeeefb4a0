#include "page_entry.h"

#include <stdbool.h>
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

void waiting_threads(int faults, unsigned *waiting, unsigned *unread) {
  char path[64], text[512] = "";
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", faults);
  FILE *file = fopen(path, "r");
  CHECK(file, "%s", path);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  const char *pending = strstr(text, "pending:"), *total = strstr(text, "total:");
  CHECK(pending && total, "%s says: %s", path, text);
  CHECK(sscanf(pending, "pending: %u", unread) == 1 && sscanf(total, "total: %u", waiting) == 1, "%s", text);
}

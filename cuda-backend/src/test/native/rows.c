// Copies of rows that don't lie side by side.
#include "double.h"

enum { HOST_MEMORY = 1, DEVICE_MEMORY = 2 };

struct side {
  size_t x, y;
  int type;
  char *host;
  address device;
  void *array;
  size_t pitch;
};
struct rectangle {
  struct side from, to;
  size_t width, height;
};

result cuMemcpyDtoHAsync_v2(void *to, address from, size_t bytes, struct stream *stream);

static size_t begin(const struct side *side, size_t row) {
  return (side->y + row) * side->pitch + side->x;
}

// From a device to the host, as that is all there is a use for here.
API result cuMemcpy2DAsync_v2(const struct rectangle *it, struct stream *stream) {
  CALLED();
  bool is_good = it->width && it->from.type == DEVICE_MEMORY && it->to.type == HOST_MEMORY && it->from.pitch >= it->width
      && it->to.pitch >= it->width;
  result answer = is_good ? SUCCESS : INVALID_VALUE;
  for (size_t row = 0; !answer && row < it->height; row++) {
    answer = cuMemcpyDtoHAsync_v2(it->to.host + begin(&it->to, row), it->from.device + begin(&it->from, row), it->width, stream);
  }
  return answer;
}

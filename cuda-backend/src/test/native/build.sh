#!/bin/sh
# Builds the test double of NVIDIA's driver library, unless it is newer than its sources.
#   build.sh TARGET_FOLDER
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
library=$1/libcuda.so.1
compiler=${CC:-gcc}
if [ -f "$library" ] && [ -z "$(find "$sources" -type f -newer "$library" | head -n 1)" ]; then
  exit 0
fi
if ! command -v "$compiler" >/dev/null 2>&1; then
  echo "the test double of NVIDIA's driver: not built, as there is no C compiler: compiler=$compiler; the tests that need it will fail"
  exit 0
fi
mkdir -p "$1"
# Under another name first: who is interrupted leaves no half of a library behind.
"$compiler" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -shared -Wl,-soname,libcuda.so.1 -Wl,-z,defs \
  -o "$library.new" "$sources"/*.c -lpthread
mv "$library.new" "$library"

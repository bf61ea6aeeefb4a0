#!/bin/sh
# Builds libsamepage.so for this machine into a folder of classes, unless it is newer than its sources. Without a compiler or off
# Linux it says so and succeeds: Samepage works without, by explicit leases alone.
#   build.sh TARGET_FOLDER
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
compiler=${CC:-gcc}
if [ "$(uname -s)" != Linux ]; then
  echo "libsamepage: not built, as this is not Linux: system=$(uname -s); transparent host access is left out of this build"
  exit 0
fi
if ! command -v "$compiler" >/dev/null 2>&1; then
  echo "libsamepage: not built, as there is no C compiler: compiler=$compiler; transparent host access is left out of this build"
  exit 0
fi
folder=$1/io/samepage/host/native/linux-$(uname -m)
library=$folder/libsamepage.so
if [ -f "$library" ] && [ -z "$(find "$sources" -type f -newer "$library" | head -n 1)" ]; then
  exit 0
fi
mkdir -p "$folder"
# Under another name first: who is interrupted leaves no half of a library behind.
"$compiler" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -shared -Wl,-z,defs -Wl,--build-id=none \
  -o "$library.new" "$sources"/*.c -lpthread
mv "$library.new" "$library"
echo "libsamepage: built for linux-$(uname -m)"

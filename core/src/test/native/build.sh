#!/bin/sh
# Builds the C tests, those that are older than a source.
#   build.sh plain|address|thread TARGET_FOLDER
# Leaves a script `run` there, to start them with. Ends with 77 where there is no compiler, or none with that sanitizer.
set -eu
variant=$1
folder=$2/$variant
tests=$(cd "$(dirname "$0")" && pwd)
library=$(cd "$tests/../../main/native" && pwd)
compiler=${CC:-gcc}
case $variant in
  plain) flags="-O2" ;;
  address) flags="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" ;;
  thread) flags="-O1 -g -fno-omit-frame-pointer -fsanitize=thread" ;;
  *) echo "build.sh: variant=$variant is not one of plain, address, thread" >&2; exit 2 ;;
esac
flags="-std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -DSP_STEPS -I$library $flags"
mkdir -p "$folder"

if ! command -v "$compiler" >/dev/null 2>&1; then
  echo "no C compiler: compiler=$compiler"
  exit 77
fi
echo 'int main(void) { return 0; }' >"$folder/probe.c"
# Some systems lay out memory in ways that a sanitizer can't work with, unless asked not to.
runner=
if "$compiler" $flags "$folder/probe.c" -o "$folder/probe"; then
  for candidate in env "setarch $(uname -m) -R"; do
    if $candidate "$folder/probe" >/dev/null 2>&1; then
      runner=$candidate
      break
    fi
  done
fi
printf '#!/bin/sh\nexec %s "$@"\n' "$runner" >"$folder/run"
chmod +x "$folder/run"
if [ -z "$runner" ]; then
  echo "the compiler can't build or the system can't run such programs: compiler=$compiler, variant=$variant"
  exit 77
fi

# What is newer than the list of objects is compiled again; a header makes all new.
objects=
for source in "$library"/*.c "$tests"/*.c; do
  object=$folder/$(basename "$source" .c).o
  objects="$objects $object"
  if [ ! -f "$object" ] || [ -n "$(find "$source" "$library" "$tests" \( -name '*.h' -o -path "$source" \) -newer "$object")" ]; then
    "$compiler" $flags -c "$source" -o "$object"
  fi
done
common=$(echo "$objects" | tr ' ' '\n' | grep -v '_test\.o$')
for test in "$tests"/*_test.c; do
  name=$(basename "$test" .c)
  # refused_threads.c stands between all of it and the system.
  "$compiler" $flags "$folder/$name.o" $common -o "$folder/$name" -Wl,--wrap=pthread_create -lpthread
done

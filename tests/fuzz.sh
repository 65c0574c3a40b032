#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the libFuzzer harnesses and runs each for a bounded number of inputs, from the committed corpus on.
# Decoders begin with the streams of the tests as well: a digit says as what a file is read, another where it is cut.
# usage: tests/fuzz.sh [RUNS]     exit 77: no clang with its runtime here
set -u
cd "$(dirname "$0")/.." || exit 1
runs=${1:-20000}
command -v clang >/dev/null || { echo 'no clang'; exit 77; }
echo 'int LLVMFuzzerTestOneInput (const char *d, unsigned long n) { return d == 0 && n > 0; }' |
  clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null || { echo 'clang has no fuzzer runtime'; exit 77; }

if [ ! -f _fuzz/build.ninja ]; then
  CC=clang meson setup _fuzz -Dfuzzing=true -Db_sanitize=address,undefined -Db_lundef=false >/dev/null || exit 1
fi
targets=$(ninja -C _fuzz -t targets all | sed -n 's/^\(tests\/[a-z]*\/fuzz-[a-z-]*\): .*/\1/p')
[ -n "$targets" ] || { echo 'no harness found'; exit 1; }
# shellcheck disable=SC2086 # one word a target
ninja -C _fuzz --quiet $targets || exit 1

status=0
for target in $targets; do
  name=${target##*/}
  work=$(mktemp -d) || exit 1
  corpus=tests/data/corpus/$name
  [ ! -d "$corpus" ] || cp "$corpus"/* "$work"/
  for stream in "tests/data/${name#fuzz-decode-}"/*.sse "tests/data/${name#fuzz-decode-}"/*.ndjson; do
    case $stream in
      *'*'*) continue ;;
      *.sse) as=0 ;;
      *) as=2 ;;
    esac
    { printf '%s3' "$as"; cat "$stream"; } > "$work/${stream##*/}"
  done
  if G_SLICE=always-malloc ASAN_OPTIONS=detect_leaks=0 "_fuzz/$target" -runs="$runs" -max_len=4096 -timeout=20 -rss_limit_mb=4096 \
       -max_total_time=90 -artifact_prefix="$work/" "$work" > "$work.log" 2>&1; then
    echo "$name: $(grep -E '^Done|DONE' "$work.log" | tail -n 1)"
  else
    echo "$name FAILED"; tail -n 40 "$work.log"; status=1
  fi
  rm -rf "$work" "$work.log"
done
exit $status

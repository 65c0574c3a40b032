#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the Flatpak from the manifest, runs it in its sandbox under a virtual display, has Demo stream an answer, and
# keeps a screenshot. The runtime comes from Flathub or, where that is out of reach, from a stand-in that the script in
# RUNTIME_SCRIPT builds (needs root).
# usage: tests/flatpak.sh [SCREENSHOT.png]     exit 77: not possible here, said loudly
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
id=org.example.StreamChat
export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}

run_in_sandbox() { # under the virtual display: Demo streams an answer, the trace says so
  data=$HOME/.var/app/$id
  rm -rf "$data"; mkdir -p "$data/data"
  flatpak run --user --socket=x11 --env=GSK_RENDERER=cairo --env=LC_ALL=C.UTF-8 "$id" \
    --protocol demo --prompt "Show me code and a table" --trace "$data/data/trace.jsonl" > "$data/log" 2>&1 &
  for _ in $(seq 300); do
    grep -q '"what":"finish"' "$data/data/trace.jsonl" 2>/dev/null && break
    sleep 0.3
  done
  sleep 1
  [ -z "$shot" ] || import -window root "$shot"
  flatpak kill "$id" 2>/dev/null
  wait
  cat "$data/log"
  grep -q '"what":"first-text"' "$data/data/trace.jsonl" && grep -q '"what":"frame"' "$data/data/trace.jsonl" &&
    grep -q '"what":"finish"' "$data/data/trace.jsonl" || { echo 'Demo did not stream an answer in the sandbox'; exit 1; }
  if grep -qE 'CRITICAL|WARNING' "$data/log"; then echo 'warnings on standard error'; exit 1; fi
  echo "in the sandbox: $(grep -c '"what":"frame"' "$data/data/trace.jsonl") frames drew the answer"
}

if [ "${1:-}" = --inside ]; then
  shot=${2:-}
  run_in_sandbox
  exit 0
fi
shot=${1:-}
cache=${FLATPAK_CACHE:-$HOME/.cache/stream-chat-flatpak}
RUNTIME_SCRIPT=${RUNTIME_SCRIPT:-../shared/flatpak/make-runtime}

skip() { printf '\n*** FLATPAK NOT TESTED: %s ***\n\n' "$*"; exit 77; }

[ "$(id -u)" -eq 0 ] || skip 'needs root to prepare the runtime'
mkdir -p "$cache"
if [ ! -x "$RUNTIME_SCRIPT" ] && ! flatpak info --user org.gnome.Sdk//51 >/dev/null 2>&1; then
  skip 'no runtime org.gnome.Platform//51 and no script that builds one'
fi
if [ ! -e "$cache/sources" ]; then
  free=$(df --output=avail -k "$cache" | tail -n 1)
  [ "$free" -gt 8000000 ] || skip "needs 8 GB free, there are $((free / 1000000))"
fi
if [ -x "$RUNTIME_SCRIPT" ]; then
  "$RUNTIME_SCRIPT" "$cache" > "$cache/runtime.log" 2>&1 || { tail -n 20 "$cache/runtime.log"; skip 'the runtime could not be built'; }
fi
command -v flatpak-builder >/dev/null || skip 'no flatpak-builder'
bwrap --ro-bind / / --unshare-pid --unshare-net --proc /proc --dev /dev true 2> "$cache/bwrap.log" ||
  { cat "$cache/bwrap.log"; skip 'no sandbox can be made on this machine'; }

extra=()
[ ! -d "$cache/sources" ] || extra=(--extra-sources="$cache/sources")
flatpak-builder --user --install --force-clean --disable-rofiles-fuse "${extra[@]}" \
  --state-dir="$cache/state" "$cache/build" "$id.json" > "$cache/build.log" 2>&1 ||
  {
    tail -n 40 "$cache/build.log"
    ! grep -qE 'Failed to download|not installed' "$cache/build.log" || skip 'what it is built from could not be fetched'
    echo 'the Flatpak does not build'
    exit 1
  }
if grep -E 'warning:' "$cache/build.log" | grep -F '../src/' | grep -v cmark; then
  echo 'the Flatpak builds with warnings'; exit 1
fi

granted=$(flatpak info --user --show-permissions "$id" | sed -n 's/^\(devices\|shared\|sockets\)=//p' | tr '\n' ' ')
echo "permissions: $granted"
if flatpak info --user --show-permissions "$id" | grep -qE '^(filesystems|\[Session Bus Policy\]|\[System Bus Policy\])'; then
  echo "the sandbox is wider than it should be"; exit 1
fi

dbus-run-session -- xvfb-run -a -s '-screen 0 1000x720x24 -noreset' tests/flatpak.sh --inside "$shot"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The layers below the window know no toolkit: their libraries name no GTK, GDK, libadwaita or Pango symbol.
# usage: layers.sh BUILD_FOLDER SOURCE_FOLDER (called by meson)
set -u
status=0
for layer in base net provider markdown store secrets settings chat; do
  library="$1/src/$layer/libsc-$layer.a"
  if [ ! -f "$library" ]; then
    echo "no $library"
    status=1
    continue
  fi
  found=$(nm --undefined-only "$library" 2>/dev/null | grep -E ' U (gtk|gdk|gsk|adw|pango|gtk_source)_' | sort -u)
  if [ -n "$found" ]; then
    echo "$layer uses the toolkit:"
    echo "$found"
    status=1
  fi
done
exit $status

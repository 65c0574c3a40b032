#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# po/POTFILES lists every file with words to translate, and only files that exist.
# usage: potfiles.sh SOURCE_FOLDER (called by meson)
set -u
cd "$1" || exit 1
status=0
listed=$(grep -v '^#' po/POTFILES | grep .)
for file in $listed; do
  if [ ! -f "$file" ]; then
    echo "po/POTFILES names $file, which does not exist"
    status=1
  fi
done
found=$(grep -rlE '(^|[^A-Za-z_])(_|N_|C_|NC_|ngettext|Q_) ?\("|ngettext ?\(|translatable="(yes|true)"' src --include='*.c' --include='*.ui'
        ls data/*.desktop.in data/*.metainfo.xml.in data/*.gschema.xml)
for file in $found; do
  if ! echo "$listed" | grep -qx "$file"; then
    echo "po/POTFILES lacks $file"
    status=1
  fi
done
sorted=$(echo "$listed" | LC_ALL=C sort)
if [ "$listed" != "$sorted" ]; then
  echo "po/POTFILES is not sorted"
  status=1
fi
exit $status

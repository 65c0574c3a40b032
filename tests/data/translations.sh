#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every translation is complete, well formed, and made from today's words.
# usage: translations.sh SOURCE_FOLDER (called by meson)
set -u
cd "$1/po" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status=0

xgettext --files-from=POTFILES --directory=.. --output="$work/today.pot" --from-code=UTF-8 \
  --package-name=stream-chat --add-comments=Translators \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dngettext:2,3 --keyword=ngettext:1,2 \
  2> "$work/xgettext" || { cat "$work/xgettext"; exit 1; }
# Entries about GSettings and AppStream files need newer gettext tables; what could not be read is an error.
if grep -v -e 'warning: ' "$work/xgettext" | grep -q .; then
  cat "$work/xgettext"
  status=1
fi

for language in $(grep -v '^#' LINGUAS); do
  if ! msgfmt --check --check-accelerators=_ --output-file=/dev/null "$language.po" 2> "$work/log"; then
    cat "$work/log"
    status=1
    continue
  fi
  msgmerge --quiet --no-fuzzy-matching "$language.po" "$work/today.pot" --output-file="$work/$language.po"
  LC_ALL=C msgfmt --statistics --output-file=/dev/null "$work/$language.po" 2> "$work/counts"
  if grep -qE 'untranslated|fuzzy' "$work/counts"; then
    echo "$language: $(cat "$work/counts")"
    msgattrib --untranslated --no-obsolete "$work/$language.po" | grep -A1 '^msgid' | head -n 20
    status=1
  fi
done
exit $status

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function of a header has a doc block; in a public one it names the parameters too.

What is shared by the files of one folder only may be marked `/*< private >` and be documented in fewer words.

usage: documentation.py SOURCE_FOLDER (called by meson)
"""
import pathlib
import re
import sys

DECLARATION = re.compile(
    r'(?P<doc>/\*(?:\*|< private >)(?:(?!\*/).)*\*/)?\s*\n(?:[A-Z_]+\s+)?[A-Za-z][\w \*]*?[ \*\n](?P<name>sc_\w+)\s*'
    r'\((?P<parameters>[^;{]*?)\)[^;{()]*(?:G_GNUC_\w+(?:\s*\([^)]*\))?)?;', re.DOTALL)


def parameter_names(text):
    """The names of the parameters of a declaration, without (void) and the ellipsis."""
    flat = re.sub(r'\s+', ' ', text).strip()
    if flat in ('void', ''):
        return []
    names = [re.search(r'(\w+)\s*(?:\[\])?$', part.strip()) for part in flat.split(',')]
    return [match.group(1) for match in names if match]


def check_header(path):
    """Yields a sentence for each function without a whole doc block."""
    text = path.read_text(encoding='utf-8')
    for match in DECLARATION.finditer(text):
        name, doc = match.group('name'), match.group('doc')
        if name.endswith('_get_type'):
            continue
        if doc is None or not re.search(r'\*\s+' + name + ':', doc):
            yield f'{path}: {name} has no doc block'
            continue
        if not doc.startswith('/**'):
            continue
        for parameter in parameter_names(match.group('parameters')):
            if parameter != 'error' and f'@{parameter}' not in doc:
                yield f'{path}: {name} does not document @{parameter}'


def main():
    """Prints what is missing; exit 1 if anything is."""
    headers = sorted(pathlib.Path(sys.argv[1], 'src').rglob('*.h'))
    missing = [line for path in headers for line in check_header(path)]
    print('\n'.join(missing) or f'{len(headers)} headers: every function is documented')
    return 1 if missing else 0


sys.exit(main())

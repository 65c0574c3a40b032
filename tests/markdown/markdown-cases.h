/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Documents for the tests of markdown, and cmark-gfm's own answer to compare with. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *load_cases     (void);
GPtrArray *split_examples (const char *specification);
char      *glue_cases     (GRand      *random,
                           GPtrArray  *cases,
                           gsize      *length);
char      *render_once    (const char *text,
                           gsize       length);
char      *render_stream  (const char *text,
                           gsize       length,
                           gsize       chunk);

G_END_DECLS

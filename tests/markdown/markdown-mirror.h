/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A view of a stream that is kept by its splices alone. */

#pragma once

#include "sc-markdown.h"

G_BEGIN_DECLS

typedef struct _Mirror Mirror;

Mirror *mirror_new    (void);
void    mirror_free   (Mirror           *self);
void    mirror_update (Mirror           *self,
                       ScMarkdownStream *stream);
char   *describe_view (ScMarkdownStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mirror, mirror_free)

G_END_DECLS

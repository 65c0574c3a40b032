/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A resolver that knows no name, so that no test asks the network for one. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** no_names_begin: Returns: (transfer full): the resolver to give to no_names_end() */
GResolver *no_names_begin (void);

/** no_names_end: puts back @before (transfer full), the resolver that names are looked up with again */
void       no_names_end   (GResolver *before);

G_END_DECLS

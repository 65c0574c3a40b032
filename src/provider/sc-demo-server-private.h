/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the Demo server's tests look at. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_demo_server_get_n_streams:
 *
 * Returns: how many answers are on their way
 */
guint sc_demo_server_get_n_streams (void);

G_END_DECLS

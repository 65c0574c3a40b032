/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other parts of this layer need of the history. */

#pragma once

#include "sc-history.h"
#include "sc-store.h"

G_BEGIN_DECLS

/**
 * sc_history_get_store:
 * @self: a history
 *
 * Returns: (transfer none): where it keeps everything
 */
ScStore *sc_history_get_store (ScHistory *self);

G_END_DECLS

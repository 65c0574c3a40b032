/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses who answers: a search field over all models of all providers. Their lists are fetched
 * when it opens. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ScModelPopover:
 *
 * Signal `chosen` (string, nullable string): a profile's id and a model.
 */
#define SC_TYPE_MODEL_POPOVER (sc_model_popover_get_type ())
G_DECLARE_FINAL_TYPE (ScModelPopover, sc_model_popover, SC, MODEL_POPOVER, GtkPopover)

/**
 * sc_model_popover_new:
 *
 * Returns: (transfer floating): a popover without parent
 */
GtkWidget *sc_model_popover_new         (void);

/**
 * sc_model_popover_set_current:
 * @self: a popover
 * @provider: (nullable): the profile in use
 * @model: (nullable): the model in use, %NULL is the profile's default
 *
 * Says what is marked as in use.
 */
void       sc_model_popover_set_current (ScModelPopover *self,
                                         const char     *provider,
                                         const char     *model);

G_END_DECLS

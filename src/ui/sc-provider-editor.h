/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything about one provider on one page. A provider that exists is saved as one edits; a new
 * one when sc_provider_editor_add() is called. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderEditor:
 *
 * Property `can-add` (boolean, read-only): what is typed is enough for a provider.
 */
#define SC_TYPE_PROVIDER_EDITOR (sc_provider_editor_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderEditor, sc_provider_editor, SC, PROVIDER_EDITOR, AdwBin)

/**
 * sc_provider_editor_edit:
 * @self: the editor
 * @profile: a saved profile
 *
 * Shows a provider. From now on every change is saved after a short pause, and at the latest when
 * the editor is hidden.
 */
void        sc_provider_editor_edit    (ScProviderEditor *self,
                                        const ScProfile  *profile);

/**
 * sc_provider_editor_draft:
 * @self: the editor
 * @profile: a profile that is not saved
 *
 * Shows a new provider. A server on this computer is asked for its models at once.
 */
void        sc_provider_editor_draft   (ScProviderEditor *self,
                                        const ScProfile  *profile);

/**
 * sc_provider_editor_add:
 * @self: the editor with a draft
 *
 * Saves the draft and its key; from now on it is an edited provider.
 *
 * Returns: %TRUE if it was saved; otherwise the rows say what is missing
 */
gboolean    sc_provider_editor_add     (ScProviderEditor *self);

/**
 * sc_provider_editor_flush:
 * @self: the editor
 *
 * Saves at once what waits to be saved, a typed key included, and gives up a running test. Does
 * nothing to a draft but the latter.
 */
void        sc_provider_editor_flush   (ScProviderEditor *self);

G_END_DECLS

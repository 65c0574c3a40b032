/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses of Vertex AI: what its request builder and its tokens both have to know of them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_vertex_is_key_file:
 * @key: (nullable): a key as the keyring holds it
 *
 * Returns: %TRUE if it is the text of a key file, %FALSE if it is a token or key to be sent
 */
gboolean  sc_vertex_is_key_file  (const char  *key);

/**
 * sc_vertex_complete_url:
 * @base_url: (nullable): a base URL as people write it
 * @project: (nullable): the project to use where it names none
 *
 * Returns: (transfer full): the base URL with version, project and location if it has or gets a
 *   project, without what stands behind them; a copy if it is no address
 */
char     *sc_vertex_complete_url (const char  *base_url,
                                  const char  *project);

/**
 * sc_vertex_complete_url_for_model:
 * @base_url: (nullable): a base URL as people write it
 * @model: (nullable): a model, maybe as a full resource name (`projects/P/locations/L/publishers/…`)
 *
 * Returns: (transfer full): as sc_vertex_complete_url(), with the project and location of a full
 *   resource name, and Google's host for that location; other hosts stay
 */
char     *sc_vertex_complete_url_for_model (const char  *base_url,
                                            const char  *model);

G_END_DECLS

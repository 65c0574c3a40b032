/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A model on its way to a server: it goes on whatever window is open, until it is stopped or the
 * program ends. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScDownloadState:
 * @SC_DOWNLOAD_RUNNING: it is on its way
 * @SC_DOWNLOAD_DONE: the model is there
 * @SC_DOWNLOAD_STOPPED: somebody stopped it; the server keeps what it has
 * @SC_DOWNLOAD_FAILED: it did not work
 */
typedef enum
{
  SC_DOWNLOAD_RUNNING,
  SC_DOWNLOAD_DONE,
  SC_DOWNLOAD_STOPPED,
  SC_DOWNLOAD_FAILED,
} ScDownloadState;

/**
 * ScDownload:
 *
 * Signal `changed`: there is something new to show; a few times a second at the most while it runs,
 * and always at the end.
 */
#define SC_TYPE_DOWNLOAD (sc_download_get_type ())
G_DECLARE_FINAL_TYPE (ScDownload, sc_download, SC, DOWNLOAD, GObject)

/**
 * sc_download_start:
 * @profile: whose server to use, of a protocol that can download; its key is looked up in the
 *   keyring where it has none
 * @model: the name of the model
 *
 * Begins at once. To go on with one that ended, start another one.
 *
 * Returns: (transfer full): the download
 */
ScDownload      *sc_download_start         (const ScProfile *profile,
                                            const char      *model);

/**
 * sc_download_stop:
 * @self: a download
 *
 * Closes the connection at once. Without effect on one that has ended.
 */
void             sc_download_stop          (ScDownload      *self);

/**
 * sc_download_get_state:
 * @self: a download
 *
 * Returns: what became of it
 */
ScDownloadState  sc_download_get_state     (ScDownload      *self);

/**
 * sc_download_get_model:
 * @self: a download
 *
 * Returns: (transfer none): the name of the model
 */
const char      *sc_download_get_model     (ScDownload      *self);

/**
 * sc_download_get_words:
 * @self: a download
 *
 * Returns: (transfer none): what happens, or what happened, for people
 */
const char      *sc_download_get_words     (ScDownload      *self);

/**
 * sc_download_get_bytes:
 * @self: a download
 * @completed: (out): bytes that are there
 * @total: (out): bytes in all; 0 as long as that is not known
 *
 * Tells how far it is.
 */
void             sc_download_get_bytes     (ScDownload      *self,
                                            gint64          *completed,
                                            gint64          *total);

/**
 * sc_download_get_speed:
 * @self: a download
 *
 * Returns: bytes a second, over the last moments; -1 as long as that is not known
 */
gint64           sc_download_get_speed     (ScDownload      *self);

/**
 * sc_download_can_resume:
 * @self: a download
 *
 * Returns: %TRUE if it ended before its end and starting again may help
 */
gboolean         sc_download_can_resume    (ScDownload      *self);

/**
 * sc_download_is_offered:
 * @profile: (nullable): a profile
 *
 * Returns: %TRUE if its server can download models
 */
gboolean         sc_download_is_offered    (const ScProfile *profile);

G_END_DECLS

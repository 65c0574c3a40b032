/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures that are attached: how large they are, what they look like small, and how they get
 * within what a provider takes. Everything here may take a while and may be called on any thread. */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "sc-attachment-rules.h"

G_BEGIN_DECLS

/**
 * sc_attachment_picture_probe:
 * @bytes: a file
 * @width: (out): in pixels, 0 if it is no picture that can be read
 * @height: (out): in pixels, 0 if it is no picture that can be read
 *
 * Reads no more of the picture than its size.
 */
void       sc_attachment_picture_probe     (GBytes                 *bytes,
                                            guint                  *width,
                                            guint                  *height);

/**
 * sc_attachment_picture_shrink:
 * @bytes: a picture
 * @edge: in pixels
 *
 * Makes a small square of the middle of a picture.
 *
 * Returns: (transfer full) (nullable): the square, or %NULL if the picture cannot be read
 */
GdkPixbuf *sc_attachment_picture_shrink    (GBytes                 *bytes,
                                            int                     edge);

/**
 * sc_attachment_picture_fit:
 * @bytes: a picture
 * @media_type: its type
 * @name: what it is called, for the error
 * @limits: what it has to be like
 * @cancellable: (nullable): to stop it
 * @fitted_type: (out) (transfer none): the type it has then
 * @error: return location
 *
 * Makes a picture fit: another format if its own is not taken (PNG), a smaller size only where a
 * limit asks for it, and then no smaller than that. Photographs stay photographs (JPEG); a picture
 * that is too large as PNG and lets nothing shine through becomes one.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL with %SC_ERROR_INVALID_REQUEST (it
 *   cannot be read here; the message says so) or %G_IO_ERROR_CANCELLED set
 */
GBytes    *sc_attachment_picture_fit       (GBytes                 *bytes,
                                            const char             *media_type,
                                            const char             *name,
                                            const ScPictureLimits  *limits,
                                            GCancellable           *cancellable,
                                            const char            **fitted_type,
                                            GError                **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures as bytes: what they are, how large, and how they become pixels. Pure but for the pixels; may be called in any
 * thread. */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Pictures with more pixels are refused: their bytes may be few and their pixels fill the memory. */
#define SC_PICTURE_MAX_PIXELS (64 * 1024 * 1024)

/* Larger pictures are made smaller when they are read; no page is wider. */
#define SC_PICTURE_MAX_SIDE   1600

/**
 * sc_picture_sniff:
 * @bytes: (array length=length): the beginning of a picture
 * @length: how many bytes
 * @width: (out): its width in pixels, 0 if it cannot be known yet
 * @height: (out): its height in pixels, 0 if it cannot be known yet
 *
 * Looks at the first bytes, whatever a server or a name says.
 *
 * Returns: (nullable): `png`, `jpeg`, `gif` or `webp`; %NULL if it is none of these
 */
const char *sc_picture_sniff       (const guint8  *bytes,
                                    gsize          length,
                                    int           *width,
                                    int           *height);

/**
 * sc_picture_is_data:
 * @address: an address
 *
 * Returns: %TRUE if it is a `data:` URL of a picture in base64
 */
gboolean    sc_picture_is_data     (const char    *address);

/**
 * sc_picture_decode_data:
 * @address: a `data:` URL of a picture
 * @max_bytes: how many bytes of it are wanted at the most
 *
 * Returns: (transfer full) (nullable): its bytes, maybe only the first; %NULL if there are none
 */
GBytes     *sc_picture_decode_data (const char    *address,
                                    gsize          max_bytes);

/**
 * sc_picture_read:
 * @bytes: a picture
 * @width: (out): its width in pixels, turned as it says itself
 * @height: (out): its height
 * @error: return location
 *
 * Makes pixels of it, no more than are of use. Slow: not for the main thread.
 *
 * Returns: (transfer full) (nullable): the pixels, or %NULL with an error in words
 */
GdkTexture *sc_picture_read        (GBytes        *bytes,
                                    int           *width,
                                    int           *height,
                                    GError       **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pictures of one page: which may be fetched, which are there, and how many pixels of them are kept. A picture of
 * the network is fetched only when the reader said so, for it or for the whole conversation. */

#pragma once

#include <gdk/gdk.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScPictureState:
 * @SC_PICTURE_ASKS: on the network; the reader was not asked yet
 * @SC_PICTURE_LOADING: being fetched
 * @SC_PICTURE_THERE: its bytes are there
 * @SC_PICTURE_FAILED: it could not be fetched or read
 * @SC_PICTURE_REFUSED: its address is none to fetch from
 */
typedef enum
{
  SC_PICTURE_ASKS,
  SC_PICTURE_LOADING,
  SC_PICTURE_THERE,
  SC_PICTURE_FAILED,
  SC_PICTURE_REFUSED,
} ScPictureState;

typedef struct _ScPicture ScPicture;
typedef struct _ScPictures ScPictures;

/**
 * ScPicturesFunc:
 * @is_resized: it takes another place now
 * @user_data: what was given with the function
 *
 * Tells that pictures look different.
 */
typedef void (*ScPicturesFunc) (gboolean is_resized,
                                gpointer user_data);

/**
 * sc_pictures_new:
 * @changed: called when a picture changed
 * @user_data: for @changed
 *
 * Returns: (transfer full): no pictures yet
 */
ScPictures    *sc_pictures_new              (ScPicturesFunc   changed,
                                             gpointer         user_data);

/**
 * sc_pictures_free:
 * @self: (nullable) (transfer full): pictures
 *
 * Stops what is fetched and frees them; pictures that are held go on as they are.
 */
void           sc_pictures_free             (ScPictures      *self);

/**
 * sc_pictures_set_conversation:
 * @self: pictures
 * @conversation: (nullable): whose pictures they are from now on; remembers from whom all may be fetched
 *
 * Forgets the pictures so far.
 */
void           sc_pictures_set_conversation (ScPictures      *self,
                                             GObject         *conversation);

/**
 * sc_pictures_set_profile:
 * @self: pictures
 * @profile: (nullable): whose proxy is used
 *
 * Sets how pictures are fetched.
 */
void           sc_pictures_set_profile      (ScPictures      *self,
                                             const ScProfile *profile);

/**
 * sc_pictures_get:
 * @self: pictures
 * @address: what an answer points at
 *
 * Returns: (transfer full): the picture there
 */
ScPicture     *sc_pictures_get              (ScPictures      *self,
                                             const char      *address);

/**
 * sc_pictures_get_file:
 * @self: pictures
 * @bytes: bytes of a file
 *
 * Returns: (transfer full) (nullable): the picture in it, or %NULL if it is none
 */
ScPicture     *sc_pictures_get_file         (ScPictures      *self,
                                             GBytes          *bytes);

/**
 * sc_pictures_load:
 * @self: pictures
 * @picture: one of them
 *
 * Fetches a picture, also again where that failed. The reader's word is needed.
 */
void           sc_pictures_load             (ScPictures      *self,
                                             ScPicture       *picture);

/**
 * sc_pictures_load_all:
 * @self: pictures
 *
 * Fetches all pictures of the conversation, also those that come from the same servers. The reader's word is needed.
 */
void           sc_pictures_load_all         (ScPictures      *self);

/**
 * sc_pictures_get_n_asking:
 * @self: pictures
 *
 * Returns: how many wait for the reader's word
 */
guint          sc_pictures_get_n_asking     (ScPictures      *self);

/**
 * sc_pictures_begin_draw:
 * @self: pictures
 *
 * A frame begins: what is not asked for in it is out of sight.
 */
void           sc_pictures_begin_draw       (ScPictures      *self);

/**
 * sc_pictures_get_texture:
 * @self: pictures
 * @picture: one of them that is there
 *
 * Gets its pixels, for drawing now; where there are none they are made and told of by the function.
 *
 * Returns: (transfer none) (nullable): its pixels
 */
GdkTexture    *sc_pictures_get_texture      (ScPictures      *self,
                                             ScPicture       *picture);

/**
 * sc_pictures_end_draw:
 * @self: pictures
 *
 * The frame is drawn: pixels out of sight are dropped where they are too many, longest unseen first.
 */
void           sc_pictures_end_draw         (ScPictures      *self);

/**
 * sc_pictures_get_n_bytes:
 * @self: pictures
 *
 * Returns: what the pixels that are kept take
 */
gsize          sc_pictures_get_n_bytes      (ScPictures      *self);

/**
 * sc_picture_ref:
 * @self: a picture
 *
 * Returns: (transfer full): the same
 */
ScPicture     *sc_picture_ref               (ScPicture       *self);

/**
 * sc_picture_unref:
 * @self: (transfer full): a picture
 *
 * Gives a reference back.
 */
void           sc_picture_unref             (ScPicture       *self);

/**
 * sc_picture_get_state:
 * @self: a picture
 *
 * Returns: what can be said of it
 */
ScPictureState sc_picture_get_state         (const ScPicture *self);

/**
 * sc_picture_get_address:
 * @self: a picture
 *
 * Returns: (transfer none) (nullable): its address on the network
 */
const char    *sc_picture_get_address       (const ScPicture *self);

/**
 * sc_picture_get_failure:
 * @self: a picture
 *
 * Returns: (transfer none) (nullable): why it failed, in words
 */
const char    *sc_picture_get_failure       (const ScPicture *self);

/**
 * sc_picture_get_size:
 * @self: a picture
 * @width: (out): its width in pixels
 * @height: (out): its height in pixels
 *
 * Returns: %TRUE if its size is known
 */
gboolean       sc_picture_get_size          (const ScPicture *self,
                                             int             *width,
                                             int             *height);

G_END_DECLS

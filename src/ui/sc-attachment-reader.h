/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads what shall be attached, on worker threads: files, pictures of the clipboard, bytes. Tells
 * what they are by their bytes; what cannot be attached at all fails with a sentence for people. */

#pragma once

#include <gtk/gtk.h>

#include "sc-attachment-rules.h"

G_BEGIN_DECLS

/** SC_ATTACHMENT_MAX_BYTES: no file beyond this size is read */
#define SC_ATTACHMENT_MAX_BYTES (100 * 1000 * 1000)

/**
 * ScAttachmentContent:
 * @name: what it is called
 * @media_type: what it is, told by its bytes
 * @bytes: all of it; text is UTF-8
 * @width: of a picture that can be read, in pixels, else 0
 * @height: of a picture that can be read, in pixels, else 0
 * @is_text: whether it is valid UTF-8
 * @thumbnail: (nullable): a small square picture of it
 *
 * What was read.
 */
typedef struct
{
  char      *name;
  char      *media_type;
  GBytes    *bytes;
  guint      width;
  guint      height;
  gboolean   is_text;
  GdkPixbuf *thumbnail;
} ScAttachmentContent;

/**
 * sc_attachment_content_free:
 * @self: (nullable) (transfer full): what was read
 *
 * Frees it.
 */
void                 sc_attachment_content_free           (ScAttachmentContent     *self);

/**
 * sc_attachment_reader_read_file_async:
 * @file: a file
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Reads a file. Its size is looked at first: nothing is read of one that is too large.
 */
void                 sc_attachment_reader_read_file_async (GFile                   *file,
                                                           GCancellable            *cancellable,
                                                           GAsyncReadyCallback      callback,
                                                           gpointer                 user_data);

/**
 * sc_attachment_reader_read_bytes_async:
 * @bytes: what came by another way
 * @name: what it is called
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Looks at bytes as if they had been read of a file.
 */
void                 sc_attachment_reader_read_bytes_async (GBytes                 *bytes,
                                                            const char             *name,
                                                            GCancellable           *cancellable,
                                                            GAsyncReadyCallback     callback,
                                                            gpointer                user_data);

/**
 * sc_attachment_reader_read_texture_async:
 * @texture: a picture that was dropped or pasted; in memory, not on a graphics card
 * @name: what it is called
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Makes a PNG file of a picture.
 */
void                 sc_attachment_reader_read_texture_async (GdkTexture           *texture,
                                                              const char           *name,
                                                              GCancellable         *cancellable,
                                                              GAsyncReadyCallback   callback,
                                                              gpointer              user_data);

/**
 * sc_attachment_reader_read_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was read, or %NULL with %SC_ERROR_INVALID_REQUEST (a
 *   sentence for people) or %G_IO_ERROR_CANCELLED set
 */
ScAttachmentContent *sc_attachment_reader_read_finish     (GAsyncResult            *result,
                                                           GError                 **error);

/**
 * sc_attachment_reader_fit_async:
 * @content: a picture; its name, type and bytes are copied
 * @limits: what it has to be like
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Makes a picture fit, see sc_attachment_picture_fit().
 */
void                 sc_attachment_reader_fit_async       (const ScAttachmentContent *content,
                                                           const ScPictureLimits   *limits,
                                                           GCancellable            *cancellable,
                                                           GAsyncReadyCallback      callback,
                                                           gpointer                 user_data);

/**
 * sc_attachment_reader_fit_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the picture without a thumbnail, or %NULL with an error as
 *   of sc_attachment_picture_fit()
 */
ScAttachmentContent *sc_attachment_reader_fit_finish      (GAsyncResult            *result,
                                                           GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScAttachmentContent, sc_attachment_content_free)

G_END_DECLS

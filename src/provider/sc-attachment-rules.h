/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a file can be sent, decided before anything is sent: which types a protocol takes, how
 * large they may be, what the model is known to see and hear. Pure: looks at no file. */

#pragma once

#include "sc-protocol.h"

G_BEGIN_DECLS

/**
 * ScAttachmentVerdict:
 * @SC_ATTACHMENT_TAKEN: as it is
 * @SC_ATTACHMENT_CONVERTED: a picture that has to get another format or a smaller size first
 * @SC_ATTACHMENT_REFUSED: not at all
 */
typedef enum
{
  SC_ATTACHMENT_TAKEN,
  SC_ATTACHMENT_CONVERTED,
  SC_ATTACHMENT_REFUSED,
} ScAttachmentVerdict;

/**
 * ScAttachmentTarget:
 * @protocol: (nullable): id of the protocol; %NULL (there is nobody yet) takes everything
 * @model: (nullable): the model's id
 * @flags: what the model can do; without %SC_MODEL_FLAGS_KNOWN it is taken to see and hear
 * @n_pictures: how many pictures the request has altogether
 *
 * Who would get the file.
 */
typedef struct
{
  const char   *protocol;
  const char   *model;
  ScModelFlags  flags;
  guint         n_pictures;
} ScAttachmentTarget;

/**
 * ScAttachmentFacts:
 * @name: what the file is called
 * @media_type: its type, told by its bytes
 * @n_bytes: its size
 * @width: of a picture, in pixels; 0 unknown
 * @height: of a picture, in pixels; 0 unknown
 * @is_text: its bytes are valid UTF-8
 *
 * What is known of a file.
 */
typedef struct
{
  const char *name;
  const char *media_type;
  guint64     n_bytes;
  guint       width;
  guint       height;
  gboolean    is_text;
} ScAttachmentFacts;

/**
 * ScPictureLimits:
 * @types: (array zero-terminated=1): types of pictures that are taken
 * @max_bytes: the most bytes of one, 0 no limit
 * @max_edge: the longest edge in pixels, 0 no limit
 *
 * What a picture has to be like.
 */
typedef struct
{
  const char *const *types;
  guint64            max_bytes;
  guint              max_edge;
} ScPictureLimits;

/**
 * sc_attachment_rules_is_picture:
 * @media_type: a type
 *
 * Returns: %TRUE for pictures made of pixels (a drawing in SVG is text)
 */
gboolean            sc_attachment_rules_is_picture         (const char               *media_type);

/**
 * sc_attachment_rules_get_picture_limits:
 * @target: who gets it
 * @limits: (out): what its protocol says of pictures; its types are static
 *
 * Returns: %TRUE, or %FALSE if it takes no pictures
 */
gboolean            sc_attachment_rules_get_picture_limits (const ScAttachmentTarget *target,
                                                            ScPictureLimits          *limits);

/**
 * sc_attachment_rules_check:
 * @target: who would get it
 * @facts: the file
 * @reason: (out) (nullable) (transfer full): a translated sentence if it is refused, else %NULL
 *
 * Decides about one file.
 *
 * Returns: what becomes of it
 */
ScAttachmentVerdict sc_attachment_rules_check              (const ScAttachmentTarget *target,
                                                            const ScAttachmentFacts  *facts,
                                                            char                    **reason);

/**
 * sc_attachment_rules_check_request:
 * @target: who would get it; its number of pictures counts
 * @name: the file that was added last
 * @is_picture: whether that is a picture
 * @n_bytes: size of all files of the request together
 * @reason: (out) (nullable) (transfer full): a translated sentence if it is too much, else %NULL
 *
 * Decides whether all files of a request, those of earlier messages with them, fit into it.
 *
 * Returns: %TRUE if they do
 */
gboolean            sc_attachment_rules_check_request      (const ScAttachmentTarget *target,
                                                            const char               *name,
                                                            gboolean                  is_picture,
                                                            guint64                   n_bytes,
                                                            char                    **reason);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of attached files share: a composer in a window, files and pictures to attach, and a look at what
 * came of it. */

#pragma once

#include <adwaita.h>

#include "sc-attachment-list.h"
#include "sc-composer.h"
#include "sc-history.h"
#include "sc-settings.h"

G_BEGIN_DECLS

/** ANTHROPIC_BYTES: what a picture may have there before base64 */
#define ANTHROPIC_BYTES (5 * 1024 * 1024 / 4 * 3)

typedef struct
{
  char             *folder;
  ScProfile        *claude;
  ScProfile        *llama;
  ScHistory        *history;
  ScConversation   *conversation;
  GtkWidget        *window;
  ScComposer       *composer;
  ScAttachmentList *list;
  char             *sent;
  GPtrArray        *files;
} AttachmentsFixture;

typedef gboolean (*Condition) (AttachmentsFixture *fixture);

/* Keeps what the composer sends, in place of a conversation. */
void attachments_sent_cb (ScComposer *composer, const char *text, AttachmentsFixture *fixture);

/* A composer in a window, and providers of two protocols: what is sent is kept and goes nowhere. */
void attachments_set_up (AttachmentsFixture *fixture, gconstpointer data);

/* Closes the window, sees the composer finalised and removes what was written. */
void attachments_tear_down (AttachmentsFixture *fixture, gconstpointer data);

/* Iterates until the condition holds; aborts after a generous time. */
void attachments_wait_for (AttachmentsFixture *fixture, Condition condition);

/* The number of attached files. */
guint attachments_count (AttachmentsFixture *fixture);

/* (transfer none): the attached file at that position. */
ScAttachmentItem *attachments_get_item (AttachmentsFixture *fixture, guint position);

/* Whether no file is being read any more. */
gboolean attachments_is_settled (AttachmentsFixture *fixture);

/* Whether there is one file, and read. */
gboolean attachments_has_one (AttachmentsFixture *fixture);

/* (transfer full): the path of a new file in the folder of the test. */
char *attachments_write_file (AttachmentsFixture *fixture,
                              const char *name,
                              const char *content,
                              gsize length);

/* Attaches the file of that path. */
void attachments_add_path (AttachmentsFixture *fixture, const char *path);

/* Writes a file and attaches it. */
void attachments_add_content (AttachmentsFixture *fixture,
                              const char *name,
                              const char *content,
                              gsize length);

/* (transfer full): a picture of one colour or of noise. */
GdkPixbuf *attachments_create_pixbuf (int width, int height, gboolean is_noise);

/* (transfer full): a picture in that format, of one colour or of noise that no format makes small. */
GBytes *attachments_create_picture (int width, int height, gboolean is_noise, const char *format);

/* Writes such a picture and attaches it. */
void attachments_add_picture (AttachmentsFixture *fixture,
                              const char *name,
                              int width,
                              int height,
                              gboolean is_noise,
                              const char *format);

/* The first descendant of that CSS class. */
GtkWidget *attachments_find_class (GtkWidget *root, const char *name);

/* The first descendant of that type. */
GtkWidget *attachments_find_type (GtkWidget *root, GType type);

/* The button Send. */
GtkWidget *attachments_get_send_button (AttachmentsFixture *fixture);

/* Whether Send can be pressed. */
gboolean attachments_can_send (AttachmentsFixture *fixture);

/* Fails unless this, or nothing, is said beside the files. */
void attachments_assert_notice (AttachmentsFixture *fixture, const char *expected);

/* (transfer none): the file at that position of what was sent. */
const ScAttachment *attachments_get_sent_file (AttachmentsFixture *fixture, guint position);

/* Presses Send. */
void attachments_press_send (AttachmentsFixture *fixture);

G_END_DECLS

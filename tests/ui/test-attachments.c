/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attached files with the real composer: how they come in, what is refused with which words, what is
 * sent, what a change of the model does. Nothing here answers. */

#include "config.h"

#include <adwaita.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "attachments-fixture.h"
#include "sc-attachment-chip.h"
#include "sc-attachment-reader.h"
#include "sc-composer.h"
#include "sc-demo-server.h"
#include "sc-drafts.h"
#include "sc-history.h"
#include "sc-settings.h"
#include "sc-turn-private.h"
#include "sc-window.h"

/* A picture without a word is a message. */
static void
test_send (AttachmentsFixture *fixture,
           gconstpointer       data)
{
  g_autoptr (GBytes) bytes = attachments_create_picture (64, 48, FALSE, "png");

  g_assert_false (attachments_can_send (fixture));
  attachments_add_content (fixture, "a blue.dat", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  attachments_add_content (fixture, "notes", "fünf\n", 6);
  g_assert_false (attachments_can_send (fixture));
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  g_assert_true (attachments_can_send (fixture));
  g_assert_nonnull (sc_attachment_item_get_thumbnail (attachments_get_item (fixture, 0)));
  g_assert_null (sc_attachment_item_get_thumbnail (attachments_get_item (fixture, 1)));

  attachments_press_send (fixture);
  g_assert_cmpstr (fixture->sent, ==, "");
  g_assert_cmpuint (fixture->files->len, ==, 2);
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->name, ==, "a blue.dat");
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->media_type, ==, "image/png");
  g_assert_true (g_bytes_equal (attachments_get_sent_file (fixture, 0)->data, bytes));
  g_assert_cmpstr (attachments_get_sent_file (fixture, 1)->media_type, ==, "text/plain");
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
  g_assert_false (attachments_can_send (fixture));
}

static void
paste (AttachmentsFixture *fixture)
{
  g_signal_emit_by_name (attachments_find_type (GTK_WIDGET (fixture->composer), GTK_TYPE_TEXT_VIEW),
                         "paste-clipboard");
}

static void
test_paste_picture (AttachmentsFixture *fixture,
                    gconstpointer       data)
{
  g_autoptr (GdkPixbuf) pixbuf = attachments_create_pixbuf (40, 30, FALSE);
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);

  gdk_clipboard_set_texture (gtk_widget_get_clipboard (fixture->window), texture);
  sc_composer_set_text (fixture->composer, "what is this?");
  paste (fixture);
  attachments_wait_for (fixture, attachments_has_one);
  attachments_press_send (fixture);
  g_assert_cmpstr (fixture->sent, ==, "what is this?");
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->media_type, ==, "image/png");
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->name, ==, "Pasted picture");
}

static void
set_clipboard_files (AttachmentsFixture *fixture,
                     GdkFileList        *files)
{
  gdk_clipboard_set (gtk_widget_get_clipboard (fixture->window), GDK_TYPE_FILE_LIST, files);
}

static GdkFileList *
create_file_list (const char *uri,
                  const char *other)
{
  g_autoptr (GFile) file = g_file_new_for_uri (uri);
  g_autoptr (GFile) file2 = other != NULL ? g_file_new_for_uri (other) : NULL;
  GSList *files = g_slist_append (NULL, file);
  GdkFileList *list;

  if (file2 != NULL)
    files = g_slist_append (files, file2);
  list = gdk_file_list_new_from_list (files);
  g_slist_free (files);
  return list;
}

static void
test_paste_files (AttachmentsFixture *fixture,
                  gconstpointer       data)
{
  g_autofree char *path = attachments_write_file (fixture, "pasted.txt", "words", 5);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GdkFileList *files = create_file_list (uri, "https://example.org/a.png");
  g_autofree char *text = NULL;

  set_clipboard_files (fixture, files);
  g_boxed_free (GDK_TYPE_FILE_LIST, files);
  paste (fixture);
  attachments_wait_for (fixture, attachments_has_one);
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 0)), ==, "pasted.txt");
  text = sc_composer_dup_text (fixture->composer);
  g_assert_cmpstr (text, ==, "https://example.org/a.png");
}

static gboolean
has_text (AttachmentsFixture *fixture)
{
  g_autofree char *text = sc_composer_dup_text (fixture->composer);

  return *text != '\0';
}

/* A text that one may want to change stays text; a very long one becomes a file, and what is written stays. */
static void
test_paste_text (AttachmentsFixture *fixture,
                 gconstpointer       data)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GPtrArray) attachments = NULL;
  g_autofree char *text = NULL;
  const ScAttachment *attachment;

  for (guint i = 0; words->len < 99000; i++)
    g_string_append_printf (words, "line %u of a long text that somebody copied\n", i);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture->window), words->str);
  paste (fixture);
  attachments_wait_for (fixture, has_text);
  text = sc_composer_dup_text (fixture->composer);
  g_assert_true (g_str_equal (text, words->str));
  g_assert_cmpuint (attachments_count (fixture), ==, 0);

  sc_composer_set_text (fixture->composer, "What is this?");
  while (words->len <= 100000)
    g_string_append (words, "and some more\n");
  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture->window), words->str);
  paste (fixture);
  attachments_wait_for (fixture, attachments_has_one);
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 0)), ==, "Pasted text.txt");
  g_assert_cmpstr (sc_attachment_item_get_media_type (attachments_get_item (fixture, 0)), ==, "text/plain");
  attachments = sc_composer_list_attachments (fixture->composer);
  attachment = g_ptr_array_index (attachments, 0);
  g_assert_cmpmem (g_bytes_get_data (attachment->data, NULL), g_bytes_get_size (attachment->data), words->str,
                   words->len);
  g_clear_pointer (&text, g_free);
  text = sc_composer_dup_text (fixture->composer);
  g_assert_cmpstr (text, ==, "What is this?");
}

static gboolean
drop (AttachmentsFixture *fixture,
      GType               type,
      const GValue       *value)
{
  GtkWidget *area = gtk_window_get_child (GTK_WINDOW (fixture->window));
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (area);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      GdkContentFormats *formats;

      if (!GTK_IS_DROP_TARGET (controller))
        continue;
      formats = gtk_drop_target_get_formats (GTK_DROP_TARGET (controller));
      if (gdk_content_formats_contain_gtype (formats, type))
        g_signal_emit_by_name (controller, "drop", value, 1.0, 1.0, &taken);
    }
  return taken;
}

static void
test_drop (AttachmentsFixture *fixture,
           gconstpointer       data)
{
  g_autofree char *path = attachments_write_file (fixture, "dropped.txt", "words", 5);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GdkPixbuf) pixbuf = attachments_create_pixbuf (40, 30, FALSE);
  g_autofree char *text = NULL;
  g_auto (GValue) files = G_VALUE_INIT;
  g_auto (GValue) picture = G_VALUE_INIT;
  g_auto (GValue) words = G_VALUE_INIT;

  g_value_init (&files, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&files, create_file_list (uri, NULL));
  g_assert_true (drop (fixture, GDK_TYPE_FILE_LIST, &files));
  attachments_wait_for (fixture, attachments_has_one);
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 0)), ==, "dropped.txt");

  g_value_init (&picture, GDK_TYPE_TEXTURE);
  g_value_take_object (&picture, gdk_texture_new_for_pixbuf (pixbuf));
  g_assert_true (drop (fixture, GDK_TYPE_TEXTURE, &picture));
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  g_assert_cmpstr (sc_attachment_item_get_media_type (attachments_get_item (fixture, 1)), ==, "image/png");

  sc_composer_set_text (fixture->composer, "before");
  g_value_init (&words, G_TYPE_STRING);
  g_value_set_static_string (&words, "dropped words");
  g_assert_true (drop (fixture, G_TYPE_STRING, &words));
  text = sc_composer_dup_text (fixture->composer);
  g_assert_cmpstr (text, ==, "before\ndropped words");
  g_assert_cmpuint (attachments_count (fixture), ==, 2);

  g_value_take_string (&words, g_strnfill (100001, 'x'));
  g_assert_true (drop (fixture, G_TYPE_STRING, &words));
  g_assert_cmpuint (attachments_count (fixture), ==, 3);
}

/* What cannot be sent is told before, in one sentence, and nothing that was written is lost. */
static void
test_refused (AttachmentsFixture *fixture,
              gconstpointer       data)
{
  static const struct
  {
    const char *name;
    const char *content;
    gsize       length;
    const char *notice;
  } cases[] = {
    { "song.mp3", "ID3\x03\x00\x00\x00\x00\x00\x21TPE1\x00\x00\x00\x01\x00\x00", 21,
      "“song.mp3” cannot be sent: this provider takes JPEG, PNG, GIF and WebP pictures, PDF and "
      "text files." },
    { "empty.txt", "", 0, "“empty.txt” cannot be attached: it is empty." },
    { "latin.txt", "Gr\xfc\xdf" "e aus K\xf6ln\n", 15,
      "“latin.txt” cannot be sent: its text is not in UTF-8. Save it in that encoding and attach "
      "it again." },
  };

  sc_composer_set_text (fixture->composer, "typed");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].name);
      attachments_add_content (fixture, cases[i].name, cases[i].content, cases[i].length);
      attachments_wait_for (fixture, attachments_is_settled);
      g_assert_cmpuint (attachments_count (fixture), ==, 0);
      attachments_assert_notice (fixture, cases[i].notice);
      text = sc_composer_dup_text (fixture->composer);
      g_assert_cmpstr (text, ==, "typed");
      g_assert_true (attachments_can_send (fixture));
      sc_attachment_list_dismiss_notice (fixture->list);
      attachments_assert_notice (fixture, NULL);
    }
}

static void
test_unreadable (AttachmentsFixture *fixture,
                 gconstpointer       data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "gone.txt", NULL);
  g_autofree char *huge = g_build_filename (fixture->folder, "huge.iso", NULL);
  g_autofree char *basename = g_path_get_basename (fixture->folder);
  g_autofree char *folder_notice =
    g_strdup_printf ("“%s” is a folder. Attach the files in it instead.", basename);
  int fd;

  attachments_add_path (fixture, missing);
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, "“gone.txt” cannot be attached: it is not there any more.");
  sc_attachment_list_dismiss_notice (fixture->list);

  attachments_add_path (fixture, fixture->folder);
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, folder_notice);
  sc_attachment_list_dismiss_notice (fixture->list);

  attachments_add_path (fixture, "/dev/zero");
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, "“zero” cannot be attached: it is not a regular file.");
  sc_attachment_list_dismiss_notice (fixture->list);

  /* Nothing is written of it, and nothing read. */
  fd = g_open (huge, O_WRONLY | O_CREAT, 0600);
  g_assert_cmpint (ftruncate (fd, (off_t) 5 * 1000 * 1000 * 1000), ==, 0);
  g_assert_true (g_close (fd, NULL));
  attachments_add_path (fixture, huge);
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, "“huge.iso” cannot be attached: it has 5.0\302\240GB, and 100.0\302\240MB "
                          "is the most.");
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
}

static void
test_encodings (AttachmentsFixture *fixture,
                gconstpointer       data)
{
  attachments_add_content (fixture, "le.txt", "\xff\xfeh\0\xe9\0", 6);
  attachments_add_content (fixture, "be.txt", "\xfe\xff\0h\0\xe9", 6);
  attachments_add_content (fixture, "bom.txt", "\xef\xbb\xbfh\xc3\xa9", 6);
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, NULL);
  attachments_press_send (fixture);
  for (guint i = 0; i < 3; i++)
    {
      const ScAttachment *file = attachments_get_sent_file (fixture, i);

      g_assert_true (g_str_has_prefix (file->media_type, "text/"));
      g_assert_cmpmem (g_bytes_get_data (file->data, NULL), g_bytes_get_size (file->data),
                       "h\xc3\xa9", 3);
    }
}

/* Beyond the limit of bytes: just within it then, and no stamp. */
static void
test_fit_bytes (AttachmentsFixture *fixture,
                gconstpointer       data)
{
  const ScAttachment *file;
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();

  attachments_add_picture (fixture, "noise.jpg", 3000, 2400, TRUE, "jpeg");
  attachments_wait_for (fixture, attachments_has_one);
  attachments_assert_notice (fixture, NULL);
  attachments_press_send (fixture);
  file = attachments_get_sent_file (fixture, 0);
  g_assert_cmpstr (file->media_type, ==, "image/jpeg");
  g_assert_cmpuint (g_bytes_get_size (file->data), <=, ANTHROPIC_BYTES);
  g_assert_cmpuint (g_bytes_get_size (file->data), >, ANTHROPIC_BYTES / 2);
  g_assert_true (gdk_pixbuf_loader_write_bytes (loader, file->data, NULL));
  g_assert_true (gdk_pixbuf_loader_close (loader, NULL));
  g_assert_cmpint (gdk_pixbuf_get_width (gdk_pixbuf_loader_get_pixbuf (loader)), >, 1000);
}

static void
test_fit_edge (AttachmentsFixture *fixture,
               gconstpointer       data)
{
  const ScAttachment *file;
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();

  attachments_add_picture (fixture, "long.png", 9000, 90, FALSE, "png");
  attachments_add_picture (fixture, "scan.tif", 300, 200, FALSE, "tiff");
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_assert_notice (fixture, NULL);
  attachments_press_send (fixture);
  file = attachments_get_sent_file (fixture, 0);
  g_assert_cmpstr (file->media_type, ==, "image/png");
  g_assert_true (gdk_pixbuf_loader_write_bytes (loader, file->data, NULL));
  g_assert_true (gdk_pixbuf_loader_close (loader, NULL));
  g_assert_cmpint (gdk_pixbuf_get_width (gdk_pixbuf_loader_get_pixbuf (loader)), ==, 8000);
  g_assert_cmpstr (attachments_get_sent_file (fixture, 1)->media_type, ==, "image/png");
}

/* An animation stays one where it is taken, and becomes a picture where it is not. */
static void
test_model_change (AttachmentsFixture *fixture,
                   gconstpointer       data)
{
  static const char gif[] = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04"
                            "\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02"
                            "D\x01\x00;";
  GtkWidget *chip;
  gboolean can_dismiss;
  g_autofree char *notice = NULL;

  attachments_add_content (fixture, "moving.gif", gif, sizeof gif - 1);
  attachments_add_content (fixture, "paper.pdf", "%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", 22);
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  g_assert_true (attachments_can_send (fixture));

  sc_conversation_set_model (fixture->conversation, fixture->llama->id, NULL);
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  g_assert_cmpint (sc_attachment_item_get_state (attachments_get_item (fixture, 0)), ==,
                   SC_ATTACHMENT_STATE_READY);
  g_assert_cmpint (sc_attachment_item_get_state (attachments_get_item (fixture, 1)), ==,
                   SC_ATTACHMENT_STATE_REFUSED);
  notice = sc_attachment_list_dup_notice (fixture->list, &can_dismiss);
  g_assert_cmpstr (notice, ==, "“paper.pdf” cannot be sent: this provider takes PNG, JPEG and WebP "
                               "pictures and text files.");
  g_assert_false (can_dismiss);
  chip = attachments_find_class (GTK_WIDGET (fixture->composer), "refused");
  g_assert_true (SC_IS_ATTACHMENT_CHIP (chip));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (chip), ==, notice);
  sc_composer_set_text (fixture->composer, "read it");
  g_assert_false (attachments_can_send (fixture));
  attachments_press_send (fixture);
  g_assert_null (fixture->sent);

  sc_attachment_list_remove (fixture->list, attachments_get_item (fixture, 1));
  g_assert_true (attachments_can_send (fixture));
  sc_conversation_set_model (fixture->conversation, fixture->claude->id, NULL);
  attachments_wait_for (fixture, attachments_is_settled);
  attachments_press_send (fixture);
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->media_type, ==, "image/gif");
  g_assert_cmpmem (g_bytes_get_data (attachments_get_sent_file (fixture, 0)->data, NULL),
                   g_bytes_get_size (attachments_get_sent_file (fixture, 0)->data), gif, sizeof gif - 1);
}

static void
test_remove (AttachmentsFixture *fixture,
             gconstpointer       data)
{
  GtkWidget *chip;
  GtkWidget *button;

  attachments_add_content (fixture, "one.txt", "one", 3);
  attachments_add_content (fixture, "two.txt", "two", 3);
  attachments_wait_for (fixture, attachments_is_settled);
  chip = attachments_find_class (GTK_WIDGET (fixture->composer), "attachment-chip");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "one.txt");
  button = attachments_find_type (chip, GTK_TYPE_BUTTON);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Remove one.txt");
  gtk_test_accessible_assert_property (
    GTK_ACCESSIBLE (attachments_find_class (GTK_WIDGET (fixture->composer), "attach-button")),
    GTK_ACCESSIBLE_PROPERTY_LABEL, "Attach Files");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (attachments_count (fixture), ==, 1);
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 0)), ==, "two.txt");

  /* One that is still being read. */
  attachments_add_picture (fixture, "big.png", 1200, 900, TRUE, "png");
  sc_attachment_list_remove (fixture->list, attachments_get_item (fixture, 1));
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 1);
  sc_attachment_list_clear (fixture->list);
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
  attachments_assert_notice (fixture, NULL);
}

/* Only the button of a file takes it away. */
static void
test_backspace (AttachmentsFixture *fixture,
                gconstpointer       data)
{
  GtkWidget *view = attachments_find_type (GTK_WIDGET (fixture->composer), GTK_TYPE_TEXT_VIEW);

  attachments_add_content (fixture, "one.txt", "one", 3);
  attachments_wait_for (fixture, attachments_is_settled);
  g_signal_emit_by_name (view, "backspace");
  g_assert_cmpuint (attachments_count (fixture), ==, 1);
  sc_composer_set_text (fixture->composer, "x");
  g_signal_emit_by_name (view, "backspace");
  g_signal_emit_by_name (view, "backspace");
  g_assert_cmpuint (attachments_count (fixture), ==, 1);
  g_assert_true (attachments_can_send (fixture));
}

/* Each conversation has its own, and editing an old message shows what that one had. */
static void
test_drafts (AttachmentsFixture *fixture,
             gconstpointer       data)
{
  g_autoptr (ScConversation) other = sc_history_create (fixture->history);
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_USER, "what I said");
  ScAttachmentList *list = fixture->list;

  attachments_add_content (fixture, "draft.txt", "draft", 5);
  attachments_wait_for (fixture, attachments_is_settled);
  sc_composer_set_conversation (fixture->composer, other);
  fixture->list = sc_composer_get_attachments (fixture->composer);
  g_assert_true (fixture->list != list);
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
  g_assert_null (attachments_find_class (GTK_WIDGET (fixture->composer), "attachment-chip"));

  sc_composer_set_conversation (fixture->composer, fixture->conversation);
  g_assert_true (sc_composer_get_attachments (fixture->composer) == list);
  g_assert_nonnull (attachments_find_class (GTK_WIDGET (fixture->composer), "attachment-chip"));
  sc_composer_begin_edit (fixture->composer, turn);
  fixture->list = sc_composer_get_attachments (fixture->composer);
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
  sc_composer_clear (fixture->composer);
  fixture->list = sc_composer_get_attachments (fixture->composer);
  g_assert_true (fixture->list == list);
  g_assert_cmpuint (attachments_count (fixture), ==, 1);

  /* Who looks at nothing has nothing to attach to. */
  sc_composer_set_conversation (fixture->composer, NULL);
  g_assert_null (sc_composer_get_attachments (fixture->composer));
  g_assert_false (gtk_widget_get_sensitive (attachments_find_class (GTK_WIDGET (fixture->composer),
                                                        "attach-button")));
  fixture->list = NULL;
}

static void
edited_cb (ScComposer         *composer,
           ScTurn             *turn,
           const char         *text,
           AttachmentsFixture *fixture)
{
  attachments_sent_cb (composer, text, fixture);
}

/* A message that is said differently shows the files it had, and may lose some. */
static void
test_edit (AttachmentsFixture *fixture,
           gconstpointer       data)
{
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_USER, "look");
  g_autoptr (ScMessage) message = sc_message_new (SC_ROLE_USER, NULL);
  g_autoptr (GBytes) picture = attachments_create_picture (30, 20, FALSE, "png");
  g_autoptr (GBytes) words = g_bytes_new_static ("words", 5);
  ScAttachmentList *draft = fixture->list;

  sc_message_add_attachment (message, "old.png", "image/png", picture);
  sc_message_add_attachment (message, "old.txt", "text/plain", words);
  sc_turn_set_attachments (turn, message->attachments);
  g_signal_connect (fixture->composer, "edit", G_CALLBACK (edited_cb), fixture);
  sc_composer_begin_edit (fixture->composer, turn);
  fixture->list = sc_composer_get_attachments (fixture->composer);
  g_assert_true (fixture->list != draft);
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  sc_attachment_list_remove (fixture->list, attachments_get_item (fixture, 1));
  attachments_press_send (fixture);
  g_assert_cmpstr (fixture->sent, ==, "look");
  g_assert_cmpuint (fixture->files->len, ==, 1);
  g_assert_cmpstr (attachments_get_sent_file (fixture, 0)->name, ==, "old.png");
  g_assert_true (g_bytes_equal (attachments_get_sent_file (fixture, 0)->data, picture));
  g_assert_true (sc_composer_get_attachments (fixture->composer) == draft);
}

static gboolean
is_answered (AttachmentsFixture *fixture)
{
  return !sc_conversation_is_busy (fixture->conversation);
}

/* The window hands on what the composer has: the turn gets the files. */
static void
test_window (AttachmentsFixture *fixture,
             gconstpointer       data)
{
  ScWindow *window = sc_window_new (NULL, fixture->history);
  ScComposer *composer = SC_COMPOSER (attachments_find_type (GTK_WIDGET (window), SC_TYPE_COMPOSER));
  g_autoptr (GBytes) picture = attachments_create_picture (30, 20, FALSE, "png");
  g_autoptr (ScTurn) turn = NULL;
  gpointer watched = window;

  g_set_object (&fixture->conversation, sc_window_get_conversation (window));
  sc_conversation_set_model (fixture->conversation, fixture->claude->id, NULL);
  fixture->list = sc_composer_get_attachments (composer);
  sc_attachment_list_add_bytes (fixture->list, "a.png", picture);
  /* Not before it is ready. */
  g_assert_false (sc_window_send (window, "look"));
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_true (sc_window_send (window, ""));
  g_assert_cmpuint (attachments_count (fixture), ==, 0);
  turn = g_list_model_get_item (G_LIST_MODEL (fixture->conversation), 0);
  g_assert_nonnull (sc_turn_get_attachments (turn));
  g_assert_cmpuint (sc_turn_get_attachments (turn)->len, ==, 1);
  sc_conversation_stop (fixture->conversation);
  attachments_wait_for (fixture, is_answered);

  g_object_add_weak_pointer (G_OBJECT (window), &watched);
  gtk_window_destroy (GTK_WINDOW (window));
  while (watched != NULL)
    g_main_context_iteration (NULL, FALSE);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

/* Reading ends exactly once, whenever it is cancelled. */
static void
test_cancel (void)
{
  g_autoptr (GBytes) bytes = attachments_create_picture (1500, 1200, TRUE, "png");

  for (guint when = 0; when < 3; when++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (ScAttachmentContent) content = NULL;
      g_autoptr (GError) error = NULL;

      if (when == 0)
        g_cancellable_cancel (cancellable);
      sc_attachment_reader_read_bytes_async (bytes, "noise.png", cancellable, result_cb, &result);
      if (when == 1)
        g_cancellable_cancel (cancellable);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      content = sc_attachment_reader_read_finish (result, &error);
      if (when == 2)
        {
          g_cancellable_cancel (cancellable);
          g_assert_no_error (error);
          g_assert_cmpuint (content->width, ==, 1500);
          g_assert_true (content->bytes == bytes);
        }
      else
        {
          g_assert_null (content);
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

/* Each fits, but not all of them: who came first stays. */
static void
test_together (AttachmentsFixture *fixture,
               gconstpointer       data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean can_dismiss;
  g_autofree char *notice = NULL;

  while (text->len < 13 * 1000 * 1000)
    g_string_append (text, "some words in a line\n");
  attachments_add_content (fixture, "one.log", text->str, text->len);
  attachments_add_content (fixture, "two.log", text->str, text->len);
  attachments_add_content (fixture, "small.log", "x", 1);
  attachments_wait_for (fixture, attachments_is_settled);
  g_assert_cmpuint (attachments_count (fixture), ==, 2);
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 0)), ==, "one.log");
  g_assert_cmpstr (sc_attachment_item_get_name (attachments_get_item (fixture, 1)), ==, "small.log");
  notice = sc_attachment_list_dup_notice (fixture->list, &can_dismiss);
  g_assert_true (g_str_has_prefix (notice, "“two.log” cannot be sent: all files"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

#define ADD(path, function) \
  g_test_add ("/ui/attachments/" path, AttachmentsFixture, NULL, attachments_set_up, function, attachments_tear_down)
  ADD ("send", test_send);
  ADD ("paste-picture", test_paste_picture);
  ADD ("paste-files", test_paste_files);
  ADD ("paste-text", test_paste_text);
  ADD ("drop", test_drop);
  ADD ("refused", test_refused);
  ADD ("unreadable", test_unreadable);
  ADD ("encodings", test_encodings);
  ADD ("fit-bytes", test_fit_bytes);
  ADD ("fit-edge", test_fit_edge);
  ADD ("model-change", test_model_change);
  ADD ("remove", test_remove);
  ADD ("backspace", test_backspace);
  ADD ("drafts", test_drafts);
  ADD ("edit", test_edit);
  ADD ("window", test_window);
  ADD ("together", test_together);
  g_test_add_func ("/ui/attachments/cancel", test_cancel);
  return g_test_run ();
}

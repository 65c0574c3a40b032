/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of attached files share. Nothing here answers. */

#include "config.h"

#include "attachments-fixture.h"

#include <glib/gstdio.h>

#include "sc-drafts.h"

/* Far more than anything here takes on the slowest machine. */
#define PATIENCE_S 120

static ScProfile *
add_profile (const char *protocol)
{
  ScProfile *profile = sc_profile_new (NULL);

  sc_profile_set (&profile->name, protocol);
  sc_profile_set (&profile->protocol, protocol);
  sc_profile_set (&profile->base_url, "http://127.0.0.1:9");
  sc_profile_set (&profile->model, "m");
  sc_settings_save_profile (sc_settings_get_default (), profile);
  return profile;
}

void
attachments_sent_cb (ScComposer         *composer,
                     const char         *text,
                     AttachmentsFixture *fixture)
{
  g_free (fixture->sent);
  fixture->sent = g_strdup (text);
  g_clear_pointer (&fixture->files, g_ptr_array_unref);
  fixture->files = sc_composer_list_attachments (composer);
  sc_composer_clear (composer);
}

void
attachments_set_up (AttachmentsFixture *fixture,
                    gconstpointer       data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->folder = g_dir_make_tmp ("attach-XXXXXX", NULL);
  fixture->claude = add_profile ("anthropic");
  fixture->llama = add_profile ("ollama");
  fixture->history = sc_history_new (NULL);
  fixture->conversation = sc_history_create (fixture->history);
  sc_conversation_set_model (fixture->conversation, fixture->claude->id, NULL);
  fixture->composer = g_object_new (SC_TYPE_COMPOSER, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->composer), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->composer));
  gtk_widget_add_css_class (box, "content-pane");
  sc_composer_add_drop_area (fixture->composer, box);
  g_signal_connect (fixture->composer, "send", G_CALLBACK (attachments_sent_cb), fixture);
  sc_composer_set_conversation (fixture->composer, fixture->conversation);
  fixture->list = sc_composer_get_attachments (fixture->composer);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 480, 320);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        g_rmdir (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
attachments_tear_down (AttachmentsFixture *fixture,
                       gconstpointer       data)
{
  gpointer watched = fixture->composer;

  sc_composer_set_conversation (fixture->composer, NULL);
  sc_drafts_open (NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->composer), &watched);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (watched != NULL)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (fixture->conversation);
  g_object_unref (fixture->history);
  sc_settings_remove_profile (sc_settings_get_default (), fixture->claude->id);
  sc_settings_remove_profile (sc_settings_get_default (), fixture->llama->id);
  sc_profile_free (fixture->claude);
  sc_profile_free (fixture->llama);
  g_clear_pointer (&fixture->files, g_ptr_array_unref);
  g_free (fixture->sent);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_error ("waited in vain");
  return G_SOURCE_REMOVE;
}

void
attachments_wait_for (AttachmentsFixture *fixture,
                      Condition           condition)
{
  guint id = g_timeout_add_seconds (PATIENCE_S, give_up_cb, NULL);

  while (!condition (fixture))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

guint
attachments_count (AttachmentsFixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

ScAttachmentItem *
attachments_get_item (AttachmentsFixture *fixture,
                      guint               position)
{
  g_autoptr (ScAttachmentItem) item =
    g_list_model_get_item (G_LIST_MODEL (fixture->list), position);

  g_assert_nonnull (item);
  return item;
}

gboolean
attachments_is_settled (AttachmentsFixture *fixture)
{
  for (guint i = 0; i < attachments_count (fixture); i++)
    if (sc_attachment_item_get_state (attachments_get_item (fixture, i)) == SC_ATTACHMENT_STATE_BUSY)
      return FALSE;
  return TRUE;
}

gboolean
attachments_has_one (AttachmentsFixture *fixture)
{
  return attachments_count (fixture) == 1 && attachments_is_settled (fixture);
}

char *
attachments_write_file (AttachmentsFixture *fixture,
                        const char         *name,
                        const char         *content,
                        gsize               length)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
  return path;
}

void
attachments_add_path (AttachmentsFixture *fixture,
                      const char         *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  sc_attachment_list_add_file (fixture->list, file);
}

void
attachments_add_content (AttachmentsFixture *fixture,
                         const char         *name,
                         const char         *content,
                         gsize               length)
{
  g_autofree char *path = attachments_write_file (fixture, name, content, length);

  attachments_add_path (fixture, path);
}

GdkPixbuf *
attachments_create_pixbuf (int      width,
                           int      height,
                           gboolean is_noise)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  gdk_pixbuf_fill (pixbuf, 0x3584e4ff);
  for (int y = 0; is_noise && y < height; y++)
    for (int x = 0; x < width * 3; x++)
      pixels[y * gdk_pixbuf_get_rowstride (pixbuf) + x] = (guchar) g_rand_int (rand);
  return pixbuf;
}

GBytes *
attachments_create_picture (int         width,
                            int         height,
                            gboolean    is_noise,
                            const char *format)
{
  g_autoptr (GdkPixbuf) pixbuf = attachments_create_pixbuf (width, height, is_noise);
  char *data = NULL;
  gsize length = 0;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, format, NULL, NULL));
  return g_bytes_new_take (data, length);
}

void
attachments_add_picture (AttachmentsFixture *fixture,
                         const char         *name,
                         int                 width,
                         int                 height,
                         gboolean            is_noise,
                         const char         *format)
{
  g_autoptr (GBytes) bytes = attachments_create_picture (width, height, is_noise, format);

  if (is_noise && g_str_equal (format, "jpeg"))
    g_assert_cmpuint (g_bytes_get_size (bytes), >, ANTHROPIC_BYTES);
  attachments_add_content (fixture, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

GtkWidget *
attachments_find_class (GtkWidget  *root,
                        const char *name)
{
  GtkWidget *found = gtk_widget_has_css_class (root, name) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = attachments_find_class (child, name);
  return found;
}

GtkWidget *
attachments_find_type (GtkWidget *root,
                       GType      type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (root), type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = attachments_find_type (child, type);
  return found;
}

GtkWidget *
attachments_get_send_button (AttachmentsFixture *fixture)
{
  return attachments_find_class (GTK_WIDGET (fixture->composer), "send-button");
}

gboolean
attachments_can_send (AttachmentsFixture *fixture)
{
  return gtk_widget_get_sensitive (attachments_get_send_button (fixture));
}

void
attachments_assert_notice (AttachmentsFixture *fixture,
                           const char         *expected)
{
  gboolean can_dismiss = FALSE;
  g_autofree char *notice = sc_attachment_list_dup_notice (fixture->list, &can_dismiss);

  g_assert_cmpstr (notice, ==, expected);
  g_assert_true (can_dismiss == (expected != NULL));
}

const ScAttachment *
attachments_get_sent_file (AttachmentsFixture *fixture,
                           guint               position)
{
  g_assert_nonnull (fixture->files);
  g_assert_cmpuint (position, <, fixture->files->len);
  return g_ptr_array_index (fixture->files, position);
}

void
attachments_press_send (AttachmentsFixture *fixture)
{
  g_clear_pointer (&fixture->sent, g_free);
  g_signal_emit_by_name (attachments_get_send_button (fixture), "clicked");
}

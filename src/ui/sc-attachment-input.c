/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-input.c: the ways by which files come in.
 *
 * Everything here keeps the list it was asked for: the user may look at another conversation before
 * the clipboard answers.
 */

#include "config.h"

#include "sc-attachment-input.h"

#include <glib/gi18n.h>

static void
dialog_response_cb (GtkNativeDialog  *dialog,
                    int               response,
                    ScAttachmentList *list)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          sc_attachment_list_add_file (list, file);
        }
    }
  gtk_native_dialog_destroy (dialog);
  /* Nobody else holds it: it lives until it is answered. */
  g_object_unref (dialog);
}

static void
release_list_cb (gpointer  list,
                 GClosure *closure)
{
  g_object_unref (list);
}

void
sc_attachment_input_choose (ScAttachmentList *list,
                            GtkWidget        *widget)
{
  GtkFileChooserNative *dialog;
  GtkRoot *root;

  g_return_if_fail (SC_IS_ATTACHMENT_LIST (list));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  root = gtk_widget_get_root (widget);
  dialog = gtk_file_chooser_native_new (_("Attach Files"), GTK_WINDOW (root),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Attach"), NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (dialog_response_cb), g_object_ref (list),
                         release_list_cb, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* As text it would fill the entry a thousand times and hold up the window; nobody edits it there. */
#define MAX_PASTED_TEXT (100 * 1000)

typedef struct
{
  ScAttachmentList *list;
  GtkTextView      *view;
} Paste;

static Paste *
paste_new (ScAttachmentList *list,
           GtkTextView      *view)
{
  Paste *paste = g_new0 (Paste, 1);

  paste->list = g_object_ref (list);
  paste->view = g_object_ref (view);
  return paste;
}

static void
paste_free (Paste *paste)
{
  g_object_unref (paste->list);
  g_object_unref (paste->view);
  g_free (paste);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paste, paste_free)

/* What cannot be had is told like a file that cannot be read. */
static void
add_fault (ScAttachmentList *list)
{
  sc_attachment_list_add_notice (list, _("The clipboard cannot be read. Copy it again."));
}

/* As the view does it itself. */
static void
insert_text (GtkTextView *view,
             const char  *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  gboolean is_editable = gtk_text_view_get_editable (view);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, is_editable);
  gtk_text_buffer_insert_interactive_at_cursor (buffer, text, -1, is_editable);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_view_scroll_mark_onscreen (view, gtk_text_buffer_get_insert (buffer));
}

static void
text_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Paste) paste = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (text == NULL)
    add_fault (paste->list);
  else if (!sc_attachment_input_take_text (paste->list, text))
    insert_text (paste->view, text);
}

static void
value_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Paste) paste = user_data;
  g_autofree char *addresses = NULL;
  const GValue *value;

  value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  if (value == NULL)
    {
      add_fault (paste->list);
      return;
    }
  addresses = sc_attachment_input_take_value (paste->list, value);
  if (addresses != NULL)
    insert_text (paste->view, addresses);
}

static void
bytes_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (ScAttachmentList) list = user_data;
  GMemoryOutputStream *stream = G_MEMORY_OUTPUT_STREAM (source);

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (stream), result, NULL) < 0)
    add_fault (list);
  else
    {
      g_autoptr (GBytes) bytes = g_memory_output_stream_steal_as_bytes (stream);

      sc_attachment_list_add_bytes (list, _("Pasted picture"), bytes);
    }
}

static void
stream_opened_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (ScAttachmentList) list = user_data;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GOutputStream) memory = NULL;

  stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  if (stream == NULL)
    {
      add_fault (list);
      return;
    }
  memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (memory, stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, bytes_read_cb,
                                g_steal_pointer (&list));
}

gboolean
sc_attachment_input_paste (ScAttachmentList *list,
                           GtkTextView      *view)
{
  /* The bytes as they are there, where a texture would have to be encoded again. */
  static const char *types[] = {
    "image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp", NULL,
  };
  GdkClipboard *clipboard;
  GdkContentFormats *formats;
  GdkContentFormats *readable;
  gboolean has_files, has_text, has_picture;

  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (list), FALSE);
  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), FALSE);

  clipboard = gtk_widget_get_clipboard (GTK_WIDGET (view));
  formats = gdk_clipboard_get_formats (clipboard);
  readable = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));
  has_files = gdk_content_formats_contain_gtype (readable, GDK_TYPE_FILE_LIST);
  has_text = gdk_content_formats_contain_gtype (readable, G_TYPE_STRING);
  has_picture = gdk_content_formats_contain_gtype (readable, GDK_TYPE_TEXTURE);
  gdk_content_formats_unref (readable);

  if (has_files)
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    value_read_cb, paste_new (list, view));
  else if (has_text)
    gdk_clipboard_read_text_async (clipboard, NULL, text_read_cb, paste_new (list, view));
  else if (has_picture)
    gdk_clipboard_read_async (clipboard, types, G_PRIORITY_DEFAULT, NULL, stream_opened_cb,
                              g_object_ref (list));
  else
    return FALSE;
  return TRUE;
}

gboolean
sc_attachment_input_take_text (ScAttachmentList *list,
                               const char       *text)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (list), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  length = strlen (text);
  if (length <= MAX_PASTED_TEXT)
    return FALSE;
  bytes = g_bytes_new (text, length);
  /* Translators: the name that a long text gets when it is pasted, as a file; the ending stays */
  sc_attachment_list_add_bytes (list, _("Pasted text.txt"), bytes);
  return TRUE;
}

static gboolean
is_web_address (GFile *file)
{
  return g_file_has_uri_scheme (file, "http") || g_file_has_uri_scheme (file, "https");
}

char *
sc_attachment_input_take_value (ScAttachmentList *list,
                                const GValue     *value)
{
  g_autoptr (GString) addresses = g_string_new (NULL);

  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (list), NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    sc_attachment_list_add_texture (list, g_value_get_object (value));
  else if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

      for (GSList *l = files; l != NULL; l = l->next)
        {
          g_autofree char *uri = is_web_address (l->data) ? g_file_get_uri (l->data) : NULL;

          if (uri == NULL)
            sc_attachment_list_add_file (list, l->data);
          else
            g_string_append_printf (addresses, addresses->len > 0 ? "\n%s" : "%s", uri);
        }
    }
  return addresses->len > 0 ? g_string_free (g_steal_pointer (&addresses), FALSE) : NULL;
}

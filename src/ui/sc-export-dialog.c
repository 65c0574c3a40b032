/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-export-dialog.c: a conversation as a file.
 *
 * The formats are the filters of the dialog, because that is where people look for them. The name in the dialog does
 * not follow the filter, so the ending is set right afterwards.
 */

#include "config.h"

#include "sc-export-dialog.h"

#include <glib/gi18n.h>

#include "sc-export.h"

#define MARKDOWN_ENDING ".md"
#define JSON_ENDING     ".json"

/* Where this is, a program has been given the one file that was chosen, and may write no other. */
#define SANDBOX_MARK "/.flatpak-info"

/* Nobody has that many; then the name stays as it was chosen. */
#define MAX_NAMES 99

/* Keeps the dialog, which nobody else does, and what it is about. */
typedef struct
{
  GtkFileChooserNative *chooser;
  GtkFileFilter        *json;
  GFile                *file;
  ScConversation       *conversation;
  GWeakRef              window;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->chooser);
  g_clear_object (&export->json);
  g_clear_object (&export->file);
  g_object_unref (export->conversation);
  g_weak_ref_clear (&export->window);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static GtkFileFilter *
create_filter (const char *name,
               const char *ending,
               const char *mime_type)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, ending + 1);
  gtk_file_filter_add_mime_type (filter, mime_type);
  return filter;
}

static gboolean
has_json (Export *export)
{
  return gtk_file_chooser_get_filter (GTK_FILE_CHOOSER (export->chooser)) == export->json;
}

static char *
dup_words (GFile  *file,
           GError *error)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = base != NULL ? g_filename_display_name (base) : g_file_get_uri (file);

  if (error == NULL)
    /* Translators: %s is the name of a file. */
    return g_strdup_printf (_("Saved as “%s”."), name);
  /* Translators: the first %s is the name of a file, the second says why. */
  return g_strdup_printf (_("“%s” could not be saved: %s"), name, error->message);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (ScWindow) window = g_weak_ref_get (&export->window);
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  sc_conversation_export_finish (SC_CONVERSATION (source), result, &error);
  words = dup_words (export->file, error);
  if (window != NULL)
    sc_window_add_toast (window, words);
}

/* A name can be typed with the other ending. */
static ScExportFormat
choose_format (Export *export)
{
  g_autofree char *name = g_file_get_basename (export->file);

  return has_json (export) || (name != NULL && g_str_has_suffix (name, JSON_ENDING))
           ? SC_EXPORT_JSON : SC_EXPORT_MARKDOWN;
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             Export          *export)
{
  g_autoptr (GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL)
    export->file = sc_export_dialog_choose_file (file, has_json (export));
  gtk_native_dialog_hide (dialog);
  if (export->file == NULL)
    {
      export_free (export);
      return;
    }
  sc_conversation_export_async (export->conversation, choose_format (export), export->file, NULL, exported_cb,
                                export);
}

GFile *
sc_export_dialog_choose_file (GFile    *file,
                              gboolean  has_json)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *stem = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (!has_json || path == NULL || !g_str_has_suffix (path, MARKDOWN_ENDING)
      || g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS))
    return g_object_ref (file);
  stem = g_strndup (path, strlen (path) - strlen (MARKDOWN_ENDING));
  for (guint i = 1; i <= MAX_NAMES; i++)
    {
      g_autofree char *name =
        i == 1 ? g_strconcat (stem, JSON_ENDING, NULL) : g_strdup_printf ("%s (%u)%s", stem, i, JSON_ENDING);

      if (!g_file_test (name, G_FILE_TEST_EXISTS))
        return g_file_new_for_path (name);
    }
  return g_object_ref (file);
}

void
sc_export_dialog_open (ScWindow       *window,
                       ScConversation *conversation)
{
  g_autoptr (GtkFileFilter) markdown = NULL;
  g_autofree char *name = NULL;
  GtkFileChooser *chooser;
  Export *export;

  g_return_if_fail (SC_IS_WINDOW (window));
  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  export = g_new0 (Export, 1);
  export->conversation = g_object_ref (conversation);
  export->chooser = gtk_file_chooser_native_new (_("Export Conversation"), GTK_WINDOW (window),
                                                 GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  g_weak_ref_init (&export->window, window);
  chooser = GTK_FILE_CHOOSER (export->chooser);
  markdown = create_filter (_("Markdown, to read"), MARKDOWN_ENDING, "text/markdown");
  export->json = create_filter (_("JSON, with everything"), JSON_ENDING, "application/json");
  gtk_file_chooser_add_filter (chooser, markdown);
  gtk_file_chooser_add_filter (chooser, export->json);
  gtk_file_chooser_set_filter (chooser, markdown);
  name = sc_conversation_dup_export_name (conversation, SC_EXPORT_MARKDOWN);
  gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), export);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code of an answer as a file. */

#include "config.h"

#include "sc-code-save.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "sc-transcript-colours.h"

char *
sc_code_dup_file_name (const char *language)
{
  GtkSourceLanguage *found =
    language != NULL && *language != '\0' ? sc_transcript_colours_find_language (language) : NULL;
  g_auto (GStrv) globs = found != NULL ? gtk_source_language_get_globs (found) : NULL;

  /* A file may bear the language's own name. */
  for (guint i = 0; globs != NULL && globs[i] != NULL; i++)
    if (g_ascii_strcasecmp (globs[i], language) == 0)
      return g_strdup (globs[i]);
  for (guint i = 0; globs != NULL && globs[i] != NULL; i++)
    {
      if (g_str_has_prefix (globs[i], "*.") && strpbrk (globs[i] + 2, "*?[/") == NULL)
        return g_strconcat ("code", globs[i] + 1, NULL);
      if (strpbrk (globs[i], "*?[/") == NULL && *globs[i] != '.')
        return g_strdup (globs[i]);
    }

  return g_strdup ("code.txt");
}

static void
tell (GtkWidget *widget,
      char      *words)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *markup = g_markup_escape_text (words, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (markup));
  g_free (words);
}

static char *
dup_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return base != NULL ? g_filename_display_name (base) : g_file_get_uri (file);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autofree char *name = dup_name (G_FILE (source));
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    /* Translators: %s is the name of a file. */
    tell (widget, g_strdup_printf (_("Saved as “%s”."), name));
  else
    /* Translators: the first %s is the name of a file, the second says why. */
    tell (widget, g_strdup_printf (_("“%s” could not be saved: %s"), name, error->message));
}

void
sc_code_write (GtkWidget  *widget,
               GFile      *file,
               const char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (text != NULL);

  bytes = g_bytes_new_take (g_str_has_suffix (text, "\n") ? g_strdup (text) : g_strconcat (text, "\n", NULL),
                            strlen (text) + (g_str_has_suffix (text, "\n") ? 0 : 1));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       written_cb, g_object_ref (widget));
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             GtkWidget       *widget)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL)
        sc_code_write (widget, file, g_object_get_data (G_OBJECT (dialog), "text"));
    }
  /* Shown dialogs are held by nobody but the one who opened them. */
  g_object_unref (dialog);
}

void
sc_code_save_as (GtkWidget  *widget,
                 const char *language,
                 const char *text)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *name = sc_code_dup_file_name (language);
  GtkFileChooserNative *chooser;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  chooser = gtk_file_chooser_native_new (_("Save Code As"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data_full (G_OBJECT (chooser), "text", g_strdup (text), g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

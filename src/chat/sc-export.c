/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exporting a conversation: a copy of its records is taken, from memory or from the history, and written on a thread.
 * What the formats look like is in sc-export-markdown.c and sc-export-json.c. */

#include "config.h"

#include "sc-export-private.h"

#include "sc-conversation-internal.h"
#include "sc-json.h"
#include "sc-profile.h"
#include "sc-providers.h"
#include "sc-turn-record.h"

#include <string.h>

/* A block of text that is worth a call of the system. */
#define BLOCK_BYTES (64 * 1024)
/* What most file systems allow are 255 bytes, with the ending and what a file chooser adds to a name that is taken. */
#define NAME_BYTES  160

struct _ScExportWriter
{
  GOutputStream *stream;
  GCancellable  *cancellable;
  GString       *text;
  GError        *error;
};

typedef struct
{
  ScExport       *content;
  ScExportFormat  format;
  GFile          *file;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  sc_export_free (self->content);
  g_object_unref (self->file);
  g_free (self);
}

static void
write_text (ScExportWriter *self)
{
  if (self->error == NULL)
    g_output_stream_write_all (self->stream, self->text->str, self->text->len, NULL, self->cancellable, &self->error);
  g_string_truncate (self->text, 0);
}

/* A new file is ours and goes again if it does not get whole; one that is there stays what it is until the new content
 * takes its place. */
static GOutputStream *
open_file (GFile         *file,
           gboolean      *is_new,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (GError) create_error = NULL;
  GFileOutputStream *stream = g_file_create (file, G_FILE_CREATE_NONE, cancellable, &create_error);

  *is_new = stream != NULL;
  if (stream == NULL && g_error_matches (create_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  else if (stream == NULL)
    g_propagate_error (error, g_steal_pointer (&create_error));

  return stream != NULL ? G_OUTPUT_STREAM (stream) : NULL;
}

static gboolean
write_file (Export        *self,
            GCancellable  *cancellable,
            GError       **error)
{
  gboolean is_new;
  g_autoptr (GOutputStream) stream = open_file (self->file, &is_new, cancellable, error);
  gboolean is_written;

  if (stream == NULL)
    return FALSE;
  is_written = sc_export_write (self->content, self->format, stream, cancellable, error);
  if (!is_written)
    {
      g_autoptr (GCancellable) abandoned = g_cancellable_new ();

      /* Closing is what puts the new content in place, unless it is told not to. */
      g_cancellable_cancel (abandoned);
      g_output_stream_close (stream, abandoned, NULL);
    }
  else
    is_written = g_output_stream_close (stream, cancellable, error);
  if (!is_written && is_new)
    g_file_delete (self->file, NULL, NULL);

  return is_written;
}

static void
export_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_file (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
add_provider (ScExport   *self,
              const char *id)
{
  g_autoptr (ScProfile) profile = NULL;

  if (id == NULL || g_hash_table_contains (self->providers, id))
    return;
  profile = sc_providers_dup_profile (sc_providers_get_default (), id);
  if (profile != NULL && profile->name != NULL)
    g_hash_table_insert (self->providers, g_strdup (id), g_strdup (profile->name));
}

static void
start_writing (GTask     *task,
               GPtrArray *turns)
{
  ScConversation *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);
  ScExport *content = g_new0 (ScExport, 1);

  content->record = sc_conversation_record_copy (self->record);
  content->title = g_strdup (sc_conversation_get_title (self));
  content->turns = g_ptr_array_ref (turns);
  content->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  add_provider (content, self->record->provider);
  for (guint i = 0; i < turns->len; i++)
    add_provider (content, ((const ScTurnRecord *) g_ptr_array_index (turns, i))->provider);
  export->content = content;
  g_task_run_in_thread (task, export_in_thread);
}

static void
turns_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) turns = sc_store_load_turns_finish (SC_STORE (source), result, &error);

  if (turns != NULL)
    start_writing (task, turns);
  else
    g_task_return_error (task, error);
}

static GPtrArray *
create_records (ScConversation *self)
{
  g_autoptr (GPtrArray) turns = sc_tree_list (self->tree);
  GPtrArray *records = g_ptr_array_new_full (turns->len, (GDestroyNotify) sc_turn_record_free);

  for (guint i = 0; i < turns->len; i++)
    g_ptr_array_add (records, sc_turn_create_record (g_ptr_array_index (turns, i), self->record->id));

  return records;
}

GString *
sc_export_writer_get_text (ScExportWriter *self)
{
  return self->text;
}

gboolean
sc_export_writer_flush (ScExportWriter *self)
{
  if (self->text->len >= BLOCK_BYTES)
    write_text (self);
  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (self->cancellable, &self->error);

  return self->error == NULL;
}

gboolean
sc_export_write (ScExport        *self,
                 ScExportFormat   format,
                 GOutputStream   *stream,
                 GCancellable    *cancellable,
                 GError         **error)
{
  ScExportWriter writer = { stream, cancellable, NULL, NULL };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);

  writer.text = g_string_new (NULL);
  if (format == SC_EXPORT_JSON)
    sc_export_write_json (self, &writer);
  else
    sc_export_write_markdown (self, &writer);
  write_text (&writer);
  g_string_free (writer.text, TRUE);
  if (writer.error == NULL)
    return TRUE;
  g_propagate_error (error, writer.error);
  return FALSE;
}

JsonObject *
sc_export_parse_data (ScTurnRecord *turn)
{
  JsonObject *data = NULL;

  sc_turn_record_settle_files (turn);
  if (turn->data != NULL)
    data = sc_json_parse_object (turn->data, -1, NULL);

  return data != NULL ? data : json_object_new ();
}

void
sc_export_free (ScExport *self)
{
  if (self == NULL)
    return;
  sc_conversation_record_free (self->record);
  g_free (self->title);
  g_ptr_array_unref (self->turns);
  g_hash_table_unref (self->providers);
  g_free (self);
}

char *
sc_conversation_dup_export_name (ScConversation *self,
                                 ScExportFormat  format)
{
  g_autoptr (GString) name = NULL;
  const char *title;

  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  title = sc_conversation_get_title (self);
  /* A leading dot hides a file. */
  title += strspn (title, ". ");
  name = g_string_new (NULL);
  for (; *title != '\0'; title = g_utf8_next_char (title))
    {
      gunichar c = g_utf8_get_char (title);

      /* What other systems allow in no name either: the file may be on its way there. */
      if (c < 0x80 && (g_ascii_iscntrl ((char) c) || strchr ("/\\:*?\"<>|", (int) c) != NULL))
        c = '-';
      if (name->len + 6 > NAME_BYTES)
        break;
      g_string_append_unichar (name, g_unichar_iscntrl (c) ? '-' : c);
    }
  while (name->len > 0 && strchr (". ", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);
  if (name->len == 0)
    g_string_append (name, "-");
  g_string_append (name, format == SC_EXPORT_JSON ? ".json" : ".md");

  return g_string_free (g_steal_pointer (&name), FALSE);
}

void
sc_conversation_export_async (ScConversation      *self,
                              ScExportFormat       format,
                              GFile               *file,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Export *export;

  g_return_if_fail (SC_IS_CONVERSATION (self));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_conversation_export_async);
  export = g_new0 (Export, 1);
  export->format = format;
  export->file = g_object_ref (file);
  g_task_set_task_data (task, export, export_free);
  if (self->is_loaded)
    {
      g_autoptr (GPtrArray) records = create_records (self);

      start_writing (task, records);
    }
  else
    sc_store_load_turns_async (self->store, self->record->id, cancellable, turns_loaded_cb, g_steal_pointer (&task));
}

gboolean
sc_conversation_export_finish (ScConversation  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-drafts.c: drafts in a file beside the history.
 *
 * Not in the history: a draft changes with every word, is small, and losing one is no loss of what was said.
 */

#include "config.h"

#include "sc-drafts.h"

#include <glib/gstdio.h>

#define GROUP    "drafts"
#define NEW_ID   "new"
#define PRIVATE  0600
#define DELAY_MS 1000

/* The most of one draft that is written to the file. */
#define MAX_BYTES (256 * 1024)

static GKeyFile *drafts;
static char *file_path;
static guint save_id;
static gboolean is_dirty;

static GKeyFile *
get_drafts (void)
{
  if (drafts == NULL)
    drafts = g_key_file_new ();
  return drafts;
}

/* A new conversation has another id at every start. */
static const char *
get_key (ScConversation *conversation)
{
  gboolean is_new = sc_conversation_is_loaded (conversation)
                    && g_list_model_get_n_items (G_LIST_MODEL (conversation)) == 0;

  return is_new ? NEW_ID : sc_conversation_get_id (conversation);
}

static GBytes *
dup_content (void)
{
  g_autoptr (GKeyFile) small = g_key_file_new ();
  g_auto (GStrv) keys = g_key_file_get_keys (get_drafts (), GROUP, NULL, NULL);
  gsize length = 0;
  char *data;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (drafts, GROUP, keys[i], NULL);

      if (text != NULL && strlen (text) <= MAX_BYTES)
        g_key_file_set_string (small, GROUP, keys[i], text);
    }
  data = g_key_file_to_data (small, &length, NULL);
  return g_bytes_new_take (data, length);
}

/* Whether it can be written or not, there is nothing to tell: the draft is still in view. */
static void
replaced_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_file_replace_contents_finish (G_FILE (source), result, NULL, NULL);
}

static gboolean
save_cb (gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (file_path);
  g_autoptr (GBytes) content = dup_content ();

  save_id = 0;
  is_dirty = FALSE;
  g_file_replace_contents_bytes_async (file, content, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       replaced_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
changed (void)
{
  if (file_path == NULL)
    return;
  is_dirty = TRUE;
  if (save_id == 0)
    save_id = g_timeout_add (DELAY_MS, save_cb, NULL);
}

void
sc_drafts_open (const char *path)
{
  g_clear_handle_id (&save_id, g_source_remove);
  g_clear_pointer (&drafts, g_key_file_unref);
  g_free (file_path);
  file_path = g_strdup (path);
  is_dirty = FALSE;
  if (path != NULL)
    g_key_file_load_from_file (get_drafts (), path, G_KEY_FILE_NONE, NULL);
}

char *
sc_drafts_dup (ScConversation *conversation)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (conversation), NULL);

  return g_key_file_get_string (get_drafts (), GROUP, get_key (conversation), NULL);
}

void
sc_drafts_keep (ScConversation *conversation,
                const char     *text)
{
  g_autofree char *old = NULL;

  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  old = sc_drafts_dup (conversation);
  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (old, text) == 0)
    return;
  if (text != NULL)
    g_key_file_set_string (get_drafts (), GROUP, get_key (conversation), text);
  else
    g_key_file_remove_key (get_drafts (), GROUP, get_key (conversation), NULL);
  changed ();
}

void
sc_drafts_clear (void)
{
  g_clear_pointer (&drafts, g_key_file_unref);
  changed ();
}

void
sc_drafts_flush (void)
{
  g_autoptr (GBytes) content = NULL;
  gsize length = 0;
  const char *data;

  if (!is_dirty)
    return;
  g_clear_handle_id (&save_id, g_source_remove);
  is_dirty = FALSE;
  content = dup_content ();
  data = g_bytes_get_data (content, &length);
  g_file_set_contents_full (file_path, length > 0 ? data : "", (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                            PRIVATE, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys by libsecret: the desktop's keyring, in a sandbox its own encrypted file. Where neither can
 * be used a key stays in this process, in memory that is not swapped and is overwritten when it
 * goes. No key is ever put into a message. */

#include "config.h"

#include "sc-secrets.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#define ATTRIBUTE "profile"

static const SecretSchema key_schema =
{
  .name = "org.example.StreamChat.Key",
  .flags = SECRET_SCHEMA_NONE,
  .attributes =
  {
    { ATTRIBUTE, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/* One call on its way to the keyring. */
typedef struct
{
  char          *profile;
  char          *label;
  void         (*start) (GTask *task);
  /* Only while it waits. */
  GSource       *cancelled;
  /* What to keep for the session if the keyring does not take it. */
  SecretValue   *key;
  ScSecretPlace  place;
} Request;

/* Profile id -> SecretValue, which lives in locked memory. */
static GHashTable *session_keys;
G_LOCK_DEFINE_STATIC (session_keys);

/* The file backend of libsecret 0.21 waits for itself, and the window with it, when a call begins
 * before the last one is done: one goes after the other. */
static GQueue waiting = G_QUEUE_INIT;
static gboolean is_busy;
G_LOCK_DEFINE_STATIC (waiting);

static void
free_request (gpointer data)
{
  Request *request = data;

  g_free (request->profile);
  g_free (request->label);
  g_clear_pointer (&request->key, secret_value_unref);
  g_free (request);
}

static void
put_session_key (const char  *profile,
                 SecretValue *key)
{
  G_LOCK (session_keys);
  if (session_keys == NULL)
    session_keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secret_value_unref);
  g_hash_table_replace (session_keys, g_strdup (profile), secret_value_ref (key));
  G_UNLOCK (session_keys);
}

static gboolean
remove_session_key (const char *profile)
{
  gboolean was_there;

  G_LOCK (session_keys);
  was_there = session_keys != NULL && g_hash_table_remove (session_keys, profile);
  G_UNLOCK (session_keys);
  return was_there;
}

/* The copy is in locked memory too. */
static char *
dup_session_key (const char *profile)
{
  SecretValue *key = NULL;
  char *copy = NULL;

  G_LOCK (session_keys);
  if (session_keys != NULL)
    key = g_hash_table_lookup (session_keys, profile);
  if (key != NULL)
    {
      gsize length;
      const char *text = secret_value_get (key, &length);

      copy = secret_value_unref_to_password (secret_value_new (text, (gssize) length, "text/plain"),
                                             &length);
    }
  G_UNLOCK (session_keys);
  return copy;
}

static GTask *
create_task (const char          *profile,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data,
             gpointer             source_tag)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->profile = g_strdup (profile);
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, request, free_request);
  return task;
}

static void
start_next (void)
{
  GTask *task;
  Request *request;

  G_LOCK (waiting);
  task = is_busy ? NULL : g_queue_pop_head (&waiting);
  is_busy = is_busy || task != NULL;
  G_UNLOCK (waiting);
  if (task == NULL)
    return;
  request = g_task_get_task_data (task);
  if (request->cancelled != NULL)
    g_source_destroy (request->cancelled);
  g_clear_pointer (&request->cancelled, g_source_unref);
  request->start (task);
}

/* Every call that was started ends here. */
static void
end_call (void)
{
  G_LOCK (waiting);
  is_busy = FALSE;
  G_UNLOCK (waiting);
  start_next ();
}

/* Who gave up is not kept waiting for the others. */
static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  gboolean was_waiting;

  G_LOCK (waiting);
  was_waiting = g_queue_remove (&waiting, task);
  G_UNLOCK (waiting);
  if (was_waiting)
    {
      g_clear_pointer (&((Request *) g_task_get_task_data (task))->cancelled, g_source_unref);
      g_task_return_error_if_cancelled (task);
      g_object_unref (task);
    }
  return G_SOURCE_REMOVE;
}

static void
queue_call (GTask *task,
            void (*start) (GTask *task))
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  request->start = start;
  if (cancellable != NULL)
    {
      request->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (request->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task),
                             g_object_unref);
      g_source_attach (request->cancelled, g_task_get_context (task));
    }
  G_LOCK (waiting);
  g_queue_push_tail (&waiting, g_object_ref (task));
  G_UNLOCK (waiting);
  start_next ();
}

/* The keyring's own words are for developers, and a prompt that was closed looks like a cancelled
 * call: only the caller's cancellable decides whether it was one. */
static void
return_keyring_error (GTask        *task,
                      const GError *error)
{
  const char *sentence;

  if (g_task_return_error_if_cancelled (task))
    return;
  g_debug ("secrets: %s: %s", g_quark_to_string (error->domain), error->message);
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    sentence = _("The keyring is locked.");
  else
    sentence = _("The keyring could not be used.");
  g_task_return_new_error (task, SC_ERROR, SC_ERROR_KEYRING, "%s", sentence);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Request *request = g_task_get_task_data (task);
  gboolean is_stored = secret_password_store_finish (result, &error);

  if (is_stored)
    {
      remove_session_key (request->profile);
      g_task_return_int (task, SC_SECRET_KEYRING);
    }
  else if (!g_task_return_error_if_cancelled (task))
    {
      g_debug ("secrets: kept for the session: %s", error->message);
      put_session_key (request->profile, request->key);
      g_task_return_int (task, SC_SECRET_SESSION);
    }
  end_call ();
}

static void
start_store (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  secret_password_store (&key_schema, SECRET_COLLECTION_DEFAULT, request->label,
                         secret_value_get_text (request->key), g_task_get_cancellable (task),
                         stored_cb, task, ATTRIBUTE, request->profile, NULL);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Request *request = g_task_get_task_data (task);
  char *key = secret_password_lookup_nonpageable_finish (result, &error);

  request->place = key != NULL ? SC_SECRET_KEYRING : SC_SECRET_NONE;
  if (error != NULL)
    return_keyring_error (task, error);
  else
    g_task_return_pointer (task, key, (GDestroyNotify) sc_secrets_free);
  end_call ();
}

/* A key of the session is newer than one in the keyring, which did not take it. */
static gboolean
return_session_key (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  char *key = dup_session_key (request->profile);

  if (key == NULL)
    return FALSE;
  request->place = SC_SECRET_SESSION;
  g_task_return_pointer (task, key, (GDestroyNotify) sc_secrets_free);
  return TRUE;
}

static void
start_lookup (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  /* The call before may have found no keyring. */
  if (return_session_key (task))
    {
      g_object_unref (task);
      end_call ();
      return;
    }
  secret_password_lookup (&key_schema, g_task_get_cancellable (task), found_cb, task, ATTRIBUTE,
                          request->profile, NULL);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Request *request = g_task_get_task_data (task);

  secret_password_clear_finish (result, &error);
  if (!g_task_return_error_if_cancelled (task))
    {
      gboolean was_in_session = remove_session_key (request->profile);

      /* A key that was here is here because there was no keyring to use: then it was the only
       * one. */
      if (error == NULL || was_in_session)
        g_task_return_boolean (task, TRUE);
      else
        return_keyring_error (task, error);
    }
  end_call ();
}

static void
start_clear (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  secret_password_clear (&key_schema, g_task_get_cancellable (task), cleared_cb, task, ATTRIBUTE,
                         request->profile, NULL);
}

void
sc_secrets_store_async (const char          *profile,
                        const char          *label,
                        const char          *key,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (profile != NULL && label != NULL && key != NULL);

  task = create_task (profile, cancellable, callback, user_data, sc_secrets_store_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  request = g_task_get_task_data (task);
  request->key = secret_value_new (key, -1, "text/plain");
  request->label = g_utf8_make_valid (label, -1);
  queue_call (task, start_store);
}

ScSecretPlace
sc_secrets_store_finish (GAsyncResult  *result,
                         GError       **error)
{
  gssize place;

  g_return_val_if_fail (g_task_is_valid (result, NULL), SC_SECRET_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_secrets_store_async), SC_SECRET_NONE);

  place = g_task_propagate_int (G_TASK (result), error);
  return place < 0 ? SC_SECRET_NONE : (ScSecretPlace) place;
}

void
sc_secrets_lookup_async (const char          *profile,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (profile != NULL);

  task = create_task (profile, cancellable, callback, user_data, sc_secrets_lookup_async);
  if (!g_task_return_error_if_cancelled (task) && !return_session_key (task))
    queue_call (task, start_lookup);
}

char *
sc_secrets_lookup_finish (GAsyncResult   *result,
                          ScSecretPlace  *place,
                          GError        **error)
{
  g_autoptr (GError) own_error = NULL;
  char *key;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_secrets_lookup_async), NULL);

  key = g_task_propagate_pointer (G_TASK (result), &own_error);
  if (own_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own_error));
      return NULL;
    }
  if (place != NULL)
    *place = ((Request *) g_task_get_task_data (G_TASK (result)))->place;
  return key;
}

void
sc_secrets_clear_async (const char          *profile,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (profile != NULL);

  task = create_task (profile, cancellable, callback, user_data, sc_secrets_clear_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  queue_call (task, start_clear);
}

gboolean
sc_secrets_clear_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_secrets_clear_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_secrets_free (char *key)
{
  /* Overwrites first; takes memory of g_malloc() as well as locked memory. */
  secret_password_free (key);
}

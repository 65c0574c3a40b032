/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of conversations and the store behind it. Conversations save themselves; here they are
 * listed in order, found, deleted and brought back. */

#include "config.h"

#include "sc-history.h"

#include "sc-conversation-internal.h"
#include "sc-history-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* A disk that is full says so at every checkpoint; once a minute is enough. */
#define FAILED_INTERVAL_US (60 * G_USEC_PER_SEC)
#define SEARCH_LIMIT       100

struct _ScHistory
{
  GObject     parent_instance;
  ScStore    *store;
  GPtrArray  *list;
  /* Deleted ones, until the program ends: they can be brought back. */
  GHashTable *deleted;
  gint64      failed_us;
  gboolean    is_loaded;
  gboolean    is_closed;
};

enum
{
  PROP_0,
  PROP_LOADED,
  N_PROPS
};

enum
{
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void sc_history_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScHistory,
                               sc_history,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      sc_history_list_model_init))

static void
report (ScHistory    *self,
        const GError *error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->is_closed || (self->failed_us > 0 && now - self->failed_us < FAILED_INTERVAL_US))
    return;
  self->failed_us = now;
  g_signal_emit (self, signals[FAILED], 0, error->message);
}

static int
compare_conversations (gconstpointer a,
                       gconstpointer b)
{
  ScConversation *first = *(ScConversation **) a;
  ScConversation *second = *(ScConversation **) b;
  gint64 first_us = sc_conversation_get_updated_us (first);
  gint64 second_us = sc_conversation_get_updated_us (second);

  if (sc_conversation_is_pinned (first) != sc_conversation_is_pinned (second))
    return sc_conversation_is_pinned (first) ? -1 : 1;
  if (first_us != second_us)
    return first_us > second_us ? -1 : 1;
  return strcmp (sc_conversation_get_id (first), sc_conversation_get_id (second));
}

/* Where it belongs among the others, itself left out. */
static guint
find_place (ScHistory      *self,
            ScConversation *conversation)
{
  guint place = 0;

  for (guint i = 0; i < self->list->len; i++)
    {
      ScConversation *other = g_ptr_array_index (self->list, i);

      if (other != conversation && compare_conversations (&other, &conversation) < 0)
        place++;
    }
  return place;
}

static void
insert (ScHistory      *self,
        ScConversation *conversation)
{
  guint place = find_place (self, conversation);

  g_ptr_array_insert (self->list, (int) place, g_object_ref (conversation));
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
}

static void
conversation_moved_cb (ScHistory      *self,
                       GParamSpec     *pspec,
                       ScConversation *conversation)
{
  guint from, to, n;

  if (!g_ptr_array_find (self->list, conversation, &from))
    return;
  to = find_place (self, conversation);
  if (to == from)
    return;
  g_ptr_array_insert (self->list, (int) to, g_ptr_array_steal_index (self->list, from));
  /* One change for the whole span: a selection follows its item when it goes and comes in the same
   * change. */
  n = MAX (from, to) - MIN (from, to) + 1;
  g_list_model_items_changed (G_LIST_MODEL (self), MIN (from, to), n, n);
}

static void
conversation_kept_cb (ScHistory      *self,
                      ScConversation *conversation)
{
  if (!g_ptr_array_find (self->list, conversation, NULL))
    insert (self, conversation);
}

static void
conversation_failed_cb (ScHistory      *self,
                        const GError   *error,
                        ScConversation *conversation)
{
  report (self, error);
}

static void
watch (ScHistory      *self,
       ScConversation *conversation)
{
  g_signal_connect_object (conversation, "notify::updated", G_CALLBACK (conversation_moved_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::pinned", G_CALLBACK (conversation_moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "kept", G_CALLBACK (conversation_kept_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "storage-failed", G_CALLBACK (conversation_failed_cb),
                           self, G_CONNECT_SWAPPED);
}

static ScConversation *
lookup (ScHistory  *self,
        const char *id)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      ScConversation *conversation = g_ptr_array_index (self->list, i);

      if (g_str_equal (sc_conversation_get_id (conversation), id))
        return conversation;
    }
  return NULL;
}

static void
add_records (ScHistory *self,
             GPtrArray *records)
{
  guint n_before = self->list->len;

  for (guint i = 0; i < records->len; i++)
    {
      const ScConversationRecord *record = g_ptr_array_index (records, i);
      ScConversation *conversation;

      /* Made and saved while the list was being read. */
      if (n_before > 0 && lookup (self, record->id) != NULL)
        continue;
      conversation = sc_conversation_new_stored (record, self->store);
      watch (self, conversation);
      g_ptr_array_add (self->list, conversation);
    }
  g_ptr_array_sort (self->list, compare_conversations);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->list->len);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ScHistory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records =
    sc_store_list_conversations_finish (SC_STORE (source), result, &error);

  if (records != NULL)
    add_records (self, records);
  else
    report (self, error);
  /* Also after a fault: the window works on without a history. */
  self->is_loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ScHistory *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) ids = sc_store_search_finish (SC_STORE (source), result, &error);
  GPtrArray *found;

  if (ids == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  found = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      ScConversation *conversation = lookup (self, g_ptr_array_index (ids, i));

      if (conversation != NULL)
        g_ptr_array_add (found, g_object_ref (conversation));
    }
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (sc_store_close_finish (SC_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GType
sc_history_get_item_type (GListModel *model)
{
  return SC_TYPE_CONVERSATION;
}

static guint
sc_history_get_n_items (GListModel *model)
{
  return SC_HISTORY (model)->list->len;
}

static gpointer
sc_history_get_item (GListModel *model,
                     guint       position)
{
  ScHistory *self = SC_HISTORY (model);

  return position < self->list->len ? g_object_ref (g_ptr_array_index (self->list, position))
                                    : NULL;
}

static void
sc_history_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = sc_history_get_item_type;
  iface->get_n_items = sc_history_get_n_items;
  iface->get_item = sc_history_get_item;
}

static void
sc_history_finalize (GObject *object)
{
  ScHistory *self = SC_HISTORY (object);

  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->deleted, g_hash_table_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (sc_history_parent_class)->finalize (object);
}

static void
sc_history_get_property (GObject    *object,
                         guint       property_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, SC_HISTORY (object)->is_loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
sc_history_class_init (ScHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sc_history_finalize;
  object_class->get_property = sc_history_get_property;

  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FAILED] = g_signal_new ("failed", SC_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sc_history_init (ScHistory *self)
{
  self->list = g_ptr_array_new_with_free_func (g_object_unref);
  self->deleted = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

ScHistory *
sc_history_new (const char *path)
{
  ScHistory *self = g_object_new (SC_TYPE_HISTORY, NULL);

  self->store = sc_store_new (path);
  sc_store_list_conversations_async (self->store, NULL, listed_cb, g_object_ref (self));
  return self;
}

char *
sc_history_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "stream-chat", "history.sqlite", NULL);
}

ScStore *
sc_history_get_store (ScHistory *self)
{
  g_return_val_if_fail (SC_IS_HISTORY (self), NULL);

  return self->store;
}

gboolean
sc_history_is_loaded (ScHistory *self)
{
  g_return_val_if_fail (SC_IS_HISTORY (self), FALSE);

  return self->is_loaded;
}

ScConversation *
sc_history_create (ScHistory *self)
{
  ScConversation *conversation;

  g_return_val_if_fail (SC_IS_HISTORY (self), NULL);

  conversation = sc_conversation_new_stored (NULL, self->store);
  watch (self, conversation);
  return conversation;
}

void
sc_history_delete (ScHistory      *self,
                   ScConversation *conversation)
{
  guint position;

  g_return_if_fail (SC_IS_HISTORY (self));
  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  g_hash_table_add (self->deleted, g_object_ref (conversation));
  sc_conversation_set_deleted (conversation, TRUE);
  if (!g_ptr_array_find (self->list, conversation, &position))
    return;
  g_ptr_array_remove_index (self->list, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

void
sc_history_restore (ScHistory      *self,
                    ScConversation *conversation)
{
  g_return_if_fail (SC_IS_HISTORY (self));
  g_return_if_fail (SC_IS_CONVERSATION (conversation));

  if (!g_hash_table_contains (self->deleted, conversation))
    return;
  sc_conversation_set_deleted (conversation, FALSE);
  if (conversation->is_kept)
    insert (self, conversation);
  g_hash_table_remove (self->deleted, conversation);
}

void
sc_history_search_async (ScHistory           *self,
                         const char          *query,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_HISTORY (self));
  g_return_if_fail (query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_history_search_async);
  sc_store_search_async (self->store, query, SEARCH_LIMIT, cancellable, found_cb, task);
}

GPtrArray *
sc_history_search_finish (ScHistory     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (SC_IS_HISTORY (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_history_close_async (ScHistory           *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  GTask *task;

  g_return_if_fail (SC_IS_HISTORY (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sc_history_close_async);

  /* Stopping moves conversations in the list. */
  for (guint i = 0; i < self->list->len; i++)
    g_ptr_array_add (list, g_object_ref (g_ptr_array_index (self->list, i)));
  for (guint i = 0; i < list->len; i++)
    sc_conversation_stop (g_ptr_array_index (list, i));
  /* What was deleted is gone when the program is. */
  sc_store_purge_async (self->store, NULL, NULL);
  self->is_closed = TRUE;
  sc_store_close_async (self->store, closed_cb, task);
}

gboolean
sc_history_close_finish (ScHistory     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (SC_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation as an object: its properties, the list of the shown path, loading. What it does
 * (send, stop, retry, branches) is in sc-conversation-actions.c, how it is saved in
 * sc-conversation-store.c. */

#include "config.h"

#include "sc-conversation-internal.h"

#include <glib/gi18n.h>
#include <string.h>

enum
{
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_SNIPPET,
  PROP_PROVIDER,
  PROP_MODEL,
  PROP_SYSTEM_PROMPT,
  PROP_PARAMETERS,
  PROP_PINNED,
  PROP_UNSEEN,
  PROP_UPDATED,
  PROP_ACTIVITY,
  PROP_LOADED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void sc_conversation_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScConversation,
                               sc_conversation,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      sc_conversation_list_model_init))

static gboolean
replace_string (char       **field,
                const char  *value)
{
  char *copy;

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;
  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  return TRUE;
}

static void
notify (ScConversation *self,
        guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || text[strspn (text, " \t\r\n")] == '\0';
}

static void
set_string (ScConversation *self,
            char          **field,
            const char     *value,
            guint           property)
{
  if (!replace_string (field, value))
    return;
  notify (self, property);
  sc_conversation_save (self);
}

static GType
sc_conversation_get_item_type (GListModel *model)
{
  return SC_TYPE_TURN;
}

static guint
sc_conversation_get_n_items (GListModel *model)
{
  return SC_CONVERSATION (model)->path->len;
}

static gpointer
sc_conversation_get_item (GListModel *model,
                          guint       position)
{
  ScConversation *self = SC_CONVERSATION (model);

  if (position >= self->path->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->path, position));
}

static void
sc_conversation_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = sc_conversation_get_item_type;
  iface->get_n_items = sc_conversation_get_n_items;
  iface->get_item = sc_conversation_get_item;
}

static void
sc_conversation_dispose (GObject *object)
{
  ScConversation *self = SC_CONVERSATION (object);

  g_clear_pointer (&self->session, sc_session_free);

  G_OBJECT_CLASS (sc_conversation_parent_class)->dispose (object);
}

static void
sc_conversation_finalize (GObject *object)
{
  ScConversation *self = SC_CONVERSATION (object);

  g_clear_pointer (&self->path, g_ptr_array_unref);
  g_clear_pointer (&self->tree, sc_tree_free);
  g_clear_pointer (&self->record, sc_conversation_record_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (sc_conversation_parent_class)->finalize (object);
}

static void
sc_conversation_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ScConversation *self = SC_CONVERSATION (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->record->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, sc_conversation_get_title (self));
      break;
    case PROP_SNIPPET:
      g_value_set_string (value, sc_conversation_get_snippet (self));
      break;
    case PROP_PROVIDER:
      g_value_set_string (value, self->record->provider);
      break;
    case PROP_MODEL:
      g_value_set_string (value, self->record->model);
      break;
    case PROP_SYSTEM_PROMPT:
      g_value_set_string (value, self->record->system_prompt);
      break;
    case PROP_PARAMETERS:
      g_value_set_string (value, self->record->parameters);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->record->is_pinned);
      break;
    case PROP_UNSEEN:
      g_value_set_boolean (value, self->record->is_unseen);
      break;
    case PROP_UPDATED:
      g_value_set_int64 (value, self->record->updated_us);
      break;
    case PROP_ACTIVITY:
      g_value_set_int (value, self->activity);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->is_loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
sc_conversation_set_property (GObject      *object,
                              guint         property_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ScConversation *self = SC_CONVERSATION (object);
  ScConversationRecord *record = self->record;

  switch (property_id)
    {
    case PROP_ID:
      if (g_value_get_string (value) != NULL)
        replace_string (&record->id, g_value_get_string (value));
      break;
    case PROP_TITLE:
      sc_conversation_rename (self, g_value_get_string (value));
      break;
    case PROP_PROVIDER:
      set_string (self, &record->provider, g_value_get_string (value), PROP_PROVIDER);
      break;
    case PROP_MODEL:
      set_string (self, &record->model, g_value_get_string (value), PROP_MODEL);
      break;
    case PROP_SYSTEM_PROMPT:
      set_string (self, &record->system_prompt, g_value_get_string (value), PROP_SYSTEM_PROMPT);
      break;
    case PROP_PARAMETERS:
      set_string (self, &record->parameters, g_value_get_string (value), PROP_PARAMETERS);
      break;
    case PROP_PINNED:
      sc_conversation_set_pinned (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static GParamSpec *
create_string_spec (const char  *name,
                    GParamFlags  flags)
{
  return g_param_spec_string (name, NULL, NULL, NULL, flags | G_PARAM_STATIC_STRINGS);
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_ID] = create_string_spec ("id", G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_TITLE] = create_string_spec ("title", both);
  properties[PROP_SNIPPET] = create_string_spec ("snippet", readable);
  properties[PROP_PROVIDER] = create_string_spec ("provider", both);
  properties[PROP_MODEL] = create_string_spec ("model", both);
  properties[PROP_SYSTEM_PROMPT] = create_string_spec ("system-prompt", both);
  properties[PROP_PARAMETERS] = create_string_spec ("parameters", both);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, both);
  properties[PROP_UNSEEN] = g_param_spec_boolean ("unseen", NULL, NULL, FALSE, readable);
  properties[PROP_UPDATED] = g_param_spec_int64 ("updated", NULL, NULL, 0, G_MAXINT64, 0, readable);
  properties[PROP_ACTIVITY] = g_param_spec_int ("activity", NULL, NULL, SC_ACTIVITY_NONE,
                                                SC_ACTIVITY_RETRYING, SC_ACTIVITY_NONE, readable);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sc_conversation_class_init (ScConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_conversation_dispose;
  object_class->finalize = sc_conversation_finalize;
  object_class->get_property = sc_conversation_get_property;
  object_class->set_property = sc_conversation_set_property;
  install_properties (object_class);

  g_signal_new ("storage-failed", SC_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_ERROR);
  g_signal_new ("kept", SC_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
sc_conversation_init (ScConversation *self)
{
  self->record = g_new0 (ScConversationRecord, 1);
  self->record->id = g_uuid_string_random ();
  self->record->title = g_strdup ("");
  self->record->created_us = g_get_real_time ();
  self->record->updated_us = self->record->created_us;
  self->tree = sc_tree_new ();
  self->path = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_loaded = TRUE;
}

const char *
sc_conversation_get_id (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return self->record->id;
}

const char *
sc_conversation_get_title (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return is_blank (self->record->title) ? _("New Conversation") : self->record->title;
}

void
sc_conversation_rename (ScConversation *self,
                        const char     *title)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (is_blank (title))
    {
      if (!self->record->title_is_custom)
        return;
      self->record->title_is_custom = FALSE;
      /* The automatic title is made of the first turn: where that is not in memory yet, loading
       * makes it. */
      replace_string (&self->record->title, "");
      if (self->is_loaded)
        sc_conversation_update_title (self);
      else
        sc_conversation_load (self);
    }
  else
    {
      g_autofree char *valid = g_strstrip (g_utf8_make_valid (title, -1));

      self->record->title_is_custom = TRUE;
      if (!replace_string (&self->record->title, g_strdelimit (valid, "\r\n\t", ' ')))
        return;
    }
  notify (self, PROP_TITLE);
  sc_conversation_save (self);
}

const char *
sc_conversation_get_snippet (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return self->record->snippet != NULL ? self->record->snippet : "";
}

const char *
sc_conversation_get_provider (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return self->record->provider;
}

const char *
sc_conversation_get_model (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return self->record->model;
}

const char *
sc_conversation_get_system_prompt (ScConversation *self)
{
  return self->record->system_prompt;
}

const char *
sc_conversation_get_parameters (ScConversation *self)
{
  return self->record->parameters;
}

void
sc_conversation_set_model (ScConversation *self,
                           const char     *provider,
                           const char     *model)
{
  gboolean provider_changed, model_changed;

  g_return_if_fail (SC_IS_CONVERSATION (self));

  provider_changed = replace_string (&self->record->provider, provider);
  model_changed = replace_string (&self->record->model, model);
  if (provider_changed)
    notify (self, PROP_PROVIDER);
  if (model_changed)
    notify (self, PROP_MODEL);
  if (provider_changed || model_changed)
    sc_conversation_save (self);
}

gint64
sc_conversation_get_updated_us (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), 0);

  return self->record->updated_us;
}

void
sc_conversation_touch (ScConversation *self)
{
  /* Never backwards: the order of the list is the order in which messages were made. */
  self->record->updated_us = MAX (g_get_real_time (), self->record->updated_us + 1);
  notify (self, PROP_UPDATED);
}

gboolean
sc_conversation_is_pinned (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), FALSE);

  return self->record->is_pinned;
}

void
sc_conversation_set_pinned (ScConversation *self,
                            gboolean        pinned)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  if (self->record->is_pinned == !!pinned)
    return;
  self->record->is_pinned = !!pinned;
  notify (self, PROP_PINNED);
  sc_conversation_save (self);
}

gboolean
sc_conversation_is_unseen (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), FALSE);

  return self->record->is_unseen;
}

void
sc_conversation_set_unseen (ScConversation *self,
                            gboolean        unseen)
{
  if (self->record->is_unseen == unseen)
    return;
  self->record->is_unseen = unseen;
  notify (self, PROP_UNSEEN);
}

void
sc_conversation_set_looked_at (ScConversation *self,
                               gboolean        looked_at)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  self->is_looked_at = !!looked_at;
  if (self->is_looked_at && self->record->is_unseen)
    {
      sc_conversation_set_unseen (self, FALSE);
      sc_conversation_save (self);
    }
}

gboolean
sc_conversation_is_loaded (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), FALSE);

  return self->is_loaded;
}

void
sc_conversation_set_loaded (ScConversation *self)
{
  self->is_loaded = TRUE;
  notify (self, PROP_LOADED);
}

ScActivity
sc_conversation_get_activity (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), SC_ACTIVITY_NONE);

  return self->activity;
}

void
sc_conversation_set_activity (ScConversation *self,
                              ScActivity      activity,
                              gint64          time_us)
{
  g_return_if_fail (SC_IS_CONVERSATION (self));

  /* Silence is told of again and again. */
  if (self->activity == activity && self->activity_time_us == time_us &&
      activity != SC_ACTIVITY_QUIET)
    return;
  self->activity = activity;
  self->activity_time_us = time_us;
  notify (self, PROP_ACTIVITY);
}

char *
sc_conversation_dup_activity_text (ScConversation *self)
{
  gint64 now = g_get_monotonic_time ();
  int seconds;

  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  seconds = (int) (MAX (now - self->activity_time_us, 0) / G_USEC_PER_SEC);
  switch (self->activity)
    {
    case SC_ACTIVITY_CONNECTING:
      return g_strdup (_("Connecting…"));
    case SC_ACTIVITY_WAITING:
      return g_strdup (_("Waiting for the model…"));
    case SC_ACTIVITY_REASONING:
      if (seconds < 1)
        return g_strdup (_("Thinking…"));
      /* Translators: the model has been reasoning for %d seconds */
      return g_strdup_printf (_("Thinking… %d s"), seconds);
    case SC_ACTIVITY_QUIET:
      /* Translators: nothing has come from the service for %d seconds */
      return g_strdup_printf (_("No data for %d s"), seconds);
    case SC_ACTIVITY_RETRYING:
      /* Translators: the request is sent again in %d seconds */
      seconds =
        (int) ((MAX (self->activity_time_us - now, 0) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
      return g_strdup_printf (_("Trying again in %d s"), seconds);
    case SC_ACTIVITY_NONE:
    case SC_ACTIVITY_ANSWERING:
    default:
      return NULL;
    }
}

gboolean
sc_conversation_is_busy (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), FALSE);

  return self->activity != SC_ACTIVITY_NONE;
}

ScTurn *
sc_conversation_get_last_turn (ScConversation *self)
{
  g_return_val_if_fail (SC_IS_CONVERSATION (self), NULL);

  return self->path->len > 0 ? g_ptr_array_index (self->path, self->path->len - 1) : NULL;
}

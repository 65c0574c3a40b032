/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-model-item.c: makes the lines of the model popover from what the providers know. No widget in
 * here.
 */

#include "config.h"

#include "sc-model-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-demo-server.h"
#include "sc-protocol.h"
#include "sc-settings.h"
#include "sc-usage-words.h"
#include "sc-usage.h"

G_DEFINE_FINAL_TYPE (ScModelItem, sc_model_item, G_TYPE_OBJECT)

/* Everything one run of sc_model_list_build() needs. */
typedef struct
{
  const ScModelListState *state;
  GPtrArray              *items;
  GPtrArray              *profiles;
  char                  **words;
  char                   *query;
  const char             *heading;
} Builder;

static ScModelItem *
append (Builder         *builder,
        ScModelItemKind  kind,
        const char      *provider,
        const char      *model,
        const char      *label)
{
  ScModelItem *item = g_object_new (SC_TYPE_MODEL_ITEM, NULL);

  item->kind = kind;
  item->provider = g_strdup (provider);
  item->model = g_strdup (model);
  item->label = g_strdup (label);
  item->heading = g_strdup (g_steal_pointer (&builder->heading));
  g_ptr_array_add (builder->items, item);
  return item;
}

static gboolean
matches (Builder    *builder,
         const char *provider,
         const char *id,
         const char *name)
{
  g_autofree char *joined = g_strjoin (" ", provider, id != NULL ? id : "",
                                       name != NULL ? name : "", NULL);
  g_autofree char *folded = g_utf8_casefold (joined, -1);

  for (guint i = 0; builder->words != NULL && builder->words[i] != NULL; i++)
    {
      if (strstr (folded, builder->words[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_current (Builder         *builder,
            const ScProfile *profile,
            const char      *model)
{
  const char *current = builder->state->current_model;

  if (g_strcmp0 (builder->state->current_provider, profile->id) != 0)
    return FALSE;
  return g_strcmp0 (current != NULL ? current : profile->model, model) == 0;
}

static const ScModel *
find_model (GPtrArray  *models,
            const char *id)
{
  for (guint i = 0; models != NULL && id != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if (g_str_equal (model->id, id))
        return model;
    }
  return NULL;
}

static const ScProfile *
find_profile (Builder    *builder,
              const char *id)
{
  for (guint i = 0; i < builder->profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (builder->profiles, i);

      if (g_str_equal (profile->id, id))
        return profile;
    }
  return NULL;
}

/* Servers of one's own take nothing; to say so on each line tells nothing. */
static char *
dup_price (Builder         *builder,
           const ScProfile *profile,
           const char      *id)
{
  ScPrice price;
  ScPriceSource source = sc_usage_find_price (builder->state->providers, profile, id, &price);
  g_autofree char *text =
    source != SC_PRICE_SOURCE_LOCAL ? sc_usage_dup_price (&price.rates) : NULL;

  if (text == NULL || source != SC_PRICE_SOURCE_OTHER)
    return g_steal_pointer (&text);
  return g_strconcat ("~", text, NULL);
}

static void
append_model (Builder         *builder,
              const ScProfile *profile,
              const char      *id,
              const ScModel   *model,
              gboolean         shows_provider)
{
  g_autofree char *context =
    sc_model_dup_context_text (sc_usage_find_context (builder->state->providers, profile, id));
  const char *name = model != NULL && model->name != NULL ? model->name : id;
  ScModelItem *item;

  if (!matches (builder, profile->name, id, name))
    return;
  item = append (builder, SC_MODEL_ITEM_MODEL, profile->id, id, name);
  item->detail = shows_provider ? g_strdup (profile->name) : g_steal_pointer (&context);
  item->price = shows_provider ? NULL : dup_price (builder, profile, id);
  item->flags = model != NULL ? model->flags : 0;
  item->is_current = is_current (builder, profile, id);
}

static void
append_recent (Builder *builder)
{
  g_auto (GStrv) recent = sc_settings_list_recent_models (sc_settings_get_default ());

  builder->heading = _("Recent");
  for (guint i = 0; recent[i] != NULL; i++)
    {
      char *tab = strchr (recent[i], '\t');
      const ScProfile *profile;

      if (tab == NULL || tab[1] == '\0')
        continue;
      *tab = '\0';
      profile = find_profile (builder, recent[i]);
      if (profile != NULL)
        append_model (builder, profile, tab + 1,
                      find_model (sc_providers_peek_models (builder->state->providers, profile->id),
                                  tab + 1),
                      TRUE);
    }
  builder->heading = NULL;
}

static void
append_provider (Builder         *builder,
                 const ScProfile *profile)
{
  GPtrArray *models = sc_providers_peek_models (builder->state->providers, profile->id);
  const char *error = g_hash_table_lookup (builder->state->errors, profile->id);
  guint n_before = builder->items->len;

  builder->heading = profile->name;
  if (profile->model != NULL
      && *profile->model != '\0'
      && find_model (models, profile->model) == NULL)
    append_model (builder, profile, profile->model, NULL, FALSE);
  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if ((model->flags & SC_MODEL_EMBEDDING) == 0)
        append_model (builder, profile, model->id, model, FALSE);
    }
  if (*builder->query == '\0')
    {
      if (error != NULL)
        append (builder, SC_MODEL_ITEM_ERROR, profile->id, NULL, error);
      else if (g_hash_table_contains (builder->state->pending, profile->id))
        append (builder, SC_MODEL_ITEM_LOADING, profile->id, NULL, _("Fetching the models…"));
      else if (builder->items->len == n_before)
        append (builder, SC_MODEL_ITEM_NOTE, profile->id, NULL,
                _("No models. A name can be typed above."));
    }
  builder->heading = NULL;
}

/* Lists are not always complete, and some servers have none: a typed name can be used as it is. */
static void
append_free_names (Builder *builder)
{
  builder->heading = _("By Name");
  for (guint i = 0; i < builder->profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (builder->profiles, i);
      g_autofree char *label = NULL;
      ScModelItem *item;

      if (g_str_equal (profile->id, SC_DEMO_PROFILE_ID)
          || find_model (sc_providers_peek_models (builder->state->providers, profile->id),
                         builder->query) != NULL)
        continue;
      /* Translators: %s is the name of a model as the user typed it */
      label = g_strdup_printf (_("Use “%s”"), builder->query);
      item = append (builder, SC_MODEL_ITEM_FREE, profile->id, builder->query, label);
      item->detail = g_strdup (profile->name);
    }
  builder->heading = NULL;
}

static void
sc_model_item_finalize (GObject *object)
{
  ScModelItem *self = SC_MODEL_ITEM (object);

  g_free (self->heading);
  g_free (self->provider);
  g_free (self->model);
  g_free (self->label);
  g_free (self->detail);
  g_free (self->price);

  G_OBJECT_CLASS (sc_model_item_parent_class)->finalize (object);
}

static void
sc_model_item_class_init (ScModelItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_model_item_finalize;
}

static void
sc_model_item_init (ScModelItem *self)
{
}

GPtrArray *
sc_model_list_build (const ScModelListState *state,
                     const char             *query)
{
  g_autoptr (GPtrArray) profiles = NULL;
  g_autofree char *stripped = NULL;
  g_autofree char *folded = NULL;
  g_auto (GStrv) words = NULL;
  Builder builder = { 0 };

  g_return_val_if_fail (state != NULL, NULL);
  g_return_val_if_fail (query != NULL, NULL);

  profiles = sc_providers_list (state->providers);
  stripped = g_strstrip (g_strdup (query));
  folded = g_utf8_casefold (stripped, -1);
  words = g_strsplit_set (folded, " \t", -1);
  builder.state = state;
  builder.items = g_ptr_array_new_with_free_func (g_object_unref);
  builder.profiles = profiles;
  builder.query = stripped;
  builder.words = words;

  if (*stripped == '\0')
    append_recent (&builder);
  for (guint i = 0; i < profiles->len; i++)
    append_provider (&builder, g_ptr_array_index (profiles, i));
  if (*stripped != '\0')
    append_free_names (&builder);
  if (builder.items->len == 0)
    append (&builder, SC_MODEL_ITEM_NOTE, NULL, NULL,
            *stripped != '\0' ? _("No model has these words") : _("There is no provider yet"));
  return builder.items;
}

gboolean
sc_model_item_is_choosable (ScModelItem *self)
{
  g_return_val_if_fail (SC_IS_MODEL_ITEM (self), FALSE);

  return self->kind == SC_MODEL_ITEM_MODEL
         || self->kind == SC_MODEL_ITEM_FREE
         || self->kind == SC_MODEL_ITEM_ERROR;
}

char *
sc_model_dup_context_text (gint64 tokens)
{
  gboolean is_binary = tokens % 1000 != 0 && tokens % 1024 == 0;

  if (tokens < 1000)
    return NULL;
  /* Windows are powers of two as often as round numbers: 131072 is what people call 128 k. */
  if (tokens >= 1000000)
    {
      double millions = tokens % 1048576 == 0 ? tokens / 1048576.0 : tokens / 1000000.0;

      /* Translators: a number of tokens in millions */
      return g_strdup_printf (_("%.3g M"), millions);
    }
  /* Translators: a number of tokens in thousands */
  return g_strdup_printf (_("%d k"), (int) (is_binary ? tokens / 1024 : tokens / 1000));
}

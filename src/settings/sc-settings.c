/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Typed settings. The values live in this object and are bound to GSettings where the schemas are
 * installed; without them (a program started from a copied binary) everything works, begins with
 * the defaults and is forgotten at the end. */

#include "config.h"

#include "sc-settings.h"

#include <math.h>

#include "sc-settings-private.h"

#define PROVIDERS_PATH    "/org/example/StreamChat/providers/"
#define MAX_RECENT_MODELS 8

#define MIN_ZOOM        0.5
#define MAX_ZOOM        3.0
#define DEFAULT_WIDTH   1080
#define DEFAULT_HEIGHT  760
#define MIN_WINDOW_SIZE 240
/* No surface of X11 or Wayland can be larger. */
#define MAX_WINDOW_SIZE 16384

#define FLAGS (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)
/* A number out of range (from dconf) is clamped in silence; without "lax" GObject would also print
 * a warning. */
#define NUMBER_FLAGS (FLAGS | G_PARAM_LAX_VALIDATION)

enum
{
  PROP_0,
  PROP_COLOR_SCHEME,
  PROP_ENTER_SENDS,
  PROP_FOLLOW_ANSWERS,
  PROP_SHOW_USAGE,
  PROP_ZOOM,
  PROP_DEFAULT_PROVIDER,
  PROP_WINDOW_WIDTH,
  PROP_WINDOW_HEIGHT,
  PROP_WINDOW_MAXIMIZED,
  PROP_SIDEBAR_VISIBLE,
  PROP_WRAP_CODE,
  PROP_DEMO_OFFERED,
  PROP_PRICES,
  N_PROPS
};

enum
{
  PROVIDERS_CHANGED,
  N_SIGNALS
};

struct _ScSettings
{
  GObject          parent_instance;

  GValue           values[N_PROPS];
  GPtrArray       *profiles;
  char           **recent_models;
  guint            changed_id;

  /* All of these are NULL without the schemas. */
  GSettings       *settings;
  GSettingsSchema *provider_schema;
  GHashTable      *provider_settings;
  gboolean         is_stale;
};

G_DEFINE_FINAL_TYPE (ScSettings, sc_settings, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const scheme_nicks[] = { "system", "light", "dark" };

static gboolean
providers_changed_cb (gpointer user_data)
{
  g_autoptr (ScSettings) self = g_object_ref (SC_SETTINGS (user_data));

  self->changed_id = 0;
  g_signal_emit (self, signals[PROVIDERS_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Saving a profile changes up to twenty keys; whoever listens hears of it once. */
static void
queue_providers_changed (ScSettings *self)
{
  if (self->changed_id == 0)
    self->changed_id = g_timeout_add_full (G_PRIORITY_DEFAULT, 0, providers_changed_cb, self, NULL);
}

static void
provider_key_changed_cb (ScSettings *self)
{
  self->is_stale = TRUE;
  queue_providers_changed (self);
}

static GSettings *
open_provider (ScSettings *self,
               const char *id)
{
  g_autofree char *path = g_strconcat (PROVIDERS_PATH, id, "/", NULL);

  return g_settings_new_full (self->provider_schema, NULL, path);
}

static GSettings *
watch_provider (ScSettings *self,
                const char *id)
{
  GSettings *settings = g_hash_table_lookup (self->provider_settings, id);

  if (settings == NULL)
    {
      settings = open_provider (self, id);
      g_signal_connect_object (settings, "changed", G_CALLBACK (provider_key_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_hash_table_insert (self->provider_settings, g_strdup (id), settings);
    }
  return settings;
}

static gboolean
find_profile (ScSettings *self,
              const char *id,
              guint      *index)
{
  for (guint i = 0; i < self->profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (self->profiles, i);

      if (g_str_equal (profile->id, id))
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* GSettings only reports a change of a key after it was read once: reading here also keeps the
 * reports coming. */
static void
load_profiles (ScSettings *self)
{
  g_auto (GStrv) ids = NULL;
  guint ignored;

  if (self->settings == NULL || !self->is_stale)
    return;
  ids = g_settings_get_strv (self->settings, "providers");
  g_ptr_array_set_size (self->profiles, 0);
  for (char **id = ids; *id != NULL; id++)
    if (sc_settings_is_valid_profile_id (*id) && !find_profile (self, *id, &ignored))
      g_ptr_array_add (self->profiles, sc_settings_read_profile (*id, watch_provider (self, *id)));
  self->is_stale = FALSE;
}

/* Before a change of the list it is read again: another program may have changed it a moment
 * ago. */
static void
reload_profiles (ScSettings *self)
{
  self->is_stale = TRUE;
  load_profiles (self);
}

static void
write_order (ScSettings *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  if (self->settings == NULL)
    return;
  for (guint i = 0; i < self->profiles->len; i++)
    g_ptr_array_add (ids, ((ScProfile *) g_ptr_array_index (self->profiles, i))->id);
  g_ptr_array_add (ids, NULL);
  g_settings_set_strv (self->settings, "providers", (const char *const *) ids->pdata);
}

static void
write_recent_models (ScSettings *self)
{
  if (self->settings != NULL)
    g_settings_set_strv (self->settings, "recent-models",
                         (const char *const *) self->recent_models);
}

static void
load_recent_models (ScSettings *self)
{
  if (self->settings != NULL)
    {
      g_strfreev (self->recent_models);
      self->recent_models = g_settings_get_strv (self->settings, "recent-models");
    }
}

static void
forget_recent_models (ScSettings *self,
                      const char *id)
{
  g_autofree char *prefix = g_strconcat (id, "\t", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n_before;

  load_recent_models (self);
  n_before = g_strv_length (self->recent_models);
  for (char **model = self->recent_models; *model != NULL; model++)
    if (!g_str_has_prefix (*model, prefix))
      g_strv_builder_add (builder, *model);
  g_strfreev (self->recent_models);
  self->recent_models = g_strv_builder_end (builder);
  if (g_strv_length (self->recent_models) != n_before)
    write_recent_models (self);
}

static void
reset_provider (ScSettings *self,
                const char *id)
{
  g_autoptr (GSettings) writer = NULL;
  g_auto (GStrv) keys = NULL;

  if (self->settings == NULL)
    return;
  writer = open_provider (self, id);
  keys = g_settings_schema_list_keys (self->provider_schema);
  g_settings_delay (writer);
  for (char **key = keys; *key != NULL; key++)
    g_settings_reset (writer, *key);
  g_settings_apply (writer);
  g_hash_table_remove (self->provider_settings, id);
}

static gboolean
read_scheme_cb (GValue   *value,
                GVariant *variant,
                gpointer  user_data)
{
  const char *nick = g_variant_get_string (variant, NULL);

  for (int i = 0; i < (int) G_N_ELEMENTS (scheme_nicks); i++)
    if (g_str_equal (nick, scheme_nicks[i]))
      g_value_set_int (value, i);
  return TRUE;
}

static GVariant *
write_scheme_cb (const GValue       *value,
                 const GVariantType *type,
                 gpointer            user_data)
{
  return g_variant_new_string (scheme_nicks[g_value_get_int (value)]);
}

static void
bind_properties (ScSettings *self)
{
  g_settings_bind_with_mapping (self->settings, "color-scheme", self, "color-scheme",
                                G_SETTINGS_BIND_DEFAULT,
                                read_scheme_cb, write_scheme_cb, NULL, NULL);
  for (guint i = PROP_ENTER_SENDS; i < N_PROPS; i++)
    g_settings_bind (self->settings, properties[i]->name, self, properties[i]->name,
                     G_SETTINGS_BIND_DEFAULT);
}

static void
open_schemas (ScSettings *self)
{
  g_autoptr (GSettingsSchema) schema = sc_settings_lookup_schema (SC_APP_ID);

  self->provider_schema = sc_settings_lookup_schema (SC_APP_ID ".Provider");
  if (schema == NULL || self->provider_schema == NULL)
    return;
  self->settings = g_settings_new_full (schema, NULL, NULL);
  self->provider_settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_signal_connect_object (self->settings, "changed::providers",
                           G_CALLBACK (provider_key_changed_cb), self, G_CONNECT_SWAPPED);
  self->is_stale = TRUE;
  load_profiles (self);
  bind_properties (self);
}

static void
sc_settings_dispose (GObject *object)
{
  ScSettings *self = SC_SETTINGS (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);

  G_OBJECT_CLASS (sc_settings_parent_class)->dispose (object);
}

static void
sc_settings_finalize (GObject *object)
{
  ScSettings *self = SC_SETTINGS (object);

  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    g_value_unset (&self->values[i]);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_pointer (&self->recent_models, g_strfreev);
  g_clear_pointer (&self->provider_settings, g_hash_table_unref);
  g_clear_pointer (&self->provider_schema, g_settings_schema_unref);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (sc_settings_parent_class)->finalize (object);
}

static void
sc_settings_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  ScSettings *self = SC_SETTINGS (object);

  if (property_id > PROP_0 && property_id < N_PROPS)
    g_value_copy (&self->values[property_id], value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

/* As lists of strings; none is as good as an empty one. */
static gboolean
has_strings (const GValue *value,
             const GValue *wanted)
{
  const char *const none[] = { NULL };
  const char *const *a = g_value_get_boxed (value);
  const char *const *b = g_value_get_boxed (wanted);

  return g_strv_equal (a != NULL ? a : none, b != NULL ? b : none);
}

static void
sc_settings_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  ScSettings *self = SC_SETTINGS (object);
  g_auto (GValue) wanted = G_VALUE_INIT;

  if (property_id <= PROP_0 || property_id >= N_PROPS)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      return;
    }

  g_value_init (&wanted, G_VALUE_TYPE (value));
  g_value_copy (value, &wanted);
  /* A range check lets "not a number" through, and GVariant ends at text that is not UTF-8. */
  if (G_VALUE_HOLDS_DOUBLE (&wanted) && isnan (g_value_get_double (&wanted)))
    return;
  if (G_VALUE_HOLDS_STRING (&wanted))
    {
      const char *text = g_value_get_string (&wanted);

      g_value_take_string (&wanted, g_utf8_make_valid (text != NULL ? text : "", -1));
    }
  /* GSettings would keep the old list where it is given none. */
  if (G_VALUE_HOLDS (&wanted, G_TYPE_STRV) && g_value_get_boxed (&wanted) == NULL)
    g_value_take_boxed (&wanted, g_new0 (char *, 1));
  if (g_param_values_cmp (pspec, &wanted, &self->values[property_id]) == 0 ||
      (G_VALUE_HOLDS (&wanted, G_TYPE_STRV) && has_strings (&self->values[property_id], &wanted)))
    return;
  g_value_copy (&wanted, &self->values[property_id]);
  g_object_notify_by_pspec (object, pspec);
}

static void
install_strings (guint       property_id,
                 const char *name)
{
  properties[property_id] = g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, FLAGS);
}

static void
install_boolean (guint       property_id,
                 const char *name,
                 gboolean    value)
{
  properties[property_id] =
    g_param_spec_boolean (name, NULL, NULL, value, FLAGS);
}

static void
install_int (guint       property_id,
             const char *name,
             int         minimum,
             int         maximum,
             int         value)
{
  properties[property_id] =
    g_param_spec_int (name, NULL, NULL, minimum, maximum, value, NUMBER_FLAGS);
}

static void
sc_settings_class_init (ScSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_settings_dispose;
  object_class->finalize = sc_settings_finalize;
  object_class->get_property = sc_settings_get_property;
  object_class->set_property = sc_settings_set_property;

  install_int (PROP_COLOR_SCHEME, "color-scheme", SC_COLOR_SCHEME_SYSTEM, SC_COLOR_SCHEME_DARK,
               SC_COLOR_SCHEME_SYSTEM);
  install_boolean (PROP_ENTER_SENDS, "enter-sends", TRUE);
  install_boolean (PROP_FOLLOW_ANSWERS, "follow-answers", TRUE);
  install_boolean (PROP_SHOW_USAGE, "show-usage", TRUE);
  properties[PROP_ZOOM] =
    g_param_spec_double ("zoom", NULL, NULL, MIN_ZOOM, MAX_ZOOM, 1.0, NUMBER_FLAGS);
  properties[PROP_DEFAULT_PROVIDER] =
    g_param_spec_string ("default-provider", NULL, NULL, "", FLAGS);
  install_int (PROP_WINDOW_WIDTH, "window-width", MIN_WINDOW_SIZE, MAX_WINDOW_SIZE, DEFAULT_WIDTH);
  install_int (PROP_WINDOW_HEIGHT, "window-height", MIN_WINDOW_SIZE, MAX_WINDOW_SIZE,
               DEFAULT_HEIGHT);
  install_boolean (PROP_WINDOW_MAXIMIZED, "window-maximized", FALSE);
  install_boolean (PROP_SIDEBAR_VISIBLE, "sidebar-visible", TRUE);
  install_boolean (PROP_WRAP_CODE, "wrap-code", TRUE);
  install_boolean (PROP_DEMO_OFFERED, "demo-offered", TRUE);
  install_strings (PROP_PRICES, "prices");
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PROVIDERS_CHANGED] =
    g_signal_new ("providers-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_settings_init (ScSettings *self)
{
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    {
      g_value_init (&self->values[i], properties[i]->value_type);
      g_param_value_set_default (properties[i], &self->values[i]);
    }
  self->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_profile_free);
  self->recent_models = g_new0 (char *, 1);
  open_schemas (self);
}

ScSettings *
sc_settings_get_default (void)
{
  static ScSettings *instance;

  if (instance == NULL)
    instance = sc_settings_new ();
  return instance;
}

ScSettings *
sc_settings_new (void)
{
  return g_object_new (SC_TYPE_SETTINGS, NULL);
}

gboolean
sc_settings_is_available (void)
{
  g_autoptr (GSettingsSchema) schema = sc_settings_lookup_schema (SC_APP_ID);
  g_autoptr (GSettingsSchema) provider_schema = sc_settings_lookup_schema (SC_APP_ID ".Provider");

  return schema != NULL && provider_schema != NULL;
}

GPtrArray *
sc_settings_list_profiles (ScSettings *self)
{
  GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_profile_free);

  g_return_val_if_fail (SC_IS_SETTINGS (self), profiles);

  load_profiles (self);
  for (guint i = 0; i < self->profiles->len; i++)
    g_ptr_array_add (profiles, sc_profile_copy (g_ptr_array_index (self->profiles, i)));
  return profiles;
}

ScProfile *
sc_settings_dup_profile (ScSettings *self,
                         const char *id)
{
  guint index;

  g_return_val_if_fail (SC_IS_SETTINGS (self), NULL);

  load_profiles (self);
  if (id == NULL || !find_profile (self, id, &index))
    return NULL;
  return sc_profile_copy (g_ptr_array_index (self->profiles, index));
}

ScProfile *
sc_settings_dup_profile_by_name (ScSettings *self,
                                 const char *name)
{
  g_autofree char *folded = NULL;
  const ScProfile *alike = NULL;
  ScProfile *by_id;

  g_return_val_if_fail (SC_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  by_id = sc_settings_dup_profile (self, name);
  if (by_id != NULL || !g_utf8_validate (name, -1, NULL))
    return by_id;
  folded = g_utf8_casefold (name, -1);
  for (guint i = 0; i < self->profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (self->profiles, i);
      g_autofree char *own = g_utf8_casefold (profile->name, -1);

      /* "Work" before "WORK" where both exist. */
      if (g_str_equal (profile->name, name))
        return sc_profile_copy (profile);
      if (alike == NULL && g_str_equal (own, folded))
        alike = profile;
    }
  return alike != NULL ? sc_profile_copy (alike) : NULL;
}

void
sc_settings_save_profile (ScSettings      *self,
                          const ScProfile *profile)
{
  g_autoptr (ScProfile) copy = NULL;
  gboolean is_new;
  guint index;

  g_return_if_fail (SC_IS_SETTINGS (self));
  g_return_if_fail (profile != NULL && sc_settings_is_valid_profile_id (profile->id));

  reload_profiles (self);
  is_new = !find_profile (self, profile->id, &index);
  copy = sc_profile_copy (profile);
  sc_profile_set (&copy->key, NULL);

  /* The profile before its place in the list: nobody shall ever see a listed profile that is
   * empty. */
  if (self->settings != NULL)
    sc_settings_write_profile (copy, watch_provider (self, copy->id));
  if (is_new)
    {
      g_ptr_array_add (self->profiles, g_steal_pointer (&copy));
      write_order (self);
    }
  else
    {
      sc_profile_free (self->profiles->pdata[index]);
      self->profiles->pdata[index] = g_steal_pointer (&copy);
    }
  self->is_stale = TRUE;
  queue_providers_changed (self);
}

void
sc_settings_remove_profile (ScSettings *self,
                            const char *id)
{
  guint index;

  g_return_if_fail (SC_IS_SETTINGS (self));
  g_return_if_fail (id != NULL);

  reload_profiles (self);
  if (!find_profile (self, id, &index))
    return;
  g_ptr_array_remove_index (self->profiles, index);
  write_order (self);
  reset_provider (self, id);
  forget_recent_models (self, id);
  if (g_str_equal (g_value_get_string (&self->values[PROP_DEFAULT_PROVIDER]), id))
    g_object_set (self, "default-provider", "", NULL);
  self->is_stale = TRUE;
  queue_providers_changed (self);
}

void
sc_settings_move_profile (ScSettings *self,
                          const char *id,
                          guint       position)
{
  gpointer profile;
  guint index;

  g_return_if_fail (SC_IS_SETTINGS (self));
  g_return_if_fail (id != NULL);

  reload_profiles (self);
  if (!find_profile (self, id, &index))
    return;
  position = MIN (position, self->profiles->len - 1);
  if (position == index)
    return;
  profile = g_ptr_array_steal_index (self->profiles, index);
  g_ptr_array_insert (self->profiles, (int) position, profile);
  write_order (self);
  self->is_stale = TRUE;
  queue_providers_changed (self);
}

char **
sc_settings_list_recent_models (ScSettings *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n_models = 0;

  g_return_val_if_fail (SC_IS_SETTINGS (self), g_new0 (char *, 1));

  load_recent_models (self);
  for (char **model = self->recent_models; *model != NULL && n_models < MAX_RECENT_MODELS; model++)
    if (strchr (*model, '\t') != NULL)
      {
        g_strv_builder_add (builder, *model);
        n_models++;
      }
  return g_strv_builder_end (builder);
}

void
sc_settings_add_recent_model (ScSettings *self,
                              const char *profile,
                              const char *model)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *joined = NULL;
  g_autofree char *entry = NULL;
  g_auto (GStrv) older = NULL;
  guint n_models = 1;

  g_return_if_fail (SC_IS_SETTINGS (self));
  g_return_if_fail (profile != NULL && model != NULL);

  joined = g_strconcat (profile, "\t", model, NULL);
  entry = g_utf8_make_valid (joined, -1);
  older = sc_settings_list_recent_models (self);
  if (older[0] != NULL && g_str_equal (older[0], entry))
    return;
  g_strv_builder_add (builder, entry);
  for (char **other = older; *other != NULL && n_models < MAX_RECENT_MODELS; other++)
    if (!g_str_equal (*other, entry))
      {
        g_strv_builder_add (builder, *other);
        n_models++;
      }
  g_strfreev (self->recent_models);
  self->recent_models = g_strv_builder_end (builder);
  write_recent_models (self);
}

gboolean
sc_settings_get_boolean (ScSettings *self,
                         const char *property)
{
  GParamSpec *pspec;

  g_return_val_if_fail (SC_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (property != NULL, FALSE);

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), property);
  g_return_val_if_fail (pspec != NULL && pspec->value_type == G_TYPE_BOOLEAN, FALSE);

  return g_value_get_boolean (&self->values[pspec->param_id]);
}

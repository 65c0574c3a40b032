/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Follows the settings: rows are kept for the providers that stay, so that focus and open menus
 * survive an edit. */

#include "config.h"

#include "sc-provider-list.h"

#include "sc-profile.h"
#include "sc-provider-row.h"
#include "sc-providers.h"
#include "sc-settings.h"

struct _ScProviderList
{
  AdwPreferencesGroup  parent_instance;

  GtkWidget           *empty_row;
  GPtrArray           *rows;
};

G_DEFINE_FINAL_TYPE (ScProviderList, sc_provider_list, ADW_TYPE_PREFERENCES_GROUP)

static GtkWidget *
find_row (GPtrArray  *rows,
          const char *id)
{
  for (guint i = 0; i < rows->len; i++)
    {
      if (g_strcmp0 (sc_provider_row_get_id (g_ptr_array_index (rows, i)), id) == 0)
        return g_ptr_array_index (rows, i);
    }
  return NULL;
}

static gboolean
has_same_order (ScProviderList *self,
                GPtrArray      *profiles)
{
  if (self->rows->len != profiles->len)
    return FALSE;

  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (sc_provider_row_get_id (g_ptr_array_index (self->rows, i)), profile->id) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
rebuild (ScProviderList *self,
         GPtrArray      *profiles)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->rows);

  for (guint i = 0; i < old->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (old, i));

  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);
      GtkWidget *row = find_row (old, profile->id);

      if (row == NULL)
        row = GTK_WIDGET (sc_provider_row_new ());
      g_ptr_array_add (self->rows, g_object_ref_sink (row));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
}

static guint
find_default (GPtrArray *profiles)
{
  g_autofree char *id = NULL;

  g_object_get (sc_settings_get_default (), "default-provider", &id, NULL);
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        return i;
    }
  return 0;
}

static void
update (ScProviderList *self)
{
  g_autoptr (GPtrArray) profiles = sc_settings_list_profiles (sc_settings_get_default ());
  guint default_position = find_default (profiles);

  if (!has_same_order (self, profiles))
    rebuild (self, profiles);
  for (guint i = 0; i < profiles->len; i++)
    sc_provider_row_update (g_ptr_array_index (self->rows, i), g_ptr_array_index (profiles, i),
                            i, profiles->len, i == default_position);
  gtk_widget_set_visible (self->empty_row, profiles->len == 0);
}

static void
sc_provider_list_dispose (GObject *object)
{
  ScProviderList *self = SC_PROVIDER_LIST (object);

  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_LIST);

  G_OBJECT_CLASS (sc_provider_list_parent_class)->dispose (object);
}

static void
sc_provider_list_finalize (GObject *object)
{
  ScProviderList *self = SC_PROVIDER_LIST (object);

  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (sc_provider_list_parent_class)->finalize (object);
}

static void
sc_provider_list_class_init (ScProviderListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_list_dispose;
  object_class->finalize = sc_provider_list_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderList, empty_row);
}

static void
sc_provider_list_init (ScProviderList *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (sc_settings_get_default (), "providers-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (sc_settings_get_default (), "notify::default-provider",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (sc_providers_get_default (), "changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

guint
sc_provider_list_get_n_rows (ScProviderList *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER_LIST (self), 0);

  return self->rows->len;
}

GtkWidget *
sc_provider_list_get_row (ScProviderList *self,
                          guint           position)
{
  g_return_val_if_fail (SC_IS_PROVIDER_LIST (self), NULL);

  return position < self->rows->len ? g_ptr_array_index (self->rows, position) : NULL;
}

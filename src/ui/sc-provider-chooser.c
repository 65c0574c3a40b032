/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists the services by name, those that answer on this computer first. Only loopback is asked,
 * and only when the list is opened. */

#include "config.h"

#include "sc-provider-chooser.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-provider-check.h"
#include "sc-service.h"

struct _ScProviderChooser
{
  AdwBin               parent_instance;

  GtkWidget           *search_entry;
  AdwPreferencesGroup *local_group;
  AdwPreferencesGroup *service_group;
  AdwPreferencesGroup *other_group;

  GPtrArray           *local_rows;
  GPtrArray           *service_rows;
  GtkWidget           *other_row;
  GCancellable        *cancellable;
};

G_DEFINE_FINAL_TYPE (ScProviderChooser, sc_provider_chooser, ADW_TYPE_BIN)

enum
{
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GQuark
service_quark (void)
{
  return g_quark_from_static_string ("sc-service");
}

static const ScService *
get_row_service (GtkWidget *row)
{
  return g_object_get_qdata (G_OBJECT (row), service_quark ());
}

static gboolean
matches (const ScService *service,
         const char      *words)
{
  g_autofree char *folded = g_utf8_casefold (words, -1);
  g_autofree char *name = g_utf8_casefold (service->name, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (strstr (name, parts[i]) == NULL && strstr (service->base_url, parts[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_service (GPtrArray       *rows,
             const ScService *service)
{
  for (guint i = 0; i < rows->len; i++)
    {
      if (g_str_equal (get_row_service (g_ptr_array_index (rows, i))->id, service->id))
        return TRUE;
    }
  return FALSE;
}

/* Rows of services that are in @elsewhere stay hidden: nothing is listed twice. */
static gboolean
filter_rows (GPtrArray  *rows,
             GPtrArray  *elsewhere,
             const char *words)
{
  gboolean has_match = FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (rows, i);
      const ScService *service = get_row_service (row);
      gboolean is_match = matches (service, words)
                          && (elsewhere == NULL || !has_service (elsewhere, service));

      gtk_widget_set_visible (row, is_match);
      has_match = has_match || is_match;
    }
  return has_match;
}

static void
update_filter (ScProviderChooser *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  gtk_widget_set_visible (GTK_WIDGET (self->local_group),
                          filter_rows (self->local_rows, NULL, words));
  gtk_widget_set_visible (GTK_WIDGET (self->service_group),
                          filter_rows (self->service_rows, self->local_rows, words));
}

static void
row_activated_cb (ScProviderChooser *self,
                  AdwActionRow      *row)
{
  sc_provider_chooser_choose (self, get_row_service (GTK_WIDGET (row))->id);
}

static GtkWidget *
create_row (ScProviderChooser *self,
            const ScService   *service,
            const char        *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  g_object_set_qdata (G_OBJECT (row), service_quark (), (gpointer) service);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), service->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_add_css_class (arrow, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
add_services (ScProviderChooser *self)
{
  const ScService * const *services = sc_service_list ();

  for (gsize i = 0; services[i] != NULL; i++)
    {
      const ScService *service = services[i];
      g_autofree char *host = sc_provider_dup_host (service->base_url);
      GtkWidget *row;

      if (*service->base_url == '\0' && services[i + 1] == NULL)
        {
          self->other_row =
            create_row (self, service, _("Any server that speaks the protocol, by its address"));
          adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->other_row),
                                         _("Other (OpenAI-compatible)…"));
          adw_preferences_group_add (self->other_group, self->other_row);
          continue;
        }

      if (service->port != 0)
        row = create_row (self, service, _("On this computer"));
      else
        row = create_row (self, service, *host != '\0' ? host : _("By its address"));
      g_ptr_array_add (self->service_rows, row);
      adw_preferences_group_add (self->service_group, row);
    }
}

static void
remove_local_rows (ScProviderChooser *self)
{
  for (guint i = 0; i < self->local_rows->len; i++)
    adw_preferences_group_remove (self->local_group, g_ptr_array_index (self->local_rows, i));
  g_ptr_array_set_size (self->local_rows, 0);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (ScProviderChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = sc_service_find_local_finish (result, &error);

  /* Cancelled: the chooser is gone, or it was opened again and looks again. */
  if (found == NULL)
    return;

  remove_local_rows (self);
  for (guint i = 0; i < found->len; i++)
    {
      const ScService *service = g_ptr_array_index (found, i);
      g_autofree char *subtitle = NULL;
      GtkWidget *row;

      /* Translators: %u is the number of a network port */
      subtitle = g_strdup_printf (_("Running, port %u"), service->port);
      row = create_row (self, service, subtitle);
      g_ptr_array_add (self->local_rows, row);
      adw_preferences_group_add (self->local_group, row);
    }
  update_filter (self);
}

static void
search_changed_cb (ScProviderChooser *self)
{
  update_filter (self);
}

static GtkWidget *
find_first_visible (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      if (gtk_widget_get_visible (g_ptr_array_index (rows, i)))
        return g_ptr_array_index (rows, i);
    }
  return NULL;
}

/* Esc ends the search first, and leads back when there is none. */
static void
search_stopped_cb (ScProviderChooser *self)
{
  GtkEditable *entry = GTK_EDITABLE (self->search_entry);

  if (*gtk_editable_get_text (entry) != '\0')
    gtk_editable_set_text (entry, "");
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "provider-page.back", NULL);
}

static void
search_activated_cb (ScProviderChooser *self)
{
  GtkWidget *row;

  update_filter (self);
  row = find_first_visible (self->local_rows);
  if (row == NULL)
    row = find_first_visible (self->service_rows);
  if (row == NULL)
    row = self->other_row;
  if (row != NULL)
    row_activated_cb (self, ADW_ACTION_ROW (row));
}

/* Without it GTK takes the page for one thing, its search, and Tab never leads out of it. */
static gboolean
sc_provider_chooser_focus (GtkWidget        *widget,
                           GtkDirectionType  direction)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  return child != NULL && gtk_widget_child_focus (child, direction);
}

static gboolean
sc_provider_chooser_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SC_PROVIDER_CHOOSER (widget)->search_entry);
}

static void
sc_provider_chooser_dispose (GObject *object)
{
  ScProviderChooser *self = SC_PROVIDER_CHOOSER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_CHOOSER);

  G_OBJECT_CLASS (sc_provider_chooser_parent_class)->dispose (object);
}

static void
sc_provider_chooser_finalize (GObject *object)
{
  ScProviderChooser *self = SC_PROVIDER_CHOOSER (object);

  g_ptr_array_unref (self->local_rows);
  g_ptr_array_unref (self->service_rows);

  G_OBJECT_CLASS (sc_provider_chooser_parent_class)->finalize (object);
}

static void
sc_provider_chooser_class_init (ScProviderChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_chooser_dispose;
  object_class->finalize = sc_provider_chooser_finalize;
  widget_class->focus = sc_provider_chooser_focus;
  widget_class->grab_focus = sc_provider_chooser_grab_focus;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderChooser, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ScProviderChooser, local_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderChooser, service_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderChooser, other_group);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
}

static void
sc_provider_chooser_init (ScProviderChooser *self)
{
  self->local_rows = g_ptr_array_new ();
  self->service_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_services (self);
}

void
sc_provider_chooser_start (ScProviderChooser *self)
{
  g_return_if_fail (SC_IS_PROVIDER_CHOOSER (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  remove_local_rows (self);
  sc_provider_chooser_search (self, "");
  sc_service_find_local_async (self->cancellable, found_cb, g_object_ref (self));
}

void
sc_provider_chooser_search (ScProviderChooser *self,
                            const char        *words)
{
  g_return_if_fail (SC_IS_PROVIDER_CHOOSER (self));
  g_return_if_fail (words != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), words);
  update_filter (self);
}

void
sc_provider_chooser_choose (ScProviderChooser *self,
                            const char        *service)
{
  g_return_if_fail (SC_IS_PROVIDER_CHOOSER (self));
  g_return_if_fail (sc_service_find (service) != NULL);

  g_signal_emit (self, signals[CHOSEN], 0, service);
}

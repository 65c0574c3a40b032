/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clocks of a provider in seconds, as people think of them; ScProfile has them in
 * milliseconds. */

#include "config.h"

#include "sc-provider-waiting.h"

#include "sc-profile.h"

#define MS_PER_SECOND 1000u

struct _ScProviderWaiting
{
  AdwExpanderRow  parent_instance;

  GtkSpinButton  *connect_spin;
  GtkSpinButton  *first_byte_spin;
  GtkSpinButton  *idle_spin;
  GtkSpinButton  *data_spin;
  GtkSpinButton  *quiet_spin;
  GtkSpinButton  *retries_spin;
  gboolean        is_loading;
};

G_DEFINE_FINAL_TYPE (ScProviderWaiting, sc_provider_waiting, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A clock below one second must not be shown as 0, which means "no limit". */
static guint
to_seconds (guint ms)
{
  return ms / MS_PER_SECOND + (ms % MS_PER_SECOND != 0 ? 1 : 0);
}

static void
apply_clock (GtkSpinButton *spin,
             guint         *ms)
{
  guint seconds = (guint) gtk_spin_button_get_value_as_int (spin);

  if (seconds != to_seconds (*ms))
    *ms = seconds * MS_PER_SECOND;
}

static void
changed_cb (ScProviderWaiting *self)
{
  if (!self->is_loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
sc_provider_waiting_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SC_TYPE_PROVIDER_WAITING);

  G_OBJECT_CLASS (sc_provider_waiting_parent_class)->dispose (object);
}

static void
sc_provider_waiting_class_init (ScProviderWaitingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_waiting_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-waiting.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, connect_spin);
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, first_byte_spin);
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, idle_spin);
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, data_spin);
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, quiet_spin);
  gtk_widget_class_bind_template_child (widget_class, ScProviderWaiting, retries_spin);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
sc_provider_waiting_init (ScProviderWaiting *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sc_provider_waiting_load (ScProviderWaiting *self,
                          const ScProfile   *profile)
{
  g_return_if_fail (SC_IS_PROVIDER_WAITING (self));
  g_return_if_fail (profile != NULL);

  self->is_loading = TRUE;
  gtk_spin_button_set_value (self->connect_spin, to_seconds (profile->timeouts.connect_ms));
  gtk_spin_button_set_value (self->first_byte_spin, to_seconds (profile->timeouts.first_byte_ms));
  gtk_spin_button_set_value (self->idle_spin, to_seconds (profile->timeouts.idle_ms));
  gtk_spin_button_set_value (self->data_spin, to_seconds (profile->timeouts.data_ms));
  gtk_spin_button_set_value (self->quiet_spin, to_seconds (profile->timeouts.quiet_ms));
  gtk_spin_button_set_value (self->retries_spin, profile->retries);
  self->is_loading = FALSE;
}

void
sc_provider_waiting_apply (ScProviderWaiting *self,
                           ScProfile         *profile)
{
  g_return_if_fail (SC_IS_PROVIDER_WAITING (self));
  g_return_if_fail (profile != NULL);

  apply_clock (self->connect_spin, &profile->timeouts.connect_ms);
  apply_clock (self->first_byte_spin, &profile->timeouts.first_byte_ms);
  apply_clock (self->idle_spin, &profile->timeouts.idle_ms);
  apply_clock (self->data_spin, &profile->timeouts.data_ms);
  apply_clock (self->quiet_spin, &profile->timeouts.quiet_ms);
  profile->retries = (guint) gtk_spin_button_get_value_as_int (self->retries_spin);
}

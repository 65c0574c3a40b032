/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search bar. While it is closed nothing of it can be pointed at or focused. */

#include "config.h"

#include "sc-find-bar.h"

#include <glib/gi18n.h>

struct _ScFindBar
{
  GtkWidget    parent_instance;
  GtkRevealer *revealer;
  GtkEditable *entry;
  GtkLabel    *count;
  GtkWidget   *previous_button;
  GtkWidget   *next_button;
};

G_DEFINE_FINAL_TYPE (ScFindBar, sc_find_bar, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_NEEDLE_CHANGED,
  SIGNAL_STEP,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
search_changed_cb (ScFindBar *self)
{
  if (sc_find_bar_is_open (self))
    g_signal_emit (self, signals[SIGNAL_NEEDLE_CHANGED], 0, gtk_editable_get_text (self->entry));
}

static void
next_cb (ScFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, 1);
}

static void
previous_cb (ScFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, -1);
}

static void
close_cb (ScFindBar *self)
{
  sc_find_bar_close (self);
}

/* Shift+Enter is an entry's `activate` too, which does not tell the two apart. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                ScFindBar             *self)
{
  if ((keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter) || !(state & GDK_SHIFT_MASK))
    return FALSE;
  previous_cb (self);

  return TRUE;
}

static void
sc_find_bar_dispose (GObject *object)
{
  ScFindBar *self = SC_FIND_BAR (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (child != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (sc_find_bar_parent_class)->dispose (object);
}

static void
sc_find_bar_class_init (ScFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_find_bar_dispose;
  signals[SIGNAL_NEEDLE_CHANGED] = g_signal_new ("needle-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_STEP] = g_signal_new ("step", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                       1, G_TYPE_INT);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/StreamChat/sc-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScFindBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ScFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, ScFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, ScFindBar, previous_button);
  gtk_widget_class_bind_template_child (widget_class, ScFindBar, next_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
  gtk_widget_class_set_css_name (widget_class, "findbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SEARCH);
}

static void
sc_find_bar_init (ScFindBar *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  sc_find_bar_set_count (self, 0, 0);
}

void
sc_find_bar_open (ScFindBar  *self,
                  const char *needle)
{
  g_return_if_fail (SC_IS_FIND_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  if (needle != NULL)
    gtk_editable_set_text (self->entry, needle);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
  search_changed_cb (self);
}

void
sc_find_bar_close (ScFindBar *self)
{
  g_return_if_fail (SC_IS_FIND_BAR (self));

  if (!sc_find_bar_is_open (self))
    return;
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

gboolean
sc_find_bar_is_open (ScFindBar *self)
{
  g_return_val_if_fail (SC_IS_FIND_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

void
sc_find_bar_set_count (ScFindBar *self,
                       guint      position,
                       guint      n_matches)
{
  g_autofree char *text = NULL;
  gboolean is_blank = *gtk_editable_get_text (self->entry) == '\0';

  if (n_matches > 0)
    /* Translators: which of the places that were found is shown, and how many there are */
    text = g_strdup_printf (_("%u of %u"), position, n_matches);
  else
    text = g_strdup (is_blank ? "" : _("Not found"));
  if (g_str_equal (gtk_label_get_label (self->count), text))
    return;

  gtk_label_set_label (self->count, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_widget_set_sensitive (self->previous_button, n_matches > 0);
  gtk_widget_set_sensitive (self->next_button, n_matches > 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Header bar, the list of services and the editor. Back leads from a draft to the list of
 * services and from there to the preferences: one page, because the preferences window of
 * libadwaita 1.2 keeps only one at a time. */

#include "config.h"

#include "sc-provider-page.h"

#include <glib/gi18n.h>

#include "sc-profile.h"
#include "sc-provider-chooser.h"
#include "sc-provider-editor.h"
#include "sc-service.h"

struct _ScProviderPage
{
  AdwBin             parent_instance;

  AdwHeaderBar      *header_bar;
  AdwWindowTitle    *title;
  GtkWidget         *add_button;
  GtkStack          *stack;
  ScProviderChooser *chooser;
  ScProviderEditor  *editor;

  gboolean           is_adding;
};

G_DEFINE_FINAL_TYPE (ScProviderPage, sc_provider_page, ADW_TYPE_BIN)

enum
{
  CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
shows_editor (ScProviderPage *self)
{
  return gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->editor);
}

static void
update (ScProviderPage *self)
{
  gboolean can_add = FALSE;

  g_object_get (self->editor, "can-add", &can_add, NULL);
  gtk_widget_set_visible (self->add_button, self->is_adding && shows_editor (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "provider-page.add",
                                 self->is_adding && shows_editor (self) && can_add);
  adw_window_title_set_title (self->title,
                              self->is_adding ? _("Add Provider") : _("Edit Provider"));
}

static void
show_child (ScProviderPage *self,
            GtkWidget      *child)
{
  gtk_stack_set_visible_child (self->stack, child);
  update (self);
  gtk_widget_grab_focus (child);
}

static void
chosen_cb (ScProviderPage *self,
           const char     *service)
{
  sc_provider_page_draft (self, sc_service_find (service));
}

static void
can_add_changed_cb (ScProviderPage *self)
{
  update (self);
}

static void
back_action_cb (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  ScProviderPage *self = SC_PROVIDER_PAGE (widget);

  if (self->is_adding && shows_editor (self))
    show_child (self, GTK_WIDGET (self->chooser));
  else
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
add_action_cb (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  ScProviderPage *self = SC_PROVIDER_PAGE (widget);

  if (sc_provider_editor_add (self->editor))
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
sc_provider_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SC_TYPE_PROVIDER_PAGE);

  G_OBJECT_CLASS (sc_provider_page_parent_class)->dispose (object);
}

static void
sc_provider_page_class_init (ScProviderPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_page_dispose;

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SC_TYPE_PROVIDER_CHOOSER);
  g_type_ensure (SC_TYPE_PROVIDER_EDITOR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, header_bar);
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, title);
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, ScProviderPage, editor);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, can_add_changed_cb);

  gtk_widget_class_install_action (widget_class, "provider-page.back", NULL, back_action_cb);
  gtk_widget_class_install_action (widget_class, "provider-page.add", NULL, add_action_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK,
                                       "provider-page.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "provider-page.back", NULL);
}

static void
sc_provider_page_init (ScProviderPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* From libadwaita 1.4 on a header bar on a page of the preferences grows a back button of its
   * own, which does not know the way back to the list of services. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (self->header_bar),
                                    "show-back-button") != NULL)
    g_object_set (self->header_bar, "show-back-button", FALSE, NULL);
  update (self);
}

ScProviderPage *
sc_provider_page_new (void)
{
  return g_object_new (SC_TYPE_PROVIDER_PAGE, NULL);
}

void
sc_provider_page_start (ScProviderPage *self)
{
  g_return_if_fail (SC_IS_PROVIDER_PAGE (self));

  self->is_adding = TRUE;
  sc_provider_chooser_start (self->chooser);
  show_child (self, GTK_WIDGET (self->chooser));
}

void
sc_provider_page_draft (ScProviderPage  *self,
                        const ScService *service)
{
  g_autoptr (ScProfile) profile = NULL;

  g_return_if_fail (SC_IS_PROVIDER_PAGE (self));
  g_return_if_fail (service != NULL);

  profile = sc_service_create_profile (service);
  self->is_adding = TRUE;
  sc_provider_editor_draft (self->editor, profile);
  show_child (self, GTK_WIDGET (self->editor));
}

void
sc_provider_page_edit (ScProviderPage  *self,
                       const ScProfile *profile)
{
  g_return_if_fail (SC_IS_PROVIDER_PAGE (self));
  g_return_if_fail (profile != NULL);

  self->is_adding = FALSE;
  sc_provider_editor_edit (self->editor, profile);
  show_child (self, GTK_WIDGET (self->editor));
}

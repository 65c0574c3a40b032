/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows what a server says of itself, what is wrong with it, and the fingerprint to compare. It
 * changes no setting: who opened it hears of the acceptance. */

#include "config.h"

#include "sc-provider-certificate.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-certificate.h"
#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-provider-check.h"


#define GROUPS_A_LINE 4

struct _ScProviderCertificate
{
  AdwWindow            parent_instance;

  AdwWindowTitle      *title;
  GtkWidget           *close_button;
  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  GtkImage            *verdict_icon;
  GtkLabel            *verdict_label;
  GtkLabel            *fingerprint_label;
  AdwPreferencesGroup *details_group;
  GtkWidget           *accept_group;
  GtkWidget           *accept_button;

  ScProfile           *profile;
  ScCertificate       *certificate;
  GCancellable        *cancellable;
};

G_DEFINE_FINAL_TYPE (ScProviderCertificate, sc_provider_certificate, ADW_TYPE_WINDOW)

enum
{
  ACCEPTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
add_row (ScProviderCertificate *self,
         const char            *title,
         const char            *value)
{
  GtkWidget *row;

  if (value == NULL || *value == '\0')
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), value);
  gtk_widget_add_css_class (row, "property");
  adw_preferences_group_add (self->details_group, row);
}

/* A name that is nothing but a common name is shown as that. */
static void
add_name (ScProviderCertificate *self,
          const char            *title,
          const char            *name)
{
  if (name != NULL && g_str_has_prefix (name, "CN=") && strpbrk (name, ",+\\") == NULL)
    name += strlen ("CN=");
  add_row (self, title, name);
}

static void
add_date (ScProviderCertificate *self,
          const char            *title,
          GDateTime             *date)
{
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *text = NULL;

  if (date == NULL)
    return;
  local = g_date_time_to_local (date);
  /* Translators: the day a certificate begins or ends to be valid, as strftime() has it */
  text = g_date_time_format (local, _("%e %B %Y"));
  if (text != NULL)
    add_row (self, title, g_strstrip (text));
}

/* Four groups a line at any width, so that it can be compared line by line. */
static char *
dup_fingerprint (const ScCertificate *certificate)
{
  char *text = sc_provider_format_fingerprint (certificate->fingerprint);
  guint n_groups = 0;

  for (char *p = text; *p != '\0'; p++)
    if (*p == ' ' && ++n_groups % GROUPS_A_LINE == 0)
      *p = '\n';
  return text;
}

/* Why it is shown at all, then each problem a line. */
static char *
dup_verdict (const ScCertificate *certificate)
{
  g_auto (GStrv) problems = sc_certificate_list_problems (certificate);
  g_autofree char *list = g_strjoinv ("\n", problems);
  const char *start;

  if (certificate->is_accepted)
    start = _("You have accepted this certificate for this provider.");
  else if (certificate->has_changed)
    start = _("The server shows another certificate than the one that was accepted. That happens "
              "when it was renewed, and also when somebody stands in between.");
  else if (*list == '\0')
    start = _("This computer trusts this certificate.");
  else
    start = _("This computer does not trust this certificate.");

  if (*list == '\0')
    return g_strdup (start);
  return g_strdup_printf ("%s\n%s", start, list);
}

static void
show_certificate (ScProviderCertificate *self)
{
  const ScCertificate *certificate = self->certificate;
  g_autofree char *verdict = dup_verdict (certificate);
  g_autofree char *fingerprint = dup_fingerprint (certificate);
  g_autofree char *names = g_strjoinv (", ", certificate->names);
  gboolean is_good = certificate->is_accepted
                     || (certificate->problems == 0 && !certificate->has_changed);

  adw_window_title_set_subtitle (self->title, certificate->server);
  gtk_label_set_text (self->verdict_label, verdict);
  gtk_image_set_from_icon_name (self->verdict_icon,
                                is_good ? "object-select-symbolic" : "dialog-warning-symbolic");
  sc_preferences_mark (GTK_WIDGET (self->verdict_icon), "success", is_good);
  sc_preferences_mark (GTK_WIDGET (self->verdict_icon), "warning", !is_good);
  gtk_label_set_text (self->fingerprint_label, fingerprint);
  add_name (self, _("Issued to"), certificate->subject);
  add_row (self, _("Valid for the names"), names);
  add_name (self, _("Issued by"), certificate->issuer);
  add_date (self, _("Valid from"), certificate->not_before);
  add_date (self, _("Valid until"), certificate->not_after);
  gtk_widget_set_visible (self->accept_group, !is_good);
  gtk_stack_set_visible_child_name (self->stack, "certificate");
  /* Never on the button that accepts, nor on the text that could be selected. */
  gtk_window_set_focus (GTK_WINDOW (self), self->close_button);
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ScProviderCertificate) self = user_data;
  g_autoptr (GError) error = NULL;
  ScCertificate *certificate = sc_certificate_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_cancellable_is_cancelled (self->cancellable))
    {
      sc_certificate_free (certificate);
      return;
    }
  if (certificate == NULL)
    {
      g_autofree char *markup = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->failed_page, markup);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  self->certificate = certificate;
  show_certificate (self);
}

static void
fetch (ScProviderCertificate *self)
{
  gtk_stack_set_visible_child_name (self->stack, "waiting");
  sc_certificate_fetch_async (self->profile, self->cancellable, fetched_cb, g_object_ref (self));
}

static void
again_clicked_cb (ScProviderCertificate *self)
{
  fetch (self);
}

static void
accept_clicked_cb (ScProviderCertificate *self)
{
  g_autoptr (ScProviderCertificate) kept = g_object_ref (self);

  g_signal_emit (self, signals[ACCEPTED], 0, self->certificate->fingerprint);
  gtk_window_close (GTK_WINDOW (kept));
}

/* A connection under way holds the dialog. */
static gboolean
sc_provider_certificate_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SC_PROVIDER_CERTIFICATE (window)->cancellable);

  return GTK_WINDOW_CLASS (sc_provider_certificate_parent_class)->close_request (window);
}

/* A connection under way holds the dialog longer than its parent lives, and GTK would go on pointing to
 * that. */
static void
sc_provider_certificate_unrealize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sc_provider_certificate_parent_class)->unrealize (widget);
  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
sc_provider_certificate_dispose (GObject *object)
{
  ScProviderCertificate *self = SC_PROVIDER_CERTIFICATE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_CERTIFICATE);

  G_OBJECT_CLASS (sc_provider_certificate_parent_class)->dispose (object);
}

static void
sc_provider_certificate_finalize (GObject *object)
{
  ScProviderCertificate *self = SC_PROVIDER_CERTIFICATE (object);

  g_object_unref (self->cancellable);
  sc_profile_free (self->profile);
  sc_certificate_free (self->certificate);

  G_OBJECT_CLASS (sc_provider_certificate_parent_class)->finalize (object);
}

static void
sc_provider_certificate_class_init (ScProviderCertificateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_certificate_dispose;
  object_class->finalize = sc_provider_certificate_finalize;
  GTK_WIDGET_CLASS (klass)->unrealize = sc_provider_certificate_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = sc_provider_certificate_close_request;

  signals[ACCEPTED] = g_signal_new ("accepted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/StreamChat/sc-provider-certificate.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, title);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, close_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, stack);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, fingerprint_label);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, details_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, accept_group);
  gtk_widget_class_bind_template_child (widget_class, ScProviderCertificate, accept_button);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_clicked_cb);
}

static void
sc_provider_certificate_init (ScProviderCertificate *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sc_provider_certificate_new (GtkWindow       *parent,
                             const ScProfile *profile)
{
  ScProviderCertificate *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (SC_TYPE_PROVIDER_CERTIFICATE, "transient-for", parent, NULL);
  self->profile = sc_profile_copy (profile);
  sc_profile_set (&self->profile->key, NULL);
  fetch (self);
  return GTK_WINDOW (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Proxy, certificate file, accepted certificate and headers of a provider. It never fetches
 * anything. */

#include "config.h"

#include "sc-provider-network.h"

#include <glib/gi18n.h>

#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-provider-check.h"

struct _ScProviderNetwork
{
  AdwExpanderRow         parent_instance;

  AdwComboRow           *proxy_row;
  AdwEntryRow           *proxy_url_row;
  GtkLabel              *proxy_hint;
  AdwActionRow          *ca_row;
  GtkWidget             *ca_clear_button;
  GtkWidget             *pin_row;
  GtkTextBuffer         *headers_buffer;
  GtkLabel              *headers_hint;

  GtkFileChooserNative  *chooser;
  char                  *ca_file;
  char                  *pinned_fingerprint;
  gboolean               is_loading;
};

G_DEFINE_FINAL_TYPE (ScProviderNetwork, sc_provider_network, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
emit_changed (ScProviderNetwork *self)
{
  if (!self->is_loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
update_rows (ScProviderNetwork *self)
{
  g_autofree char *fingerprint = NULL;
  gboolean is_manual = adw_combo_row_get_selected (self->proxy_row) == SC_PROXY_MANUAL;

  gtk_widget_set_visible (GTK_WIDGET (self->proxy_url_row), is_manual);
  if (!is_manual)
    sc_preferences_say (self->proxy_hint, NULL);

  adw_action_row_set_subtitle (self->ca_row,
                               self->ca_file != NULL
                               ? self->ca_file
                               : _("None: the certificates of the system are trusted"));
  gtk_widget_set_visible (self->ca_clear_button, self->ca_file != NULL);

  if (self->pinned_fingerprint != NULL)
    fingerprint = sc_provider_format_fingerprint (self->pinned_fingerprint);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->pin_row),
                               fingerprint != NULL ? fingerprint : "");
  gtk_widget_set_visible (self->pin_row, fingerprint != NULL);
}

static gboolean
apply_proxy (ScProviderNetwork *self,
             ScProfile         *profile)
{
  ScProxyMode mode = (ScProxyMode) adw_combo_row_get_selected (self->proxy_row);
  g_autofree char *address = sc_preferences_dup_text (self->proxy_url_row);
  g_autofree char *message = NULL;
  ScCheck check = SC_CHECK_GOOD;

  if (mode == SC_PROXY_MANUAL)
    check = sc_provider_check_proxy (address, &message);

  sc_preferences_mark (GTK_WIDGET (self->proxy_url_row), "error", check == SC_CHECK_BAD);
  sc_preferences_say (self->proxy_hint, message);
  if (check == SC_CHECK_BAD)
    return FALSE;

  profile->proxy_mode = mode;
  sc_profile_set (&profile->proxy_url, *address != '\0' ? address : NULL);
  return TRUE;
}

static gboolean
apply_headers (ScProviderNetwork *self,
               ScProfile         *profile)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  char **headers = NULL;
  ScCheck check;

  gtk_text_buffer_get_bounds (self->headers_buffer, &start, &end);
  text = gtk_text_buffer_get_text (self->headers_buffer, &start, &end, TRUE);
  check = sc_provider_parse_headers (text, &headers, &message);
  sc_preferences_say (self->headers_hint, message);
  if (check == SC_CHECK_BAD)
    return FALSE;

  g_strfreev (profile->headers);
  profile->headers = headers;
  return TRUE;
}

static void
changed_cb (ScProviderNetwork *self)
{
  update_rows (self);
  emit_changed (self);
}

static void
chooser_response_cb (ScProviderNetwork *self,
                     int                response,
                     GtkNativeDialog   *dialog)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    sc_provider_network_set_ca_file (self, path);
  g_clear_object (&self->chooser);
}

static void
ca_clicked_cb (ScProviderNetwork *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileFilter) certificates = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Certificate File"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN,
                                               NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);

  gtk_file_filter_set_name (certificates, _("Certificates"));
  gtk_file_filter_add_suffix (certificates, "pem");
  gtk_file_filter_add_suffix (certificates, "crt");
  gtk_file_filter_add_suffix (certificates, "cer");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), certificates);
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), all);

  g_signal_connect_object (self->chooser, "response",
                           G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
ca_clear_clicked_cb (ScProviderNetwork *self)
{
  sc_provider_network_set_ca_file (self, NULL);
}

static void
pin_clicked_cb (ScProviderNetwork *self)
{
  sc_provider_network_set_pin (self, NULL);
}

static void
sc_provider_network_dispose (GObject *object)
{
  ScProviderNetwork *self = SC_PROVIDER_NETWORK (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_NETWORK);

  G_OBJECT_CLASS (sc_provider_network_parent_class)->dispose (object);
}

static void
sc_provider_network_finalize (GObject *object)
{
  ScProviderNetwork *self = SC_PROVIDER_NETWORK (object);

  g_free (self->ca_file);
  g_free (self->pinned_fingerprint);

  G_OBJECT_CLASS (sc_provider_network_parent_class)->finalize (object);
}

static void
sc_provider_network_class_init (ScProviderNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_provider_network_dispose;
  object_class->finalize = sc_provider_network_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-network.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, proxy_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, proxy_url_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, proxy_hint);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, ca_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, ca_clear_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, pin_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, headers_buffer);
  gtk_widget_class_bind_template_child (widget_class, ScProviderNetwork, headers_hint);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, ca_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, ca_clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, pin_clicked_cb);
}

static void
sc_provider_network_init (ScProviderNetwork *self)
{
  /* The combo row notifies its first selection while the template is built. */
  self->is_loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  sc_preferences_label_entry (self->proxy_url_row);
  update_rows (self);
  self->is_loading = FALSE;
}

void
sc_provider_network_load (ScProviderNetwork *self,
                          const ScProfile   *profile)
{
  g_autofree char *headers = NULL;

  g_return_if_fail (SC_IS_PROVIDER_NETWORK (self));
  g_return_if_fail (profile != NULL);

  self->is_loading = TRUE;
  adw_combo_row_set_selected (self->proxy_row, profile->proxy_mode);
  sc_preferences_set_text (self->proxy_url_row, profile->proxy_url);
  sc_profile_set (&self->ca_file, profile->ca_file);
  sc_profile_set (&self->pinned_fingerprint, profile->pinned_fingerprint);
  headers = profile->headers != NULL ? g_strjoinv ("\n", profile->headers) : g_strdup ("");
  gtk_text_buffer_set_text (self->headers_buffer, headers, -1);
  sc_preferences_say (self->proxy_hint, NULL);
  sc_preferences_say (self->headers_hint, NULL);
  update_rows (self);
  self->is_loading = FALSE;
}

gboolean
sc_provider_network_apply (ScProviderNetwork *self,
                           ScProfile         *profile)
{
  gboolean is_good;

  g_return_val_if_fail (SC_IS_PROVIDER_NETWORK (self), FALSE);
  g_return_val_if_fail (profile != NULL, FALSE);

  is_good = apply_proxy (self, profile);
  is_good = apply_headers (self, profile) && is_good;
  sc_profile_set (&profile->ca_file, self->ca_file);
  sc_profile_set (&profile->pinned_fingerprint, self->pinned_fingerprint);
  return is_good;
}

void
sc_provider_network_set_ca_file (ScProviderNetwork *self,
                                 const char        *path)
{
  g_return_if_fail (SC_IS_PROVIDER_NETWORK (self));

  sc_profile_set (&self->ca_file, path);
  changed_cb (self);
}

void
sc_provider_network_set_pin (ScProviderNetwork *self,
                             const char        *fingerprint)
{
  g_return_if_fail (SC_IS_PROVIDER_NETWORK (self));

  sc_profile_set (&self->pinned_fingerprint, fingerprint);
  changed_cb (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks a provider for its models, which is also the test of its address and key. What it answers
 * stands in the row of the test and fills the popover of the default model; free text is always
 * possible, because not every service lists what it has. */

#include "config.h"

#include "sc-provider-models.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-preferences-util.h"
#include "sc-profile.h"
#include "sc-protocol.h"
#include "sc-provider-certificate.h"
#include "sc-provider-check.h"
#include "sc-providers.h"
#include "sc-secrets.h"

struct _ScProviderModels
{
  AdwPreferencesGroup   parent_instance;

  AdwEntryRow          *model_row;
  GtkMenuButton        *model_button;
  GtkPopover           *popover;
  GtkSearchEntry       *search_entry;
  GtkStack             *popover_stack;
  GtkLabel             *popover_note;
  GtkStringList        *models;
  GtkStringFilter      *filter;
  GtkNoSelection       *selection;
  AdwActionRow         *test_row;
  GtkImage             *test_icon;
  GtkSpinner           *test_spinner;
  GtkButton            *test_button;
  GtkWidget            *certificate_row;
  AdwExpanderRow       *details_row;
  GtkLabel             *details_label;

  ScProviderSourceFunc  source;
  gpointer              source_data;
  GCancellable         *cancellable;
  gboolean              is_loading;
};

G_DEFINE_FINAL_TYPE (ScProviderModels, sc_provider_models, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  TESTED,
  CERTIFICATE_ACCEPTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One test: first the key from the keyring, if none was typed, then the models. */
typedef struct
{
  ScProviderModels *self;
  GCancellable     *cancellable;
  ScProfile        *profile;
  GError           *keyring_error;
} Test;

static void
test_free (Test *test)
{
  g_object_unref (test->self);
  g_object_unref (test->cancellable);
  sc_profile_free (test->profile);
  g_clear_error (&test->keyring_error);
  g_free (test);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static void
update_popover (ScProviderModels *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  const char *note;

  if (n_shown > 0)
    {
      gtk_stack_set_visible_child_name (self->popover_stack, "list");
      return;
    }

  if (self->cancellable != NULL)
    note = _("Asking the provider for its models…");
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->models)) > 0)
    note = _("No model of that name");
  else
    note = _("No models are known. Type the name of one, or test the connection.");
  gtk_label_set_text (self->popover_note, note);
  gtk_stack_set_visible_child_name (self->popover_stack, "note");
}

static void
show_models (ScProviderModels *self,
             GPtrArray        *models)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      if ((model->flags & SC_MODEL_EMBEDDING) == 0)
        g_ptr_array_add (names, model->id);
    }
  g_ptr_array_add (names, NULL);

  gtk_string_list_splice (self->models,
                          0, g_list_model_get_n_items (G_LIST_MODEL (self->models)),
                          (const char * const *) names->pdata);
  update_popover (self);
}

static void
show_icon (ScProviderModels *self,
           const char       *style_class)
{
  gboolean is_error = g_strcmp0 (style_class, "error") == 0;

  sc_preferences_mark (GTK_WIDGET (self->test_icon), "error", is_error);
  sc_preferences_mark (GTK_WIDGET (self->test_icon), "success", !is_error);
  gtk_image_set_from_icon_name (self->test_icon,
                                is_error ? "dialog-error-symbolic" : "object-select-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->test_icon), style_class != NULL);
}

/* @style_class: `success`, `error`, or %NULL while there is no result */
static void
show_result (ScProviderModels *self,
             const char       *sentence,
             const char       *details,
             const char       *style_class)
{
  gboolean is_running = self->cancellable != NULL;

  adw_action_row_set_subtitle (self->test_row, sentence);
  show_icon (self, style_class);
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), is_running);
  gtk_spinner_set_spinning (self->test_spinner, is_running);
  gtk_button_set_label (self->test_button, is_running ? _("Stop") : _("Test Connection"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->test_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_running ? _("Stop the Test") : _("Test Connection"),
                                  -1);

  gtk_widget_set_visible (self->certificate_row, FALSE);
  gtk_label_set_text (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_row), details != NULL);
  if (details == NULL)
    adw_expander_row_set_expanded (self->details_row, FALSE);
}

static gboolean
has_model (GPtrArray  *models,
           const char *id)
{
  for (guint i = 0; i < models->len; i++)
    {
      if (g_strcmp0 (((const ScModel *) g_ptr_array_index (models, i))->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
show_success (ScProviderModels *self,
              GPtrArray        *models)
{
  g_autofree char *works = NULL;
  g_autofree char *model = sc_preferences_dup_text (self->model_row);

  if (models->len == 0)
    works = g_strdup (_("Works, but the provider lists no models. Type the name of one above."));
  else if (*model != '\0' && !has_model (models, model))
    works = g_strdup_printf (ngettext ("Works: %u model. The default model is not among them.",
                                       "Works: %u models. The default model is not among them.",
                                       models->len),
                             models->len);
  else
    works = g_strdup_printf (ngettext ("Works: %u model", "Works: %u models", models->len),
                             models->len);
  show_result (self, works, NULL, "success");
}

/* Where a service was reached and refuses, its own words stand under the details; the others are
 * our words, and more exact than the sentence of their kind. */
static gboolean
is_refusal (int kind)
{
  return kind == SC_ERROR_AUTH || kind == SC_ERROR_QUOTA || kind == SC_ERROR_RATE_LIMIT
         || kind == SC_ERROR_OVERLOADED || kind == SC_ERROR_SERVER;
}

static void
show_failure (ScProviderModels *self,
              int               kind,
              const GError     *error,
              gboolean          has_key)
{
  gboolean is_about_certificate =
    g_strcmp0 (sc_error_get_code (error), SC_ERROR_CODE_CERTIFICATE) == 0;
  const char *message = error->message;
  gboolean is_folded = is_refusal (kind) && (kind != SC_ERROR_AUTH || has_key);
  const char *sentence = is_folded ? sc_error_to_sentence ((ScError) kind) : message;
  const char *advice = is_about_certificate
                       ? _("Look at it before you decide.")
                       : sc_provider_describe_test_error (kind);
  g_autofree char *text = NULL;

  text = *advice != '\0' ? g_strdup_printf ("%s %s", sentence, advice) : g_strdup (sentence);
  show_result (self, text, is_folded && !g_str_equal (sentence, message) ? message : NULL, "error");
  gtk_widget_set_visible (self->certificate_row, is_about_certificate);
}

static void
end_test (Test         *test,
          GPtrArray    *models,
          const GError *error)
{
  ScProviderModels *self = test->self;
  int kind = -1;

  g_clear_object (&self->cancellable);
  sc_providers_note_result (sc_providers_get_default (), test->profile->id, error);
  if (error == NULL)
    {
      show_models (self, models);
      show_success (self, models);
    }
  else
    {
      kind = error->domain == SC_ERROR ? error->code : (int) SC_ERROR_PROTOCOL;
      update_popover (self);
      show_failure (self, kind, error, test->profile->key != NULL);
    }
  g_signal_emit (self, signals[TESTED], 0, kind);
}

static void
models_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (Test) test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = sc_protocol_list_models_finish (result, &error);

  if (g_cancellable_is_cancelled (test->cancellable))
    return;

  if (test->keyring_error != NULL && g_error_matches (error, SC_ERROR, SC_ERROR_AUTH))
    end_test (test, NULL, test->keyring_error);
  else
    end_test (test, models, error);
}

static void
key_looked_up_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (Test) test = user_data;
  char *key = sc_secrets_lookup_finish (result, NULL, &test->keyring_error);

  if (g_cancellable_is_cancelled (test->cancellable))
    {
      sc_secrets_free (key);
      return;
    }

  /* A keyring that cannot be read only matters if the server asks for a key. */
  sc_profile_set (&test->profile->key, key);
  sc_secrets_free (key);
  sc_protocol_list_models_async (test->profile, test->cancellable, models_listed_cb, test);
  (void) g_steal_pointer (&test);
}

static void
changed_cb (ScProviderModels *self)
{
  if (!self->is_loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
test_clicked_cb (ScProviderModels *self)
{
  if (self->cancellable == NULL)
    {
      sc_provider_models_test (self);
      return;
    }

  sc_provider_models_stop (self);
}

/* The test is made again: what was accepted may not be all that was wrong. */
static void
certificate_accepted_cb (ScProviderModels *self,
                         const char       *fingerprint)
{
  g_signal_emit (self, signals[CERTIFICATE_ACCEPTED], 0, fingerprint);
  sc_provider_models_test (self);
}

static void
certificate_activated_cb (ScProviderModels *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (ScProfile) profile = self->source (self->source_data);
  GtkWindow *dialog =
    sc_provider_certificate_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, profile);

  g_signal_connect_object (dialog, "accepted", G_CALLBACK (certificate_accepted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
popover_shown_cb (ScProviderModels *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_string_filter_set_search (self->filter, "");
  if (g_list_model_get_n_items (G_LIST_MODEL (self->models)) == 0 && self->cancellable == NULL)
    sc_provider_models_test (self);
  update_popover (self);
}

static void
search_changed_cb (ScProviderModels *self)
{
  gtk_string_filter_set_search (self->filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  update_popover (self);
}

static void
model_activated_cb (ScProviderModels *self,
                    guint             position)
{
  g_autoptr (GtkStringObject) item =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL)
    return;

  sc_preferences_set_text (self->model_row, gtk_string_object_get_string (item));
  gtk_menu_button_popdown (self->model_button);
}

static void
search_activated_cb (ScProviderModels *self)
{
  model_activated_cb (self, 0);
}

/* A running test holds the widget: whoever closes the page must not keep it alive. */
static void
sc_provider_models_unmap (GtkWidget *widget)
{
  ScProviderModels *self = SC_PROVIDER_MODELS (widget);

  if (self->cancellable != NULL)
    sc_provider_models_stop (self);

  GTK_WIDGET_CLASS (sc_provider_models_parent_class)->unmap (widget);
}

static void
sc_provider_models_dispose (GObject *object)
{
  ScProviderModels *self = SC_PROVIDER_MODELS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PROVIDER_MODELS);

  G_OBJECT_CLASS (sc_provider_models_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-models.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, model_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, model_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, popover);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, popover_stack);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, popover_note);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, models);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, filter);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, selection);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, test_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, test_icon);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, test_button);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, details_row);
  gtk_widget_class_bind_template_child (widget_class, ScProviderModels, details_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, certificate_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_activated_cb);
}

static void
sc_provider_models_class_init (ScProviderModelsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_provider_models_dispose;
  GTK_WIDGET_CLASS (klass)->unmap = sc_provider_models_unmap;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TESTED] = g_signal_new ("tested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[CERTIFICATE_ACCEPTED] = g_signal_new ("certificate-accepted", G_TYPE_FROM_CLASS (klass),
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
sc_provider_models_init (ScProviderModels *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  sc_preferences_label_entry (self->model_row);
}

void
sc_provider_models_set_source (ScProviderModels     *self,
                               ScProviderSourceFunc  source,
                               gpointer              user_data)
{
  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));

  self->source = source;
  self->source_data = user_data;
}

void
sc_provider_models_load (ScProviderModels *self,
                         const ScProfile  *profile,
                         GPtrArray        *known)
{
  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));
  g_return_if_fail (profile != NULL);

  sc_provider_models_stop (self);
  self->is_loading = TRUE;
  sc_preferences_set_text (self->model_row, profile->model);
  self->is_loading = FALSE;
  show_models (self, known);
}

void
sc_provider_models_apply (ScProviderModels *self,
                          ScProfile        *profile)
{
  g_autofree char *model = NULL;

  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));
  g_return_if_fail (profile != NULL);

  model = sc_preferences_dup_text (self->model_row);
  sc_profile_set (&profile->model, *model != '\0' ? model : NULL);
}

void
sc_provider_models_test (ScProviderModels *self)
{
  Test *test;

  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));
  g_return_if_fail (self->source != NULL);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  test = g_new0 (Test, 1);
  test->self = g_object_ref (self);
  test->cancellable = g_object_ref (self->cancellable);
  test->profile = self->source (self->source_data);

  show_result (self, _("Asking the provider for its models…"), NULL, NULL);
  if (test->profile->key != NULL)
    sc_protocol_list_models_async (test->profile, test->cancellable, models_listed_cb, test);
  else
    sc_secrets_lookup_async (test->profile->id, test->cancellable, key_looked_up_cb, test);
}

void
sc_provider_models_prefill (ScProviderModels *self)
{
  g_autofree char *model = NULL;

  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));

  model = sc_preferences_dup_text (self->model_row);
  if (*model == '\0' && g_list_model_get_n_items (G_LIST_MODEL (self->models)) > 0)
    sc_preferences_set_text (self->model_row, gtk_string_list_get_string (self->models, 0));
}

void
sc_provider_models_stop (ScProviderModels *self)
{
  g_return_if_fail (SC_IS_PROVIDER_MODELS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  show_result (self, "", NULL, NULL);
}

gboolean
sc_provider_models_is_testing (ScProviderModels *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER_MODELS (self), FALSE);

  return self->cancellable != NULL;
}

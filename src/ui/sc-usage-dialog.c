/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-usage-dialog.c: shows reports. It asks for one whenever the period changes; an answer that comes too late, for a
 * period that is no longer chosen, is cancelled.
 */

#include "config.h"

#include "sc-usage-dialog.h"

#include <glib/gi18n.h>

#include "sc-price-dialog.h"
#include "sc-providers.h"
#include "sc-usage-words.h"

struct _ScUsageDialog
{
  AdwWindow            parent_instance;

  ScHistory           *history;
  ScConversation      *conversation;
  GCancellable        *cancellable;
  GPtrArray           *rows;

  AdwToastOverlay     *toasts;
  AdwComboRow         *period_row;
  AdwPreferencesGroup *all_group;
  AdwPreferencesGroup *models_group;
  AdwPreferencesGroup *days_group;
};

G_DEFINE_FINAL_TYPE (ScUsageDialog, sc_usage_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  AdwPreferencesGroup *group;
  GtkWidget           *row;
} ShownRow;

static void
add_row (ScUsageDialog       *self,
         AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle,
         const char          *value)
{
  GtkWidget *row = adw_action_row_new ();
  ShownRow *shown = g_new0 (ShownRow, 1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (value != NULL)
    {
      GtkWidget *label = gtk_label_new (value);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  adw_preferences_group_add (group, row);
  shown->group = group;
  shown->row = row;
  g_ptr_array_add (self->rows, shown);
}

static void
clear_rows (ScUsageDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      ShownRow *shown = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (shown->group, shown->row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_number (ScUsageDialog *self,
            const char    *title,
            gint64         number,
            gboolean       is_estimate)
{
  g_autofree char *text = sc_usage_dup_number (number, is_estimate);

  if (text != NULL)
    add_row (self, self->all_group, title, NULL, text);
}

static char *
dup_unpriced (gint64 n_answers)
{
  if (n_answers == 0)
    return NULL;
  return g_strdup_printf (ngettext ("Without %ld answer whose price is not known",
                                    "Without %ld answers whose price is not known",
                                    (gulong) n_answers),
                          (long) n_answers);
}

static char *
dup_tokens (const ScUsage *usage)
{
  g_autofree char *input =
    sc_usage_dup_number (MAX (usage->input, 0), (usage->flags & SC_USAGE_INPUT_ESTIMATED) != 0);
  g_autofree char *output =
    sc_usage_dup_number (MAX (usage->output, 0), (usage->flags & SC_USAGE_OUTPUT_ESTIMATED) != 0);

  /* Translators: numbers of tokens: first those of the prompts, then those of the answers */
  return g_strdup_printf (_("%s tokens sent, %s received"), input, output);
}

static void
show_all (ScUsageDialog    *self,
          const ScUsageSum *sum)
{
  const ScUsage *usage = &sum->usage;
  gboolean input_is_estimate = (usage->flags & SC_USAGE_INPUT_ESTIMATED) != 0;
  gboolean output_is_estimate = (usage->flags & SC_USAGE_OUTPUT_ESTIMATED) != 0;
  g_autofree char *cost = sc_usage_dup_cost (usage);
  g_autofree char *unpriced = dup_unpriced (sum->n_unpriced);

  if (sum->n_answers == 0)
    {
      add_row (self, self->all_group, _("Nothing Was Used"),
               _("Answers are counted here from now on."), NULL);
      return;
    }
  if (cost != NULL)
    add_row (self, self->all_group, _("Cost"), unpriced, cost);
  else
    add_row (self, self->all_group, _("Cost"),
             _("Not known. Prices can be entered in the price list."), NULL);
  add_number (self, _("Answers"), sum->n_answers, FALSE);
  add_number (self, _("Tokens Sent"), usage->input, input_is_estimate);
  add_number (self, _("Of These from a Cache"), usage->cached, FALSE);
  add_number (self, _("Tokens Received"), usage->output, output_is_estimate);
  add_number (self, _("Of These for Reasoning"), usage->reasoning, FALSE);
}

static const char *
find_provider_name (GPtrArray  *profiles,
                    const char *id)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        return profile->name;
    }
  return _("Removed provider");
}

static void
show_models (ScUsageDialog *self,
             GPtrArray     *models)
{
  g_autoptr (GPtrArray) profiles = sc_providers_list (sc_providers_get_default ());

  for (guint i = 0; i < models->len; i++)
    {
      const ScUsageSum *sum = g_ptr_array_index (models, i);
      g_autofree char *cost = sc_usage_dup_cost (&sum->usage);
      g_autofree char *tokens = dup_tokens (&sum->usage);
      g_autofree char *subtitle =
        g_strdup_printf ("%s\n%s", find_provider_name (profiles, sum->provider), tokens);

      add_row (self, self->models_group, sum->model != NULL ? sum->model : _("Unknown model"),
               subtitle, cost);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->models_group), models->len > 0);
}

static void
show_days (ScUsageDialog *self,
           GPtrArray     *days)
{
  for (guint i = 0; i < days->len; i++)
    {
      const ScUsageSum *sum = g_ptr_array_index (days, i);
      g_autofree char *cost = sc_usage_dup_cost (&sum->usage);
      g_autofree char *tokens = dup_tokens (&sum->usage);
      g_autofree char *day = sc_usage_dup_day (sum->day);

      add_row (self, self->days_group, day, tokens, cost);
    }
  /* One day says nothing that the sum does not. */
  gtk_widget_set_visible (GTK_WIDGET (self->days_group), days->len > 1);
}

static void
reported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (ScUsageDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScUsageReport) report =
    sc_usage_report_finish (SC_HISTORY (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL)
    return;
  g_clear_object (&self->cancellable);
  clear_rows (self);
  if (report == NULL)
    {
      add_row (self, self->all_group, _("Usage Could Not Be Read"), error->message, NULL);
      gtk_widget_set_visible (GTK_WIDGET (self->models_group), FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->days_group), FALSE);
      return;
    }
  show_all (self, &report->all);
  show_models (self, report->models);
  show_days (self, report->days);
}

/* The first choice is the conversation, where there is one. */
static void
update (ScUsageDialog *self)
{
  guint selected;
  gboolean is_conversation;

  /* Not yet, or not any more: what was forgotten may be told after the window was closed. */
  if (self->history == NULL)
    return;
  selected = adw_combo_row_get_selected (self->period_row);
  if (selected == GTK_INVALID_LIST_POSITION)
    return;
  is_conversation = self->conversation != NULL && selected == 0;
  if (self->conversation != NULL && !is_conversation)
    selected--;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  sc_usage_report_async (self->history, is_conversation ? self->conversation : NULL,
                         (ScUsagePeriod) selected, self->cancellable, reported_cb,
                         g_object_ref (self));
}

static void
period_changed_cb (ScUsageDialog *self)
{
  update (self);
}

static gboolean
prices_closed_cb (ScUsageDialog *self)
{
  update (self);
  return GDK_EVENT_PROPAGATE;
}

static void
prices_activated_cb (ScUsageDialog *self)
{
  GtkWindow *dialog = sc_price_dialog_new (GTK_WINDOW (self));

  g_signal_connect_object (dialog, "close-request", G_CALLBACK (prices_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ScUsageDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_usage_report_clear_finish (SC_HISTORY (source), result, &error) && self->history != NULL)
    {
      g_autofree char *markup = g_markup_escape_text (error->message, -1);

      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
    }
  update (self);
}

static void
clear_answered_cb (ScUsageDialog *self,
                   const char    *response)
{
  if (g_str_equal (response, "forget") && self->history != NULL)
    sc_usage_report_clear_async (self->history, cleared_cb, g_object_ref (self));
}

static void
clear_clicked_cb (ScUsageDialog *self)
{
  GtkWidget *question = adw_message_dialog_new (GTK_WINDOW (self), _("Forget All Usage?"),
                                                _("The sums of all days and models begin anew. This cannot be undone."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (question), "cancel", _("_Cancel"),
                                    "forget", _("_Forget"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (question), "forget",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (question), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (question), "cancel");
  g_signal_connect_object (question, "response", G_CALLBACK (clear_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (question));
}

/* A report under way holds the dialog longer than its parent lives, and GTK would go on pointing to
 * that. */
static void
sc_usage_dialog_unrealize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sc_usage_dialog_parent_class)->unrealize (widget);
  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
sc_usage_dialog_dispose (GObject *object)
{
  ScUsageDialog *self = SC_USAGE_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->history);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_USAGE_DIALOG);

  G_OBJECT_CLASS (sc_usage_dialog_parent_class)->dispose (object);
}

static void
sc_usage_dialog_class_init (ScUsageDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_usage_dialog_dispose;
  widget_class->unrealize = sc_usage_dialog_unrealize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-usage-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScUsageDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScUsageDialog, period_row);
  gtk_widget_class_bind_template_child (widget_class, ScUsageDialog, all_group);
  gtk_widget_class_bind_template_child (widget_class, ScUsageDialog, models_group);
  gtk_widget_class_bind_template_child (widget_class, ScUsageDialog, days_group);
  gtk_widget_class_bind_template_callback (widget_class, period_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, prices_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
}

static void
sc_usage_dialog_init (ScUsageDialog *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->models_group), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->days_group), FALSE);
}

GtkWindow *
sc_usage_dialog_new (GtkWindow      *parent,
                     ScHistory      *history,
                     ScConversation *conversation)
{
  /* In the order of ScUsagePeriod. */
  const char *const periods[] = {
    _("Today"), _("Yesterday"), _("Last 7 Days"), _("This Month"), _("Last Month"), _("All Time"),
  };
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  ScUsageDialog *self;

  g_return_val_if_fail (SC_IS_HISTORY (history), NULL);
  g_return_val_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation), NULL);

  self = g_object_new (SC_TYPE_USAGE_DIALOG, "transient-for", parent, NULL);
  if (conversation != NULL && g_list_model_get_n_items (G_LIST_MODEL (conversation)) > 0)
    {
      self->conversation = g_object_ref (conversation);
      gtk_string_list_append (list, _("This Conversation"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    gtk_string_list_append (list, periods[i]);
  adw_combo_row_set_model (self->period_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->period_row, self->conversation != NULL ? 0 : SC_USAGE_TODAY);
  self->history = g_object_ref (history);
  update (self);
  return GTK_WINDOW (self);
}

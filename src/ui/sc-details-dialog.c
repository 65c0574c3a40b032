/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-details-dialog.c: what is known of an answer. What is not known has no row.
 */

#include "config.h"

#include "sc-details-dialog.h"

#include <glib/gi18n.h>

#include "sc-providers.h"
#include "sc-request-text.h"
#include "sc-turn-private.h"
#include "sc-usage-words.h"

/* Shorter times are told in milliseconds. */
#define SHORT_MS 100

struct _ScDetailsDialog
{
  AdwWindow            parent_instance;

  char                *curl;
  ScTurn              *answer;

  AdwPreferencesGroup *answer_group;
  AdwPreferencesGroup *times_group;
  AdwPreferencesGroup *tries_group;
  AdwPreferencesGroup *failure_group;
  AdwPreferencesGroup *response_group;
  AdwExpanderRow      *response_row;
  GtkWidget           *copy_button;
  GtkTextView         *request;
  GtkTextView         *response;
};

G_DEFINE_FINAL_TYPE (ScDetailsDialog, sc_details_dialog, ADW_TYPE_WINDOW)

static void
add_row (AdwPreferencesGroup *group,
         const char          *title,
         const char          *value)
{
  GtkWidget *row;
  GtkWidget *label;

  if (value == NULL || *value == '\0')
    return;
  row = adw_action_row_new ();
  label = gtk_label_new (value);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* A label that wraps asks for as little room as it can do with: short words stay whole. */
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (value, -1) + 1, 36));
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_margin_top (label, 8);
  gtk_widget_set_margin_bottom (label, 8);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (group, row);
}

static void
add_count (AdwPreferencesGroup *group,
           const char          *title,
           gint64               number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  if (number > 0)
    add_row (group, title, text);
}

static void
add_tokens (ScDetailsDialog *self,
            const char      *title,
            gint64           number,
            gboolean         is_estimate)
{
  g_autofree char *text = sc_usage_dup_number (number, is_estimate);

  add_row (self->answer_group, title, text);
}

static void
add_time (ScDetailsDialog *self,
          const char      *title,
          gint64           ms)
{
  /* Translators: a number of seconds */
  g_autofree char *text = g_strdup_printf (_("%.2f s"), (double) ms / 1000);

  /* Translators: a number of milliseconds */
  g_autofree char *short_text = g_strdup_printf (_("%ld ms"), (long) ms);

  if (ms < 0)
    return;
  add_row (self->times_group, title, ms < SHORT_MS ? short_text : text);
  gtk_widget_set_visible (GTK_WIDGET (self->times_group), TRUE);
}

static const char *
get_status_word (ScTurn *answer)
{
  switch (sc_turn_get_status (answer))
    {
    case SC_TURN_STATUS_STREAMING:
      return _("On its way");
    case SC_TURN_STATUS_DONE:
      return _("Complete");
    case SC_TURN_STATUS_STOPPED:
      return C_("answer", "Stopped");
    case SC_TURN_STATUS_INTERRUPTED:
      return C_("answer", "Interrupted");
    case SC_TURN_STATUS_FAILED:
    default:
      return C_("answer", "Failed");
    }
}

static void
add_speed (ScDetailsDialog *self,
           ScTurn          *answer)
{
  const ScTurnTimes *times = sc_turn_get_times (answer);
  gint64 n_tokens = sc_turn_get_usage (answer)->output;
  gint64 writing_ms = times->total_ms - MAX (times->first_text_ms, 0);
  g_autofree char *text = NULL;

  if (n_tokens <= 1 || times->total_ms <= 0 || writing_ms <= 50)
    return;
  text = g_strdup_printf (_("%.0f tokens/s"), (double) n_tokens * 1000 / (double) writing_ms);
  add_row (self->answer_group, _("Speed"), text);
}

static void
show_answer (ScDetailsDialog *self,
             ScTurn          *answer,
             const char      *provider)
{
  const ScUsage *usage = sc_turn_get_usage (answer);
  g_autofree char *cost = sc_usage_dup_cost (usage);

  add_row (self->answer_group, _("Model"), sc_turn_get_model (answer));
  add_row (self->answer_group, _("Provider"), provider);
  add_row (self->answer_group, _("Status"), get_status_word (answer));
  add_speed (self, answer);
  add_tokens (self, _("Tokens of the prompt"), usage->input,
              (usage->flags & SC_USAGE_INPUT_ESTIMATED) != 0);
  add_tokens (self, _("Of these from the cache"), usage->cached, FALSE);
  add_tokens (self, _("Tokens of the answer"), usage->output,
              (usage->flags & SC_USAGE_OUTPUT_ESTIMATED) != 0);
  add_tokens (self, _("Of these for reasoning"), usage->reasoning, FALSE);
  add_row (self->answer_group, _("Cost"), cost);
}

static void
show_times (ScDetailsDialog   *self,
            const ScTurnTimes *times,
            const ScRunReport *report)
{
  if (report != NULL)
    {
      add_time (self, _("Name looked up in"), report->dns_ms);
      add_time (self, _("Connected in"), report->connect_ms);
      add_time (self, _("Secured in (TLS)"), report->tls_ms);
      add_time (self, _("Request sent in"), report->sent_ms);
    }
  if (report != NULL && report->status > 0 && report->connect_ms < 0 && report->tls_ms < 0)
    add_row (self->times_group, _("Connection"), _("Was open already"));
  add_time (self, _("Time to the first byte"), times->first_byte_ms);
  add_time (self, _("Time to the first token"), times->first_text_ms);
  add_time (self, _("Time in all"), times->total_ms);
}

/* What did not work before what is shown did. */
static void
show_tries (ScDetailsDialog   *self,
            const ScRunReport *report)
{
  if (report == NULL || report->tries->len == 0)
    return;
  for (guint i = 0; i < report->tries->len; i++)
    {
      const ScRunTry *run_try = g_ptr_array_index (report->tries, i);
      const ScFailure *failure = run_try->failure;
      /* Translators: %u counts from 1 */
      g_autofree char *title = g_strdup_printf (_("Try %u"), i + 1);
      g_autoptr (GString) text = g_string_new (failure->message);

      if (failure->status > 0)
        g_string_append_printf (text, "\nHTTP %d", failure->status);
      if (failure->request_id != NULL)
        g_string_append_printf (text, "\n%s", failure->request_id);
      if (run_try->wait_ms > 0)
        {
          g_autofree char *wait =
            /* Translators: before a request was sent again */
            g_strdup_printf (_("Then a wait of %.1f s"), (double) run_try->wait_ms / 1000);

          g_string_append_printf (text, "\n%s", wait);
        }
      add_row (self->tries_group, title, text->str);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->tries_group), TRUE);
}

static void
show_report (ScDetailsDialog   *self,
             const ScRunReport *report)
{
  if (report == NULL)
    return;
  add_count (self->answer_group, _("HTTP status"), report->status);
  add_row (self->answer_group, _("Request ID"), report->request_id);
  add_row (self->answer_group, _("Protocol"), report->protocol);
  add_row (self->answer_group, _("Address"), report->endpoint);
  add_count (self->answer_group, _("Tries"), report->tries->len + 1);
  if (report->n_parts > 1)
    add_count (self->answer_group, _("Parts"), report->n_parts);
}

static char *
create_response_text (const ScRunReport *report)
{
  GString *text = g_string_new (NULL);
  g_autofree char *body =
    report->body != NULL ? sc_response_body_dup_text (report->body) : NULL;

  g_string_append_printf (text, "HTTP %d\n", report->status);
  for (guint i = 0; i < report->headers->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (report->headers, i));
  if (body != NULL)
    g_string_append_printf (text, "\n%s", body);
  return g_string_free (text, FALSE);
}

/* It can be long: made when it is looked at. */
static void
response_expanded_cb (ScDetailsDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->response);
  g_autofree char *text = NULL;

  if (!adw_expander_row_get_expanded (self->response_row) ||
      gtk_text_buffer_get_char_count (buffer) > 0)
    return;
  text = create_response_text (sc_turn_get_report (self->answer));
  gtk_text_buffer_set_text (buffer, text, -1);
}

static void
copy_response_cb (ScDetailsDialog *self)
{
  g_autofree char *text = create_response_text (sc_turn_get_report (self->answer));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
show_response (ScDetailsDialog   *self,
               const ScRunReport *report)
{
  g_autofree char *body = NULL;

  if (report == NULL || report->status == 0)
    return;
  if (report->body != NULL)
    body = sc_response_body_dup_text (report->body);
  adw_preferences_group_set_description (
    self->response_group,
    body != NULL ? _("As it came, without keys. It is kept until the program ends; of a long one, "
                     "the start and the end.")
                 : _("The bytes that came are kept until the program ends, and for the newest "
                     "answers only."));
  gtk_widget_set_visible (GTK_WIDGET (self->response_group), TRUE);
}

static void
show_failure (ScDetailsDialog *self,
              const ScFailure *failure)
{
  g_autofree char *status = NULL;

  if (failure == NULL)
    return;
  status = failure->status > 0 ? g_strdup_printf ("%d", failure->status) : NULL;
  add_row (self->failure_group, _("Message"), failure->message);
  add_row (self->failure_group, _("HTTP status"), status);
  add_row (self->failure_group, _("Code"), failure->code);
  add_row (self->failure_group, _("Request ID"), failure->request_id);
  add_row (self->failure_group, _("What came"), failure->details);
  gtk_widget_set_visible (GTK_WIDGET (self->failure_group), TRUE);
}

static const ScProfile *
find_profile (GPtrArray  *profiles,
              const char *id)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        return profile;
    }
  return NULL;
}

static void
show_request (ScDetailsDialog *self,
              ScConversation  *conversation,
              ScTurn          *answer,
              const ScProfile *profile)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->request);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScRequestText) text =
    profile != NULL ? sc_request_text_new (conversation, answer, profile, &error) : NULL;

  if (text != NULL)
    {
      gtk_text_buffer_set_text (buffer, text->text, -1);
      self->curl = g_steal_pointer (&text->curl);
    }
  else
    gtk_text_buffer_set_text (buffer,
                              error != NULL ? error->message
                                            : _("This provider is not configured any more."), -1);
  gtk_widget_set_visible (self->copy_button, self->curl != NULL);
}

static void
copy_cb (ScDetailsDialog *self)
{
  if (self->curl != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->curl);
}

static void
sc_details_dialog_dispose (GObject *object)
{
  ScDetailsDialog *self = SC_DETAILS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_DETAILS_DIALOG);
  g_clear_pointer (&self->curl, g_free);
  g_clear_object (&self->answer);

  G_OBJECT_CLASS (sc_details_dialog_parent_class)->dispose (object);
}

static void
sc_details_dialog_class_init (ScDetailsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_details_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-details-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, answer_group);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, times_group);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, tries_group);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, failure_group);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, response_group);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, response_row);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, request);
  gtk_widget_class_bind_template_child (widget_class, ScDetailsDialog, response);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, response_expanded_cb);
}

static void
sc_details_dialog_init (ScDetailsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sc_details_dialog_new (GtkWindow      *parent,
                       ScConversation *conversation,
                       ScTurn         *answer)
{
  ScDetailsDialog *self;
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (GPtrArray) profiles = sc_providers_list (providers);
  g_autofree char *id = NULL;
  const ScProfile *answered_by;
  const ScRunReport *report;

  g_return_val_if_fail (SC_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (SC_IS_TURN (answer), NULL);

  self = g_object_new (SC_TYPE_DETAILS_DIALOG, "transient-for", parent, NULL);
  self->answer = g_object_ref (answer);
  report = sc_turn_get_report (answer);
  id = g_strdup (sc_conversation_get_provider (conversation));
  if (id == NULL)
    id = sc_providers_dup_default_id (providers);
  answered_by = find_profile (profiles, sc_turn_get_provider (answer));
  show_answer (self, answer, answered_by != NULL ? answered_by->name : NULL);
  show_report (self, report);
  show_times (self, sc_turn_get_times (answer), report);
  show_tries (self, report);
  show_failure (self, sc_turn_get_failure (answer));
  show_response (self, report);
  show_request (self, conversation, answer, find_profile (profiles, id));
  /* Not on the first text that can be selected: it would be. */
  gtk_window_set_focus (GTK_WINDOW (self),
                        self->curl != NULL ? self->copy_button : GTK_WIDGET (self->request));
  return GTK_WINDOW (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error card. It knows a turn and the names of the window's actions, nothing else. */

#include "config.h"

#include "sc-transcript-card.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-wrap-layout.h"

#define DETAILS_LENGTH 4096
#define MESSAGE_LENGTH 600

/* Up to here a run waits by itself. */
#define SHORT_WAIT_MS   (60 * 1000)
#define LONGEST_WAIT_MS (G_GINT64_CONSTANT (366) * 24 * 3600 * 1000)

struct _ScTranscriptCard
{
  GtkWidget  parent_instance;
  GtkWidget *box;
  GtkLabel  *sentence_label;
  GtkLabel  *message_label;
  GtkLabel  *advice_label;
  GtkWidget *retry_button;
  GtkWidget *certificate_button;
  GtkWidget *preferences_button;
  GtkWidget *details_button;
  GtkLabel  *details_label;
};

G_DEFINE_FINAL_TYPE (ScTranscriptCard, sc_transcript_card, GTK_TYPE_WIDGET)

static char *
dup_shortened (const char *text,
               glong       n_chars)
{
  if (g_utf8_strlen (text, -1) <= n_chars)
    return g_strdup (text);
  else
    {
      g_autofree char *start = g_utf8_substring (text, 0, n_chars);

      return g_strconcat (start, "…", NULL);
    }
}

static void
append_detail (GString    *out,
               const char *name,
               const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "\n" : "", name, value);
}

static char *
dup_details (const ScFailure *failure)
{
  GString *out = g_string_new (NULL);
  g_autofree char *status = failure->status != 0 ? g_strdup_printf ("%d", failure->status) : NULL;

  append_detail (out, _("Status"), status);
  append_detail (out, _("Code"), failure->code);
  append_detail (out, _("Request"), failure->request_id);
  append_detail (out, _("Message"), failure->message);
  if (failure->details != NULL && *failure->details != '\0')
    {
      g_autofree char *details = dup_shortened (failure->details, DETAILS_LENGTH);

      g_string_append_printf (out, "%s%s", out->len > 0 ? "\n\n" : "", details);
    }

  return g_string_free (out, FALSE);
}

/* A wait too long to be slept through is told. */
static char *
dup_advice (const ScFailure *failure)
{
  gulong minutes = (gulong) (CLAMP (failure->retry_after_ms, 0, LONGEST_WAIT_MS) + 59999) / 60000;
  gulong hours = (minutes + 59) / 60;

  if (failure->kind == SC_ERROR_QUOTA || failure->retry_after_ms <= SHORT_WAIT_MS)
    return g_strdup (sc_error_to_advice (failure->kind));
  if (minutes < 120)
    return g_strdup_printf (ngettext ("Try again in %lu minute.", "Try again in %lu minutes.",
                                      minutes), minutes);
  return g_strdup_printf (ngettext ("Try again in %lu hour.", "Try again in %lu hours.", hours),
                          hours);
}

static gboolean
needs_preferences (ScError kind)
{
  return kind == SC_ERROR_AUTH || kind == SC_ERROR_NOT_FOUND || kind == SC_ERROR_NETWORK ||
         kind == SC_ERROR_TLS || kind == SC_ERROR_KEYRING;
}

static void
fill (ScTranscriptCard *self,
      const ScFailure  *failure)
{
  g_autofree char *message = dup_shortened (failure->message, MESSAGE_LENGTH);
  g_autofree char *details = dup_details (failure);
  g_autofree char *advice = dup_advice (failure);
  const char *sentence = sc_error_to_sentence (failure->kind);

  gtk_label_set_label (self->sentence_label, sentence);
  gtk_label_set_label (self->message_label, message);
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), *message != '\0' && strcmp (message, sentence) != 0);
  gtk_label_set_label (self->advice_label, advice);
  gtk_label_set_label (self->details_label, details);
  gtk_widget_set_visible (self->certificate_button,
                          g_strcmp0 (failure->code, SC_ERROR_CODE_CERTIFICATE) == 0);
  gtk_widget_set_visible (self->preferences_button, needs_preferences (failure->kind));
  gtk_widget_set_visible (self->details_button, *details != '\0');
  if (failure->kind == SC_ERROR_AUTH || failure->kind == SC_ERROR_NOT_FOUND)
    {
      gtk_widget_remove_css_class (self->retry_button, "suggested-action");
      gtk_widget_add_css_class (self->preferences_button, "suggested-action");
    }
}

static void
sc_transcript_card_dispose (GObject *object)
{
  ScTranscriptCard *self = SC_TRANSCRIPT_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (sc_transcript_card_parent_class)->dispose (object);
}

static void
sc_transcript_card_class_init (ScTranscriptCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SC_TYPE_WRAP_LAYOUT);

  G_OBJECT_CLASS (klass)->dispose = sc_transcript_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-transcript-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, box);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, message_label);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, advice_label);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, retry_button);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, certificate_button);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, preferences_button);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, details_button);
  gtk_widget_class_bind_template_child (widget_class, ScTranscriptCard, details_label);
  gtk_widget_class_set_css_name (widget_class, "errorcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sc_transcript_card_init (ScTranscriptCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "default");
}

/* Nothing is known but what happened. */
static void
fill_plain (ScTranscriptCard *self,
            const char       *sentence,
            const char       *advice)
{
  gtk_label_set_label (self->sentence_label, sentence);
  gtk_label_set_label (self->advice_label, advice);
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), FALSE);
  gtk_widget_set_visible (self->preferences_button, FALSE);
  gtk_widget_set_visible (self->details_button, FALSE);
}

GtkWidget *
sc_transcript_card_new (ScTurn *turn)
{
  ScTranscriptCard *self;
  const ScFailure *failure;

  g_return_val_if_fail (SC_IS_TURN (turn), NULL);

  self = g_object_new (SC_TYPE_TRANSCRIPT_CARD, NULL);
  failure = sc_turn_get_failure (turn);
  if (failure != NULL)
    fill (self, failure);
  else if (sc_turn_is_empty (turn))
    fill_plain (self, _("The model answered with nothing."), _("Try again in a moment, or choose another model."));
  else
    fill_plain (self, sc_error_to_sentence (SC_ERROR_INTERRUPTED), sc_error_to_advice (SC_ERROR_INTERRUPTED));

  return GTK_WIDGET (self);
}

gboolean
sc_transcript_needs_card (ScTurn *turn)
{
  const ScFailure *failure = sc_turn_get_failure (turn);
  ScTurnStatus status = sc_turn_get_status (turn);

  if (failure != NULL && failure->kind == SC_ERROR_CANCELLED)
    return FALSE;

  return status == SC_TURN_STATUS_FAILED || status == SC_TURN_STATUS_INTERRUPTED || sc_turn_is_empty (turn);
}

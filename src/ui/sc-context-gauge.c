/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-context-gauge.c: counts when an answer ended or a message came or went, never while text streams, and draws a
 * ring.
 */

#include "config.h"

#include "sc-context-gauge.h"

#include <glib/gi18n.h>

#include "sc-providers.h"
#include "sc-token-estimate.h"
#include "sc-usage-words.h"
#include "sc-usage.h"

#define SIZE       14
#define LINE       2.0
#define GROUND     0.2
#define NEARLY     0.9
#define NOTEWORTHY 0.1
#define PERCENT    100.0

struct _ScContextGauge
{
  GtkWidget       parent_instance;

  ScConversation *conversation;
  GSignalGroup   *signals;
  double          part;
  gint64          draft_tokens;
  const char     *warning;
};

G_DEFINE_FINAL_TYPE (ScContextGauge, sc_context_gauge, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_DRAFT_TOKENS,
  PROP_NEARLY_FULL,
  PROP_WARNING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ScProfile *
dup_profile (ScConversation *conversation)
{
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (GPtrArray) profiles = sc_providers_list (providers);
  g_autofree char *id = g_strdup (sc_conversation_get_provider (conversation));

  if (id == NULL)
    id = sc_providers_dup_default_id (providers);
  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        return sc_profile_copy (profile);
    }
  return NULL;
}

static gint64
find_size (ScConversation *conversation)
{
  g_autoptr (ScProfile) profile = dup_profile (conversation);
  const char *model = sc_conversation_get_model (conversation);

  if (profile == NULL)
    return -1;
  return sc_usage_find_context (sc_providers_get_default (), profile,
                                model != NULL && *model != '\0' ? model : profile->model);
}

/* What is said of it above the message: the conversation has grown, or the message alone is too much. */
static const char *
choose_warning (gint64 used,
                gint64 draft,
                gint64 size)
{
  if (size <= 0 || (double) (used + draft) < NEARLY * (double) size)
    return NULL;
  if ((double) used >= NEARLY * (double) size)
    return _("This conversation nearly fills the model’s context. A new one begins afresh.");
  if (draft > size)
    return _("This message does not fit into the model’s context. A shorter one does.");
  if (used + draft > size)
    return _("With this message the conversation does not fit into the model’s context. A new one begins afresh.");
  return _("This message nearly fills the model’s context: little room is left for the answer.");
}

static void
set_warning (ScContextGauge *self,
             const char     *warning)
{
  if (self->warning == warning)
    return;
  self->warning = warning;
  if (warning != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "warning");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WARNING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEARLY_FULL]);
}

static void
set_words (ScContextGauge *self,
           gint64          used,
           gint64          size,
           gboolean        is_estimate)
{
  g_autofree char *used_text = sc_usage_dup_number (used, is_estimate);
  g_autofree char *size_text = sc_usage_dup_number (size, FALSE);
  g_autofree char *words =
    /* Translators: how full the model's context is: numbers of tokens, and a percentage */
    g_strdup_printf (_("%s of %s tokens of the context are used (%d %%)"), used_text, size_text,
                     (int) (self->part * PERCENT));

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Context"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) size,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) MIN (used, size),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words, -1);
}

static void
changed_cb (ScContextGauge *self)
{
  if (!sc_conversation_is_busy (self->conversation))
    sc_context_gauge_update (self);
}

static void
append_arc (cairo_t *cr,
            double   middle,
            double   part)
{
  double begin = -G_PI / 2;

  cairo_new_sub_path (cr);
  cairo_arc (cr, middle, middle, middle - LINE / 2, begin, begin + 2 * G_PI * part);
}

static void
sc_context_gauge_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  ScContextGauge *self = SC_CONTEXT_GAUGE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  double middle = MIN (width, height) / 2.0;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cairo_set_line_width (cr, LINE);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha * GROUND);
  append_arc (cr, middle, 1);
  cairo_stroke (cr);
  gdk_cairo_set_source_rgba (cr, &colour);
  append_arc (cr, middle, self->part);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
sc_context_gauge_measure_size (GtkWidget      *widget,
                               GtkOrientation  orientation,
                               int             for_size,
                               int            *minimum,
                               int            *natural,
                               int            *minimum_baseline,
                               int            *natural_baseline)
{
  *minimum = SIZE;
  *natural = SIZE;
}

static void
sc_context_gauge_dispose (GObject *object)
{
  ScContextGauge *self = SC_CONTEXT_GAUGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (sc_context_gauge_parent_class)->dispose (object);
}

static void
sc_context_gauge_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_DRAFT_TOKENS:
      g_value_set_int64 (value, SC_CONTEXT_GAUGE (object)->draft_tokens);
      break;
    case PROP_NEARLY_FULL:
      g_value_set_boolean (value, SC_CONTEXT_GAUGE (object)->warning != NULL);
      break;
    case PROP_WARNING:
      g_value_set_string (value, SC_CONTEXT_GAUGE (object)->warning);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
sc_context_gauge_set_property (GObject      *object,
                               guint         property_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ScContextGauge *self = SC_CONTEXT_GAUGE (object);

  switch (property_id)
    {
    case PROP_DRAFT_TOKENS:
      if (self->draft_tokens == g_value_get_int64 (value))
        return;
      self->draft_tokens = g_value_get_int64 (value);
      sc_context_gauge_update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
sc_context_gauge_class_init (ScContextGaugeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_context_gauge_dispose;
  object_class->get_property = sc_context_gauge_get_property;
  object_class->set_property = sc_context_gauge_set_property;
  widget_class->snapshot = sc_context_gauge_snapshot;
  widget_class->measure = sc_context_gauge_measure_size;

  properties[PROP_DRAFT_TOKENS] =
    g_param_spec_int64 ("draft-tokens", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NEARLY_FULL] =
    g_param_spec_boolean ("nearly-full", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WARNING] =
    g_param_spec_string ("warning", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "contextgauge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
sc_context_gauge_init (ScContextGauge *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->signals = g_signal_group_new (SC_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify::activity", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::loaded", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "items-changed", G_CALLBACK (changed_cb), self);
}

void
sc_context_gauge_set_conversation (ScContextGauge *self,
                                   ScConversation *conversation)
{
  g_return_if_fail (SC_IS_CONTEXT_GAUGE (self));
  g_return_if_fail (conversation == NULL || SC_IS_CONVERSATION (conversation));

  if (!g_set_object (&self->conversation, conversation))
    return;
  g_signal_group_set_target (self->signals, conversation);
  sc_context_gauge_update (self);
}

void
sc_context_gauge_update (ScContextGauge *self)
{
  gboolean is_estimate = FALSE;
  gint64 size, used, all;

  g_return_if_fail (SC_IS_CONTEXT_GAUGE (self));

  size = self->conversation != NULL ? find_size (self->conversation) : -1;
  used = size > 0 ? sc_context_gauge_measure (self->conversation, &is_estimate) : 0;
  all = size > 0 ? used + self->draft_tokens : 0;
  self->part = all > 0 ? MIN ((double) all / (double) size, 1) : 0;
  /* Nothing comes and goes above for a word that is typed below. */
  gtk_widget_set_visible (GTK_WIDGET (self), used > 0 || self->part >= NOTEWORTHY);
  set_warning (self, choose_warning (used, self->draft_tokens, size));
  if (all <= 0)
    return;
  set_words (self, all, size, is_estimate || self->draft_tokens > 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gint64
sc_context_gauge_measure (ScConversation *conversation,
                          gboolean       *is_estimate)
{
  const guint flags = SC_USAGE_INPUT_ESTIMATED | SC_USAGE_OUTPUT_ESTIMATED;
  gint64 tokens = 0;

  g_return_val_if_fail (SC_IS_CONVERSATION (conversation), 0);
  g_return_val_if_fail (is_estimate != NULL, 0);

  *is_estimate = FALSE;
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (conversation)); i > 0; i--)
    {
      g_autoptr (ScTurn) turn = g_list_model_get_item (G_LIST_MODEL (conversation), i - 1);
      const ScUsage *usage = sc_turn_get_usage (turn);
      gsize length;
      const char *text;

      if (sc_turn_get_role (turn) == SC_ROLE_ASSISTANT && usage->input >= 0 && usage->output >= 0)
        {
          *is_estimate |= (usage->flags & flags) != 0;
          return tokens + usage->input + usage->output;
        }
      text = sc_turn_get_text (turn, &length);
      tokens += sc_token_estimate_text (text, (gssize) length);
      *is_estimate = TRUE;
    }
  return tokens;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-conversation-settings.c: a conversation's own instructions and parameters.
 *
 * The parameters are members of the conversation's JSON object. Only members whose row was edited
 * are touched; whatever else the object holds stays.
 */

#include "config.h"

#include "sc-conversation-settings.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "sc-json.h"
#include "sc-preferences-util.h"
#include "sc-prompt.h"
#include "sc-providers.h"

typedef struct
{
  const char *name;
  const char *title;
  double      minimum;
  double      maximum;
  gboolean    is_whole;
} Parameter;

static const Parameter parameters[] = {
  { "temperature", N_("Temperature (0 to 2)"), 0, 2, FALSE },
  { "top_p", N_("Top P (0 to 1)"), 0, 1, FALSE },
  { "max_tokens", N_("Longest answer in tokens"), 1, 100000000, TRUE },
};

struct _ScConversationSettings
{
  AdwWindow            parent_instance;

  ScConversation      *conversation;
  JsonObject          *stored;
  char                *shown[G_N_ELEMENTS (parameters)];
  gboolean             streams_by_default;

  GtkTextView         *instructions;
  AdwPreferencesGroup *parameters_group;
  AdwEntryRow         *rows[G_N_ELEMENTS (parameters)];
  GtkLabel            *hint;
  GtkSwitch           *stream;
  GtkWidget           *save_button;
};

G_DEFINE_FINAL_TYPE (ScConversationSettings, sc_conversation_settings, ADW_TYPE_WINDOW)

/* Both the decimal point and the decimal comma are understood: people type what their keyboard
 * gives. */
static gboolean
parse_parameter (const Parameter *parameter,
                 const char      *text,
                 double          *value)
{
  g_autofree char *plain = g_strdelimit (g_strdup (text), ",", '.');
  char *end = NULL;

  errno = 0;
  *value = g_ascii_strtod (plain, &end);
  return errno == 0 && end != plain && *end == '\0'
         && *value >= parameter->minimum && *value <= parameter->maximum
         && (!parameter->is_whole || *value == (double) (gint64) *value);
}

static char *
format_parameter (ScConversationSettings *self,
                  const Parameter        *parameter)
{
  JsonNode *node = json_object_get_member (self->stored, parameter->name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_INT64
          && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return g_strdup ("");
  return sc_json_to_string (node, FALSE);
}

/* Returns: whether every number can be used; if not, it says which one cannot. */
static gboolean
check_parameters (ScConversationSettings *self)
{
  g_autofree char *hint = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autofree char *text = sc_preferences_dup_text (self->rows[i]);
      double value = 0;
      gboolean is_good = *text == '\0' || parse_parameter (&parameters[i], text, &value);

      sc_preferences_mark (GTK_WIDGET (self->rows[i]), "error", !is_good);
      if (!is_good && hint == NULL)
        /* Translators: %s is the title of a row, for example "Temperature (0 to 2)" */
        hint = g_strdup_printf (_("“%s”: this number cannot be used."), _(parameters[i].title));
    }
  sc_preferences_say (self->hint, hint);
  gtk_widget_set_sensitive (self->save_button, hint == NULL);
  return hint == NULL;
}

static void
apply_parameter (ScConversationSettings *self,
                 gsize                   index)
{
  const Parameter *parameter = &parameters[index];
  g_autofree char *text = sc_preferences_dup_text (self->rows[index]);
  double value = 0;

  if (g_str_equal (text, self->shown[index]))
    return;
  if (*text == '\0' || !parse_parameter (parameter, text, &value))
    json_object_remove_member (self->stored, parameter->name);
  else if (value == (double) (gint64) value)
    json_object_set_int_member (self->stored, parameter->name, (gint64) value);
  else
    json_object_set_double_member (self->stored, parameter->name, value);
}

static char *
dup_parameters (ScConversationSettings *self)
{
  g_autoptr (JsonNode) node = NULL;

  if (json_object_get_size (self->stored) == 0)
    return NULL;
  node = json_node_init_object (json_node_alloc (), self->stored);
  return sc_json_to_string (node, FALSE);
}

static char *
dup_instructions (ScConversationSettings *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->instructions);
  GtkTextIter start;
  GtkTextIter end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static void
save_cb (ScConversationSettings *self)
{
  gboolean streams = gtk_switch_get_active (self->stream);
  g_autofree char *instructions = NULL;
  g_autofree char *text = NULL;

  if (!check_parameters (self))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    apply_parameter (self, i);
  if (streams == self->streams_by_default)
    json_object_remove_member (self->stored, SC_PROMPT_STREAM_MEMBER);
  else
    json_object_set_boolean_member (self->stored, SC_PROMPT_STREAM_MEMBER, streams);

  instructions = dup_instructions (self);
  text = dup_parameters (self);
  g_object_set (self->conversation, "system-prompt", instructions, "parameters", text, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
add_rows (ScConversationSettings *self)
{
  GtkWidget *hint_row = gtk_list_box_row_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      self->rows[i] = ADW_ENTRY_ROW (adw_entry_row_new ());
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), _(parameters[i].title));
      sc_preferences_label_entry (self->rows[i]);
      g_signal_connect_object (self->rows[i], "changed", G_CALLBACK (check_parameters), self,
                               G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->parameters_group, GTK_WIDGET (self->rows[i]));
    }

  self->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->hint, 0);
  gtk_label_set_wrap (self->hint, TRUE);
  gtk_widget_set_margin_start (GTK_WIDGET (self->hint), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->hint), 12);
  gtk_widget_set_margin_top (GTK_WIDGET (self->hint), 8);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->hint), 8);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "error");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (hint_row), GTK_WIDGET (self->hint));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (hint_row), FALSE);
  gtk_widget_set_focusable (hint_row, FALSE);
  adw_preferences_group_add (self->parameters_group, hint_row);
}

/* Whether the provider the conversation talks to streams. */
static gboolean
find_default_stream (ScConversation *conversation)
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
        return profile->stream;
    }
  return TRUE;
}

static void
load (ScConversationSettings *self)
{
  g_autofree char *instructions = NULL;
  g_autofree char *text = NULL;

  g_object_get (self->conversation, "system-prompt", &instructions, "parameters", &text, NULL);
  self->stored = text != NULL ? sc_json_parse_object (text, -1, NULL) : NULL;
  if (self->stored == NULL)
    self->stored = json_object_new ();
  self->streams_by_default = find_default_stream (self->conversation);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->instructions),
                            instructions != NULL ? instructions : "", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      self->shown[i] = format_parameter (self, &parameters[i]);
      sc_preferences_set_text (self->rows[i], self->shown[i]);
    }
  gtk_switch_set_active (self->stream, sc_json_get_boolean (self->stored, SC_PROMPT_STREAM_MEMBER,
                                                            self->streams_by_default));
  check_parameters (self);
}

static void
sc_conversation_settings_dispose (GObject *object)
{
  ScConversationSettings *self = SC_CONVERSATION_SETTINGS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_CONVERSATION_SETTINGS);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (sc_conversation_settings_parent_class)->dispose (object);
}

static void
sc_conversation_settings_finalize (GObject *object)
{
  ScConversationSettings *self = SC_CONVERSATION_SETTINGS (object);

  g_clear_pointer (&self->stored, json_object_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    g_free (self->shown[i]);

  G_OBJECT_CLASS (sc_conversation_settings_parent_class)->finalize (object);
}

static void
sc_conversation_settings_class_init (ScConversationSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_conversation_settings_dispose;
  object_class->finalize = sc_conversation_settings_finalize;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/StreamChat/sc-conversation-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, ScConversationSettings, instructions);
  gtk_widget_class_bind_template_child (widget_class, ScConversationSettings, parameters_group);
  gtk_widget_class_bind_template_child (widget_class, ScConversationSettings, stream);
  gtk_widget_class_bind_template_child (widget_class, ScConversationSettings, save_button);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
sc_conversation_settings_init (ScConversationSettings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_rows (self);
}

GtkWindow *
sc_conversation_settings_new (GtkWindow      *parent,
                              ScConversation *conversation)
{
  ScConversationSettings *self;

  g_return_val_if_fail (SC_IS_CONVERSATION (conversation), NULL);

  self = g_object_new (SC_TYPE_CONVERSATION_SETTINGS, "transient-for", parent, NULL);
  self->conversation = g_object_ref (conversation);
  load (self);
  return GTK_WINDOW (self);
}

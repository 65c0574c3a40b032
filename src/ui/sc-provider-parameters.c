/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Default parameters as rows of text, in the program's own spelling of them. Members of the
 * stored object that have no row of their own are kept and can be edited as JSON. */

#include "config.h"

#include "sc-provider-parameters.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#include "sc-json.h"
#include "sc-preferences-util.h"
#include "sc-profile.h"

typedef enum
{
  PARAMETER_NUMBER,
  PARAMETER_WHOLE,
  PARAMETER_WORD,
  PARAMETER_LIST,
} ParameterKind;

/* Limits are those that hold for every known service; narrower ones are the service's to say. */
typedef struct
{
  const char    *name;
  const char    *title;
  ParameterKind  kind;
  double         minimum;
  double         maximum;
} Parameter;

static const Parameter parameters[] = {
  { "temperature", N_("Temperature (0 to 2)"), PARAMETER_NUMBER, 0, 2 },
  { "max_tokens", N_("Longest answer in tokens"), PARAMETER_WHOLE, 1, 100000000 },
  { "top_p", N_("Top P (0 to 1)"), PARAMETER_NUMBER, 0, 1 },
  { "top_k", N_("Top K"), PARAMETER_WHOLE, 0, 1000000 },
  { "seed", N_("Seed"), PARAMETER_WHOLE, -9007199254740991.0, 9007199254740991.0 },
  { "presence_penalty", N_("Presence penalty (−2 to 2)"), PARAMETER_NUMBER, -2, 2 },
  { "frequency_penalty", N_("Frequency penalty (−2 to 2)"), PARAMETER_NUMBER, -2, 2 },
  { "reasoning_effort", N_("Effort (low, medium, high)"), PARAMETER_WORD, 0, 0 },
  { "stop", N_("Stop words, with commas"), PARAMETER_LIST, 0, 0 },
};

struct _ScProviderParameters
{
  AdwExpanderRow  parent_instance;

  AdwEntryRow    *rows[G_N_ELEMENTS (parameters)];
  AdwEntryRow    *other_row;
  GtkLabel       *hint;
  gboolean        is_loading;
};

G_DEFINE_FINAL_TYPE (ScProviderParameters, sc_provider_parameters, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Both the decimal point and the decimal comma are understood: people type what their keyboard
 * gives. */
static gboolean
parse_number (const char *text,
              double     *value)
{
  g_autofree char *plain = g_strdelimit (g_strdup (text), ",", '.');
  char *end = NULL;

  errno = 0;
  *value = g_ascii_strtod (plain, &end);
  return errno == 0 && end != plain && *end == '\0' && *value == *value;
}

static gboolean
is_known (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      if (g_str_equal (name, parameters[i].name))
        return TRUE;
    }
  return FALSE;
}

static JsonArray *
parse_list (const char *text)
{
  JsonArray *array = json_array_new ();
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (*g_strstrip (words[i]) != '\0')
        json_array_add_string_element (array, words[i]);
    }
  return array;
}

static char *
format_list (JsonNode *node)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      /* A word that the text cannot carry back must not be lost by editing another one: such a
       * list stays JSON. */
      if (json_node_get_value_type (element) != G_TYPE_STRING
          || strpbrk (json_node_get_string (element), ",\n \t") != NULL
          || *json_node_get_string (element) == '\0')
        return NULL;
      g_ptr_array_add (words, (gpointer) json_node_get_string (element));
    }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

/* Returns: the text of a member for its row, or %NULL if the row cannot show it. */
static char *
format_member (const Parameter *parameter,
               JsonNode        *node)
{
  switch (parameter->kind)
    {
    case PARAMETER_NUMBER:
    case PARAMETER_WHOLE:
      if (JSON_NODE_HOLDS_VALUE (node)
          && (json_node_get_value_type (node) == G_TYPE_INT64
              || json_node_get_value_type (node) == G_TYPE_DOUBLE))
        return sc_json_to_string (node, FALSE);
      return NULL;

    case PARAMETER_WORD:
      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        return json_node_dup_string (node);
      return NULL;

    case PARAMETER_LIST:
      return format_list (node);

    default:
      g_assert_not_reached ();
    }
}

static gboolean
add_member (const Parameter *parameter,
            const char      *text,
            JsonObject      *object)
{
  double value = 0;

  switch (parameter->kind)
    {
    case PARAMETER_NUMBER:
    case PARAMETER_WHOLE:
      if (!parse_number (text, &value) || value < parameter->minimum || value > parameter->maximum)
        return FALSE;
      if (value == (double) (gint64) value)
        json_object_set_int_member (object, parameter->name, (gint64) value);
      else if (parameter->kind == PARAMETER_NUMBER)
        json_object_set_double_member (object, parameter->name, value);
      else
        return FALSE;
      return TRUE;

    case PARAMETER_WORD:
      json_object_set_string_member (object, parameter->name, text);
      return TRUE;

    case PARAMETER_LIST:
      json_object_set_array_member (object, parameter->name, parse_list (text));
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

static gboolean
add_other_members (ScProviderParameters *self,
                   JsonObject           *object)
{
  g_autofree char *text = sc_preferences_dup_text (self->other_row);
  g_autoptr (JsonObject) other = NULL;
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;

  if (*text == '\0')
    return TRUE;

  other = sc_json_parse_object (text, -1, NULL);
  if (other == NULL)
    return FALSE;

  json_object_iter_init (&iter, other);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (!json_object_has_member (object, name))
        json_object_set_member (object, name, json_node_copy (node));
    }
  return TRUE;
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = NULL;

  if (json_object_get_size (object) == 0)
    return NULL;

  node = json_node_init_object (json_node_alloc (), object);
  return sc_json_to_string (node, FALSE);
}

static void
changed_cb (ScProviderParameters *self)
{
  if (!self->is_loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static AdwEntryRow *
append_row (ScProviderParameters *self,
            const char           *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  sc_preferences_label_entry (ADW_ENTRY_ROW (row));
  g_signal_connect_object (row, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  return ADW_ENTRY_ROW (row);
}

static void
sc_provider_parameters_class_init (ScProviderParametersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-provider-parameters.ui");
  gtk_widget_class_bind_template_child (widget_class, ScProviderParameters, hint);
}

static void
sc_provider_parameters_init (ScProviderParameters *self)
{
  GtkWidget *hint_row;

  gtk_widget_init_template (GTK_WIDGET (self));

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    self->rows[i] = append_row (self, _(parameters[i].title));
  self->other_row = append_row (self, _("Others (JSON)"));

  /* What is wrong stands below the rows, at the place where people look after typing. */
  hint_row = gtk_widget_get_ancestor (GTK_WIDGET (self->hint), GTK_TYPE_LIST_BOX_ROW);
  g_object_ref (hint_row);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), hint_row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), hint_row);
  g_object_unref (hint_row);
}

void
sc_provider_parameters_load (ScProviderParameters *self,
                             const ScProfile      *profile)
{
  g_autoptr (JsonObject) stored = NULL;
  g_autoptr (JsonObject) other = json_object_new ();
  g_autofree char *other_text = NULL;
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;

  g_return_if_fail (SC_IS_PROVIDER_PARAMETERS (self));
  g_return_if_fail (profile != NULL);

  if (profile->parameters != NULL)
    stored = sc_json_parse_object (profile->parameters, -1, NULL);
  if (stored == NULL)
    stored = json_object_new ();

  self->is_loading = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      JsonNode *member = json_object_get_member (stored, parameters[i].name);
      g_autofree char *text = member != NULL ? format_member (&parameters[i], member) : NULL;

      sc_preferences_set_text (self->rows[i], text);
      if (member != NULL && text == NULL)
        json_object_set_member (other, parameters[i].name, json_node_copy (member));
    }

  json_object_iter_init (&iter, stored);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (!is_known (name))
        json_object_set_member (other, name, json_node_copy (node));
    }
  other_text = object_to_text (other);
  sc_preferences_set_text (self->other_row, other_text);
  sc_preferences_say (self->hint, NULL);
  self->is_loading = FALSE;
}

gboolean
sc_provider_parameters_apply (ScProviderParameters *self,
                              ScProfile            *profile)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *hint = NULL;
  gboolean is_good;

  g_return_val_if_fail (SC_IS_PROVIDER_PARAMETERS (self), FALSE);
  g_return_val_if_fail (profile != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autofree char *text = sc_preferences_dup_text (self->rows[i]);

      is_good = *text == '\0' || add_member (&parameters[i], text, object);
      sc_preferences_mark (GTK_WIDGET (self->rows[i]), "error", !is_good);
      if (!is_good && hint == NULL)
        /* Translators: %s is the title of a row, for example "Temperature (0 to 2)" */
        hint = g_strdup_printf (_("“%s”: this number cannot be used."), _(parameters[i].title));
    }

  is_good = add_other_members (self, object);
  sc_preferences_mark (GTK_WIDGET (self->other_row), "error", !is_good);
  if (!is_good && hint == NULL)
    hint = g_strdup (_("“Others” holds a JSON object, for example {\"verbosity\": \"low\"}."));

  sc_preferences_say (self->hint, hint);
  if (hint != NULL)
    return FALSE;

  g_free (profile->parameters);
  profile->parameters = object_to_text (object);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-gemini-raw.h. Text grows in one buffer until something else comes, so that a long answer
 * costs no more than its length. */

#include "config.h"

#include "sc-gemini-raw.h"
#include "sc-json.h"

#include <string.h>

struct _ScGeminiRaw
{
  JsonArray *parts;
  GString   *text;
  gboolean   is_needed;
};

ScGeminiRaw *
sc_gemini_raw_new (void)
{
  ScGeminiRaw *self = g_new0 (ScGeminiRaw, 1);

  self->parts = json_array_new ();
  self->text = g_string_new (NULL);
  return self;
}

void
sc_gemini_raw_free (ScGeminiRaw *self)
{
  if (self == NULL)
    return;
  json_array_unref (self->parts);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
flush_text (ScGeminiRaw *self)
{
  JsonObject *part;

  if (self->text->len == 0)
    return;
  part = json_object_new ();
  json_object_set_string_member (part, "text", self->text->str);
  json_array_add_object_element (self->parts, part);
  g_string_truncate (self->text, 0);
}

/* How many members say something: null is absent, and `"thought":false` is what every text is. */
static guint
count_members (JsonObject *part)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  guint n = 0;

  json_object_iter_init (&iter, part);
  while (json_object_iter_next (&iter, &name, &value))
    if (!JSON_NODE_HOLDS_NULL (value) &&
        (strcmp (name, "thought") != 0 || sc_json_get_boolean (part, "thought", FALSE)))
      n++;
  return n;
}

void
sc_gemini_raw_add (ScGeminiRaw *self,
                   JsonObject  *part)
{
  const char *signature;
  guint n_members;
  JsonNode *node;

  g_return_if_fail (self != NULL && part != NULL);

  n_members = count_members (part);
  if (n_members == 0)
    return;
  if (n_members == 1 && sc_json_get_string (part, "text") != NULL)
    {
      g_string_append (self->text, sc_json_get_string (part, "text"));
      return;
    }
  signature = sc_json_get_string (part, "thoughtSignature");
  if (signature == NULL && sc_json_get_boolean (part, "thought", FALSE) &&
      sc_json_get_string (part, "text") != NULL)
    return;
  flush_text (self);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, part);
  json_array_add_element (self->parts, node);
  /* A call without signature and id is told by its name and arguments as well. */
  if (signature != NULL || sc_json_get_object (part, "functionCall") == NULL ||
      sc_json_get_string (sc_json_get_object (part, "functionCall"), "id") != NULL)
    self->is_needed = TRUE;
}

char *
sc_gemini_raw_to_string (ScGeminiRaw *self)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *content;

  g_return_val_if_fail (self != NULL, NULL);

  flush_text (self);
  if (!self->is_needed)
    return NULL;
  content = json_object_new ();
  json_object_set_string_member (content, "role", "model");
  json_object_set_array_member (content, "parts", json_array_ref (self->parts));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, content);
  return sc_json_to_string (node, FALSE);
}

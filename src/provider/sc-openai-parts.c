/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-parts.h. The newest part grows in one buffer, so that a long one costs no more than
 * its length. */

#include "config.h"

#include "sc-openai-parts.h"
#include "sc-json.h"

#include <string.h>

typedef enum
{
  GROWING_NOTHING,
  GROWING_TEXT,
  GROWING_THINKING,
} Growing;

struct _ScOpenaiParts
{
  JsonArray  *done;
  Growing     growing;
  GString    *text;
  JsonArray  *thoughts;
  JsonObject *thinking;
  gboolean    is_needed;
};

ScOpenaiParts *
sc_openai_parts_new (void)
{
  ScOpenaiParts *self = g_new0 (ScOpenaiParts, 1);

  self->done = json_array_new ();
  self->text = g_string_new (NULL);
  return self;
}

void
sc_openai_parts_free (ScOpenaiParts *self)
{
  if (self == NULL)
    return;
  json_array_unref (self->done);
  g_string_free (self->text, TRUE);
  g_clear_pointer (&self->thoughts, json_array_unref);
  g_clear_pointer (&self->thinking, json_object_unref);
  g_free (self);
}

static void
flush_text (ScOpenaiParts *self,
            JsonArray     *array)
{
  JsonObject *part;

  if (self->text->len == 0)
    return;
  part = json_object_new ();
  json_object_set_string_member (part, "type", "text");
  json_object_set_string_member (part, "text", self->text->str);
  json_array_add_object_element (array, part);
  g_string_truncate (self->text, 0);
}

static void
flush (ScOpenaiParts *self)
{
  if (self->growing == GROWING_TEXT)
    flush_text (self, self->done);
  else if (self->growing == GROWING_THINKING)
    {
      flush_text (self, self->thoughts);
      json_object_set_array_member (self->thinking, "thinking", g_steal_pointer (&self->thoughts));
      json_array_add_object_element (self->done, g_steal_pointer (&self->thinking));
    }
  self->growing = GROWING_NOTHING;
}

void
sc_openai_parts_add_text (ScOpenaiParts *self,
                          const char    *text)
{
  g_return_if_fail (self != NULL && text != NULL);

  if (*text == '\0')
    return;
  if (self->growing != GROWING_TEXT)
    flush (self);
  self->growing = GROWING_TEXT;
  g_string_append (self->text, text);
}

static void
add_copy (JsonArray *array,
          JsonNode  *node)
{
  json_array_add_element (array, json_node_copy (node));
}

/* What stands beside the text of a thought: its signature, and whether it is over. */
static void
add_beside (ScOpenaiParts *self,
            JsonObject    *part)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, part);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (strcmp (name, "thinking") != 0 && !JSON_NODE_HOLDS_NULL (value))
      json_object_set_member (self->thinking, name, json_node_copy (value));
}

static void
add_thinking (ScOpenaiParts *self,
              JsonObject    *part)
{
  JsonArray *thoughts = sc_json_get_array (part, "thinking");
  guint n = thoughts != NULL ? json_array_get_length (thoughts) : 0;

  if (self->growing != GROWING_THINKING)
    {
      flush (self);
      self->growing = GROWING_THINKING;
      self->thinking = json_object_new ();
      self->thoughts = json_array_new ();
    }
  for (guint i = 0; i < n; i++)
    {
      JsonObject *thought = sc_json_get_element_object (thoughts, i);
      const char *text = sc_json_get_string (thought, "text");

      if (text != NULL)
        g_string_append (self->text, text);
      else if (thought != NULL)
        {
          flush_text (self, self->thoughts);
          add_copy (self->thoughts, json_array_get_element (thoughts, i));
        }
    }
  add_beside (self, part);
  self->is_needed = TRUE;
  if (sc_json_get_string (part, "signature") != NULL || sc_json_get_boolean (part, "closed", FALSE))
    flush (self);
}

/* Whether there is anything beside the type: null is absent. */
static gboolean
has_payload (JsonObject *part,
             const char *type)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (type == NULL)
    return FALSE;
  json_object_iter_init (&iter, part);
  while (json_object_iter_next (&iter, &name, &value))
    if (strcmp (name, "type") != 0 && !JSON_NODE_HOLDS_NULL (value))
      return TRUE;
  return FALSE;
}

void
sc_openai_parts_add (ScOpenaiParts *self,
                     JsonArray     *parts)
{
  guint n;

  g_return_if_fail (self != NULL && parts != NULL);

  n = json_array_get_length (parts);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *part = sc_json_get_element_object (parts, i);
      const char *type = sc_json_get_string (part, "type");
      const char *text = sc_json_get_string (part, "text");

      if (g_strcmp0 (type, "thinking") == 0 && sc_json_get_array (part, "thinking") != NULL)
        add_thinking (self, part);
      else if (text != NULL)
        sc_openai_parts_add_text (self, text);
      else if (has_payload (part, type))
        {
          flush (self);
          add_copy (self->done, json_array_get_element (parts, i));
          self->is_needed = TRUE;
        }
    }
}

char *
sc_openai_parts_to_string (ScOpenaiParts *self)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *message;

  g_return_val_if_fail (self != NULL, NULL);

  flush (self);
  if (!self->is_needed)
    return NULL;
  message = json_object_new ();
  json_object_set_string_member (message, "role", "assistant");
  json_object_set_array_member (message, "content", json_array_ref (self->done));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, message);
  return sc_json_to_string (node, FALSE);
}

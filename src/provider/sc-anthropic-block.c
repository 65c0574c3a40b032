/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-anthropic-block.h (protocols.md section 4). Emits nothing. */

#include "config.h"

#include "sc-anthropic-block.h"
#include "sc-json.h"

#include <string.h>

static ScAnthropicBlockKind
read_kind (JsonObject           *start,
           ScAnthropicBlockKind  fallback)
{
  static const struct
  {
    const char           *type;
    ScAnthropicBlockKind  kind;
  } kinds[] = {
    { "text", SC_ANTHROPIC_TEXT },
    { "thinking", SC_ANTHROPIC_THINKING },
    { "tool_use", SC_ANTHROPIC_CALL },
    { "server_tool_use", SC_ANTHROPIC_SERVER_CALL },
    { "mcp_tool_use", SC_ANTHROPIC_SERVER_CALL },
  };
  const char *type = sc_json_get_string (start, "type");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (type, kinds[i].type) == 0)
      return kinds[i].kind;
  return start != NULL ? SC_ANTHROPIC_OPAQUE : fallback;
}

ScAnthropicBlock *
sc_anthropic_block_new (gint64                index,
                        JsonObject           *start,
                        ScAnthropicBlockKind  kind)
{
  ScAnthropicBlock *self = g_new0 (ScAnthropicBlock, 1);

  self->kind = read_kind (start, kind);
  self->index = index;
  self->start = start != NULL ? json_object_ref (start) : NULL;
  self->text = g_string_new (NULL);
  return self;
}

void
sc_anthropic_block_free (ScAnthropicBlock *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->start, json_object_unref);
  g_clear_pointer (&self->citations, json_array_unref);
  g_string_free (self->text, TRUE);
  g_free (self->signature);
  g_free (self);
}

void
sc_anthropic_block_set_member (ScAnthropicBlock *self,
                               const char       *name,
                               JsonObject       *source)
{
  g_return_if_fail (self != NULL && name != NULL && source != NULL);

  if (self->start != NULL && json_object_has_member (source, name))
    json_object_set_member (self->start, name,
                            json_node_copy (json_object_get_member (source, name)));
}

/* A shallow copy of the block as it was opened: members that are not known here go back too. */
static JsonObject *
copy_start (ScAnthropicBlock *self,
            const char       *type)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_set_string_member (copy, "type", type);
  if (self->start == NULL)
    return copy;
  json_object_iter_init_ordered (&iter, self->start);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_copy (value));
  return copy;
}

static JsonObject *
create_text (ScAnthropicBlock *self)
{
  JsonObject *object;

  if (self->text->len == 0)
    return NULL;
  object = copy_start (self, "text");
  json_object_set_string_member (object, "text", self->text->str);
  if (json_object_has_member (object, "citations"))
    json_object_remove_member (object, "citations");
  if (self->citations != NULL)
    json_object_set_array_member (object, "citations", json_array_ref (self->citations));
  return object;
}

static gboolean
is_signed (ScAnthropicBlock *self)
{
  return self->signature != NULL && *self->signature != '\0';
}

/* The text may be empty (`"display":"omitted"`), the signature may not. */
static JsonObject *
create_thinking (ScAnthropicBlock *self)
{
  JsonObject *object;

  if (!is_signed (self))
    return NULL;
  object = copy_start (self, "thinking");
  json_object_set_string_member (object, "thinking", self->text->str);
  json_object_set_string_member (object, "signature", self->signature);
  return object;
}

static JsonObject *
create_call (ScAnthropicBlock *self)
{
  JsonObject *object = copy_start (self, "tool_use");
  JsonObject *input = NULL;

  if (self->text->len > 0)
    {
      input = sc_json_parse_object (self->text->str, (gssize) self->text->len, NULL);
      /* What was cut is no object; the API wants one. */
      json_object_set_object_member (object, "input", input != NULL ? input : json_object_new ());
    }
  else if (sc_json_get_object (object, "input") == NULL)
    json_object_set_object_member (object, "input", json_object_new ());
  return object;
}

JsonObject *
sc_anthropic_block_to_json (ScAnthropicBlock *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case SC_ANTHROPIC_TEXT:
      return create_text (self);
    case SC_ANTHROPIC_THINKING:
      return create_thinking (self);
    case SC_ANTHROPIC_CALL:
    case SC_ANTHROPIC_SERVER_CALL:
      return create_call (self);
    case SC_ANTHROPIC_OPAQUE:
    default:
      return self->start != NULL ? json_object_ref (self->start) : NULL;
    }
}

gboolean
sc_anthropic_block_is_plain (ScAnthropicBlock *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  /* Reasoning that may not go back changes nothing. */
  if (self->kind == SC_ANTHROPIC_THINKING)
    return !is_signed (self);
  return self->kind == SC_ANTHROPIC_CALL ||
         (self->kind == SC_ANTHROPIC_TEXT && self->citations == NULL);
}

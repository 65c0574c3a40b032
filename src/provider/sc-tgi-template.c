/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation as one text (see sc_tgi_dup_inputs()). Must not know addresses and parameters. */

#include "config.h"

#include "sc-tgi.h"
#include "sc-error.h"
#include "sc-json.h"
#include "sc-request-parts.h"

#include <glib/gi18n.h>
#include <string.h>

/* @before, the role's word, @between, the text, @after; @last opens the answer. */
typedef struct
{
  const char *name;
  const char *words[4];
  const char *before;
  const char *between;
  const char *after;
  const char *last;
} Template;

/* Indexed by #ScRole. */
#define SMALL_WORDS { "system", "user", "assistant", "tool" }

static const Template templates[] = {
  { "plain", { "System", "User", "Assistant", "Tool" }, "", ": ", "\n\n", "Assistant:" },
  { "chatml", SMALL_WORDS, "<|im_start|>", "\n", "<|im_end|>\n", "<|im_start|>assistant\n" },
  { "llama3", SMALL_WORDS, "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>",
    "<|start_header_id|>assistant<|end_header_id|>\n\n" },
};

static void
add_piece (GString        *out,
           const Template *template,
           ScRole          role,
           const char     *text)
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (out, template->before);
  g_string_append (out, template->words[role]);
  g_string_append (out, template->between);
  g_string_append (out, text);
  g_string_append (out, template->after);
}

static const char *
get_name (const ScAttachment *attachment)
{
  return attachment->name != NULL && *attachment->name != '\0' ? attachment->name
                                                              : attachment->media_type;
}

static void
append_paragraph (GString    *text,
                  const char *paragraph)
{
  if (text->len > 0)
    g_string_append (text, "\n\n");
  g_string_append (text, paragraph);
}

/* Calls of tools, which another provider may have made earlier in the conversation, are told in
 * words: this API knows none. */
static GString *
create_text (const ScMessage  *message,
             GError          **error)
{
  g_autoptr (GString) text = g_string_new (message->text);

  for (guint i = 0; message->attachments != NULL && i < message->attachments->len; i++)
    {
      const ScAttachment *attachment = g_ptr_array_index (message->attachments, i);
      g_autofree char *content = NULL;

      if (!sc_request_parts_is_text (attachment))
        {
          g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                       _("“%s” cannot be sent: this provider takes text files only."),
                       get_name (attachment));
          return NULL;
        }
      content = sc_request_parts_dup_text (attachment);
      append_paragraph (text, content);
    }
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (message->tool_calls, i);
      g_autofree char *words = g_strdup_printf ("[%s %s]", call->name, call->arguments);

      append_paragraph (text, words);
    }
  return g_steal_pointer (&text);
}

static gboolean
add_messages (GString         *out,
              const Template  *template,
              GPtrArray       *messages,
              GError         **error)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const ScMessage *message = g_ptr_array_index (messages, i);
      g_autoptr (GString) text = create_text (message, error);

      if (text == NULL)
        return FALSE;
      add_piece (out, template, message->role, text->str);
    }
  return TRUE;
}

static char *
dup_last_text (GPtrArray  *messages,
               GError    **error)
{
  for (guint i = messages->len; i > 0; i--)
    {
      const ScMessage *message = g_ptr_array_index (messages, i - 1);

      if (message->role == SC_ROLE_USER)
        {
          GString *text = create_text (message, error);

          return text != NULL ? g_string_free (text, FALSE) : NULL;
        }
    }
  return g_strdup ("");
}

char *
sc_tgi_dup_inputs (const ScPrompt  *prompt,
                   GError         **error)
{
  JsonObject *parameters = NULL;
  const Template *template = NULL;
  const char *name;
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (prompt != NULL, NULL);

  if (prompt->parameters != NULL && JSON_NODE_HOLDS_OBJECT (prompt->parameters))
    parameters = json_node_get_object (prompt->parameters);
  name = sc_json_get_string (parameters, "chat_template");
  if (name == NULL || *name == '\0')
    name = templates[0].name;
  if (strcmp (name, "none") == 0)
    return dup_last_text (prompt->messages, error);
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    if (strcmp (name, templates[i].name) == 0)
      template = &templates[i];
  if (template == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   /* Translators: the four words in quotes stay as they are. */
                   _("There is no chat template “%s”. Choose “plain”, “chatml”, “llama3” or "
                     "“none”."), name);
      return NULL;
    }
  add_piece (out, template, SC_ROLE_SYSTEM, prompt->system);
  if (!add_messages (out, template, prompt->messages, error))
    return NULL;
  g_string_append (out, template->last);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

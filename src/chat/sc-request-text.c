/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The request of an answer as text.
 *
 * The protocol builds it with a placeholder instead of the key: the key itself is never there to be
 * forgotten. What else could be secret (the user's own headers, parts of the address, a key that was
 * pasted into a message) is hidden by sc-redact. */

#include "config.h"

#include "sc-request-text.h"

#include "sc-http.h"
#include "sc-json.h"
#include "sc-prompt.h"
#include "sc-protocol.h"
#include "sc-redact.h"

#include <glib/gi18n.h>
#include <string.h>

/* No character of it means anything to the shell, to a header or to JSON. */
#define PLACEHOLDER  "STREAM-CHAT-PLACEHOLDER-OF-THE-KEY"
#define KEY_VARIABLE "$STREAM_CHAT_API_KEY"

/* Longer strings of a body are shown by their start; the text of a long message still fits. */
#define STRING_MAX   (16 * 1024)
#define STRING_START 64

static char *
shorten (const char *text)
{
  glong n_chars = g_utf8_strlen (text, -1);
  g_autofree char *start = NULL;

  if (strlen (text) <= STRING_MAX)
    return NULL;
  start = g_utf8_substring (text, 0, MIN (STRING_START, n_chars));
  /* Translators: the start of a long text, and how many characters the whole of it has */
  return g_strdup_printf (ngettext ("%s… (%ld character)", "%s… (%ld characters)", (gulong) n_chars),
                          start, n_chars);
}

static void
shorten_strings (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      g_autofree char *text = shorten (json_node_get_string (node));

      if (text != NULL)
        json_node_set_string (node, text);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        shorten_strings (json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) members = json_object_get_values (json_node_get_object (node));

      for (GList *l = members; l != NULL; l = l->next)
        shorten_strings (l->data);
    }
}

static void
append_body (GString    *out,
             const char *body,
             gssize      length,
             const char *key)
{
  g_autoptr (JsonObject) object = sc_json_parse_object (body, length, NULL);
  g_autofree char *pretty = NULL;
  g_autofree char *clean = NULL;

  if (object != NULL)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

      shorten_strings (node);
      pretty = sc_json_to_string (node, TRUE);
    }
  else
    pretty = length < 0 ? g_utf8_make_valid (body, -1) : g_utf8_make_valid (body, length);
  clean = sc_redact_text (pretty, key);
  g_string_append_printf (out, "\n%s\n", clean);
}

/* A header's value without secrets; the placeholder is one, too. */
static char *
dup_value (const ScHttpHeader *header,
           const char         *key)
{
  if (sc_redact_is_secret_header (header->name) || strstr (header->value, PLACEHOLDER) != NULL)
    return g_strdup (SC_REDACTED);
  return sc_redact_text (header->value, key);
}

/* Addresses can hold the key in their path, too. */
static char *
dup_url (const ScHttpRequest *request,
         const char          *key)
{
  g_autofree char *url = sc_redact_url (request->url);

  return sc_redact_text (url, key);
}

static char *
create_text (const ScHttpRequest *request,
             GPtrArray           *opening,
             const char          *key)
{
  GString *out = g_string_new (NULL);
  g_autofree char *url = dup_url (request, key);

  g_string_append_printf (out, "%s %s\n", request->method, url);
  for (guint i = 0; i < request->headers->len; i++)
    {
      const ScHttpHeader *header = g_ptr_array_index (request->headers, i);
      g_autofree char *value = dup_value (header, key);

      g_string_append_printf (out, "%s: %s\n", header->name, value);
    }
  if (request->body != NULL)
    append_body (out, g_bytes_get_data (request->body, NULL),
                 (gssize) g_bytes_get_size (request->body), key);
  for (guint i = 0; opening != NULL && i < opening->len; i++)
    append_body (out, g_ptr_array_index (opening, i), -1, key);
  return g_string_free (out, FALSE);
}

/* The variable is read inside double quotes only; what else means something there is escaped. */
static void
append_key_header (GString            *out,
                   const ScHttpHeader *header)
{
  const char *placeholder = strstr (header->value, PLACEHOLDER);
  g_autofree char *line = g_strdup_printf ("%s: %.*s", header->name,
                                           (int) (placeholder - header->value), header->value);
  const char *rest = placeholder + strlen (PLACEHOLDER);

  g_string_append (out, " \\\n  -H \"");
  for (const char *at = line; *at != '\0'; at++)
    {
      if (strchr ("\"\\$`", *at) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
  g_string_append (out, KEY_VARIABLE);
  for (const char *at = rest; *at != '\0'; at++)
    {
      if (strchr ("\"\\$`", *at) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

static void
append_option (GString    *out,
               const char *option,
               const char *value)
{
  g_autofree char *quoted = g_shell_quote (value);

  g_string_append_printf (out, " \\\n  %s %s", option, quoted);
}

static char *
create_curl (const ScHttpRequest *request,
             const char          *key)
{
  GString *out = g_string_new ("curl");
  g_autofree char *url = dup_url (request, key);
  g_autofree char *quoted_url = g_shell_quote (url);

  if (request->is_stream)
    g_string_append (out, " --no-buffer");
  g_string_append_printf (out, " -X %s %s", request->method, quoted_url);
  for (guint i = 0; i < request->headers->len; i++)
    {
      const ScHttpHeader *header = g_ptr_array_index (request->headers, i);
      g_autofree char *value = dup_value (header, key);
      g_autofree char *line = g_strdup_printf ("%s: %s", header->name, value);

      if (strstr (header->value, PLACEHOLDER) != NULL)
        append_key_header (out, header);
      else
        append_option (out, "-H", line);
    }
  if (request->body != NULL)
    {
      g_autofree char *body = g_strndup (g_bytes_get_data (request->body, NULL),
                                         g_bytes_get_size (request->body));
      g_autofree char *clean = sc_redact_text (body, key);

      append_option (out, "--data-raw", clean);
    }
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

ScRequestText *
sc_request_text_new (ScConversation   *conversation,
                     ScTurn           *answer,
                     const ScProfile  *profile,
                     GError          **error)
{
  const ScProtocol *protocol;
  g_autoptr (ScProfile) keyless = NULL;
  g_autoptr (ScPrompt) prompt = NULL;
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GPtrArray) opening = NULL;
  g_autofree char *secrets = NULL;
  ScRequestText *self;

  g_return_val_if_fail (SC_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (SC_IS_TURN (answer), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  protocol = sc_protocol_find (profile->protocol);
  if (protocol == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("The protocol “%s” is not known."), profile->protocol);
      return NULL;
    }
  keyless = sc_profile_copy (profile);
  sc_profile_set (&keyless->key,
                  profile->key != NULL || !sc_profile_is_local (profile) ? PLACEHOLDER : NULL);
  prompt = sc_prompt_new_from_path (conversation, answer, keyless);
  request = protocol->build_request (keyless, prompt, error);
  if (request == NULL)
    return NULL;
  if (protocol->build_opening != NULL)
    {
      opening = protocol->build_opening (keyless, prompt, error);
      if (opening == NULL)
        return NULL;
    }

  self = g_new0 (ScRequestText, 1);
  secrets = sc_profile_dup_secrets (profile);
  self->text = create_text (request, opening, secrets);
  if (protocol->framing != SC_FRAMING_WEBSOCKET)
    self->curl = create_curl (request, secrets);
  explicit_bzero (secrets, strlen (secrets));
  return self;
}

void
sc_request_text_free (ScRequestText *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->curl);
  g_free (self);
}

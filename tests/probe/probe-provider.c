/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sc-probe decode and request: the providers' pure halves on text. */

#include "config.h"

#include "sc-probe.h"

#include "sc-http.h"
#include "sc-json.h"
#include "sc-protocol.h"
#include "sc-redact.h"
#include "sc-response-reader.h"
#include "sc-service.h"

/* Stands where a key would be, so that the request shows how it is sent; never printed. */
#define PROBE_KEY "sk-probe-0123456789abcdef"

gboolean
sc_probe_has_protocol (const char *protocol)
{
  return sc_protocol_find (protocol) != NULL;
}

static void
event_cb (const ScEvent *event,
          gpointer       user_data)
{
  sc_event_append_json (event, user_data);
}

static const char *
get_default_content_type (const ScProtocol *protocol)
{
  return protocol->framing == SC_FRAMING_SSE ? "text/event-stream" : "application/x-ndjson";
}

void
sc_probe_decode (const char           *input,
                 gsize                 length,
                 const ScProbeOptions *options,
                 GString              *out)
{
  const ScProtocol *protocol = sc_protocol_find (options->protocol);
  g_autoptr (ScResponseReader) reader = sc_response_reader_new (protocol, event_cb, out);
  gsize step = options->chunk > 0 ? options->chunk : MAX (length, 1);

  sc_response_reader_headers (reader, options->status,
                              options->content_type != NULL ? options->content_type
                                                            : get_default_content_type (protocol));
  for (gsize at = 0; at < length; at += step)
    sc_response_reader_feed (reader, input + at, MIN (step, length - at));
  sc_response_reader_end (reader, NULL);
}

/* The base URL of the vendor whose protocol it is. */
static const char *
get_default_base_url (const char *protocol)
{
  const ScService * const *services = sc_service_list ();

  for (guint i = 0; services[i] != NULL; i++)
    if (g_strcmp0 (services[i]->protocol, protocol) == 0 && *services[i]->base_url != '\0')
      return services[i]->base_url;
  return "https://api.openai.com/v1";
}

static char **
read_headers (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

/* Beside the prompt the input may name `base_url`, `key`, `api_version` and `headers` (lines). */
static ScProfile *
create_profile (JsonObject           *object,
                const ScProbeOptions *options)
{
  ScProfile *profile = sc_profile_new ("probe");
  const char *base_url = sc_json_get_string (object, "base_url");
  const char *key = sc_json_get_string (object, "key");

  sc_profile_set (&profile->protocol, options->protocol);
  sc_profile_set (&profile->base_url, base_url != NULL ? base_url : get_default_base_url (options->protocol));
  sc_profile_set (&profile->key, key != NULL ? key : PROBE_KEY);
  sc_profile_set (&profile->api_version, sc_json_get_string (object, "api_version"));
  profile->headers = read_headers (sc_json_get_array (object, "headers"));
  return profile;
}

static void
append_header (GString            *out,
               const ScHttpHeader *header,
               const char         *key)
{
  g_autofree char *value = sc_redact_text (header->value, key);

  /* "Bearer •••" keeps the scheme; a secret without one is hidden whole. */
  if (sc_redact_is_secret_header (header->name) && g_strcmp0 (value, header->value) == 0)
    {
      g_free (value);
      value = g_strdup (SC_REDACTED);
    }
  sc_json_append_quoted (out, header->name, -1);
  g_string_append_c (out, ':');
  sc_json_append_quoted (out, value, -1);
}

/* The messages of a WebSocket's opening stand where a request has its body. */
static void
append_body (GString       *out,
             ScHttpRequest *request,
             GPtrArray     *opening)
{
  gsize length = 0;
  const char *body = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;

  if (opening != NULL)
    {
      g_string_append_c (out, '[');
      for (guint i = 0; i < opening->len; i++)
        g_string_append_printf (out, "%s%s", i > 0 ? "," : "",
                                (const char *) g_ptr_array_index (opening, i));
      g_string_append_c (out, ']');
    }
  else if (length > 0)
    g_string_append_len (out, body, (gssize) length);
  else
    g_string_append (out, "null");
}

static void
append_request (GString         *out,
                ScHttpRequest   *request,
                GPtrArray       *opening,
                const ScProfile *profile)
{
  g_autofree char *redacted = sc_redact_url (request->url);
  g_autofree char *url = sc_redact_text (redacted, profile->key);

  g_string_append (out, "{\"method\":");
  sc_json_append_quoted (out, request->method, -1);
  g_string_append (out, ",\"url\":");
  sc_json_append_quoted (out, url, -1);
  g_string_append (out, ",\"headers\":{");
  for (guint i = 0; i < request->headers->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_header (out, g_ptr_array_index (request->headers, i), profile->key);
    }
  g_string_append (out, "},\"body\":");
  append_body (out, request, opening);
  g_string_append (out, "}\n");
}

static void
append_error (GString      *out,
              const GError *error)
{
  g_string_append (out, "{\"error\":");
  sc_json_append_quoted (out, error->message, -1);
  g_string_append (out, "}\n");
}

void
sc_probe_request (const char           *input,
                  gsize                 length,
                  const ScProbeOptions *options,
                  GString              *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = sc_json_parse (input, (gssize) length, &error);
  g_autoptr (ScPrompt) prompt = root != NULL ? sc_prompt_new_from_json (root, &error) : NULL;
  g_autoptr (ScProfile) profile = NULL;
  g_autoptr (ScHttpRequest) request = NULL;
  g_autoptr (GPtrArray) opening = NULL;
  const ScProtocol *protocol = sc_protocol_find (options->protocol);

  if (prompt != NULL)
    {
      profile = create_profile (json_node_get_object (root), options);
      request = protocol->build_request (profile, prompt, &error);
    }
  if (request != NULL && protocol->build_opening != NULL)
    opening = protocol->build_opening (profile, prompt, &error);
  if (error == NULL)
    append_request (out, request, opening, profile);
  else
    append_error (out, error);
}

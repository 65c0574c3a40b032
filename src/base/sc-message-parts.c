/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of a message's content as JSON, in the spelling of any service: text, and files as
 * base64 or as `data:` URL (RFC 2397). Fetches nothing: an address stays an address. */

#include "config.h"

#include "sc-message-private.h"

#include <string.h>

#include "sc-json.h"

/* Media types of `{"data":…,"format":"mp3"}`. */
static const struct
{
  const char *format;
  const char *media_type;
} audio_formats[] = {
  { "mp3", "audio/mpeg" },
  { "mpeg", "audio/mpeg" },
  { "wav", "audio/wav" },
  { "flac", "audio/flac" },
  { "ogg", "audio/ogg" },
};

static const char *
get_first_string (JsonObject         *object,
                  const char * const *names)
{
  for (; *names != NULL; names++)
    {
      const char *text = sc_json_get_string (object, *names);

      if (text != NULL && *text != '\0')
        return text;
    }
  return NULL;
}

static void
add_base64 (ScMessage  *message,
            const char *name,
            const char *media_type,
            const char *data)
{
  gsize length = 0;
  guchar *decoded = g_base64_decode (data, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (decoded, length);

  sc_message_add_attachment (message, name, media_type, bytes);
}

/* Returns FALSE if @url is an address on the network, or no URL. */
static gboolean
add_data_url (ScMessage  *message,
              const char *name,
              const char *url)
{
  const char *comma = strchr (url, ',');
  g_autofree char *header = NULL;
  g_autofree char *media_type = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (g_ascii_strncasecmp (url, "data:", 5) != 0 || comma == NULL)
    return FALSE;
  header = g_strndup (url + 5, (gsize) (comma - url - 5));
  media_type = g_strndup (header, strcspn (header, ";"));
  if (*media_type == '\0')
    media_type = (g_free (media_type), g_strdup ("text/plain"));
  if (g_str_has_suffix (header, ";base64"))
    {
      add_base64 (message, name, media_type, comma + 1);
      return TRUE;
    }
  bytes = g_uri_unescape_bytes (comma + 1, -1, NULL, NULL);
  if (bytes != NULL)
    sc_message_add_attachment (message, name, media_type, bytes);
  return TRUE;
}

/* What the sender meant by an address is not ours to fetch, but the model may know it. */
static void
add_url (ScMessage  *message,
         GString    *text,
         const char *name,
         const char *url)
{
  if (add_data_url (message, name, url))
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, url);
}

/* The object with the bytes: the part itself, or the one inside that each service names
 * differently. */
static JsonObject *
find_source (JsonObject *part)
{
  static const char *const names[] = { "source", "inlineData", "inline_data", "file",
                                       "input_audio", "image_url" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *source = sc_json_get_object (part, names[i]);

      if (source != NULL)
        return source;
    }
  return part;
}

static const char *
find_media_type (JsonObject *source)
{
  static const char *const names[] = { "media_type", "mimeType", "mime_type", NULL };
  const char *format = sc_json_get_string (source, "format");
  const char *media_type = get_first_string (source, names);

  for (guint i = 0; media_type == NULL && format != NULL && i < G_N_ELEMENTS (audio_formats); i++)
    if (strcmp (format, audio_formats[i].format) == 0)
      media_type = audio_formats[i].media_type;
  return media_type;
}

static void
read_file (ScMessage  *message,
           GString    *text,
           JsonObject *part)
{
  static const char *const urls[] = { "url", "image_url", "file_data", "document_url", NULL };
  static const char *const titles[] = { "name", "filename", "title", "document_name", NULL };
  JsonObject *source = find_source (part);
  const char *data = sc_json_get_string (source, "data");
  const char *media_type = find_media_type (source);
  const char *url = get_first_string (source, urls);
  const char *name = get_first_string (source, titles);

  if (name == NULL)
    name = get_first_string (part, titles);
  if (data != NULL && media_type != NULL &&
      g_strcmp0 (sc_json_get_string (source, "type"), "text") == 0)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (data, strlen (data));

      sc_message_add_attachment (message, name, media_type, bytes);
    }
  else if (data != NULL && media_type != NULL)
    add_base64 (message, name, media_type, data);
  else if (url != NULL)
    add_url (message, text, name, url);
}

void
sc_message_read_parts (ScMessage *message,
                       JsonArray *parts)
{
  g_autoptr (GString) text = g_string_new (message->text);
  guint n = json_array_get_length (parts);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (parts, i);
      JsonObject *part = sc_json_get_element_object (parts, i);
      const char *words = sc_json_get_string (part, "text");

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        words = json_node_get_string (node);
      if (words != NULL)
        g_string_append (text, words);
      else if (part != NULL)
        read_file (message, text, part);
    }
  g_free (message->text);
  message->text = g_strdup (text->str);
}

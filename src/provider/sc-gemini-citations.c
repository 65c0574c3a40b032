/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-gemini-citations.h. The service counts bytes of UTF-8 (protocols.md section 5); events
   count code points. */

#include "config.h"

#include "sc-gemini-citations.h"
#include "sc-json.h"

#include <string.h>

/* A known number of code points each so many bytes: a place is found without counting from the
   start. */
#define MARK_BYTES 1024

/* Text that is shown at a byte of the service's text without being part of it. */
typedef struct
{
  gsize  at;
  gint64 n_chars;
} Insertion;

struct _ScGeminiCitations
{
  GString    *text;
  GArray     *marks;
  GArray     *insertions;
  GHashTable *seen;
};

ScGeminiCitations *
sc_gemini_citations_new (void)
{
  ScGeminiCitations *self = g_new0 (ScGeminiCitations, 1);

  self->text = g_string_new (NULL);
  self->marks = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->insertions = g_array_new (FALSE, FALSE, sizeof (Insertion));
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sc_gemini_citations_free (ScGeminiCitations *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_array_unref (self->marks);
  g_array_unref (self->insertions);
  g_hash_table_unref (self->seen);
  g_free (self);
}

void
sc_gemini_citations_add_text (ScGeminiCitations *self,
                              const char        *text,
                              gboolean           is_counted)
{
  g_return_if_fail (self != NULL && text != NULL);

  if (is_counted)
    g_string_append (self->text, text);
  else
    {
      Insertion insertion = { self->text->len, g_utf8_strlen (text, -1) };

      g_array_append_val (self->insertions, insertion);
    }
}

/* Characters whose first byte stands in the range. */
static gint64
count_chars (const char *text,
             gsize       length)
{
  gint64 n = 0;

  for (gsize i = 0; i < length; i++)
    n += ((guchar) text[i] & 0xC0) != 0x80;
  return n;
}

static gint64
to_code_points (ScGeminiCitations *self,
                gint64             byte)
{
  gsize at;
  gint64 n;

  if (byte < 0)
    return -1;
  at = MIN ((gsize) byte, self->text->len);
  while (self->marks->len <= at / MARK_BYTES)
    {
      gsize done = self->marks->len * (gsize) MARK_BYTES;

      n = 0;
      if (done > 0)
        n = g_array_index (self->marks, gint64, self->marks->len - 1) +
            count_chars (self->text->str + done - MARK_BYTES, MARK_BYTES);
      g_array_append_val (self->marks, n);
    }
  n = g_array_index (self->marks, gint64, at / MARK_BYTES) +
      count_chars (self->text->str + at - at % MARK_BYTES, at % MARK_BYTES);
  for (guint i = 0; i < self->insertions->len; i++)
    {
      const Insertion *insertion = &g_array_index (self->insertions, Insertion, i);

      if (insertion->at > at)
        break;
      n += insertion->n_chars;
    }
  return n;
}

/* Metadata may come again with every chunk, grown or not. */
static void
emit_once (ScGeminiCitations *self,
           ScDecoder         *decoder,
           const char        *url,
           const char        *title,
           const char        *cited,
           gint64             start,
           gint64             end)
{
  g_autofree char *key = NULL;

  if (url == NULL && title == NULL)
    return;
  if (start < 0 || end < start)
    start = end = -1;
  key = g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, url != NULL ? url : "",
                         title != NULL ? title : "", start, end);
  if (g_hash_table_add (self->seen, g_steal_pointer (&key)))
    sc_decoder_emit_citation (decoder, url, title, cited, start, end);
}

/* What a chunk of grounding points at: a page, a document or a place. */
static JsonObject *
find_source (JsonObject *chunk)
{
  static const char *const kinds[] = { "web", "retrievedContext", "maps" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (sc_json_get_object (chunk, kinds[i]) != NULL)
      return sc_json_get_object (chunk, kinds[i]);
  return NULL;
}

static void
take_support (ScGeminiCitations *self,
              ScDecoder         *decoder,
              JsonObject        *support,
              JsonArray         *chunks,
              gboolean          *is_used)
{
  JsonObject *segment = sc_json_get_object (support, "segment");
  JsonArray *indices = sc_json_get_array (support, "groundingChunkIndices");
  guint n_chunks = json_array_get_length (chunks);
  guint n = indices != NULL ? json_array_get_length (indices) : 0;
  gint64 start = -1;
  gint64 end = -1;

  /* 0 is left out on the wire. */
  if (sc_json_get_int (segment, "endIndex", &end) &&
      !sc_json_get_int (segment, "startIndex", &start))
    start = 0;
  start = to_code_points (self, start);
  end = to_code_points (self, end);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (indices, i);
      gint64 index = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : -1;
      JsonObject *source;

      if (index < 0 || index >= (gint64) n_chunks)
        continue;
      is_used[index] = TRUE;
      source = find_source (sc_json_get_element_object (chunks, (guint) index));
      emit_once (self, decoder,
                 sc_json_get_string (source, "uri"), sc_json_get_string (source, "title"),
                 sc_json_get_string (segment, "text"), start, end);
    }
}

static void
take_grounding (ScGeminiCitations *self,
                ScDecoder         *decoder,
                JsonObject        *metadata)
{
  JsonArray *chunks = sc_json_get_array (metadata, "groundingChunks");
  JsonArray *supports = sc_json_get_array (metadata, "groundingSupports");
  guint n = chunks != NULL ? json_array_get_length (chunks) : 0;
  guint n_supports = chunks != NULL && supports != NULL ? json_array_get_length (supports) : 0;
  g_autofree gboolean *is_used = g_new0 (gboolean, n + 1);

  for (guint i = 0; i < n_supports; i++)
    if (sc_json_get_element_object (supports, i) != NULL)
      take_support (self, decoder, sc_json_get_element_object (supports, i), chunks, is_used);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *source = find_source (sc_json_get_element_object (chunks, i));

      if (!is_used[i])
        emit_once (self, decoder,
                   sc_json_get_string (source, "uri"), sc_json_get_string (source, "title"),
                   sc_json_get_string (source, "text"), -1, -1);
    }
}

static void
take_citations (ScGeminiCitations *self,
                ScDecoder         *decoder,
                JsonObject        *metadata)
{
  JsonArray *list = sc_json_get_array (metadata, "citations");
  guint n;

  if (list == NULL)
    list = sc_json_get_array (metadata, "citationSources");
  n = list != NULL ? json_array_get_length (list) : 0;
  for (guint i = 0; i < n; i++)
    {
      JsonObject *citation = sc_json_get_element_object (list, i);
      gint64 start = -1;
      gint64 end = -1;

      if (sc_json_get_int (citation, "endIndex", &end) &&
          !sc_json_get_int (citation, "startIndex", &start))
        start = 0;
      emit_once (self, decoder,
                 sc_json_get_string (citation, "uri"), sc_json_get_string (citation, "title"), NULL,
                 to_code_points (self, start), to_code_points (self, end));
    }
}

static void
take_urls (ScGeminiCitations *self,
           ScDecoder         *decoder,
           JsonObject        *metadata)
{
  JsonArray *list = sc_json_get_array (metadata, "urlMetadata");
  guint n = list != NULL ? json_array_get_length (list) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *url = sc_json_get_element_object (list, i);
      const char *status = sc_json_get_string (url, "urlRetrievalStatus");

      if (g_strcmp0 (status, "URL_RETRIEVAL_STATUS_SUCCESS") == 0)
        emit_once (self, decoder, sc_json_get_string (url, "retrievedUrl"), NULL, NULL, -1, -1);
    }
}

void
sc_gemini_citations_take (ScGeminiCitations *self,
                          ScDecoder         *decoder,
                          JsonObject        *candidate)
{
  JsonObject *grounding;
  JsonObject *citations;
  JsonObject *urls;

  g_return_if_fail (self != NULL && decoder != NULL);

  grounding = sc_json_get_object (candidate, "groundingMetadata");
  citations = sc_json_get_object (candidate, "citationMetadata");
  urls = sc_json_get_object (candidate, "urlContextMetadata");
  if (grounding != NULL)
    take_grounding (self, decoder, grounding);
  if (citations != NULL)
    take_citations (self, decoder, citations);
  if (urls != NULL)
    take_urls (self, decoder, urls);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every protocol takes, and that the rules and the request builders are of one mind: what is
 * taken can be built, what is refused cannot. */

#include "config.h"

#include "sc-attachment-rules.h"
#include "sc-http.h"

#include <string.h>

#define MB (1000 * 1000)

static const struct
{
  const char *protocol;
  const char *model;
  const char *taken;
  const char *converted;
  const char *refused;
} types[] = {
  { "openai-chat", NULL, "png jpeg webp gif pdf text wav mp3", "heic tiff bmp", "flac mp4 zip" },
  { "demo", NULL, "png pdf text", "tiff", "zip" },
  { "openai-responses", NULL, "png jpeg webp gif pdf text", "heic tiff bmp", "wav mp4 zip" },
  { "openai-responses-ws", NULL, "png jpeg webp gif pdf text", "heic tiff bmp", "wav mp4 zip" },
  { "openai-realtime", NULL, "png jpeg text", "webp gif heic tiff", "pdf wav mp4 zip" },
  { "anthropic", NULL, "png jpeg webp gif pdf text", "heic tiff bmp", "wav mp4 zip" },
  { "gemini", NULL, "png jpeg webp heic pdf text wav mp3 flac mp4", "gif tiff bmp", "zip" },
  { "vertex", "gemini-2.5-pro", "png heic pdf text wav mp4", "gif tiff", "zip" },
  { "vertex", "claude-sonnet-4-5@20250929", "png gif pdf text", "heic tiff", "wav mp4 zip" },
  { "mistral", NULL, "png jpeg webp gif pdf text wav mp3 flac", "heic tiff bmp", "mp4 zip" },
  { "cohere", NULL, "png jpeg webp gif text", "heic tiff bmp", "pdf wav mp4 zip" },
  { "ollama", NULL, "png jpeg webp text", "gif heic tiff", "pdf wav mp4 zip" },
  { "tgi", NULL, "text", "", "png jpeg tiff pdf wav mp4 zip" },
  { NULL, NULL, "png tiff pdf text zip", "", "" },
};

static const struct
{
  const char *word;
  const char *media_type;
} media_types[] = {
  { "png", "image/png" },       { "jpeg", "image/jpeg" },      { "webp", "image/webp" },
  { "gif", "image/gif" },       { "heic", "image/heic" },      { "tiff", "image/tiff" },
  { "bmp", "image/bmp" },       { "pdf", "application/pdf" },  { "text", "text/plain" },
  { "wav", "audio/x-wav" },     { "mp3", "audio/mpeg" },       { "flac", "audio/flac" },
  { "mp4", "video/mp4" },       { "zip", "application/zip" },
};

static const char *
get_media_type (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (media_types); i++)
    if (strcmp (media_types[i].word, word) == 0)
      return media_types[i].media_type;
  g_assert_not_reached ();
}

static gboolean
can_build (const char *protocol_id,
           const char *model,
           const char *media_type)
{
  const ScProtocol *protocol = sc_protocol_find (protocol_id);
  g_autoptr (ScProfile) profile = sc_profile_new ("p");
  g_autoptr (ScPrompt) prompt = sc_prompt_new (model != NULL ? model : "m");
  ScMessage *message = sc_message_new (SC_ROLE_USER, "what is it?");
  const char *content = g_str_has_prefix (media_type, "text/") ? "words" : "\x89\xff\x00\x01";
  g_autoptr (GBytes) bytes = g_bytes_new_static (content, 4);
  g_autoptr (GError) error = NULL;

  sc_profile_set (&profile->base_url, strcmp (protocol_id, "vertex") == 0
    ? "https://aiplatform.googleapis.com/v1/projects/p/locations/global" : "http://127.0.0.1:9");
  sc_message_add_attachment (message, "file", media_type, bytes);
  g_ptr_array_add (prompt->messages, message);
  if (protocol->build_opening != NULL)
    {
      g_autoptr (GPtrArray) opening = protocol->build_opening (profile, prompt, &error);

      return opening != NULL;
    }
  else
    {
      ScHttpRequest *request = protocol->build_request (profile, prompt, &error);
      gboolean built = request != NULL;

      g_clear_pointer (&request, sc_http_request_free);
      return built;
    }
}

static void
check_words (guint               row,
             const char         *words,
             ScAttachmentVerdict expected)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);
  ScAttachmentTarget target = { types[row].protocol, types[row].model, 0, 1 };

  for (guint i = 0; *words != '\0' && list[i] != NULL; i++)
    {
      const char *media_type = get_media_type (list[i]);
      ScAttachmentFacts facts = { "a file", media_type, 1000, 0, 0, strcmp (list[i], "text") == 0 };
      g_autofree char *reason = NULL;

      g_test_message ("%s: %s", types[row].protocol, list[i]);
      g_assert_cmpint (sc_attachment_rules_check (&target, &facts, &reason), ==, expected);
      if (expected == SC_ATTACHMENT_REFUSED)
        {
          g_assert_nonnull (strstr (reason, "“a file”"));
          g_assert_false (can_build (target.protocol, target.model, media_type));
        }
      else
        {
          g_assert_null (reason);
          if (expected == SC_ATTACHMENT_TAKEN && target.protocol != NULL)
            g_assert_true (can_build (target.protocol, target.model, media_type));
        }
    }
}

static void
test_types (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      check_words (i, types[i].taken, SC_ATTACHMENT_TAKEN);
      check_words (i, types[i].converted, SC_ATTACHMENT_CONVERTED);
      check_words (i, types[i].refused, SC_ATTACHMENT_REFUSED);
    }
}

/* No protocol is forgotten: the rules of an unknown one let everything through. */
static void
test_complete (void)
{
  const ScProtocol *const *protocols = sc_protocol_list ();

  for (guint i = 0; protocols[i] != NULL; i++)
    {
      ScAttachmentTarget target = { protocols[i]->id, "m", 0, 1 };
      ScAttachmentFacts facts = { "a.zip", "application/zip", 10, 0, 0, FALSE };
      g_autofree char *reason = NULL;

      g_test_message ("%s", protocols[i]->id);
      g_assert_cmpint (sc_attachment_rules_check (&target, &facts, &reason), ==,
                       SC_ATTACHMENT_REFUSED);
    }
}

static void
test_abilities (void)
{
  static const struct
  {
    guint               flags;
    const char         *media_type;
    ScAttachmentVerdict verdict;
  } cases[] = {
    { 0, "image/png", SC_ATTACHMENT_TAKEN },
    { SC_MODEL_TOOLS, "image/png", SC_ATTACHMENT_TAKEN },
    { SC_MODEL_FLAGS_KNOWN, "image/png", SC_ATTACHMENT_REFUSED },
    { SC_MODEL_FLAGS_KNOWN, "image/tiff", SC_ATTACHMENT_REFUSED },
    { SC_MODEL_FLAGS_KNOWN | SC_MODEL_AUDIO, "image/png", SC_ATTACHMENT_REFUSED },
    { SC_MODEL_FLAGS_KNOWN | SC_MODEL_VISION, "image/png", SC_ATTACHMENT_TAKEN },
    { SC_MODEL_FLAGS_KNOWN | SC_MODEL_VISION, "audio/mpeg", SC_ATTACHMENT_REFUSED },
    { SC_MODEL_FLAGS_KNOWN | SC_MODEL_AUDIO, "audio/mpeg", SC_ATTACHMENT_TAKEN },
    { 0, "audio/mpeg", SC_ATTACHMENT_TAKEN },
    { SC_MODEL_FLAGS_KNOWN, "application/pdf", SC_ATTACHMENT_TAKEN },
    { SC_MODEL_FLAGS_KNOWN, "text/x-csrc", SC_ATTACHMENT_TAKEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScAttachmentTarget target = { "openai-chat", "m", cases[i].flags, 1 };
      ScAttachmentFacts facts = { "f", cases[i].media_type, 10, 0, 0,
                                  g_str_has_prefix (cases[i].media_type, "text/") };
      g_autofree char *reason = NULL;

      g_test_message ("%u: %s", (guint) i, cases[i].media_type);
      g_assert_cmpint (sc_attachment_rules_check (&target, &facts, &reason), ==, cases[i].verdict);
      g_assert_true ((reason != NULL) == (cases[i].verdict == SC_ATTACHMENT_REFUSED));
    }
}

/* The sentence says what would be taken instead. */
static void
test_words (void)
{
  static const struct
  {
    const char *protocol;
    const char *media_type;
    const char *words;
  } cases[] = {
    { "openai-chat", "audio/flac", "sound as WAV and MP3" },
    { "openai-chat", "application/zip", "pictures, PDF, sound and text files" },
    { "openai-responses", "audio/flac", "takes pictures, PDF and text files" },
    { "openai-realtime", "application/pdf", "takes pictures and text files" },
    { "anthropic", "audio/flac", "JPEG, PNG, GIF and WebP pictures, PDF and text files" },
    { "gemini", "application/zip", "HEIC pictures, PDF, sound, films and text files" },
    { "mistral", "video/mp4", "GIF pictures, PDF, sound and text files" },
    { "cohere", "application/pdf", "WebP and GIF pictures and text files" },
    { "ollama", "application/pdf", "PNG, JPEG and WebP pictures and text files" },
    { "tgi", "image/png", "text files only" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScAttachmentTarget target = { cases[i].protocol, "m", 0, 1 };
      ScAttachmentFacts facts = { "f", cases[i].media_type, 10, 0, 0, FALSE };
      g_autofree char *reason = NULL;

      g_test_message ("%s: %s", cases[i].protocol, cases[i].media_type);
      sc_attachment_rules_check (&target, &facts, &reason);
      g_assert_nonnull (strstr (reason, cases[i].words));
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    const char         *protocol;
    const char         *media_type;
    guint64             n_bytes;
    guint               width;
    guint               n_pictures;
    ScAttachmentVerdict verdict;
  } cases[] = {
    { "anthropic", "image/png", 5 * 1024 * 1024 / 4 * 3, 8000, 1, SC_ATTACHMENT_TAKEN },
    { "anthropic", "image/png", 5 * 1024 * 1024 / 4 * 3 + 1, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "anthropic", "image/png", 1000, 8001, 1, SC_ATTACHMENT_CONVERTED },
    { "anthropic", "image/png", 1000, 2001, 20, SC_ATTACHMENT_TAKEN },
    { "anthropic", "image/png", 1000, 2001, 21, SC_ATTACHMENT_CONVERTED },
    { "anthropic", "image/png", 1000, 2000, 21, SC_ATTACHMENT_TAKEN },
    { "anthropic", "application/pdf", 20 * MB, 0, 0, SC_ATTACHMENT_TAKEN },
    { "anthropic", "application/pdf", 25 * MB, 0, 0, SC_ATTACHMENT_REFUSED },
    { "gemini", "image/png", 10 * MB, 9000, 1, SC_ATTACHMENT_TAKEN },
    { "gemini", "image/png", 16 * MB, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "gemini", "video/mp4", 16 * MB, 0, 0, SC_ATTACHMENT_REFUSED },
    { "vertex", "image/png", 8 * MB, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "mistral", "image/png", 11 * MB, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "mistral", "image/png", 10 * MB, 100, 1, SC_ATTACHMENT_TAKEN },
    { "cohere", "image/png", 15 * MB, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "openai-chat", "image/png", 30 * MB, 100, 1, SC_ATTACHMENT_TAKEN },
    { "openai-chat", "application/pdf", 40 * MB, 0, 0, SC_ATTACHMENT_REFUSED },
    { "openai-realtime", "image/png", 12 * MB, 100, 1, SC_ATTACHMENT_CONVERTED },
    { "ollama", "image/png", 90 * MB, 30000, 1, SC_ATTACHMENT_TAKEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScAttachmentTarget target = { cases[i].protocol, "m", 0, cases[i].n_pictures };
      ScAttachmentFacts facts = { "f", cases[i].media_type, cases[i].n_bytes, 50, cases[i].width,
                                  FALSE };
      g_autofree char *reason = NULL;

      g_test_message ("%u: %s %s", (guint) i, cases[i].protocol, cases[i].media_type);
      g_assert_cmpint (sc_attachment_rules_check (&target, &facts, &reason), ==, cases[i].verdict);
      if (cases[i].verdict == SC_ATTACHMENT_REFUSED)
        g_assert_nonnull (strstr (reason, "MB"));
    }
}

static void
test_request (void)
{
  static const struct
  {
    const char *protocol;
    guint       n_pictures;
    guint64     n_bytes;
    const char *words;
  } cases[] = {
    { "anthropic", 100, 20 * MB, NULL },     { "anthropic", 101, 20 * MB, "100 pictures" },
    { "anthropic", 1, 26 * MB, "together" }, { "mistral", 8, 1, NULL },
    { "mistral", 9, 1, "8 pictures" },       { "gemini", 3000, 14 * MB, NULL },
    { "gemini", 1, 15 * MB, "together" },    { "ollama", 1000, 400 * (guint64) MB, NULL },
    { "cohere", 21, 1, "20 pictures" },      { NULL, 1000, 400 * (guint64) MB, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScAttachmentTarget target = { cases[i].protocol, "m", 0, cases[i].n_pictures };
      g_autofree char *reason = NULL;
      gboolean fits = sc_attachment_rules_check_request (&target, "f", TRUE, cases[i].n_bytes,
                                                         &reason);

      g_test_message ("%u", (guint) i);
      g_assert_true (fits == (cases[i].words == NULL));
      if (cases[i].words != NULL)
        g_assert_nonnull (strstr (reason, cases[i].words));
      else
        g_assert_null (reason);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/provider/attachment-rules/types", test_types);
  g_test_add_func ("/provider/attachment-rules/complete", test_complete);
  g_test_add_func ("/provider/attachment-rules/abilities", test_abilities);
  g_test_add_func ("/provider/attachment-rules/words", test_words);
  g_test_add_func ("/provider/attachment-rules/sizes", test_sizes);
  g_test_add_func ("/provider/attachment-rules/request", test_request);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of what protocols take (protocols.md names the numbers of Anthropic and Gemini, the
 * others are the vendors' documentation as of 2026). A new protocol is a line in it. A limit that
 * nobody states is none: then the service has the last word. Must not know how a file is read. */

#include "config.h"

#include "sc-attachment-rules.h"

#include <glib/gi18n.h>
#include <string.h>

#define MIB (G_GUINT64_CONSTANT (1024) * 1024)

/* Base64 makes four bytes of three. */
#define FROM_BASE64(n) ((n) / 4 * 3)

/* What is left of a request for the words in it. */
#define WORDS_BYTES MIB

/* Anthropic: with more pictures than this in one request, earlier messages included, the longest
 * edge of each is limited further, and longer ones are refused instead of made smaller. */
#define ANTHROPIC_MANY_PICTURES 20
#define ANTHROPIC_MANY_EDGE     2000

typedef enum
{
  TAKES_TEXT,
  TAKES_PICTURES,
  TAKES_PICTURES_PDF,
  TAKES_PICTURES_PDF_SOUND,
  TAKES_ANTHROPIC,
  TAKES_COHERE,
  TAKES_GEMINI,
  TAKES_MISTRAL,
  TAKES_OLLAMA,
} Words;

typedef struct
{
  const char        *protocol;
  Words              words;
  const char *const *pictures;
  const char *const *sounds;
  gboolean           has_pdf;
  guint64            max_picture_bytes;
  guint              max_edge;
  guint              max_pictures;
  guint64            max_request_bytes;
} Rules;

static const char *const common_pictures[] = {
  "image/png", "image/jpeg", "image/webp", "image/gif", NULL,
};

static const char *const still_pictures[] = { "image/png", "image/jpeg", "image/webp", NULL };

static const char *const plain_pictures[] = { "image/png", "image/jpeg", NULL };

static const char *const gemini_pictures[] = {
  "image/png", "image/jpeg", "image/webp", "image/heic", "image/heif", NULL,
};

static const char *const openai_sounds[] = {
  "audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp3", NULL,
};

static const char *const mistral_sounds[] = {
  "audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp3", "audio/flac", "audio/ogg", NULL,
};

static const char *const gemini_sounds[] = {
  "audio/wav",  "audio/x-wav",     "audio/mpeg",     "audio/mp3",       "audio/aiff",
  "audio/aac",  "audio/ogg",       "audio/flac",     "audio/mp4",       "audio/webm",
  "video/mp4",  "video/mpeg",      "video/quicktime", "video/mov",      "video/avi",
  "video/x-msvideo", "video/x-flv", "video/mpg",     "video/webm",      "video/x-ms-wmv",
  "video/wmv",  "video/3gpp",      NULL,
};

static const Rules table[] = {
  { "openai-chat", TAKES_PICTURES_PDF_SOUND, common_pictures, openai_sounds, TRUE,
    0, 0, 500, 50 * MIB },
  { "openai-responses", TAKES_PICTURES_PDF, common_pictures, NULL, TRUE, 0, 0, 500, 50 * MIB },
  { "openai-responses-ws", TAKES_PICTURES_PDF, common_pictures, NULL, TRUE, 0, 0, 500, 50 * MIB },
  { "openai-realtime", TAKES_PICTURES, plain_pictures, NULL, FALSE, 0, 0, 0, 15 * MIB },
  /* The service counts the characters of the base64 text against its 5 MB, not the bytes. */
  { "anthropic", TAKES_ANTHROPIC, common_pictures, NULL, TRUE,
    FROM_BASE64 (5 * MIB), 8000, 100, 32 * MIB },
  { "gemini", TAKES_GEMINI, gemini_pictures, gemini_sounds, TRUE, 0, 0, 0, 20 * MIB },
  { "vertex", TAKES_GEMINI, gemini_pictures, gemini_sounds, TRUE, 7 * MIB, 0, 0, 20 * MIB },
  { "mistral", TAKES_MISTRAL, common_pictures, mistral_sounds, TRUE, 10 * MIB, 0, 8, 50 * MIB },
  { "cohere", TAKES_COHERE, common_pictures, NULL, FALSE, 0, 0, 20, 20 * MIB },
  { "ollama", TAKES_OLLAMA, still_pictures, NULL, FALSE, 0, 0, 0, 0 },
  { "tgi", TAKES_TEXT, NULL, NULL, FALSE, 0, 0, 0, 0 },
};

static const Rules *
find_rules (const char *protocol)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].protocol, protocol) == 0)
      return &table[i];
  return NULL;
}

/* Claude at Vertex AI is asked in Anthropic's words. */
static const Rules *
get_rules (const ScAttachmentTarget *target)
{
  const char *protocol = target->protocol;
  const char *model = target->model != NULL ? target->model : "";

  if (protocol == NULL)
    return NULL;
  if (strcmp (protocol, "demo") == 0)
    protocol = "openai-chat";
  if (strcmp (protocol, "vertex") == 0 &&
      (strstr (model, "claude") != NULL || strstr (model, "anthropic/") != NULL))
    protocol = "anthropic";
  return find_rules (protocol);
}

static char *
say_what_is_taken (Words       words,
                   const char *name)
{
  switch (words)
    {
    case TAKES_PICTURES:
      return g_strdup_printf (
        _("“%s” cannot be sent: this provider takes pictures and text files."), name);
    case TAKES_PICTURES_PDF:
      return g_strdup_printf (
        _("“%s” cannot be sent: this provider takes pictures, PDF and text files."), name);
    case TAKES_PICTURES_PDF_SOUND:
      return g_strdup_printf (
        _("“%s” cannot be sent: this provider takes pictures, PDF, sound and text files."), name);
    case TAKES_ANTHROPIC:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes JPEG, PNG, GIF and WebP "
                                "pictures, PDF and text files."), name);
    case TAKES_COHERE:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and GIF "
                                "pictures and text files."), name);
    case TAKES_GEMINI:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and HEIC "
                                "pictures, PDF, sound, films and text files."), name);
    case TAKES_MISTRAL:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes PNG, JPEG, WebP and GIF "
                                "pictures, PDF, sound and text files."), name);
    case TAKES_OLLAMA:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes PNG, JPEG and WebP "
                                "pictures and text files."), name);
    case TAKES_TEXT:
    default:
      return g_strdup_printf (_("“%s” cannot be sent: this provider takes text files only."), name);
    }
}

static guint64
get_room (const Rules *rules)
{
  return rules->max_request_bytes > 0 ? FROM_BASE64 (rules->max_request_bytes - WORDS_BYTES) : 0;
}

static char *
say_too_large (const char *name,
               guint64     n_bytes,
               guint64     max_bytes)
{
  g_autofree char *size = g_format_size (n_bytes);
  g_autofree char *most = g_format_size (max_bytes);

  /* Translators: the name of a file, its size and the limit, both like “5.2 MB” */
  return g_strdup_printf (_("“%s” cannot be sent: it has %s, and this provider takes up to %s."),
                          name, size, most);
}

static gboolean
is_known_unable (const ScAttachmentTarget *target,
                 ScModelFlags              ability)
{
  return (target->flags & SC_MODEL_FLAGS_KNOWN) != 0 && (target->flags & ability) == 0;
}

gboolean
sc_attachment_rules_is_picture (const char *media_type)
{
  g_return_val_if_fail (media_type != NULL, FALSE);

  return g_str_has_prefix (media_type, "image/") && strcmp (media_type, "image/svg+xml") != 0;
}

gboolean
sc_attachment_rules_get_picture_limits (const ScAttachmentTarget *target,
                                        ScPictureLimits          *limits)
{
  const Rules *rules;

  g_return_val_if_fail (target != NULL && limits != NULL, FALSE);

  rules = get_rules (target);
  if (rules == NULL)
    {
      *limits = (ScPictureLimits) { common_pictures, 0, 0 };
      return TRUE;
    }
  if (rules->pictures == NULL)
    return FALSE;
  limits->types = rules->pictures;
  limits->max_bytes = rules->max_picture_bytes > 0 ? rules->max_picture_bytes : get_room (rules);
  limits->max_edge = rules->max_edge;
  if (rules->words == TAKES_ANTHROPIC && target->n_pictures > ANTHROPIC_MANY_PICTURES)
    limits->max_edge = ANTHROPIC_MANY_EDGE;
  return TRUE;
}

static ScAttachmentVerdict
check_picture (const Rules              *rules,
               const ScAttachmentTarget *target,
               const ScAttachmentFacts  *facts,
               char                    **reason)
{
  ScPictureLimits limits;

  if (!sc_attachment_rules_get_picture_limits (target, &limits))
    {
      *reason = say_what_is_taken (rules->words, facts->name);
      return SC_ATTACHMENT_REFUSED;
    }
  if (is_known_unable (target, SC_MODEL_VISION))
    {
      *reason = g_strdup_printf (_("“%s” cannot be sent: this model cannot see pictures."),
                                 facts->name);
      return SC_ATTACHMENT_REFUSED;
    }
  if (!g_strv_contains (limits.types, facts->media_type) ||
      (limits.max_bytes > 0 && facts->n_bytes > limits.max_bytes) ||
      (limits.max_edge > 0 && MAX (facts->width, facts->height) > limits.max_edge))
    return SC_ATTACHMENT_CONVERTED;
  return SC_ATTACHMENT_TAKEN;
}

static ScAttachmentVerdict
check_sound (const ScAttachmentTarget *target,
             const ScAttachmentFacts  *facts,
             char                    **reason)
{
  if (!g_str_has_prefix (facts->media_type, "audio/") || !is_known_unable (target, SC_MODEL_AUDIO))
    return SC_ATTACHMENT_TAKEN;
  *reason = g_strdup_printf (_("“%s” cannot be sent: this model cannot hear sound."), facts->name);
  return SC_ATTACHMENT_REFUSED;
}

ScAttachmentVerdict
sc_attachment_rules_check (const ScAttachmentTarget *target,
                           const ScAttachmentFacts  *facts,
                           char                    **reason)
{
  const Rules *rules;
  ScAttachmentVerdict verdict = SC_ATTACHMENT_TAKEN;

  g_return_val_if_fail (target != NULL && facts != NULL && reason != NULL, SC_ATTACHMENT_REFUSED);
  g_return_val_if_fail (facts->media_type != NULL && facts->name != NULL, SC_ATTACHMENT_REFUSED);

  *reason = NULL;
  rules = get_rules (target);
  if (rules == NULL)
    return SC_ATTACHMENT_TAKEN;
  if (sc_attachment_rules_is_picture (facts->media_type))
    return check_picture (rules, target, facts, reason);
  if (rules->sounds != NULL && g_strv_contains (rules->sounds, facts->media_type))
    verdict = check_sound (target, facts, reason);
  else if (strcmp (facts->media_type, "application/pdf") == 0 ? !rules->has_pdf : !facts->is_text)
    {
      if (rules->sounds == openai_sounds && g_str_has_prefix (facts->media_type, "audio/"))
        *reason = g_strdup_printf (
          _("“%s” cannot be sent: this provider takes sound as WAV and MP3."), facts->name);
      else
        *reason = say_what_is_taken (rules->words, facts->name);
      return SC_ATTACHMENT_REFUSED;
    }
  if (verdict == SC_ATTACHMENT_TAKEN && get_room (rules) > 0 && facts->n_bytes > get_room (rules))
    {
      *reason = say_too_large (facts->name, facts->n_bytes, get_room (rules));
      return SC_ATTACHMENT_REFUSED;
    }
  return verdict;
}

gboolean
sc_attachment_rules_check_request (const ScAttachmentTarget *target,
                                   const char               *name,
                                   gboolean                  is_picture,
                                   guint64                   n_bytes,
                                   char                    **reason)
{
  const Rules *rules;

  g_return_val_if_fail (target != NULL && name != NULL && reason != NULL, FALSE);

  *reason = NULL;
  rules = get_rules (target);
  if (rules == NULL)
    return TRUE;
  if (is_picture && rules->max_pictures > 0 && target->n_pictures > rules->max_pictures)
    *reason = g_strdup_printf (
      /* Translators: the name of a file, then a number */
      ngettext ("“%s” cannot be sent: this provider takes up to %u picture in a conversation.",
                "“%s” cannot be sent: this provider takes up to %u pictures in a conversation.",
                rules->max_pictures),
      name, rules->max_pictures);
  else if (get_room (rules) > 0 && n_bytes > get_room (rules))
    {
      g_autofree char *most = g_format_size (get_room (rules));

      /* Translators: the name of a file, then a limit like “20 MB” */
      *reason = g_strdup_printf (_("“%s” cannot be sent: all files of the conversation together "
                                   "may have up to %s with this provider."), name, most);
    }
  return *reason == NULL;
}

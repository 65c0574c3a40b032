/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-token-estimate.h. Counted in quarters of a token. */

#include "config.h"

#include "sc-token-estimate.h"

#include "sc-json.h"

#include <string.h>

#define QUARTERS 4
#define ASCII_QUARTERS 1
#define LETTER_QUARTERS 2
#define IDEOGRAPH_QUARTERS 4

/* From here on scripts write a syllable or a word with a character (CJK radicals and all behind them). */
#define FIRST_IDEOGRAPH 0x2e80

/* What services count for the marks around a message, and for a picture of a million pixels. */
#define TOKENS_A_MESSAGE 4
#define TOKENS_A_PICTURE 1000

gint64
sc_token_estimate_text (const char *text,
                        gssize      length)
{
  const char *end;
  gint64 quarters = 0;

  if (text == NULL)
    return 0;
  end = text + (length >= 0 ? (gsize) length : strlen (text));
  while (text < end)
    {
      guchar first = (guchar) *text;

      /* The first byte of a character tells enough: what needs three bytes or more is taken for an ideograph unless it
       * stands before them. */
      if (first < 0x80)
        quarters += ASCII_QUARTERS;
      else if (first >= 0xc0 && first < 0xe2)
        quarters += LETTER_QUARTERS;
      else if (first >= 0xe2)
        quarters += g_utf8_get_char_validated (text, end - text) >= FIRST_IDEOGRAPH ?
                    IDEOGRAPH_QUARTERS : LETTER_QUARTERS;
      text++;
    }
  return (quarters + QUARTERS - 1) / QUARTERS;
}

static gint64
estimate_attachment (const ScAttachment *attachment)
{
  gsize length = 0;
  const char *bytes;

  if (attachment->media_type == NULL || !g_str_has_prefix (attachment->media_type, "text/") ||
      attachment->data == NULL)
    return TOKENS_A_PICTURE;
  bytes = g_bytes_get_data (attachment->data, &length);
  return sc_token_estimate_text (bytes, (gssize) length);
}

static gint64
estimate_message (const ScMessage *message)
{
  gint64 tokens = TOKENS_A_MESSAGE + sc_token_estimate_text (message->text, -1);

  for (guint i = 0; message->attachments != NULL && i < message->attachments->len; i++)
    tokens += estimate_attachment (g_ptr_array_index (message->attachments, i));
  for (guint i = 0; message->tool_calls != NULL && i < message->tool_calls->len; i++)
    {
      const ScToolCall *call = g_ptr_array_index (message->tool_calls, i);

      tokens += sc_token_estimate_text (call->name, -1) + sc_token_estimate_text (call->arguments, -1);
    }
  return tokens;
}

gint64
sc_token_estimate_prompt (const ScPrompt *prompt)
{
  g_autofree char *tools = NULL;
  gint64 tokens;

  g_return_val_if_fail (prompt != NULL, 0);

  tools = prompt->tools != NULL ? sc_json_to_string (prompt->tools, FALSE) : NULL;
  tokens = sc_token_estimate_text (prompt->system, -1) + sc_token_estimate_text (tools, -1);
  for (guint i = 0; i < prompt->messages->len; i++)
    tokens += estimate_message (g_ptr_array_index (prompt->messages, i));
  return tokens;
}

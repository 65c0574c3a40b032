/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The streaming tag matcher: a state, a count of matched characters, nothing is looked at twice.
 * Knows no protocol. */

#include "config.h"

#include "sc-think-matcher.h"

#include <string.h>

#define OPEN_TAG "<think>"
#define CLOSE_TAG "</think>"

/* White space before an opening tag; more than this is an answer of its own. */
#define MAX_BLANK_BYTES 256

enum
{
  STATE_START,
  STATE_REASONING,
  STATE_TEXT,
  STATE_PLAIN,
};

void
sc_think_matcher_init (ScThinkMatcher *self)
{
  memset (self, 0, sizeof *self);
  self->blank = g_string_new (NULL);
}

void
sc_think_matcher_clear (ScThinkMatcher *self)
{
  if (self->blank != NULL)
    g_string_free (self->blank, TRUE);
  self->blank = NULL;
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
send_length (void       (*func) (gpointer, const char *),
             gpointer     user_data,
             const char  *text,
             gsize        length)
{
  g_autofree char *piece = NULL;

  if (length == 0)
    return;
  if (text[length] == '\0')
    {
      func (user_data, text);
      return;
    }
  piece = g_strndup (text, length);
  func (user_data, piece);
}

/* Decides whether the answer begins with the opening tag. Returns what is left of the piece, NULL
 * if all of it is held back. */
static const char *
match_start (ScThinkMatcher     *self,
             const char         *piece,
             const ScThinkFuncs *funcs,
             gpointer            user_data)
{
  const char *tag = OPEN_TAG;
  const char *at = piece;

  while (self->n_matched == 0 && is_space (*at) && self->blank->len < MAX_BLANK_BYTES)
    g_string_append_c (self->blank, *at++);
  while (*at != '\0' && *at == tag[self->n_matched])
    {
      at++;
      self->n_matched++;
      if (tag[self->n_matched] == '\0')
        {
          self->state = STATE_REASONING;
          self->n_matched = 0;
          return at;
        }
    }
  if (*at == '\0')
    return NULL;
  self->state = STATE_TEXT;
  self->at_line_start = TRUE;
  if (self->blank->len > 0)
    funcs->text (user_data, self->blank->str);
  if (self->n_matched > 0)
    {
      /* The first character of both tags is the same: the closing one may stand here too. */
      g_autofree char *begun = g_strndup (tag, self->n_matched);

      self->n_matched = 0;
      sc_think_matcher_feed (self, begun, funcs, user_data);
    }
  return at;
}

/* Matches the closing tag in a piece. Returns what follows the tag, NULL if it did not end here. */
static const char *
match_close (ScThinkMatcher *self,
             const char     *piece,
             void          (*func) (gpointer, const char *),
             gpointer        user_data,
             gboolean        anywhere)
{
  const char *tag = CLOSE_TAG;
  const char *sent = piece;
  const char *at = piece;
  guint n_carried = self->n_matched;
  gsize n_held;

  for (; *at != '\0'; at++)
    {
      char c = *at;

      if (self->n_matched > 0 && c == tag[self->n_matched])
        {
          self->n_matched++;
          if (tag[self->n_matched] != '\0')
            continue;
          n_held = self->n_matched - n_carried - 1;
          send_length (func, user_data, sent, (gsize) (at - sent) - n_held);
          self->n_matched = 0;
          return at + 1;
        }
      if (n_carried > 0)
        send_length (func, user_data, tag, n_carried);
      n_carried = 0;
      self->n_matched = c == '<' && (anywhere || (self->at_line_start && !self->in_code)) ? 1 : 0;
      if (c == '`')
        self->in_code = !self->in_code;
      self->at_line_start =
        c == '\n' || c == '\r' || (self->at_line_start && (c == ' ' || c == '\t'));
    }
  n_held = self->n_matched - n_carried;
  send_length (func, user_data, sent, (gsize) (at - sent) - n_held);
  return NULL;
}

void
sc_think_matcher_feed (ScThinkMatcher     *self,
                       const char         *piece,
                       const ScThinkFuncs *funcs,
                       gpointer            user_data)
{
  const char *rest = piece;

  if (rest != NULL && *rest != '\0' && self->state == STATE_START)
    rest = match_start (self, rest, funcs, user_data);
  if (rest != NULL && *rest != '\0' && self->state == STATE_REASONING)
    {
      rest = match_close (self, rest, funcs->reasoning, user_data, TRUE);
      if (rest != NULL)
        self->state = STATE_PLAIN;
    }
  else if (rest != NULL && *rest != '\0' && self->state == STATE_TEXT)
    {
      rest = match_close (self, rest, funcs->text, user_data, FALSE);
      if (rest != NULL)
        {
          self->state = STATE_PLAIN;
          funcs->untagged (user_data);
        }
    }
  if (rest != NULL && *rest != '\0' && self->state == STATE_PLAIN)
    funcs->text (user_data, rest);
}

void
sc_think_matcher_finish (ScThinkMatcher     *self,
                         const ScThinkFuncs *funcs,
                         gpointer            user_data)
{
  if (self->state == STATE_START && self->blank->len > 0)
    funcs->text (user_data, self->blank->str);
  send_length (self->state == STATE_REASONING ? funcs->reasoning : funcs->text, user_data,
               self->state == STATE_START ? OPEN_TAG : CLOSE_TAG, self->n_matched);
  self->n_matched = 0;
  self->state = STATE_PLAIN;
}

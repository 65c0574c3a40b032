/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of JSON. Whether a line is JSON is for the decoder to say. */

#include "config.h"

#include "sc-ndjson-framer.h"

#include "sc-bare-json.h"
#include "sc-error.h"
#include "sc-line-cutter.h"
#include "sc-utf8.h"

#include <glib/gi18n.h>

struct _ScNdjsonFramer
{
  ScLineCutter cutter;
  GString     *line;    /* the line handed out, where it had to be copied */
  ScBareJson   bare;    /* a value over many lines, until it is complete */
  gboolean     is_over;
};

static gboolean
is_blank (const char *line,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
        return FALSE;
    }
  return TRUE;
}

/* Hands out a value that was printed over many lines, as servers do it with an error. */
static void
deliver_bare (ScNdjsonFramer *self,
              gboolean        unterminated,
              ScFrameFunc     func,
              gpointer        user_data)
{
  ScFrame frame = {
    .kind = SC_FRAME_BARE_JSON, .type = "message", .id = "", .unterminated = unterminated
  };

  sc_utf8_append_valid (self->line, self->bare.text->str, self->bare.text->len);
  frame.data = self->line->str;
  frame.length = self->line->len;
  sc_bare_json_clear (&self->bare);
  if (!func (&frame, user_data))
    self->is_over = TRUE;
  sc_line_buffer_empty (&self->line);
}

/* A bracket alone begins such a value: no line of JSON is only that. */
static gboolean
collect_line (ScNdjsonFramer *self,
              const char     *line,
              gsize           length,
              ScFrameFunc     func,
              gpointer        user_data)
{
  if (self->bare.text == NULL && (length != 1 || !sc_bare_json_is_start (line, length)))
    return FALSE;
  if (sc_bare_json_add_line (&self->bare, line, length))
    deliver_bare (self, FALSE, func, user_data);
  else if (self->bare.text->len > self->cutter.max_bytes)
    deliver_bare (self, TRUE, func, user_data);
  return TRUE;
}

/* A frame's data ends in a NUL, which the input does not: a line is copied unless the cutter has it
 * in its own memory to the end. */
static void
deliver_line (ScNdjsonFramer *self,
              const char     *line,
              gsize           length,
              gboolean        unterminated,
              ScFrameFunc     func,
              gpointer        user_data)
{
  ScFrame frame = {
    .kind = SC_FRAME_EVENT, .type = "message", .id = "", .unterminated = unterminated
  };
  gboolean has_cr = !unterminated && length > 0 && line[length - 1] == '\r';

  if (has_cr)
    length--;
  if (is_blank (line, length) || collect_line (self, line, length, func, user_data))
    return;

  if (self->cutter.is_pending_used && !has_cr && sc_utf8_count_valid (line, length) == length)
    {
      frame.data = line;
      frame.length = length;
    }
  else
    {
      sc_utf8_append_valid (self->line, line, length);
      frame.data = self->line->str;
      frame.length = self->line->len;
    }
  if (!func (&frame, user_data))
    self->is_over = TRUE;
  sc_line_buffer_empty (&self->line);
}

ScNdjsonFramer *
sc_ndjson_framer_new (gsize max_bytes)
{
  ScNdjsonFramer *self = g_new0 (ScNdjsonFramer, 1);

  sc_line_cutter_init (&self->cutter, FALSE, max_bytes > 0 ? max_bytes : SC_FRAME_MAX_BYTES);
  self->line = g_string_new (NULL);
  return self;
}

void
sc_ndjson_framer_free (ScNdjsonFramer *self)
{
  if (self == NULL)
    return;
  sc_line_cutter_clear (&self->cutter);
  sc_bare_json_clear (&self->bare);
  g_string_free (self->line, TRUE);
  g_free (self);
}

gboolean
sc_ndjson_framer_feed (ScNdjsonFramer  *self,
                       const char      *bytes,
                       gsize            length,
                       ScFrameFunc      func,
                       gpointer         user_data,
                       GError         **error)
{
  const char *line = NULL;
  gsize n_line = 0;
  ScLineResult result = SC_LINE_MORE;
  g_autofree char *size = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (self->is_over || length == 0)
    return TRUE;

  sc_line_cutter_begin (&self->cutter, bytes, length);
  while (!self->is_over &&
         (result = sc_line_cutter_next (&self->cutter, &line, &n_line)) == SC_LINE_READY)
    deliver_line (self, line, n_line, FALSE, func, user_data);
  if (result != SC_LINE_TOO_LONG)
    return TRUE;

  self->is_over = TRUE;
  size = g_format_size_full (self->cutter.max_bytes, G_FORMAT_SIZE_IEC_UNITS);
  /* Translators: %s is a size such as “64.0 MiB”. */
  g_set_error (error, SC_ERROR, SC_ERROR_PROTOCOL,
               _("The server sent one line of more than %s; the rest of the answer was not read."),
               size);
  return FALSE;
}

void
sc_ndjson_framer_finish (ScNdjsonFramer *self,
                         ScFrameFunc     func,
                         gpointer        user_data)
{
  const char *line = NULL;
  gsize length = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  if (self->is_over)
    return;
  self->is_over = TRUE;
  if (sc_line_cutter_finish (&self->cutter, &line, &length))
    deliver_line (self, line, length, TRUE, func, user_data);
  if (self->bare.text != NULL)
    deliver_bare (self, TRUE, func, user_data);
}

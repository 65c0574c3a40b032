/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The event stream interpretation of the HTML Living Standard, 9.2.6. Lines come from the cutter as
 * raw bytes (CR and LF are never part of a longer character) and UTF-8 is repaired event by event,
 * where it needs repair. */

#include "config.h"

#include "sc-sse-framer.h"

#include "sc-bare-json.h"
#include "sc-error.h"
#include "sc-line-cutter.h"
#include "sc-utf8.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ScSseFramer
{
  ScLineCutter cutter;
  ScBareJson   bare;
  GString     *data;       /* the event's data from data_start on, lines joined by LF */
  gsize        data_start;
  gboolean     has_data;   /* there was a data field: an event with empty data is an event */
  GString     *type;
  GString     *id;
  GString     *repaired;
  gint64       retry_ms;
  gboolean     is_over;

  ScFrameFunc  func;       /* during a call only */
  gpointer     user_data;
};

typedef enum
{
  FIELD_UNKNOWN,
  FIELD_DATA,
  FIELD_ERROR,
  FIELD_EVENT,
  FIELD_ID,
  FIELD_RETRY,
} Field;

static Field
name_to_field (const char *name,
               gsize       length)
{
  static const struct
  {
    const char *name;
    gsize       length;
    Field       field;
  } fields[] = {
    { "data", 4, FIELD_DATA },
    { "error", 5, FIELD_ERROR },
    { "event", 5, FIELD_EVENT },
    { "id", 2, FIELD_ID },
    { "retry", 5, FIELD_RETRY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (fields[i].length == length && memcmp (fields[i].name, name, length) == 0)
        return fields[i].field;
    }
  return FIELD_UNKNOWN;
}

static void
deliver (ScSseFramer *self,
         ScFrameKind  kind,
         const char  *type,
         const char  *data,
         gsize        length,
         gboolean     unterminated)
{
  ScFrame frame = {
    .kind = kind,
    .type = type,
    .data = data,
    .length = length,
    .id = self->id->str,
    .unterminated = unterminated,
  };

  if (length > 0 && sc_utf8_count_valid (data, length) < length)
    {
      g_string_truncate (self->repaired, 0);
      sc_utf8_append_valid (self->repaired, data, length);
      frame.data = self->repaired->str;
      frame.length = self->repaired->len;
    }
  if (!self->func (&frame, self->user_data))
    self->is_over = TRUE;
  if (frame.data == self->repaired->str)
    sc_line_buffer_empty (&self->repaired);
}

static const char *
get_type (ScSseFramer *self)
{
  return self->type->len > 0 ? self->type->str : "message";
}

/* 9.2.6, dispatch: without data only the type is reset; the id stays for the events to come. */
static void
dispatch_event (ScSseFramer *self,
                gboolean     unterminated)
{
  if (self->has_data)
    {
      deliver (self, SC_FRAME_EVENT, get_type (self), self->data->str + self->data_start,
               self->data->len - self->data_start, unterminated);
      sc_line_buffer_empty (&self->data);
      self->data_start = 0;
      self->has_data = FALSE;
    }
  g_string_truncate (self->type, 0);
}

static void
deliver_bare (ScSseFramer *self,
              gboolean     unterminated)
{
  if (self->bare.text == NULL)
    return;
  deliver (self, SC_FRAME_BARE_JSON, get_type (self), self->bare.text->str, self->bare.text->len,
           unterminated);
  sc_bare_json_clear (&self->bare);
}

static gboolean
set_too_long (ScSseFramer  *self,
              GError      **error)
{
  g_autofree char *size = g_format_size_full (self->cutter.max_bytes, G_FORMAT_SIZE_IEC_UNITS);

  self->is_over = TRUE;
  /* Translators: %s is a size such as “64.0 MiB”. */
  g_set_error (
      error, SC_ERROR, SC_ERROR_PROTOCOL,
      _("The server sent one event of more than %s; the rest of the answer was not read."), size);
  return FALSE;
}

/* The whole line is in the cutter's own memory when it came in several reads: a long line is then
 * taken with that memory instead of being copied. */
static gboolean
take_data (ScSseFramer  *self,
           const char   *value,
           gsize         length,
           GError      **error)
{
  gsize n_so_far = self->data->len - self->data_start;

  if (!self->has_data && self->cutter.is_pending_used)
    {
      self->data_start = (gsize) (value - self->cutter.pending->str);
      sc_line_cutter_swap_pending (&self->cutter, &self->data);
    }
  else
    {
      if (n_so_far + length >= self->cutter.max_bytes && self->has_data)
        return set_too_long (self, error);
      if (self->has_data)
        g_string_append_c (self->data, '\n');
      sc_line_buffer_append (self->data, value, length);
    }
  self->has_data = TRUE;
  return TRUE;
}

/* An event type with a NUL in it cannot be compared as a string of C: it must not look like a
 * shorter one. */
static void
take_type (ScSseFramer *self,
           const char  *value,
           gsize        length)
{
  const char *nul;

  g_string_truncate (self->type, 0);
  while (length > 0 && (nul = memchr (value, '\0', length)) != NULL)
    {
      sc_utf8_append_valid (self->type, value, (gsize) (nul - value));
      g_string_append (self->type, "\xef\xbf\xbd");
      length -= (gsize) (nul - value) + 1;
      value = nul + 1;
    }
  sc_utf8_append_valid (self->type, value, length);
}

static void
take_id (ScSseFramer *self,
         const char  *value,
         gsize        length)
{
  if (length > 0 && memchr (value, '\0', length) != NULL)
    return;
  g_string_truncate (self->id, 0);
  sc_utf8_append_valid (self->id, value, length);
}

static void
take_retry (ScSseFramer *self,
            const char  *value,
            gsize        length)
{
  gint64 ms = 0;

  if (length == 0)
    return;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return;
      ms = ms > G_MAXINT64 / 10 - 1 ? G_MAXINT64 : ms * 10 + (value[i] - '0');
    }
  self->retry_ms = ms;
}

/* Returns FALSE if the line is too much for the limit. */
static gboolean
take_bare_line (ScSseFramer  *self,
                const char   *line,
                gsize         length,
                GError      **error)
{
  if (self->bare.text != NULL && self->bare.text->len + length >= self->cutter.max_bytes)
    return set_too_long (self, error);
  if (sc_bare_json_add_line (&self->bare, line, length))
    deliver_bare (self, FALSE);
  return TRUE;
}

/* Older llama.cpp writes errors as a field of their own, `error: {…}`. */
static gboolean
take_error_field (ScSseFramer  *self,
                  const char   *value,
                  gsize         length,
                  GError      **error)
{
  deliver_bare (self, TRUE);
  if (self->is_over)
    return TRUE;
  return take_bare_line (self, value, length, error);
}

static gboolean
take_field (ScSseFramer  *self,
            const char   *line,
            gsize         length,
            GError      **error)
{
  const char *colon = memchr (line, ':', length);
  gsize n_name = colon != NULL ? (gsize) (colon - line) : length;
  const char *value = colon != NULL ? colon + 1 : line + length;
  gsize n_value = (gsize) (line + length - value);
  Field field = name_to_field (line, n_name);

  /* 9.2.6: one space after the colon is not part of the value; a line without colon has an empty
   * value. */
  if (n_value > 0 && *value == ' ')
    {
      value++;
      n_value--;
    }

  /* A line of JSON is never a known field: one ends what was being collected. */
  if (field != FIELD_UNKNOWN && field != FIELD_ERROR && self->bare.text != NULL)
    deliver_bare (self, TRUE);
  if (self->is_over)
    return TRUE;

  switch (field)
    {
    case FIELD_DATA:
      return take_data (self, value, n_value, error);
    case FIELD_EVENT:
      take_type (self, value, n_value);
      break;
    case FIELD_ID:
      take_id (self, value, n_value);
      break;
    case FIELD_RETRY:
      take_retry (self, value, n_value);
      break;
    case FIELD_ERROR:
      if (sc_bare_json_is_start (value, n_value))
        return take_error_field (self, value, n_value, error);
      break;
    case FIELD_UNKNOWN:
      if (self->bare.text != NULL || sc_bare_json_is_start (line, length))
        return take_bare_line (self, line, length, error);
      break;
    default:
      g_assert_not_reached ();
    }
  return TRUE;
}

static gboolean
take_line (ScSseFramer  *self,
           const char   *line,
           gsize         length,
           GError      **error)
{
  if (length == 0)
    dispatch_event (self, FALSE);
  else if (line[0] == ':')
    deliver (self, SC_FRAME_COMMENT, "message", "", 0, FALSE);
  else
    return take_field (self, line, length, error);
  return TRUE;
}

ScSseFramer *
sc_sse_framer_new (gsize max_bytes)
{
  ScSseFramer *self = g_new0 (ScSseFramer, 1);

  sc_line_cutter_init (&self->cutter, TRUE, max_bytes > 0 ? max_bytes : SC_FRAME_MAX_BYTES);
  self->data = g_string_new (NULL);
  self->type = g_string_new (NULL);
  self->id = g_string_new (NULL);
  self->repaired = g_string_new (NULL);
  self->retry_ms = -1;
  return self;
}

void
sc_sse_framer_free (ScSseFramer *self)
{
  if (self == NULL)
    return;
  sc_line_cutter_clear (&self->cutter);
  sc_bare_json_clear (&self->bare);
  g_string_free (self->data, TRUE);
  g_string_free (self->type, TRUE);
  g_string_free (self->id, TRUE);
  g_string_free (self->repaired, TRUE);
  g_free (self);
}

gboolean
sc_sse_framer_feed (ScSseFramer  *self,
                    const char   *bytes,
                    gsize         length,
                    ScFrameFunc   func,
                    gpointer      user_data,
                    GError      **error)
{
  const char *line = NULL;
  gsize n_line = 0;
  ScLineResult result = SC_LINE_MORE;
  gboolean is_fine = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (self->is_over || length == 0)
    return TRUE;

  self->func = func;
  self->user_data = user_data;
  sc_line_cutter_begin (&self->cutter, bytes, length);
  while (is_fine && !self->is_over &&
         (result = sc_line_cutter_next (&self->cutter, &line, &n_line)) == SC_LINE_READY)
    is_fine = take_line (self, line, n_line, error);
  if (result == SC_LINE_TOO_LONG)
    is_fine = set_too_long (self, error);
  self->func = NULL;
  self->user_data = NULL;
  return is_fine;
}

void
sc_sse_framer_finish (ScSseFramer *self,
                      ScFrameFunc  func,
                      gpointer     user_data)
{
  const char *line = NULL;
  gsize length = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  if (self->is_over)
    return;
  self->func = func;
  self->user_data = user_data;
  if (sc_line_cutter_finish (&self->cutter, &line, &length))
    take_line (self, line, length, NULL);
  if (!self->is_over)
    deliver_bare (self, TRUE);
  if (!self->is_over)
    dispatch_event (self, TRUE);
  self->is_over = TRUE;
  self->func = NULL;
  self->user_data = NULL;
}

gint64
sc_sse_framer_get_retry_ms (ScSseFramer *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->retry_ms;
}

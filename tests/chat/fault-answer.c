/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Puts the pieces of a dialect together as a row says. */

#include "config.h"

#include "fault-rows.h"

#include "raw-websocket.h"
#include "run-log.h"

#include <gio/gio.h>
#include <string.h>

#define ERROR_BODY "{\"error\":{\"message\":\"no, not with " CANARY_KEY "\"}}"
#define ODD_BODY   "{\"error\":{\"message\":\"n\xff" "o\"}}"
#define PAGE \
  "<html><head><title>Gate of " CANARY_KEY "</title></head><body>Sorry</body></html>"
#define N_GIANT_ERROR 10

gboolean
fault_row_is_for (const FaultRow     *self,
                  const FaultDialect *dialect)
{
  gboolean is_socket = dialect->content_type == NULL;

  if (is_socket && self->scope != FAULT_EVERYWHERE)
    return FALSE;
  if (strchr (self->recipe, 'f') != NULL && *dialect->finish == '\0')
    return FALSE;
  if (strchr (self->recipe, 'd') != NULL && *dialect->end == '\0')
    return FALSE;
  return TRUE;
}

static void
append_giant (GString *out)
{
  gsize length = out->len;

  g_string_set_size (out, length + FAULT_GIANT_BYTES);
  memset (out->str + length, 'x', FAULT_GIANT_BYTES);
}

void
fault_dialect_append (const FaultDialect *self,
                      const char         *piece,
                      GString            *out)
{
  g_auto (GStrv) lines = NULL;

  if (self->content_type != NULL)
    {
      g_string_append (out, piece);
      return;
    }
  lines = g_strsplit (piece, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (GBytes) frame = NULL;

      if (**line == '\0')
        continue;
      frame = raw_websocket_create_frame (0x81, *line, strlen (*line));
      g_string_append_len (out, g_bytes_get_data (frame, NULL), (gssize) g_bytes_get_size (frame));
    }
}

GBytes *
fault_dialect_create_beat (const FaultDialect *self)
{
  GString *beat = g_string_new (NULL);

  fault_dialect_append (self, self->beat, beat);
  return g_string_free_to_bytes (beat);
}

GBytes *
fault_dialect_create_whole_stream (const FaultDialect *self)
{
  static const FaultRow row = { "none", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "Half more" };

  return fault_row_create_answer (&row, self, "");
}

static void
append_with (GString            *out,
             const FaultDialect *dialect,
             const char         *piece,
             const char         *word,
             const char         *other)
{
  g_autoptr (GString) text = g_string_new (piece);
  g_autoptr (GString) stands = g_string_new (other);

  if (other != NULL)
    {
      if (stands->len == 0)
        append_giant (stands);
      g_string_replace (text, word, stands->str, 0);
    }
  fault_dialect_append (dialect, text->str, out);
}

static void
append_half_of_more (GString            *out,
                     const FaultDialect *dialect)
{
  g_autoptr (GString) more = g_string_new (NULL);

  fault_dialect_append (dialect, dialect->more, more);
  g_string_append_len (out, more->str, (gssize) more->len / 2);
}

/* As servers print an error for people. */
static void
append_over_lines (GString    *out,
                   const char *json)
{
  g_autoptr (GString) pretty = g_string_new (json);

  g_string_replace (pretty, "{", "{\n  ", 0);
  g_string_replace (pretty, ",", ",\n  ", 0);
  g_string_replace (pretty, "}", "\n}", 0);
  g_string_append_printf (out, "%s\n", pretty->str);
}

static void
append_piece (GString            *out,
              const FaultRow     *row,
              const FaultDialect *dialect,
              char                letter)
{
  switch (letter)
    {
    case 'h': append_with (out, dialect, dialect->half, "Half", row->half); break;
    case 'm': append_with (out, dialect, dialect->more, " more", row->more); break;
    case 'M':
      for (guint i = 0; i < FAULT_MANY; i++)
        fault_dialect_append (dialect, dialect->more, out);
      break;
    case '/': append_half_of_more (out, dialect); break;
    case 'c': fault_dialect_append (dialect, dialect->call, out); break;
    case 'f': fault_dialect_append (dialect, dialect->finish, out); break;
    case 'd': fault_dialect_append (dialect, dialect->end, out); break;
    case 'e':
      fault_dialect_append (dialect, dialect->finish, out);
      fault_dialect_append (dialect, dialect->end, out);
      break;
    case 'x': fault_dialect_append (dialect, dialect->failure, out); break;
    case 'b': fault_dialect_append (dialect, dialect->beat, out); break;
    case 'u': fault_dialect_append (dialect, dialect->junk, out); break;
    case 'k': fault_dialect_append (dialect, dialect->broken, out); break;
    case 'w': g_string_append (out, dialect->whole); break;
    case 'j': fault_dialect_append (dialect, dialect->failure_whole, out); break;
    case 'J': append_over_lines (out, dialect->failure_whole); break;
    case 'B': g_string_append (out, "\xEF\xBB\xBF"); break;
    case 'n': g_string_append (out, "\n\n \n"); break;
    case 'E': g_string_append (out, ERROR_BODY); break;
    case 'N': g_string_append (out, ODD_BODY); break;
    case 'P': g_string_append (out, PAGE); break;
    case 'Z': g_string_append_len (out, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8); break;
    case 'G':
      for (guint i = 0; i < N_GIANT_ERROR; i++)
        append_giant (out);
      break;
    case '-':
      while (out->str[out->len - 1] == '\n')
        g_string_truncate (out, out->len - 1);
      break;
    default: g_assert_not_reached ();
    }
}

/* With a flush where it is cut, as a server that streams does it. */
static void
pack (GString    *body,
      FaultScope  scope)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  gsize size = body->len + 1024;
  g_autofree char *packed = g_malloc (size);
  GConverterFlags flags =
    scope == FAULT_PACKED ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_FLUSH;
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize n_read = 0;
  gsize n_written = 0;

  while (result == G_CONVERTER_CONVERTED)
    {
      gsize n_in = 0;
      gsize n_out = 0;

      result = g_converter_convert (G_CONVERTER (compressor), body->str + n_read,
                                    body->len - n_read, packed + n_written, size - n_written, flags,
                                    &n_in, &n_out, NULL);
      n_read += n_in;
      n_written += n_out;
    }
  g_assert_cmpint (result, !=, G_CONVERTER_ERROR);
  g_string_truncate (body, 0);
  g_string_append_len (body, packed, (gssize) n_written);
}

static GString *
create_head (const FaultRow     *self,
             const FaultDialect *dialect,
             const char         *trap)
{
  GString *head = g_string_new (self->head);

  if (self->head == NULL && dialect->content_type != NULL)
    g_string_printf (head, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sConnection: close\r\n\r\n",
                     dialect->content_type,
                     self->scope >= FAULT_PACKED ? "Content-Encoding: gzip\r\n" : "");
  g_string_replace (head, "TRAP", trap, 0);
  return head;
}

GBytes *
fault_row_create_answer (const FaultRow     *self,
                         const FaultDialect *dialect,
                         const char         *trap)
{
  g_autoptr (GString) body = g_string_new (NULL);
  GString *answer = create_head (self, dialect, trap);

  for (const char *letter = self->recipe; *letter != '\0'; letter++)
    append_piece (body, self, dialect, *letter);
  if (self->line_end != NULL)
    g_string_replace (body, "\n", self->line_end, 0);
  if (self->scope >= FAULT_PACKED)
    pack (body, self->scope);
  g_string_append_len (answer, body->str, (gssize) body->len);
  return g_string_free_to_bytes (answer);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the end of a JSON document by its brackets. It does not check the JSON: the decoder parses
 * it. */

#include "config.h"

#include "sc-bare-json.h"

#include <string.h>

/* Inside a string a bracket is text, and so is a quotation mark after a backslash. */
static gboolean
scan_byte (ScBareJson *self,
           char        byte)
{
  if (self->is_in_string)
    {
      if (self->is_escaped)
        self->is_escaped = FALSE;
      else if (byte == '\\')
        self->is_escaped = TRUE;
      else if (byte == '"')
        self->is_in_string = FALSE;
      return FALSE;
    }
  if (byte == '"')
    self->is_in_string = TRUE;
  else if (byte == '{' || byte == '[')
    self->depth++;
  else if (byte == '}' || byte == ']')
    return --self->depth == 0;
  return FALSE;
}

gboolean
sc_bare_json_is_start (const char *text,
                       gsize       length)
{
  return length > 0 && (text[0] == '{' || text[0] == '[');
}

gboolean
sc_bare_json_add_line (ScBareJson *self,
                       const char *line,
                       gsize       length)
{
  gboolean is_complete = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->text == NULL)
    self->text = g_string_new (NULL);
  else
    g_string_append_c (self->text, '\n');
  g_string_append_len (self->text, line, (gssize) length);

  for (gsize i = 0; i < length && !is_complete; i++)
    is_complete = scan_byte (self, line[i]);
  return is_complete;
}

void
sc_bare_json_clear (ScBareJson *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  memset (self, 0, sizeof *self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes `--trace` lines. */

#include "config.h"

#include "sc-trace.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>

struct _ScTrace
{
  FILE    *file;
  GString *line;
};

static ScTrace *default_trace;

ScTrace *
sc_trace_open (const char  *path,
               GError     **error)
{
  ScTrace *self;
  FILE *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_fopen (path, "we");
  if (file == NULL)
    {
      int saved = errno;

      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved), "%s: %s", path,
                   g_strerror (saved));
      return NULL;
    }
  self = g_new0 (ScTrace, 1);
  self->file = file;
  self->line = g_string_sized_new (256);
  return self;
}

void
sc_trace_close (ScTrace *self)
{
  if (self == NULL)
    return;
  if (default_trace == self)
    default_trace = NULL;
  fclose (self->file);
  g_string_free (self->line, TRUE);
  g_free (self);
}

void
sc_trace_set_default (ScTrace *self)
{
  default_trace = self;
}

ScTrace *
sc_trace_get_default (void)
{
  return default_trace;
}

void
sc_trace_write (ScTrace    *self,
                const char *what,
                ...)
{
  va_list args;

  if (self == NULL)
    return;
  g_string_printf (self->line, "{\"t_us\":%" G_GINT64_FORMAT ",\"what\":\"%s\"",
                   g_get_monotonic_time (), what);
  va_start (args, what);
  for (const char *name = va_arg (args, const char *); name != NULL;
       name = va_arg (args, const char *))
    g_string_append_printf (self->line, ",\"%s\":%" G_GINT64_FORMAT, name, va_arg (args, gint64));
  va_end (args);
  g_string_append (self->line, "}\n");
  fwrite (self->line->str, 1, self->line->len, self->file);
  fflush (self->file);
}

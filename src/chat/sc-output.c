/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing to a terminal, a pipe or a file without ever waiting for it. The descriptor is shared
 * with other programs (the shell's terminal), so it must not be made non-blocking: it is asked
 * first, and gets no more than a pipe takes at once. */

#include "config.h"

#include "sc-output.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* POSIX: where a pipe is ready for writing, so many bytes do not block. */
#define WRITE_BYTES 4096

struct _ScOutput
{
  GString      *pending;
  gsize         offset;
  ScOutputFunc  drained;
  gpointer      user_data;
  guint         source;
  int           fd;
  int           error;
  gboolean      is_terminal;
};

static gboolean
is_control (gunichar c)
{
  return c != '\n' && c != '\t' && (c < 0x20 || (c >= 0x7f && c < 0xa0));
}

static gboolean
is_ready (ScOutput *self)
{
  struct pollfd pollfd = { .fd = self->fd, .events = POLLOUT };

  return poll (&pollfd, 1, 0) > 0;
}

static void
write_ready (ScOutput *self)
{
  while (self->error == 0 && self->offset < self->pending->len && is_ready (self))
    {
      gssize n = write (self->fd, self->pending->str + self->offset,
                        MIN (self->pending->len - self->offset, WRITE_BYTES));

      if (n > 0)
        self->offset += (gsize) n;
      else if (n < 0 && errno != EINTR && errno != EAGAIN)
        self->error = errno;
      else
        break;
    }
  if (self->error != 0 || self->offset == self->pending->len)
    {
      g_string_truncate (self->pending, 0);
      self->offset = 0;
    }
}

static gboolean
writable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  ScOutput *self = user_data;

  write_ready (self);
  if (self->pending->len > 0)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  self->drained (self->user_data);
  return G_SOURCE_REMOVE;
}

ScOutput *
sc_output_new (int          fd,
               ScOutputFunc drained,
               gpointer     user_data)
{
  ScOutput *self;

  g_return_val_if_fail (drained != NULL, NULL);

  self = g_new0 (ScOutput, 1);
  self->pending = g_string_new (NULL);
  self->fd = fd;
  self->drained = drained;
  self->user_data = user_data;
  self->is_terminal = isatty (fd);
  return self;
}

void
sc_output_free (ScOutput *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  g_string_free (self->pending, TRUE);
  g_free (self);
}

void
sc_output_append (ScOutput   *self,
                  const char *text,
                  gsize       length)
{
  g_return_if_fail (self != NULL);

  if (self->error == 0)
    g_string_append_len (self->pending, text, (gssize) length);
}

void
sc_output_append_safe (ScOutput   *self,
                       const char *text,
                       gsize       length)
{
  g_autofree char *safe = NULL;

  g_return_if_fail (self != NULL);

  if (!self->is_terminal)
    {
      sc_output_append (self, text, length);
      return;
    }
  safe = sc_output_create_safe (text, length);
  sc_output_append (self, safe, strlen (safe));
}

void
sc_output_flush (ScOutput *self)
{
  g_return_if_fail (self != NULL);

  write_ready (self);
  if (self->pending->len > 0 && self->source == 0)
    self->source = g_unix_fd_add (self->fd, G_IO_OUT | G_IO_ERR | G_IO_HUP, writable_cb, self);
}

gsize
sc_output_get_pending (ScOutput *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pending->len - self->offset;
}

int
sc_output_get_errno (ScOutput *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->error;
}

char *
sc_output_create_safe (const char *text,
                       gsize       length)
{
  GString *safe = g_string_sized_new (length);

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (safe, is_control (c) ? 0xfffd : c);
    }
  return g_string_free (safe, FALSE);
}

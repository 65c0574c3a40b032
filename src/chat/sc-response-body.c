/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-response-body.h. A process that answers all day must not hold all that came: the newest
 * bodies only, found through one queue. */

#include "config.h"

#include "sc-response-body.h"

#include "sc-redact.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ScResponseBody
{
  GList     link;
  char     *key;
  GString  *start;
  GString  *end;
  gsize     n_bytes;
  /* What is left of them after the end. */
  char     *text;
  gboolean  is_kept;
};

static GQueue newest = G_QUEUE_INIT;

static void
clear_bytes (ScResponseBody *self)
{
  g_string_truncate (self->start, 0);
  g_string_truncate (self->end, 0);
  if (self->key != NULL)
    explicit_bzero (self->key, strlen (self->key));
  g_clear_pointer (&self->key, g_free);
}

static void
drop (ScResponseBody *self)
{
  if (!self->is_kept)
    return;
  self->is_kept = FALSE;
  g_queue_unlink (&newest, &self->link);
  clear_bytes (self);
  g_clear_pointer (&self->text, g_free);
}

static void
append_clean (GString    *out,
              const char *bytes,
              gsize       length,
              const char *key)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize) length);
  g_autofree char *clean = sc_redact_text (valid, key);

  g_string_append (out, clean);
}

/* Without a gap the two are one text, and a key may lie across. */
static char *
create_whole_text (const ScResponseBody *self)
{
  GString *out = g_string_sized_new (self->n_bytes);
  g_autoptr (GString) whole = g_string_new_len (self->start->str, (gssize) self->start->len);

  g_string_append_len (whole, self->end->str, (gssize) self->end->len);
  append_clean (out, whole->str, whole->len, self->key);
  return g_string_free (out, FALSE);
}

/* Beside the gap a key may have been cut in two, which no search would find: so much of the text is
 * left out as well. */
static char *
create_text_with_gap (const ScResponseBody *self)
{
  GString *out = g_string_new (NULL);
  gsize margin = self->key != NULL ? MIN (strlen (self->key), SC_RESPONSE_BODY_PART) : 0;
  gsize n_start = self->start->len - margin;
  gsize n_end = MIN (self->end->len, SC_RESPONSE_BODY_PART) - margin;
  gulong n_left_out = (gulong) (self->n_bytes - n_start - n_end);

  append_clean (out, self->start->str, n_start, self->key);
  g_string_append (out, "\n\n");
  g_string_append_printf (out,
                          ngettext ("… %lu byte is left out …", "… %lu bytes are left out …",
                                    n_left_out),
                          n_left_out);
  g_string_append (out, "\n\n");
  append_clean (out, self->end->str + self->end->len - n_end, n_end, self->key);
  return g_string_free (out, FALSE);
}

ScResponseBody *
sc_response_body_new (const char *key)
{
  ScResponseBody *self = g_new0 (ScResponseBody, 1);

  self->key = g_strdup (key);
  self->start = g_string_new (NULL);
  self->end = g_string_new (NULL);
  self->is_kept = TRUE;
  self->link.data = self;
  g_queue_push_tail_link (&newest, &self->link);
  if (newest.length > SC_RESPONSE_BODY_KEPT)
    drop (g_queue_peek_head (&newest));
  return self;
}

void
sc_response_body_free (ScResponseBody *self)
{
  if (self == NULL)
    return;
  drop (self);
  g_string_free (self->start, TRUE);
  g_string_free (self->end, TRUE);
  g_free (self);
}

void
sc_response_body_append (ScResponseBody *self,
                         const char     *bytes,
                         gsize           length)
{
  gsize n;

  g_return_if_fail (self != NULL);

  if (!self->is_kept || self->text != NULL)
    return;
  self->n_bytes += length;
  n = MIN (length, SC_RESPONSE_BODY_PART - self->start->len);
  g_string_append_len (self->start, bytes, (gssize) n);
  g_string_append_len (self->end, bytes + n, (gssize) (length - n));
  /* Moved once for each time that as much came as is kept. */
  if (self->end->len > 2 * SC_RESPONSE_BODY_PART)
    g_string_erase (self->end, 0, (gssize) (self->end->len - SC_RESPONSE_BODY_PART));
}

void
sc_response_body_seal (ScResponseBody *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    return;
  self->text = sc_response_body_dup_text (self);
  clear_bytes (self);
}

char *
sc_response_body_dup_text (const ScResponseBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->text != NULL)
    return g_strdup (self->text);
  if (!self->is_kept || self->n_bytes == 0)
    return NULL;
  return self->n_bytes > 2 * SC_RESPONSE_BODY_PART ? create_text_with_gap (self)
                                                   : create_whole_text (self);
}

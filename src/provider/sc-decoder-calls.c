/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tool calls of all decoders: they open in any order, grow by pieces, and complete once. Knows no field name of any
 * service. */

#include "config.h"

#include "sc-decoder-private.h"
#include "sc-surrogates.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  gint64     slot;
  int        index;
  char      *id;
  char      *name;
  GString   *arguments;
  gsize      n_sent;
  gunichar2  held;
  gboolean   is_dropped;
} Call;

void
sc_decoder_call_free (gpointer data)
{
  Call *call = data;

  g_free (call->id);
  g_free (call->name);
  g_string_free (call->arguments, TRUE);
  g_free (call);
}

static Call *
find_call (ScDecoder *self,
           gint64     slot)
{
  return g_hash_table_lookup (self->slots, &slot);
}

static Call *
ensure_call (ScDecoder *self,
             gint64     slot)
{
  Call *call = find_call (self, slot);

  if (call == NULL)
    {
      call = g_new0 (Call, 1);
      call->slot = slot;
      call->index = -1;
      call->arguments = g_string_new (NULL);
      g_ptr_array_add (self->calls, call);
      g_hash_table_replace (self->slots, &call->slot, call);
    }
  return call;
}

/* A call is told of once its name is known; its arguments so far follow at once. */
static void
announce_call (ScDecoder *self,
               Call      *call)
{
  ScEvent event = { .kind = SC_EVENT_TOOL_BEGIN, .start = -1, .end = -1 };

  if (call->name == NULL)
    return;
  if (call->index < 0)
    {
      call->index = self->n_begun++;
      event.index = call->index;
      event.id = call->id;
      event.name = call->name;
      sc_decoder_emit (self, &event);
    }
  if (call->arguments->len > call->n_sent)
    {
      event.kind = SC_EVENT_TOOL_ARGUMENTS;
      event.index = call->index;
      event.id = call->id;
      event.name = call->name;
      event.text = call->arguments->str + call->n_sent;
      event.length = call->arguments->len - call->n_sent;
      call->n_sent = call->arguments->len;
      sc_decoder_emit (self, &event);
    }
}

void
sc_decoder_open_call (ScDecoder  *self,
                      gint64      slot,
                      const char *id,
                      const char *name)
{
  Call *call;

  g_return_if_fail (self != NULL);

  if (self->is_done)
    return;
  call = ensure_call (self, slot);
  if (call->id == NULL && id != NULL && *id != '\0')
    call->id = sc_decoder_dup_joined (self, id);
  if (call->name == NULL && name != NULL && *name != '\0')
    call->name = sc_decoder_dup_joined (self, name);
  announce_call (self, call);
}

void
sc_decoder_add_arguments (ScDecoder  *self,
                          gint64      slot,
                          const char *text,
                          gboolean    whole)
{
  Call *call;

  g_return_if_fail (self != NULL);

  if (self->is_done || text == NULL)
    return;
  call = ensure_call (self, slot);
  if (whole)
    {
      g_string_truncate (call->arguments, 0);
      call->held = 0;
    }
  if (self->has_marks || call->held != 0)
    {
      g_autofree char *joined = sc_surrogates_join (text, &call->held);

      g_string_append (call->arguments, joined);
    }
  else
    g_string_append (call->arguments, text);
  announce_call (self, call);
}

const char *
sc_decoder_get_call_id (ScDecoder *self,
                        gint64     slot)
{
  Call *call;

  g_return_val_if_fail (self != NULL, NULL);

  call = find_call (self, slot);
  if (call == NULL)
    return NULL;
  return call->id != NULL ? call->id : "";
}

const char *
sc_decoder_get_call_name (ScDecoder *self,
                          gint64     slot)
{
  Call *call;

  g_return_val_if_fail (self != NULL, NULL);

  call = find_call (self, slot);
  return call != NULL ? call->name : NULL;
}

const char *
sc_decoder_get_call_arguments (ScDecoder *self,
                               gint64     slot)
{
  Call *call;

  g_return_val_if_fail (self != NULL, NULL);

  call = find_call (self, slot);
  return call != NULL ? call->arguments->str : NULL;
}

void
sc_decoder_renew_call (ScDecoder *self,
                       gint64     slot)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove (self->slots, &slot);
}

void
sc_decoder_drop_call (ScDecoder *self,
                      gint64     slot)
{
  Call *call;

  g_return_if_fail (self != NULL);

  call = find_call (self, slot);
  if (call != NULL)
    call->is_dropped = TRUE;
}

/* Services that send no id get one made from the call itself: the same frames give the same
 * events. */
static char *
make_call_id (ScDecoder  *self,
              const Call *call)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *number = g_strdup_printf ("%d", call->index);

  g_checksum_update (sum, (const guchar *) (self->response_id != NULL ? self->response_id : ""),
                     -1);
  g_checksum_update (sum, (const guchar *) number, -1);
  g_checksum_update (sum, (const guchar *) call->name, -1);
  g_checksum_update (sum, (const guchar *) call->arguments->str, (gssize) call->arguments->len);
  return g_strdup_printf ("call_%.24s", g_checksum_get_string (sum));
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\n\r")] == '\0';
}

static void
complete_call (ScDecoder *self,
               Call      *call)
{
  ScEvent event = { .kind = SC_EVENT_TOOL_END, .start = -1, .end = -1 };

  if (call->held != 0)
    g_string_append (call->arguments, SC_DECODER_REPLACEMENT);
  call->held = 0;
  if (call->id == NULL)
    call->id = make_call_id (self, call);
  if (is_blank (call->arguments->str))
    g_string_assign (call->arguments, "{}");
  event.index = call->index;
  event.id = call->id;
  event.name = call->name;
  event.text = call->arguments->str;
  event.length = call->arguments->len;
  sc_decoder_emit (self, &event);
}

/* In the order they were announced, whatever the order of their slots. */
int
sc_decoder_complete_calls (ScDecoder *self)
{
  g_autofree Call **ordered = g_new0 (Call *, self->n_begun + 1);
  int n_complete = 0;

  for (guint i = 0; i < self->calls->len; i++)
    {
      Call *call = g_ptr_array_index (self->calls, i);

      if (call->is_dropped)
        continue;
      if (call->index >= 0)
        ordered[call->index] = call;
      else
        sc_decoder_emit_notice (self, "tool-without-name",
                                _("The model called a tool without naming it."));
    }
  for (int i = 0; i < self->n_begun; i++)
    if (ordered[i] != NULL)
      {
        complete_call (self, ordered[i]);
        n_complete++;
      }
  return n_complete;
}

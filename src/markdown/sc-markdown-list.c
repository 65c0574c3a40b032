/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of blocks and what the view has to be told about it. Every change of the list is noted where it happens, so
 * that a flush costs what changed, not what is there. */

#include "config.h"

#include "sc-markdown-private.h"

void
sc_markdown_list_init (ScMarkdownList *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_markdown_entry_free);
  self->touched = g_array_new (FALSE, FALSE, sizeof (guint));
  self->changes = g_array_new (FALSE, FALSE, sizeof (ScMarkdownChange));
  self->n_shown = 0;
}

void
sc_markdown_list_clear (ScMarkdownList *self)
{
  g_ptr_array_unref (self->entries);
  g_array_unref (self->touched);
  g_array_unref (self->changes);
}

ScMarkdownEntry *
sc_markdown_list_get (ScMarkdownList *self,
                      guint           index)
{
  return self->entries->pdata[index];
}

void
sc_markdown_list_push (ScMarkdownList  *self,
                       ScMarkdownEntry *entry)
{
  guint index = self->entries->len;

  entry->touch = SC_MARKDOWN_UNTOUCHED;
  g_ptr_array_add (self->entries, entry);
  if (index < self->n_shown)
    sc_markdown_list_touch (self, index, SC_MARKDOWN_REPLACED, 0, 0);
}

void
sc_markdown_list_truncate (ScMarkdownList *self,
                           guint           length)
{
  if (length < self->entries->len)
    g_ptr_array_set_size (self->entries, (int) length);
}

void
sc_markdown_list_touch (ScMarkdownList  *self,
                        guint            index,
                        ScMarkdownTouch  touch,
                        guint            keep_bytes,
                        guint            keep_rows)
{
  ScMarkdownEntry *entry = self->entries->pdata[index];

  if (index >= self->n_shown)
    return;
  if (entry->touch == SC_MARKDOWN_UNTOUCHED)
    {
      g_array_append_val (self->touched, index);
      entry->keep_bytes = G_MAXUINT;
      entry->keep_rows = G_MAXUINT;
    }
  entry->touch = MAX (entry->touch, touch);
  if (touch >= SC_MARKDOWN_EDITED)
    {
      entry->keep_bytes = MIN (entry->keep_bytes, keep_bytes);
      entry->keep_rows = MIN (entry->keep_rows, keep_rows);
    }
}

void
sc_markdown_list_replace (ScMarkdownList  *self,
                          guint            index,
                          ScMarkdownEntry *entry)
{
  ScMarkdownEntry *old = self->entries->pdata[index];

  entry->touch = old->touch;
  entry->keep_bytes = old->keep_bytes;
  entry->keep_rows = old->keep_rows;
  self->entries->pdata[index] = entry;
  if (!sc_markdown_entry_same_fields (old, entry))
    sc_markdown_list_touch (self, index, SC_MARKDOWN_REPLACED, 0, 0);
  else if (!sc_markdown_entry_equal (old, entry))
    sc_markdown_list_touch (self, index, SC_MARKDOWN_EDITED,
                            sc_markdown_text_compare (&old->block.content, &entry->block.content),
                            sc_markdown_entry_same_rows (old, entry));
  else if (old->block.is_closed != entry->block.is_closed)
    sc_markdown_list_touch (self, index, SC_MARKDOWN_CLOSED, 0, 0);
  sc_markdown_entry_free (old);
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const guint *first = a;
  const guint *second = b;

  return (*first > *second) - (*first < *second);
}

static void
add_change (ScMarkdownList *self,
            guint           position,
            guint           n_removed,
            guint           n_inserted,
            guint           keep_bytes,
            guint           keep_rows)
{
  ScMarkdownChange change = { position, n_removed, n_inserted, keep_bytes, keep_rows };

  g_array_append_val (self->changes, change);
}

static void
report_touched (ScMarkdownList *self,
                guint           index)
{
  ScMarkdownEntry *entry = self->entries->pdata[index];

  switch (entry->touch)
    {
    case SC_MARKDOWN_CLOSED:
      add_change (self, index, 1, 1, G_MAXUINT, G_MAXUINT);
      break;
    case SC_MARKDOWN_EDITED:
      add_change (self, index, 1, 1, entry->block.rows != NULL ? 0 : entry->keep_bytes,
                  entry->block.rows != NULL ? entry->keep_rows : 0);
      break;
    case SC_MARKDOWN_REPLACED:
      add_change (self, index, 1, 1, 0, 0);
      break;
    case SC_MARKDOWN_UNTOUCHED:
    default:
      break;
    }
  entry->touch = SC_MARKDOWN_UNTOUCHED;
}

void
sc_markdown_list_flush (ScMarkdownList *self)
{
  guint length = self->entries->len;
  guint i;

  if (self->touched->len > 1)
    g_array_sort (self->touched, compare_positions);
  for (i = 0; i < self->touched->len; i++)
    {
      guint index = g_array_index (self->touched, guint, i);

      if (index < length)
        report_touched (self, index);
    }
  g_array_set_size (self->touched, 0);
  if (length != self->n_shown)
    add_change (self, MIN (length, self->n_shown),
                self->n_shown > length ? self->n_shown - length : 0,
                length > self->n_shown ? length - self->n_shown : 0, 0, 0);
  self->n_shown = length;
}

static void
accept_equal (ScMarkdownList  *self,
              guint            index,
              ScMarkdownEntry *truth)
{
  ScMarkdownEntry *entry = self->entries->pdata[index];

  if (entry->block.is_closed != truth->block.is_closed)
    {
      entry->block.is_closed = truth->block.is_closed;
      sc_markdown_list_touch (self, index, SC_MARKDOWN_CLOSED, 0, 0);
    }
  sc_markdown_entry_free (truth);
}

/* Says again what was said, where it stands after @n_removed blocks at @position became @n_inserted. */
static void
repeat_changes (ScMarkdownList *self,
                const GArray   *changes,
                guint           position,
                guint           n_removed,
                guint           n_inserted)
{
  guint i;

  for (i = 0; i < changes->len; i++)
    {
      ScMarkdownChange change = g_array_index (changes, ScMarkdownChange, i);

      if (change.position >= position && change.position < position + n_removed)
        continue;
      if (change.position >= position)
        change.position = change.position - n_removed + n_inserted;
      g_array_append_val (self->changes, change);
    }
}

/* Puts @n_inserted blocks of @truth from @from on where @n_removed stand. A view reads blocks from the list as it is at
 * last, so that this splice has to come before the changes of single blocks, and where the list has grown or shrunk in
 * this update already, one splice has to say it all. */
static void
splice_entries (ScMarkdownList *self,
                guint           position,
                guint           n_removed,
                GPtrArray      *truth,
                guint           from,
                guint           n_inserted)
{
  g_autoptr (GArray) said = g_array_copy (self->changes);
  gboolean was_same = self->n_before == self->entries->len;
  guint i;

  if (n_removed > 0)
    g_ptr_array_remove_range (self->entries, position, n_removed);
  for (i = 0; i < n_inserted; i++)
    g_ptr_array_insert (self->entries, (int) (position + i),
                        g_steal_pointer (&truth->pdata[from + i]));
  self->n_shown = self->entries->len;
  g_array_set_size (self->changes, 0);
  if (was_same)
    {
      add_change (self, position, n_removed, n_inserted, 0, 0);
      repeat_changes (self, said, position, n_removed, n_inserted);
      return;
    }
  position = MIN (position, self->n_before);
  for (i = 0; i < said->len; i++)
    position = MIN (position, g_array_index (said, ScMarkdownChange, i).position);
  add_change (self, position, self->n_before - position, self->n_shown - position, 0, 0);
}

void
sc_markdown_list_reconcile (ScMarkdownList *self,
                            guint           first,
                            guint           n_old,
                            GPtrArray      *truth)
{
  guint n_new = truth->len;
  guint n_least = MIN (n_old, n_new);
  guint head, tail, i;

  for (head = 0; head < n_least; head++)
    {
      if (!sc_markdown_entry_equal (self->entries->pdata[first + head], truth->pdata[head]))
        break;
      accept_equal (self, first + head, g_steal_pointer (&truth->pdata[head]));
    }
  for (tail = 0; tail < n_least - head; tail++)
    {
      if (!sc_markdown_entry_equal (self->entries->pdata[first + n_old - tail - 1],
                                    truth->pdata[n_new - tail - 1]))
        break;
      accept_equal (self, first + n_old - tail - 1, g_steal_pointer (&truth->pdata[n_new - tail - 1]));
    }
  for (i = head; n_old == n_new && i < n_old - tail; i++)
    sc_markdown_list_replace (self, first + i, g_steal_pointer (&truth->pdata[i]));
  sc_markdown_list_flush (self);
  if (n_old != n_new)
    splice_entries (self, first + head, n_old - tail - head, truth, head, n_new - tail - head);
}

void
sc_markdown_list_begin (ScMarkdownList *self)
{
  g_array_set_size (self->changes, 0);
  self->n_before = self->n_shown;
}

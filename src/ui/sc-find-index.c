/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The index of a conversation: for each turn its text, folded, and where its blocks begin. Only
 * counts are kept of what is found; where a match is, is looked up when somebody goes there. */

#include "config.h"

#include "sc-find-index.h"

#include <string.h>

#include "sc-markdown.h"

/* Stands between blocks and between cells: no needle has it. */
#define BORDER '\1'

typedef struct
{
  ScFindIndex *index;
  ScTurn      *turn;
  GString     *text;
  GArray      *starts;
  guint        n_matches;
  gboolean     is_stale;
} Entry;

struct _ScFindIndex
{
  GListModel      *model;
  ScFindIndexFunc  stale;
  gpointer         user_data;
  GPtrArray       *entries;
  GString         *needle;
  guint            n_matches;
  guint            n_stale;
};

/* A letter is found with and without its accents, however they are written, and "ß" is "ss". What other scripts write
 * as marks is kept, and so are Hangul syllables. */
static void
fold_char (GString  *out,
           gunichar  c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize n = 1;

  if (c == 0xa0 || c == 0x2028)
    {
      g_string_append_c (out, ' ');
      return;
    }
  if (c == 0xdf || c == 0x1e9e)
    {
      g_string_append (out, "ss");
      return;
    }
  /* The dotless letter of Turkish, which capital letters of other languages do not tell apart, and the sigma that ends
   * a word. */
  if (c == 0x131)
    c = 'i';
  else if (c == 0x3c2)
    c = 0x3c3;
  parts[0] = c;
  if (c < 0xac00 || c > 0xd7a3)
    n = g_unichar_fully_decompose (c, FALSE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < MIN (n, G_N_ELEMENTS (parts)); i++)
    if (parts[i] < 0x300 || parts[i] > 0x36f)
      g_string_append_unichar (out, g_unichar_tolower (parts[i]));
}

void
sc_find_fold (GString    *out,
              const char *text,
              gsize       length)
{
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    {
      guchar byte = (guchar) *at;

      if (byte < 0x80)
        {
          char c = g_ascii_isspace (byte) ? ' ' : g_ascii_tolower ((char) byte);

          g_string_append_c (out, c == BORDER ? ' ' : c);
        }
      else
        {
          fold_char (out, g_utf8_get_char (at));
        }
    }
}

static guint
count_matches (const char    *text,
               const char    *end,
               const GString *needle)
{
  guint n = 0;

  if (needle->len == 0)
    return 0;
  for (const char *at = strstr (text, needle->str); at != NULL && at < end;
       at = strstr (at + needle->len, needle->str))
    n++;

  return n;
}

static void
set_matches (ScFindIndex *self,
             Entry       *entry,
             guint        n)
{
  self->n_matches = self->n_matches - entry->n_matches + n;
  entry->n_matches = n;
}

static void
count_entry (ScFindIndex *self,
             Entry       *entry)
{
  const char *text = entry->text->str;

  set_matches (self, entry, count_matches (text, text + entry->text->len, self->needle));
}

/* Text of a turn */

static void
add_table (GString               *out,
           const ScMarkdownBlock *block)
{
  for (guint i = 0; i < block->rows->len; i++)
    {
      const GPtrArray *cells = g_ptr_array_index (block->rows, i);

      for (guint j = 0; j < cells->len; j++)
        {
          const ScMarkdownText *cell = g_ptr_array_index (cells, j);

          sc_find_fold (out, cell->text->str, cell->text->len);
          g_string_append_c (out, BORDER);
        }
    }
}

static void
read_answer (Entry *entry)
{
  g_autoptr (ScMarkdownStream) stream = sc_markdown_stream_new ();
  gsize length;
  const char *text = sc_turn_get_text (entry->turn, &length);
  guint n_blocks;

  sc_markdown_stream_feed (stream, text, length);
  if (sc_turn_get_status (entry->turn) != SC_TURN_STATUS_STREAMING)
    sc_markdown_stream_finish (stream);
  sc_markdown_stream_update (stream);
  n_blocks = sc_markdown_stream_get_n_blocks (stream);
  for (guint i = 0; i < n_blocks; i++)
    {
      const ScMarkdownBlock *block = sc_markdown_stream_get_block (stream, i);
      guint start = (guint) entry->text->len;

      g_array_append_val (entry->starts, start);
      if (block->kind == SC_MARKDOWN_TABLE)
        add_table (entry->text, block);
      else
        sc_find_fold (entry->text, block->content.text->str, block->content.text->len);
      g_string_append_c (entry->text, BORDER);
    }
}

static void
read_entry (ScFindIndex *self,
            Entry       *entry)
{
  g_string_truncate (entry->text, 0);
  g_array_set_size (entry->starts, 0);
  if (sc_turn_get_role (entry->turn) == SC_ROLE_ASSISTANT)
    {
      read_answer (entry);
    }
  else
    {
      gsize length;
      const char *text = sc_turn_get_text (entry->turn, &length);
      guint start = 0;

      g_array_append_val (entry->starts, start);
      sc_find_fold (entry->text, text, length);
    }
  entry->is_stale = FALSE;
  self->n_stale--;
  count_entry (self, entry);
}

/* Following the conversation */

static void
tell (ScFindIndex *self)
{
  if (self->stale != NULL)
    self->stale (self, self->user_data);
}

static void
turn_changed_cb (ScTurn *turn,
                 Entry  *entry)
{
  if (!entry->is_stale)
    {
      entry->is_stale = TRUE;
      entry->index->n_stale++;
    }
  tell (entry->index);
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_signal_handlers_disconnect_by_data (entry->turn, entry);
  entry->index->n_matches -= entry->n_matches;
  entry->index->n_stale -= entry->is_stale ? 1 : 0;
  g_object_unref (entry->turn);
  g_string_free (entry->text, TRUE);
  g_array_unref (entry->starts);
  g_free (entry);
}

static Entry *
create_entry (ScFindIndex *self,
              guint        position)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->index = self;
  entry->turn = g_list_model_get_item (self->model, position);
  entry->text = g_string_new (NULL);
  entry->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  entry->is_stale = TRUE;
  self->n_stale++;
  g_signal_connect (entry->turn, "appended", G_CALLBACK (turn_changed_cb), entry);
  g_signal_connect (entry->turn, "changed", G_CALLBACK (turn_changed_cb), entry);

  return entry;
}

static void
items_changed_cb (GListModel  *model,
                  guint        position,
                  guint        n_removed,
                  guint        n_added,
                  ScFindIndex *self)
{
  if (n_removed > 0)
    g_ptr_array_remove_range (self->entries, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->entries, (int) (position + i), create_entry (self, position + i));
  tell (self);
}

ScFindIndex *
sc_find_index_new (GListModel      *model,
                   ScFindIndexFunc  stale,
                   gpointer         user_data)
{
  ScFindIndex *self = g_new0 (ScFindIndex, 1);

  self->model = g_object_ref (model);
  self->entries = g_ptr_array_new_with_free_func (free_entry);
  self->needle = g_string_new (NULL);
  items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), self);
  self->stale = stale;
  self->user_data = user_data;
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);

  return self;
}

void
sc_find_index_free (ScFindIndex *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->model, self);
  g_ptr_array_unref (self->entries);
  g_string_free (self->needle, TRUE);
  g_object_unref (self->model);
  g_free (self);
}

gboolean
sc_find_index_work (ScFindIndex *self,
                    gint64       until_us)
{
  for (guint i = self->entries->len; i > 0 && self->n_stale > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (!entry->is_stale)
        continue;
      read_entry (self, entry);
      if (g_get_monotonic_time () >= until_us)
        break;
    }

  return self->n_stale > 0;
}

void
sc_find_index_set_needle (ScFindIndex *self,
                          const char  *needle)
{
  g_string_truncate (self->needle, 0);
  sc_find_fold (self->needle, needle, strlen (needle));
  for (guint i = 0; i < self->entries->len; i++)
    count_entry (self, g_ptr_array_index (self->entries, i));
}

guint
sc_find_index_get_n_matches (ScFindIndex *self)
{
  return self->n_matches;
}

static guint
get_block_at (const Entry *entry,
              gsize        at,
              guint       *start)
{
  guint block = 0;

  while (block + 1 < entry->starts->len && g_array_index (entry->starts, guint, block + 1) <= at)
    block++;
  *start = g_array_index (entry->starts, guint, block);

  return block;
}

gboolean
sc_find_index_get_match (ScFindIndex *self,
                         guint        number,
                         ScFindMatch *match)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);
      const char *at;
      guint start;

      if (number >= entry->n_matches)
        {
          number -= entry->n_matches;
          continue;
        }
      at = strstr (entry->text->str, self->needle->str);
      for (guint n = 0; n < number; n++)
        at = strstr (at + self->needle->len, self->needle->str);
      match->turn = i;
      match->block = get_block_at (entry, (gsize) (at - entry->text->str), &start);
      match->nth = count_matches (entry->text->str + start, at, self->needle);
      return TRUE;
    }

  return FALSE;
}

guint
sc_find_index_get_number (ScFindIndex       *self,
                          const ScFindMatch *match)
{
  guint number = 0;

  for (guint i = 0; i < MIN (match->turn, self->entries->len); i++)
    number += ((const Entry *) g_ptr_array_index (self->entries, i))->n_matches;
  if (match->turn < self->entries->len)
    {
      const Entry *entry = g_ptr_array_index (self->entries, match->turn);
      guint n = entry->n_matches;

      if (match->block < entry->starts->len)
        n = count_matches (entry->text->str,
                           entry->text->str + g_array_index (entry->starts, guint, match->block),
                           self->needle) + match->nth;
      number += MIN (n, entry->n_matches);
    }

  return MIN (number, self->n_matches);
}

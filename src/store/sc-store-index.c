/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search index on FTS5. The tables keep no text (see sc-store-schema.c): every change is an
 * explicit statement, because triggers could not fold the text. */

#include "config.h"

#include "sc-store-index.h"

#include <string.h>

#include "sc-store-schema.h"

/* Whoever types more words than this is not looking for one of them. */
#define MAX_WORDS 32
/* Common words match most of a large history. The newest matches are enough: this bounds the time
 * of a keystroke. */
#define MAX_MATCHES 20000

typedef enum
{
  PART_OF_WORD,
  APART,
  DROPPED,
  SPACE,
} CharacterKind;

/* Scripts that put no spaces between words. */
static gboolean
is_spaceless (gunichar c)
{
  switch ((int) g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_YI:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
      return TRUE;
    default:
      return FALSE;
    }
}

static CharacterKind
classify (gunichar c)
{
  /* Hebrew and Arabic are typed without points, variation selectors and skin tones are not typed at
   * all. */
  if ((c >= 0x0591 && c <= 0x05c7 && g_unichar_ismark (c)) || (c >= 0x064b && c <= 0x065f) ||
      c == 0x0670)
    return DROPPED;
  if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff))
    return DROPPED;
  /* What stood for something that was no text is no word either. */
  if (c == 0xfffc || c == 0xfffd)
    return SPACE;
  if (c < 0x0e00 || g_unichar_ismark (c))
    return PART_OF_WORD;
  if (g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL || (g_unichar_isalpha (c) && is_spaceless (c)))
    return APART;
  return PART_OF_WORD;
}

/* Mirrors the tokenizer's categories: a word without any such character would be an empty
 * phrase. */
static gboolean
has_token (const char *word)
{
  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL ||
          g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
        return TRUE;
    }
  return FALSE;
}

static const char *
find_non_ascii (const char *text)
{
  while (*text != '\0' && (*text & 0x80) == 0)
    text++;
  return text;
}

/* Four statements differ by a word: adding and forgetting, of turns and of titles. */
static gboolean
run_with_text (ScSqlite    *db,
               const char  *sql,
               gint64       number,
               const char  *text,
               GError     **error)
{
  g_autofree char *folded = sc_store_index_fold (text);
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  sc_statement_bind_text (statement, 2, folded != NULL ? folded : text);
  return sc_statement_run (statement, error);
}

static gboolean
run_with_number (ScSqlite    *db,
                 const char  *sql,
                 gint64       number,
                 GError     **error)
{
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  return sc_statement_run (statement, error);
}

typedef gboolean (*PutFunc) (ScSqlite    *db,
                             gint64       number,
                             const char  *text,
                             GError     **error);

/* One row at a time, in order: the row that was put is marked, so the query may not stay open over
 * it. */
static gboolean
put_all (ScSqlite    *db,
         const char  *next_sql,
         PutFunc      put,
         GError     **error)
{
  gint64 number = 0;

  for (;;)
    {
      g_autofree char *text = NULL;
      gboolean has_row;

      {
        g_autoptr (ScStatement) next = sc_sqlite_prepare (db, next_sql, error);

        if (next == NULL)
          return FALSE;
        sc_statement_bind_int (next, 1, number);
        if (!sc_statement_step (next, &has_row, error))
          return FALSE;
        if (!has_row)
          return TRUE;
        number = sc_statement_get_int (next, 0);
        text = sc_statement_dup_text (next, 1);
      }
      if (!put (db, number, text, error))
        return FALSE;
    }
}

/* Adds the ids that the statement gives and that are not there yet. */
static gboolean
collect (ScStatement   *statement,
         const char    *match,
         guint          limit,
         GHashTable    *seen,
         GPtrArray     *ids,
         GCancellable  *cancellable,
         GError       **error)
{
  gboolean has_row;

  sc_statement_bind_text (statement, 1, match);
  sc_statement_bind_int (statement, 2, MAX_MATCHES);
  while (ids->len < limit)
    {
      const char *id;

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sc_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;
      id = sc_statement_get_text (statement, 0);
      if (!g_hash_table_contains (seen, id))
        {
          char *copy = g_strdup (id);

          g_ptr_array_add (ids, copy);
          g_hash_table_add (seen, copy);
        }
    }
  return TRUE;
}

char *
sc_store_index_fold (const char *text)
{
  const char *p = find_non_ascii (text);
  GString *folded;

  if (*p == '\0')
    return NULL;
  folded = g_string_sized_new (strlen (text) + 64);
  g_string_append_len (folded, text, p - text);
  while (*p != '\0')
    {
      gunichar c = g_utf8_get_char_validated (p, -1);
      const char *next;

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_c (folded, ' ');
          p++;
          continue;
        }
      next = g_utf8_next_char (p);
      switch (classify (c))
        {
        case DROPPED:
          break;
        case SPACE:
          g_string_append_c (folded, ' ');
          break;
        case APART:
          g_string_append_c (folded, ' ');
          g_string_append_len (folded, p, next - p);
          /* A mark that follows belongs to it: the space comes before whatever is next. */
          if (*next != '\0' && !g_unichar_ismark (g_utf8_get_char (next)))
            g_string_append_c (folded, ' ');
          break;
        case PART_OF_WORD:
        default:
          g_string_append_len (folded, p, next - p);
          break;
        }
      p = next;
    }
  return g_string_free (folded, FALSE);
}

char *
sc_store_index_build_query (const char *query)
{
  g_autofree char *valid = g_utf8_make_valid (query, -1);
  g_auto (GStrv) words = g_strsplit_set (valid, " \t\r\n\v\f", -1);
  GString *match = g_string_new (NULL);
  guint n_words = 0;

  for (char **word = words; *word != NULL && n_words < MAX_WORDS; word++)
    {
      g_autofree char *folded = sc_store_index_fold (*word);
      const char *text = folded != NULL ? folded : *word;

      if (!has_token (text))
        continue;
      /* Inside quotes only the quote itself has a meaning. */
      g_string_append (match, n_words > 0 ? " \"" : "\"");
      for (const char *p = text; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (match, '"');
          g_string_append_c (match, *p);
        }
      g_string_append_c (match, '"');
      n_words++;
    }
  if (n_words > 0)
    g_string_append (match, " *");
  return g_string_free (match, n_words == 0);
}

gboolean
sc_store_index_put_turn (ScSqlite    *db,
                         gint64       number,
                         const char  *text,
                         GError     **error)
{
  return run_with_text (db, "INSERT INTO turn_index (rowid, text) VALUES (?1, ?2)", number, text,
                        error) &&
         run_with_number (db, "UPDATE turns SET is_indexed = 1 WHERE number = ?1", number, error);
}

gboolean
sc_store_index_forget_turn (ScSqlite    *db,
                            gint64       number,
                            const char  *text,
                            GError     **error)
{
  return run_with_text (db,
                        "INSERT INTO turn_index (turn_index, rowid, text)"
                        " VALUES ('delete', ?1, ?2)",
                        number, text, error);
}

gboolean
sc_store_index_put_title (ScSqlite    *db,
                          gint64       number,
                          const char  *title,
                          GError     **error)
{
  return run_with_text (db, "INSERT INTO title_index (rowid, title) VALUES (?1, ?2)", number, title,
                        error) &&
         run_with_number (db, "UPDATE conversations SET is_title_indexed = 1 WHERE number = ?1",
                          number, error);
}

gboolean
sc_store_index_forget_title (ScSqlite    *db,
                             gint64       number,
                             const char  *title,
                             GError     **error)
{
  return run_with_text (db,
                        "INSERT INTO title_index (title_index, rowid, title)"
                        " VALUES ('delete', ?1, ?2)",
                        number, title, error);
}

gboolean
sc_store_index_rebuild (ScSqlite  *db,
                        GError   **error)
{
  return sc_store_schema_create_index (db, error) &&
         put_all (db,
                  "SELECT number, text FROM turns WHERE number > ?1 AND status <> 0"
                  " ORDER BY number LIMIT 1",
                  sc_store_index_put_turn, error) &&
         put_all (db,
                  "SELECT number, title FROM conversations WHERE number > ?1"
                  " ORDER BY number LIMIT 1",
                  sc_store_index_put_title, error);
}

GPtrArray *
sc_store_index_search (ScSqlite      *db,
                       const char    *query,
                       guint          limit,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *match = sc_store_index_build_query (query);
  g_autoptr (ScStatement) titles = NULL;
  g_autoptr (ScStatement) turns = NULL;

  if (match == NULL || limit == 0)
    return g_steal_pointer (&ids);

  titles = sc_sqlite_prepare (db,
                              "SELECT c.id FROM conversations AS c"
                              " WHERE c.deleted_us IS NULL AND c.number IN"
                              "  (SELECT rowid FROM title_index WHERE title_index MATCH ?1"
                              "   ORDER BY rowid DESC LIMIT ?2)"
                              " ORDER BY c.updated_us DESC, c.number DESC",
                              error);
  if (titles == NULL || !collect (titles, match, limit, seen, ids, cancellable, error))
    return NULL;
  turns = sc_sqlite_prepare (db,
                             "SELECT c.id FROM"
                             "  (SELECT rowid FROM turn_index WHERE turn_index MATCH ?1"
                             "   ORDER BY rowid DESC LIMIT ?2) AS f"
                             " CROSS JOIN turns AS t ON t.number = f.rowid"
                             " CROSS JOIN conversations AS c"
                             "  ON c.number = t.conversation AND c.deleted_us IS NULL",
                             error);
  if (turns == NULL || !collect (turns, match, limit, seen, ids, cancellable, error))
    return NULL;
  return g_steal_pointer (&ids);
}

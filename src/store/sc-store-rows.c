/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records to and from rows, and the pieces of answers that still grow. */

#include "config.h"

#include "sc-store-rows.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-error.h"
#include "sc-store-index.h"
#include "sc-store-usage.h"

/* pieces.kind */
enum
{
  PIECE_TEXT = 0,
  PIECE_REASONING = 1,
};

/* The columns of a turn as read_turn() expects them. */
#define TURN_COLUMNS \
  "t.number, t.id, c.id, t.parent, t.role, t.text, t.reasoning, t.data, t.model, t.provider," \
  " t.status, t.created_us"

static const char select_conversations[] =
  "SELECT id, title, title_is_custom, provider, model, system_prompt, parameters, snippet, head,"
  "  is_pinned, is_unseen, created_us, updated_us"
  " FROM conversations WHERE deleted_us IS NULL"
  " ORDER BY is_pinned DESC, updated_us DESC, number DESC";

static const char select_turns[] =
  "SELECT " TURN_COLUMNS ", EXISTS (SELECT 1 FROM pieces AS p WHERE p.turn = t.number)"
  " FROM conversations AS c CROSS JOIN turns AS t ON t.conversation = c.number"
  " WHERE c.id = ?1 ORDER BY t.number";

static const char select_streaming_turn[] =
  "SELECT " TURN_COLUMNS
  " FROM turns AS t CROSS JOIN conversations AS c ON c.number = t.conversation"
  " WHERE t.status = 0 LIMIT 1";

static const char select_deleted_turn[] =
  "SELECT t.number, t.text"
  " FROM conversations AS c CROSS JOIN turns AS t ON t.conversation = c.number"
  " WHERE c.deleted_us < ?1 AND t.is_indexed LIMIT 1";

static const char select_deleted_title[] =
  "SELECT number, title FROM conversations WHERE deleted_us < ?1 AND is_title_indexed LIMIT 1";

static const char upsert_conversation[] =
  "INSERT INTO conversations (id, title, title_is_custom, provider, model, system_prompt,"
  "  parameters, snippet, head, is_pinned, is_unseen, created_us, updated_us)"
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
  " ON CONFLICT (id) DO UPDATE SET"
  "  title = excluded.title, title_is_custom = excluded.title_is_custom,"
  "  provider = excluded.provider, model = excluded.model,"
  "  system_prompt = excluded.system_prompt, parameters = excluded.parameters,"
  "  snippet = excluded.snippet, head = excluded.head, is_pinned = excluded.is_pinned,"
  "  is_unseen = excluded.is_unseen, created_us = excluded.created_us,"
  "  updated_us = excluded.updated_us, deleted_us = NULL"
  " RETURNING number";

static const char upsert_turn[] =
  "INSERT INTO turns (id, conversation, parent, status, is_indexed, created_us, role, model,"
  "  provider, text, reasoning, data)"
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
  " ON CONFLICT (id) DO UPDATE SET"
  "  conversation = excluded.conversation, parent = excluded.parent, status = excluded.status,"
  "  is_indexed = excluded.is_indexed, created_us = excluded.created_us, role = excluded.role,"
  "  model = excluded.model, provider = excluded.provider, text = excluded.text,"
  "  reasoning = excluded.reasoning, data = excluded.data"
  " RETURNING number";

static const char move_children_of_turn[] =
  "UPDATE turns SET parent = (SELECT parent FROM turns WHERE id = ?1) WHERE parent = ?1";

static const char move_head_of_turn[] =
  "UPDATE conversations SET head = (SELECT parent FROM turns WHERE id = ?1)"
  " WHERE head = ?1 AND number = (SELECT conversation FROM turns WHERE id = ?1)";


typedef struct
{
  gint64    number;
  gboolean  is_indexed;
  char     *text;
} StoredTurn;

static void
clear_stored_turn (StoredTurn *stored)
{
  g_clear_pointer (&stored->text, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StoredTurn, clear_stored_turn)

static ScConversationRecord *
read_conversation (ScStatement *row)
{
  ScConversationRecord *record = g_new0 (ScConversationRecord, 1);

  record->id = sc_statement_dup_text (row, 0);
  record->title = sc_statement_dup_text (row, 1);
  record->title_is_custom = sc_statement_get_int (row, 2) != 0;
  record->provider = sc_statement_dup_text (row, 3);
  record->model = sc_statement_dup_text (row, 4);
  record->system_prompt = sc_statement_dup_text (row, 5);
  record->parameters = sc_statement_dup_text (row, 6);
  record->snippet = sc_statement_dup_text (row, 7);
  record->head = sc_statement_dup_text (row, 8);
  record->is_pinned = sc_statement_get_int (row, 9) != 0;
  record->is_unseen = sc_statement_get_int (row, 10) != 0;
  record->created_us = sc_statement_get_int (row, 11);
  record->updated_us = sc_statement_get_int (row, 12);
  return record;
}

/* A number that a later version may have stored is at least an answer that is over. */
static ScTurnStatus
read_status (gint64 number)
{
  if (number < SC_TURN_STATUS_STREAMING || number > SC_TURN_STATUS_FAILED)
    return SC_TURN_STATUS_DONE;
  return (ScTurnStatus) number;
}

static ScTurnRecord *
read_turn (ScStatement *row)
{
  ScTurnRecord *record = g_new0 (ScTurnRecord, 1);

  record->id = sc_statement_dup_text (row, 1);
  record->conversation = sc_statement_dup_text (row, 2);
  record->parent = sc_statement_dup_text (row, 3);
  record->role = sc_statement_dup_text (row, 4);
  record->text = sc_statement_dup_text (row, 5);
  record->reasoning = sc_statement_dup_text (row, 6);
  record->data = sc_statement_dup_text (row, 7);
  record->model = sc_statement_dup_text (row, 8);
  record->provider = sc_statement_dup_text (row, 9);
  record->status = read_status (sc_statement_get_int (row, 10));
  record->created_us = sc_statement_get_int (row, 11);
  return record;
}

/* Pieces of one kind, in order. A piece belongs at its position only: one that another process
 * already put into the row (it took the answer for interrupted) would come twice. */
static gboolean
append_pieces (ScSqlite  *db,
               gint64     number,
               int        kind,
               char     **text,
               GError   **error)
{
  g_autoptr (ScStatement) statement = NULL;
  g_autoptr (GString) whole = NULL;
  gboolean has_row;

  statement = sc_sqlite_prepare (db,
                                 "SELECT position, text FROM pieces"
                                 " WHERE turn = ?1 AND kind = ?2 ORDER BY position",
                                 error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  sc_statement_bind_int (statement, 2, kind);
  for (;;)
    {
      if (!sc_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;
      if (whole == NULL)
        whole = g_string_new (*text);
      if (sc_statement_get_int (statement, 0) == (gint64) whole->len)
        g_string_append (whole, sc_statement_get_text (statement, 1));
    }
  if (whole != NULL)
    {
      g_free (*text);
      *text = g_string_free (g_steal_pointer (&whole), FALSE);
    }
  return TRUE;
}

static gboolean
complete_turn (ScSqlite      *db,
               gint64         number,
               ScTurnRecord  *record,
               GError       **error)
{
  return append_pieces (db, number, PIECE_TEXT, &record->text, error) &&
         append_pieces (db, number, PIECE_REASONING, &record->reasoning, error);
}

static gboolean
add_piece (ScSqlite    *db,
           gint64       number,
           int          kind,
           gsize        position,
           const char  *text,
           GError     **error)
{
  g_autoptr (ScStatement) statement = NULL;

  if (*text == '\0')
    return TRUE;
  statement = sc_sqlite_prepare (db,
                                 "INSERT OR REPLACE INTO pieces (turn, kind, position, text)"
                                 " VALUES (?1, ?2, ?3, ?4)",
                                 error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  sc_statement_bind_int (statement, 2, kind);
  sc_statement_bind_int (statement, 3, (gint64) position);
  sc_statement_bind_text (statement, 4, text);
  return sc_statement_run (statement, error);
}

static gboolean
run_for_number (ScSqlite    *db,
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

/* Finds a turn's row; its text only where the search index holds it. */
static gboolean
find_turn (ScSqlite    *db,
           const char  *id,
           StoredTurn  *stored,
           gboolean    *is_found,
           GError     **error)
{
  g_autoptr (ScStatement) statement = NULL;

  statement = sc_sqlite_prepare (db,
                                 "SELECT number, is_indexed, CASE WHEN is_indexed THEN text END"
                                 " FROM turns WHERE id = ?1",
                                 error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, id);
  if (!sc_statement_step (statement, is_found, error))
    return FALSE;
  if (*is_found)
    {
      stored->number = sc_statement_get_int (statement, 0);
      stored->is_indexed = sc_statement_get_int (statement, 1) != 0;
      stored->text = sc_statement_dup_text (statement, 2);
    }
  return TRUE;
}

static gboolean
find_conversation (ScSqlite    *db,
                   const char  *id,
                   gint64      *number,
                   gboolean    *is_found,
                   GError     **error)
{
  g_autoptr (ScStatement) statement = NULL;

  statement = sc_sqlite_prepare (db, "SELECT number FROM conversations WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, id);
  if (!sc_statement_step (statement, is_found, error))
    return FALSE;
  if (*is_found)
    *number = sc_statement_get_int (statement, 0);
  return TRUE;
}

/* Writes the row itself; is_indexed says what the caller made true. */
static gboolean
write_turn (ScSqlite            *db,
            const ScTurnRecord  *record,
            gint64               conversation,
            gboolean             is_indexed,
            gint64              *number,
            GError             **error)
{
  g_autoptr (ScStatement) statement = NULL;
  gboolean has_row;

  statement = sc_sqlite_prepare (db, upsert_turn, error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, record->id);
  sc_statement_bind_int (statement, 2, conversation);
  sc_statement_bind_text (statement, 3, record->parent);
  sc_statement_bind_int (statement, 4, record->status);
  sc_statement_bind_int (statement, 5, is_indexed);
  sc_statement_bind_int (statement, 6, record->created_us);
  sc_statement_bind_text (statement, 7, record->role);
  sc_statement_bind_text (statement, 8, record->model);
  sc_statement_bind_text (statement, 9, record->provider);
  sc_statement_bind_text (statement, 10, record->text != NULL ? record->text : "");
  sc_statement_bind_text (statement, 11, record->reasoning);
  sc_statement_bind_text (statement, 12, record->data);
  if (!sc_statement_step (statement, &has_row, error))
    return FALSE;
  *number = sc_statement_get_int (statement, 0);
  return sc_statement_run (statement, error);
}

/* What a checkpoint may change beside the texts, without a rewrite of the row where nothing did. */
static gboolean
update_extended_row (ScSqlite            *db,
                     gint64               number,
                     const ScTurnRecord  *before,
                     const ScTurnRecord  *after,
                     GError             **error)
{
  g_autoptr (ScStatement) statement = NULL;

  if (!run_for_number (db, "UPDATE turns SET status = 0 WHERE number = ?1 AND status <> 0", number,
                       error))
    return FALSE;
  if (g_strcmp0 (before->data, after->data) == 0 && g_strcmp0 (before->model, after->model) == 0 &&
      g_strcmp0 (before->provider, after->provider) == 0)
    return TRUE;
  statement = sc_sqlite_prepare (db,
                                 "UPDATE turns SET data = ?2, model = ?3, provider = ?4"
                                 " WHERE number = ?1",
                                 error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_int (statement, 1, number);
  sc_statement_bind_text (statement, 2, after->data);
  sc_statement_bind_text (statement, 3, after->model);
  sc_statement_bind_text (statement, 4, after->provider);
  return sc_statement_run (statement, error);
}

static gboolean
is_continuation (const ScTurnRecord *before,
                 const ScTurnRecord *after)
{
  return g_strcmp0 (before->conversation, after->conversation) == 0 &&
         g_strcmp0 (before->parent, after->parent) == 0 &&
         g_strcmp0 (before->role, after->role) == 0 &&
         before->created_us == after->created_us &&
         before->text != NULL && after->text != NULL &&
         g_str_has_prefix (after->text, before->text) &&
         (before->reasoning == NULL ||
          (after->reasoning != NULL && g_str_has_prefix (after->reasoning, before->reasoning)));
}

static gboolean
index_title (ScSqlite                    *db,
             const ScConversationRecord  *record,
             GError                     **error)
{
  g_autoptr (ScStatement) find = NULL;
  g_autofree char *title = NULL;
  gboolean has_row, is_indexed;
  gint64 number;

  find = sc_sqlite_prepare (db,
                            "SELECT number, title, is_title_indexed FROM conversations"
                            " WHERE id = ?1",
                            error);
  if (find == NULL)
    return FALSE;
  sc_statement_bind_text (find, 1, record->id);
  if (!sc_statement_step (find, &has_row, error))
    return FALSE;
  if (!has_row)
    return TRUE;
  number = sc_statement_get_int (find, 0);
  title = sc_statement_dup_text (find, 1);
  is_indexed = sc_statement_get_int (find, 2) != 0;
  sc_statement_reset (find);

  if (is_indexed && g_strcmp0 (title, record->title) == 0)
    return TRUE;
  return (!is_indexed || sc_store_index_forget_title (db, number, title, error)) &&
         sc_store_index_put_title (db, number, record->title != NULL ? record->title : "", error);
}

static gboolean
move_children (ScSqlite    *db,
               const char  *sql,
               const char  *id,
               GError     **error)
{
  g_autoptr (ScStatement) statement = sc_sqlite_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, id);
  return sc_statement_run (statement, error);
}

/* One after the other, since each removal changes what the query would stand on. */
static gboolean
forget_deleted_turns (ScSqlite  *db,
                      gint64     before_us,
                      GError   **error)
{
  for (;;)
    {
      g_autoptr (ScStatement) next = NULL;
      g_autofree char *text = NULL;
      gint64 number;
      gboolean has_row;

      next = sc_sqlite_prepare (db, select_deleted_turn, error);
      if (next == NULL)
        return FALSE;
      sc_statement_bind_int (next, 1, before_us);
      if (!sc_statement_step (next, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      number = sc_statement_get_int (next, 0);
      text = sc_statement_dup_text (next, 1);
      sc_statement_reset (next);
      if (!sc_store_index_forget_turn (db, number, text, error) ||
          !run_for_number (db, "DELETE FROM turns WHERE number = ?1", number, error))
        return FALSE;
    }
}

static gboolean
forget_deleted_titles (ScSqlite  *db,
                       gint64     before_us,
                       GError   **error)
{
  for (;;)
    {
      g_autoptr (ScStatement) next = NULL;
      g_autofree char *title = NULL;
      gint64 number;
      gboolean has_row;

      next = sc_sqlite_prepare (db, select_deleted_title, error);
      if (next == NULL)
        return FALSE;
      sc_statement_bind_int (next, 1, before_us);
      if (!sc_statement_step (next, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      number = sc_statement_get_int (next, 0);
      title = sc_statement_dup_text (next, 1);
      sc_statement_reset (next);
      if (!sc_store_index_forget_title (db, number, title, error) ||
          !run_for_number (db, "DELETE FROM conversations WHERE number = ?1", number, error))
        return FALSE;
    }
}

GPtrArray *
sc_store_rows_list_conversations (ScSqlite      *db,
                                  GCancellable  *cancellable,
                                  GError       **error)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (ScStatement) statement = NULL;
  gboolean has_row;

  statement = sc_sqlite_prepare (db, select_conversations, error);
  if (statement == NULL)
    return NULL;
  records = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_conversation_record_free);
  for (;;)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sc_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&records);
      g_ptr_array_add (records, read_conversation (statement));
    }
}

GPtrArray *
sc_store_rows_load_turns (ScSqlite      *db,
                          const char    *conversation,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (ScStatement) statement = NULL;
  gboolean has_row;

  statement = sc_sqlite_prepare (db, select_turns, error);
  if (statement == NULL)
    return NULL;
  sc_statement_bind_text (statement, 1, conversation);
  records = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_turn_record_free);
  for (;;)
    {
      ScTurnRecord *record;

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sc_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&records);
      record = read_turn (statement);
      g_ptr_array_add (records, record);
      if (sc_statement_get_int (statement, 12) != 0 &&
          !complete_turn (db, sc_statement_get_int (statement, 0), record, error))
        return NULL;
    }
}

gboolean
sc_store_rows_save_conversation (ScSqlite                    *db,
                                 const ScConversationRecord  *record,
                                 GError                     **error)
{
  g_autoptr (ScStatement) statement = NULL;
  gboolean has_row, is_known;
  gint64 number;

  /* The index forgets the old title while the row still has it, and learns the new one of a known
   * row. */
  if (!find_conversation (db, record->id, &number, &is_known, error) ||
      (is_known && !index_title (db, record, error)))
    return FALSE;
  statement = sc_sqlite_prepare (db, upsert_conversation, error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, record->id);
  sc_statement_bind_text (statement, 2, record->title != NULL ? record->title : "");
  sc_statement_bind_int (statement, 3, record->title_is_custom != FALSE);
  sc_statement_bind_text (statement, 4, record->provider);
  sc_statement_bind_text (statement, 5, record->model);
  sc_statement_bind_text (statement, 6, record->system_prompt);
  sc_statement_bind_text (statement, 7, record->parameters);
  sc_statement_bind_text (statement, 8, record->snippet);
  sc_statement_bind_text (statement, 9, record->head);
  sc_statement_bind_int (statement, 10, record->is_pinned != FALSE);
  sc_statement_bind_int (statement, 11, record->is_unseen != FALSE);
  sc_statement_bind_int (statement, 12, record->created_us);
  sc_statement_bind_int (statement, 13, record->updated_us);
  if (!sc_statement_step (statement, &has_row, error))
    return FALSE;
  number = sc_statement_get_int (statement, 0);
  if (!sc_statement_run (statement, error))
    return FALSE;
  return is_known || sc_store_index_put_title (db, number,
                                               record->title != NULL ? record->title : "", error);
}

gboolean
sc_store_rows_ensure_conversation (ScSqlite            *db,
                                   const ScTurnRecord  *turn,
                                   GError             **error)
{
  const ScConversationRecord record =
  {
    .id = turn->conversation,
    .created_us = turn->created_us,
    .updated_us = turn->created_us,
  };
  gboolean is_found;
  gint64 number;

  if (!find_conversation (db, turn->conversation, &number, &is_found, error))
    return FALSE;
  return is_found || sc_store_rows_save_conversation (db, &record, error);
}

gboolean
sc_store_rows_save_turn (ScSqlite            *db,
                         const ScTurnRecord  *record,
                         GError             **error)
{
  g_auto (StoredTurn) stored = { 0 };
  gboolean wants_index = record->status != SC_TURN_STATUS_STREAMING;
  gboolean is_known, has_conversation, keeps_index;
  gint64 conversation, number;

  if (!find_conversation (db, record->conversation, &conversation, &has_conversation, error) ||
      !find_turn (db, record->id, &stored, &is_known, error))
    return FALSE;
  if (!has_conversation)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_STORAGE,
                           _("The conversation of this message is no longer in the history."));
      return FALSE;
    }

  keeps_index = stored.is_indexed && wants_index && g_strcmp0 (stored.text, record->text) == 0;
  if (stored.is_indexed && !keeps_index &&
      !sc_store_index_forget_turn (db, stored.number, stored.text, error))
    return FALSE;
  if (!write_turn (db, record, conversation, keeps_index, &number, error))
    return FALSE;
  if (is_known && !run_for_number (db, "DELETE FROM pieces WHERE turn = ?1", number, error))
    return FALSE;
  if (wants_index && !sc_store_usage_take (db, number, error))
    return FALSE;
  return !wants_index || keeps_index ||
         sc_store_index_put_turn (db, number, record->text != NULL ? record->text : "", error);
}

gboolean
sc_store_rows_extend_turn (ScSqlite            *db,
                           const ScTurnRecord  *before,
                           const ScTurnRecord  *after,
                           gboolean            *is_extended,
                           GError             **error)
{
  g_auto (StoredTurn) stored = { 0 };
  gsize n_text, n_reasoning;
  gboolean is_known;

  *is_extended = FALSE;
  if (!is_continuation (before, after))
    return TRUE;
  if (!find_turn (db, after->id, &stored, &is_known, error))
    return FALSE;
  if (!is_known)
    return TRUE;
  n_text = strlen (before->text);
  n_reasoning = before->reasoning != NULL ? strlen (before->reasoning) : 0;
  if (!update_extended_row (db, stored.number, before, after, error) ||
      !add_piece (db, stored.number, PIECE_TEXT, n_text, after->text + n_text, error) ||
      !add_piece (db, stored.number, PIECE_REASONING, n_reasoning,
                  after->reasoning != NULL ? after->reasoning + n_reasoning : "", error))
    return FALSE;
  *is_extended = TRUE;
  return TRUE;
}

gboolean
sc_store_rows_delete_turn (ScSqlite    *db,
                           const char  *id,
                           GError     **error)
{
  g_auto (StoredTurn) stored = { 0 };
  gboolean is_known;

  if (!find_turn (db, id, &stored, &is_known, error))
    return FALSE;
  if (!is_known)
    return TRUE;
  return (!stored.is_indexed ||
          sc_store_index_forget_turn (db, stored.number, stored.text, error)) &&
         move_children (db, move_children_of_turn, id, error) &&
         move_children (db, move_head_of_turn, id, error) &&
         run_for_number (db, "DELETE FROM turns WHERE number = ?1", stored.number, error);
}

gboolean
sc_store_rows_mark_deleted (ScSqlite    *db,
                            const char  *id,
                            GError     **error)
{
  g_autoptr (ScStatement) statement = NULL;

  statement = sc_sqlite_prepare (db,
                                 "UPDATE conversations SET deleted_us = ?2"
                                 " WHERE id = ?1 AND deleted_us IS NULL",
                                 error);
  if (statement == NULL)
    return FALSE;
  sc_statement_bind_text (statement, 1, id);
  sc_statement_bind_int (statement, 2, g_get_real_time ());
  return sc_statement_run (statement, error);
}

gboolean
sc_store_rows_purge (ScSqlite  *db,
                     gint64     before_us,
                     GError   **error)
{
  /* Turns that were never indexed, and pieces, go with their conversation by the foreign keys. */
  return forget_deleted_turns (db, before_us, error) &&
         forget_deleted_titles (db, before_us, error) &&
         run_for_number (db, "DELETE FROM conversations WHERE deleted_us < ?1", before_us, error);
}

gboolean
sc_store_rows_interrupt_streaming (ScSqlite  *db,
                                   GError   **error)
{
  for (;;)
    {
      g_autoptr (ScStatement) next = NULL;
      g_autoptr (ScTurnRecord) record = NULL;
      gint64 number;
      gboolean has_row;

      next = sc_sqlite_prepare (db, select_streaming_turn, error);
      if (next == NULL || !sc_statement_step (next, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      number = sc_statement_get_int (next, 0);
      record = read_turn (next);
      sc_statement_reset (next);
      record->status = SC_TURN_STATUS_INTERRUPTED;
      if (!complete_turn (db, number, record, error) ||
          !sc_store_rows_save_turn (db, record, error))
        return FALSE;
    }
}

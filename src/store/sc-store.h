/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history on disk: SQLite in WAL mode behind one worker thread. It speaks plain records and
 * knows neither turns nor widgets. Every call is asynchronous and called back on the main context
 * of its caller; calls are carried out in the order they were made. */

#pragma once

#include <gio/gio.h>

#include "sc-error.h"
#include "sc-event.h"
#include "sc-message.h"

G_BEGIN_DECLS

/**
 * ScConversationRecord:
 * @id: UUID
 * @title: title, "" while it has none
 * @title_is_custom: the user chose the title
 * @provider: (nullable): profile id
 * @model: (nullable): model id
 * @system_prompt: (nullable): its instructions
 * @parameters: (nullable): JSON object text
 * @snippet: (nullable): the start of the last message, one line
 * @head: (nullable): id of the turn whose path is shown
 * @is_pinned: kept on top
 * @is_unseen: an answer ended while nobody looked
 * @created_us: real time in microseconds since 1970
 * @updated_us: the same, of the last message
 */
typedef struct
{
  char     *id;
  char     *title;
  gboolean  title_is_custom;
  char     *provider;
  char     *model;
  char     *system_prompt;
  char     *parameters;
  char     *snippet;
  char     *head;
  gboolean  is_pinned;
  gboolean  is_unseen;
  gint64    created_us;
  gint64    updated_us;
} ScConversationRecord;

/**
 * ScTurnRecord:
 * @id: UUID
 * @conversation: id of its conversation
 * @parent: (nullable): id of the turn before; several turns with one parent are branches
 * @role: `user`, `assistant`, `tool`, `system`
 * @text: the text as it came
 * @reasoning: (nullable): reasoning text
 * @data: (nullable): JSON object text with everything else (tool calls, raw parts, usage, failure,
 *   timing, attachments)
 * @files: (nullable) (element-type ScAttachment): attachments, which are in @data on disk only: they can be large, and
 *   the worker puts them there and takes them out. Neither the array nor what is in it may change any more
 * @model: (nullable): model that answered
 * @provider: (nullable): profile id
 * @status: where it stands
 * @created_us: real time in microseconds since 1970
 */
typedef struct
{
  char         *id;
  char         *conversation;
  char         *parent;
  char         *role;
  char         *text;
  char         *reasoning;
  char         *data;
  GPtrArray    *files;
  char         *model;
  char         *provider;
  ScTurnStatus  status;
  gint64        created_us;
} ScTurnRecord;

/**
 * ScUsageRecord:
 * @day: day of the local calendar, YYYY-MM-DD
 * @provider: (nullable): profile id
 * @model: (nullable): model that answered
 * @n_answers: how many answers
 * @sums: what they used together, each field of those that know it, -1 where none does; the cost is known for all of
 *   them or for none; `flags` is what holds for any of them
 *
 * What the answers of a day, provider and model used.
 */
typedef struct
{
  char    *day;
  char    *provider;
  char    *model;
  gint64   n_answers;
  ScUsage  sums;
} ScUsageRecord;

#define SC_TYPE_STORE (sc_store_get_type ())
G_DECLARE_FINAL_TYPE (ScStore, sc_store, SC, STORE, GObject)

/**
 * sc_conversation_record_copy:
 * @self: a record
 *
 * Returns: (transfer full): a deep copy
 */
ScConversationRecord *sc_conversation_record_copy (const ScConversationRecord *self);

/**
 * sc_conversation_record_free:
 * @self: (nullable) (transfer full): a record
 *
 * Frees it.
 */
void                  sc_conversation_record_free (ScConversationRecord *self);

/**
 * sc_turn_record_copy:
 * @self: a record
 *
 * Returns: (transfer full): a deep copy (the files are shared, they never change)
 */
ScTurnRecord         *sc_turn_record_copy         (const ScTurnRecord *self);

/**
 * sc_turn_record_settle_files:
 * @self: a record
 *
 * Puts the files into the data, if there are any. Takes a while for large ones; on any thread.
 */
void                  sc_turn_record_settle_files (ScTurnRecord       *self);

/**
 * sc_turn_record_parse_files:
 * @data: (nullable): what the data of a record holds
 *
 * Returns: (transfer container) (element-type ScAttachment) (nullable): the files in it, %NULL without any
 */
GPtrArray            *sc_turn_record_parse_files  (JsonObject         *data);

/**
 * sc_turn_record_open_files:
 * @self: a record
 *
 * Takes the files out of the data, where there are any, the opposite of sc_turn_record_settle_files(). Takes a while
 * for large ones; on any thread.
 */
void                  sc_turn_record_open_files   (ScTurnRecord       *self);

/**
 * sc_turn_record_free:
 * @self: (nullable) (transfer full): a record
 *
 * Frees it.
 */
void                  sc_turn_record_free         (ScTurnRecord *self);

/**
 * sc_usage_record_free:
 * @self: (nullable) (transfer full): a record
 *
 * Frees it.
 */
void                  sc_usage_record_free        (ScUsageRecord *self);

/**
 * sc_store_new:
 * @path: (nullable): the database file, its folder is made (mode 0700); %NULL keeps everything in
 *   memory
 *
 * Starts the worker and opens the file there: migrations run, answers found streaming become
 * interrupted, a damaged file is moved aside as `NAME.damaged-DATE` and a new one begun. A file
 * that cannot be opened (locked, read-only, of a newer program) is an error of the first call and
 * of every later one; each of them tries again. That a damaged file was moved aside is an error of
 * one call only, the first list, load or search after it, in a sentence that names the file; the
 * new history is in use already, and asking again gives its content. Writes never fail for that
 * reason.
 *
 * Returns: (transfer full): the store
 */
ScStore   *sc_store_new                         (const char           *path);

/**
 * sc_store_close_async:
 * @self: a store
 * @callback: called when all earlier calls are done and the file is closed
 * @user_data: for @callback
 *
 * Ends the worker. Later calls fail with %SC_ERROR_STORAGE.
 */
void       sc_store_close_async                 (ScStore              *self,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_close_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set if the file could not be closed cleanly
 */
gboolean   sc_store_close_finish                (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/**
 * sc_store_list_conversations_async:
 * @self: a store
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Lists the conversations that are not deleted, pinned first, then newest first.
 */
void       sc_store_list_conversations_async    (ScStore              *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_list_conversations_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScConversationRecord) (nullable): the records, or
 *   %NULL with %SC_ERROR_STORAGE set
 */
GPtrArray *sc_store_list_conversations_finish   (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/**
 * sc_store_load_turns_async:
 * @self: a store
 * @conversation: a conversation's id
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Loads all turns of a conversation, in the order they were made.
 */
void       sc_store_load_turns_async            (ScStore              *self,
                                                 const char           *conversation,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_load_turns_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScTurnRecord) (nullable): the records, or %NULL with
 *   %SC_ERROR_STORAGE set
 */
GPtrArray *sc_store_load_turns_finish           (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/**
 * sc_store_save_conversation_async:
 * @self: a store
 * @record: what to insert or replace; copied
 * @callback: (nullable): called when it is on disk
 * @user_data: for @callback
 *
 * Saves a conversation's own fields (not its turns). Also undoes a deletion.
 */
void       sc_store_save_conversation_async     (ScStore                    *self,
                                                 const ScConversationRecord *record,
                                                 GAsyncReadyCallback         callback,
                                                 gpointer                    user_data);

/**
 * sc_store_save_turn_async:
 * @self: a store
 * @record: what to insert or replace; copied
 * @callback: (nullable): called when it is on disk
 * @user_data: for @callback
 *
 * Saves a turn of a saved conversation. A checkpoint of a growing answer is a save with status
 * streaming: it writes only what is new, and the search finds the answer when it is over. Saves of
 * the same turn that wait behind each other are joined: each of their callbacks comes when the
 * newest is on disk.
 */
void       sc_store_save_turn_async             (ScStore              *self,
                                                 const ScTurnRecord   *record,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_delete_turn_async:
 * @self: a store
 * @id: a turn's id
 * @callback: (nullable): called when done
 * @user_data: for @callback
 *
 * Deletes a turn; its children get its parent, and so does the head of its conversation where it
 * was that.
 */
void       sc_store_delete_turn_async           (ScStore              *self,
                                                 const char           *id,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_delete_conversation_async:
 * @self: a store
 * @id: a conversation's id
 * @callback: (nullable): called when done
 * @user_data: for @callback
 *
 * Marks a conversation deleted: it is in no list and no search, and is removed with its turns at
 * the next start or by sc_store_purge_async(). sc_store_save_conversation_async() before that
 * undoes it.
 */
void       sc_store_delete_conversation_async   (ScStore              *self,
                                                 const char           *id,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_purge_async:
 * @self: a store
 * @callback: (nullable): called when done
 * @user_data: for @callback
 *
 * Removes for good what is marked deleted.
 */
void       sc_store_purge_async                 (ScStore              *self,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_write_finish:
 * @self: a store
 * @result: what the callback of a save, delete or purge got
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with %SC_ERROR_STORAGE set
 */
gboolean   sc_store_write_finish                (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/**
 * sc_store_search_async:
 * @self: a store
 * @query: words as typed, the last may be incomplete; any characters
 * @limit: how many conversations at the most
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Finds conversations by title and by the text of their turns (FTS5, prefix of the last word,
 * accents folded): first those with all words in their title, then those with all words in one
 * turn, in both the newest first.
 */
void       sc_store_search_async                (ScStore              *self,
                                                 const char           *query,
                                                 guint                 limit,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_search_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (element-type utf8) (nullable): ids of conversations, best first, or
 *   %NULL with %SC_ERROR_STORAGE set
 */
GPtrArray *sc_store_search_finish               (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScConversationRecord, sc_conversation_record_free)
/**
 * sc_store_list_usage_async:
 * @self: a store
 * @conversation: (nullable): only of this one, by its id
 * @from_us: real time in microseconds since 1970: answers from then on
 * @to_us: answers before then
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Sums up what finished answers used, those of deleted conversations too.
 */
void       sc_store_list_usage_async            (ScStore              *self,
                                                 const char           *conversation,
                                                 gint64                from_us,
                                                 gint64                to_us,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_store_list_usage_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer container) (element-type ScUsageRecord) (nullable): a record for each day, provider and model,
 *   answers without a cost in one of their own; newest day first. %NULL with %SC_ERROR_STORAGE set
 */
GPtrArray *sc_store_list_usage_finish           (ScStore              *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/**
 * sc_store_clear_usage_async:
 * @self: a store
 * @callback: (nullable): called when it is done
 * @user_data: for @callback
 *
 * Forgets what all answers used. The answers themselves stay, with their own numbers.
 */
void       sc_store_clear_usage_async           (ScStore              *self,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScUsageRecord, sc_usage_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTurnRecord, sc_turn_record_free)

G_END_DECLS

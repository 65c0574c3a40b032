/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The asynchronous face of the history: jobs in a queue, one worker thread that owns the file, and
 * results that go back to the main context of whoever asked.
 *
 * A task is only ever touched by its caller's thread: the worker hands it back in a source instead
 * of returning it itself, because the last reference, and with it the store, could otherwise be
 * dropped on the worker. */

#include "config.h"

#include "sc-store.h"

#include <glib/gi18n.h>

#include "sc-error.h"
#include "sc-store-file.h"

typedef struct _Job Job;

/* Shared by the store and its thread: the thread may outlive the store by its last job. */
typedef struct
{
  GAsyncQueue *queue;
  /* Id of a turn -> the job waiting to save it. Guarded by the queue's lock. */
  GHashTable  *waiting_saves;
  ScStoreFile *file;
} Worker;

typedef enum
{
  JOB_OPEN,
  JOB_LIST,
  JOB_LOAD,
  JOB_SEARCH,
  JOB_LIST_USAGE,
  JOB_CLEAR_USAGE,
  JOB_SAVE_CONVERSATION,
  JOB_SAVE_TURN,
  JOB_DELETE_TURN,
  JOB_DELETE_CONVERSATION,
  JOB_PURGE,
  JOB_CLOSE,
  JOB_QUIT,
} JobKind;

struct _Job
{
  JobKind               kind;
  /* (element-type GTask): more than one where saves were joined; none where nobody waits */
  GPtrArray            *tasks;
  char                 *text;
  guint                 limit;
  gint64                from_us;
  gint64                to_us;
  ScConversationRecord *conversation;
  ScTurnRecord         *turn;
};

/* What goes back to one caller. */
typedef struct
{
  GTask     *task;
  gboolean   is_close;
  GPtrArray *rows;
  GError    *error;
} Answer;

struct _ScStore
{
  GObject  parent_instance;

  Worker  *worker;
  /* NULL after the worker ended. */
  GThread *thread;
  gboolean is_closed;
};

G_DEFINE_FINAL_TYPE (ScStore, sc_store, G_TYPE_OBJECT)

static void
free_job (Job *job)
{
  g_ptr_array_unref (job->tasks);
  g_free (job->text);
  sc_conversation_record_free (job->conversation);
  sc_turn_record_free (job->turn);
  g_free (job);
}

static Job *
create_job (JobKind kind)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->tasks = g_ptr_array_new_with_free_func (g_object_unref);
  return job;
}

static void
clear_worker (gpointer data)
{
  Worker *worker = data;

  sc_store_file_free (worker->file);
  g_hash_table_unref (worker->waiting_saves);
  g_async_queue_unref (worker->queue);
}

static void
unref_worker (Worker *worker)
{
  g_atomic_rc_box_release_full (worker, clear_worker);
}

static void
free_answer (gpointer data)
{
  Answer *answer = data;

  g_clear_object (&answer->task);
  g_clear_pointer (&answer->rows, g_ptr_array_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}

static gboolean
deliver_cb (gpointer user_data)
{
  Answer *answer = user_data;

  if (answer->is_close)
    {
      ScStore *self = SC_STORE (g_task_get_source_object (answer->task));

      /* Closing was the thread's last work. */
      g_clear_pointer (&self->thread, g_thread_join);
    }
  if (answer->error != NULL)
    g_task_return_error (answer->task, g_steal_pointer (&answer->error));
  else if (answer->rows != NULL)
    g_task_return_pointer (answer->task, g_steal_pointer (&answer->rows),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_boolean (answer->task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
deliver (GTask     *task,
         gboolean   is_close,
         GPtrArray *rows,
         GError    *error)
{
  Answer *answer = g_new0 (Answer, 1);
  g_autoptr (GSource) source = g_idle_source_new ();
  GMainContext *context = g_task_get_context (task);

  answer->task = task;
  answer->is_close = is_close;
  answer->rows = rows;
  answer->error = error;
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, deliver_cb, answer, free_answer);
  g_source_set_static_name (source, "[stream-chat] history");
  g_source_attach (source, context);
}

/* Each task leaves the job, so that the worker holds none when the caller's thread gets it. */
static void
answer_job (Job       *job,
            GPtrArray *rows,
            GError    *error)
{
  g_autoptr (GPtrArray) owned_rows = rows;
  g_autoptr (GError) owned_error = error;

  while (job->tasks->len > 0)
    deliver (g_ptr_array_steal_index (job->tasks, 0),
             job->kind == JOB_CLOSE,
             owned_rows != NULL ? g_ptr_array_ref (owned_rows) : NULL,
             owned_error != NULL ? g_error_copy (owned_error) : NULL);
}

static void
cancelled_cb (GCancellable *cancellable,
              ScStoreFile  *file)
{
  sc_store_file_interrupt (file);
}

/* Files are unpacked here: on the main thread they would hold up the window that waits for the turns. */
static GPtrArray *
load_turns (Worker        *worker,
            Job           *job,
            GCancellable  *cancellable,
            GError       **error)
{
  GPtrArray *turns = sc_store_file_load_turns (worker->file, job->text, cancellable, error);

  for (guint i = 0; turns != NULL && i < turns->len; i++)
    sc_turn_record_open_files (g_ptr_array_index (turns, i));
  return turns;
}

static GPtrArray *
run_reading (Worker        *worker,
             Job           *job,
             GCancellable  *cancellable,
             GError       **error)
{
  if (job->kind == JOB_LOAD)
    return load_turns (worker, job, cancellable, error);
  if (job->kind == JOB_SEARCH)
    return sc_store_file_search (worker->file, job->text, job->limit, cancellable, error);
  if (job->kind == JOB_LIST_USAGE)
    return sc_store_file_list_usage (worker->file, job->text, job->from_us, job->to_us, cancellable,
                                     error);
  return sc_store_file_list_conversations (worker->file, cancellable, error);
}

static void
do_reading (Worker *worker,
            Job    *job)
{
  GCancellable *cancellable = g_task_get_cancellable (g_ptr_array_index (job->tasks, 0));
  GError *error = NULL;
  GPtrArray *rows = NULL;
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), worker->file, NULL);
  rows = run_reading (worker, job, cancellable, &error);
  g_cancellable_disconnect (cancellable, handler);
  answer_job (job, rows, error);
}

static gboolean
run_writing (Worker  *worker,
             Job     *job,
             GError **error)
{
  switch (job->kind)
    {
    case JOB_OPEN:
      return sc_store_file_open (worker->file, error);
    case JOB_SAVE_CONVERSATION:
      return sc_store_file_save_conversation (worker->file, job->conversation, error);
    case JOB_SAVE_TURN:
      sc_turn_record_settle_files (job->turn);
      return sc_store_file_save_turn (worker->file, &job->turn, error);
    case JOB_DELETE_TURN:
      return sc_store_file_delete_turn (worker->file, job->text, error);
    case JOB_DELETE_CONVERSATION:
      return sc_store_file_delete_conversation (worker->file, job->text, error);
    case JOB_CLEAR_USAGE:
      return sc_store_file_clear_usage (worker->file, error);
    case JOB_PURGE:
      return sc_store_file_purge (worker->file, error);
    case JOB_CLOSE:
      return sc_store_file_close (worker->file, error);
    case JOB_LIST:
    case JOB_LOAD:
    case JOB_SEARCH:
    case JOB_LIST_USAGE:
    case JOB_QUIT:
    default:
      return TRUE;
    }
}

static void
do_writing (Worker *worker,
            Job    *job)
{
  GError *error = NULL;

  run_writing (worker, job, &error);
  answer_job (job, NULL, error);
}

/* From here on nobody joins the job: it is the worker's. */
static Job *
take_job (Worker *worker)
{
  Job *job;

  g_async_queue_lock (worker->queue);
  job = g_async_queue_pop_unlocked (worker->queue);
  if (job->turn != NULL && g_hash_table_lookup (worker->waiting_saves, job->turn->id) == job)
    g_hash_table_remove (worker->waiting_saves, job->turn->id);
  g_async_queue_unlock (worker->queue);
  return job;
}

static gpointer
run_worker (gpointer data)
{
  Worker *worker = data;
  gboolean is_last = FALSE;

  while (!is_last)
    {
      Job *job = take_job (worker);

      is_last = job->kind == JOB_CLOSE || job->kind == JOB_QUIT;
      if (job->kind == JOB_LIST || job->kind == JOB_LOAD || job->kind == JOB_SEARCH ||
          job->kind == JOB_LIST_USAGE)
        do_reading (worker, job);
      else
        do_writing (worker, job);
      free_job (job);
    }
  unref_worker (worker);
  return NULL;
}

/* The newer save takes the place of the one that waits: both are on disk with it. Its parent and
 * conversation must be the same, since what it needs may stand between the two in the queue. */
static gboolean
join_waiting_save (Worker *worker,
                   Job    *job)
{
  Job *waiting = g_hash_table_lookup (worker->waiting_saves, job->turn->id);

  if (waiting == NULL ||
      g_strcmp0 (waiting->turn->conversation, job->turn->conversation) != 0 ||
      g_strcmp0 (waiting->turn->parent, job->turn->parent) != 0)
    return FALSE;
  /* The table's key is the id of the record that goes. */
  g_hash_table_remove (worker->waiting_saves, job->turn->id);
  sc_turn_record_free (waiting->turn);
  waiting->turn = g_steal_pointer (&job->turn);
  g_ptr_array_extend_and_steal (waiting->tasks, g_ptr_array_ref (job->tasks));
  g_hash_table_insert (worker->waiting_saves, waiting->turn->id, waiting);
  return TRUE;
}

static void
push_job (ScStore *self,
          Job     *job)
{
  Worker *worker = self->worker;
  gboolean is_joined = FALSE;

  g_async_queue_lock (worker->queue);
  if (job->kind == JOB_SAVE_TURN)
    {
      is_joined = join_waiting_save (worker, job);
      if (!is_joined)
        g_hash_table_replace (worker->waiting_saves, job->turn->id, job);
    }
  else if (job->kind != JOB_SAVE_CONVERSATION)
    /* A later save may not come before this: it could bring back what is deleted, or be seen too
     * early. */
    g_hash_table_remove_all (worker->waiting_saves);
  if (!is_joined)
    g_async_queue_push_unlocked (worker->queue, job);
  g_async_queue_unlock (worker->queue);
  if (is_joined)
    free_job (job);
}

/* Takes over the task. After the end of the store every call fails, in its own time like any
 * other. */
static void
submit (ScStore *self,
        GTask   *task,
        Job     *job)
{
  if (!self->is_closed)
    {
      g_ptr_array_add (job->tasks, task);
      push_job (self, job);
      return;
    }
  free_job (job);
  deliver (task, FALSE, NULL,
           g_error_new_literal (SC_ERROR, SC_ERROR_STORAGE, _("The history is closed already.")));
}

/* A change that needs no more to be said than its kind and whose it is. */
static void
submit_change (ScStore             *self,
               JobKind              kind,
               const char          *id,
               gpointer             source_tag,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Job *job = create_job (kind);

  g_task_set_source_tag (task, source_tag);
  job->text = g_strdup (id);
  submit (self, task, job);
}

static GPtrArray *
finish_reading (ScStore       *self,
                GAsyncResult  *result,
                GError       **error)
{
  g_return_val_if_fail (SC_IS_STORE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sc_store_finalize (GObject *object)
{
  ScStore *self = SC_STORE (object);

  if (!self->is_closed)
    {
      /* Every call holds the store: there is none left, and the thread ends by itself. */
      push_job (self, create_job (JOB_QUIT));
      g_clear_pointer (&self->thread, g_thread_unref);
    }
  g_clear_pointer (&self->thread, g_thread_unref);
  g_clear_pointer (&self->worker, unref_worker);

  G_OBJECT_CLASS (sc_store_parent_class)->finalize (object);
}

static void
sc_store_class_init (ScStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sc_store_finalize;
}

static void
sc_store_init (ScStore *self)
{
}

ScStore *
sc_store_new (const char *path)
{
  ScStore *self = g_object_new (SC_TYPE_STORE, NULL);

  self->worker = g_atomic_rc_box_new0 (Worker);
  self->worker->queue = g_async_queue_new_full ((GDestroyNotify) free_job);
  self->worker->waiting_saves = g_hash_table_new (g_str_hash, g_str_equal);
  self->worker->file = sc_store_file_new (path);
  self->thread = g_thread_new ("history", run_worker, g_atomic_rc_box_acquire (self->worker));
  push_job (self, create_job (JOB_OPEN));
  return self;
}

void
sc_store_close_async (ScStore             *self,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_STORE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sc_store_close_async);
  submit (self, task, create_job (JOB_CLOSE));
  self->is_closed = TRUE;
}

gboolean
sc_store_close_finish (ScStore       *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (SC_IS_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_store_list_conversations_async (ScStore             *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_store_list_conversations_async);
  submit (self, task, create_job (JOB_LIST));
}

GPtrArray *
sc_store_list_conversations_finish (ScStore       *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  return finish_reading (self, result, error);
}

void
sc_store_load_turns_async (ScStore             *self,
                           const char          *conversation,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (conversation != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_store_load_turns_async);
  job = create_job (JOB_LOAD);
  job->text = g_strdup (conversation);
  submit (self, task, job);
}

GPtrArray *
sc_store_load_turns_finish (ScStore       *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return finish_reading (self, result, error);
}

void
sc_store_save_conversation_async (ScStore                    *self,
                                  const ScConversationRecord *record,
                                  GAsyncReadyCallback         callback,
                                  gpointer                    user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (record != NULL && record->id != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sc_store_save_conversation_async);
  job = create_job (JOB_SAVE_CONVERSATION);
  job->conversation = sc_conversation_record_copy (record);
  submit (self, task, job);
}

void
sc_store_save_turn_async (ScStore             *self,
                          const ScTurnRecord  *record,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (record != NULL && record->id != NULL && record->conversation != NULL &&
                    record->role != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sc_store_save_turn_async);
  job = create_job (JOB_SAVE_TURN);
  job->turn = sc_turn_record_copy (record);
  submit (self, task, job);
}

void
sc_store_delete_turn_async (ScStore             *self,
                            const char          *id,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (id != NULL);

  submit_change (self, JOB_DELETE_TURN, id, sc_store_delete_turn_async, callback, user_data);
}

void
sc_store_delete_conversation_async (ScStore             *self,
                                    const char          *id,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (id != NULL);

  submit_change (self, JOB_DELETE_CONVERSATION, id, sc_store_delete_conversation_async, callback, user_data);
}

void
sc_store_purge_async (ScStore             *self,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (SC_IS_STORE (self));

  submit_change (self, JOB_PURGE, NULL, sc_store_purge_async, callback, user_data);
}

gboolean
sc_store_write_finish (ScStore       *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (SC_IS_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_store_search_async (ScStore             *self,
                       const char          *query,
                       guint                limit,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SC_IS_STORE (self));
  g_return_if_fail (query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_store_search_async);
  job = create_job (JOB_SEARCH);
  job->text = g_strdup (query);
  job->limit = limit;
  submit (self, task, job);
}

GPtrArray *
sc_store_search_finish (ScStore       *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  return finish_reading (self, result, error);
}

void
sc_store_list_usage_async (ScStore             *self,
                           const char          *conversation,
                           gint64               from_us,
                           gint64               to_us,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SC_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_store_list_usage_async);
  job = create_job (JOB_LIST_USAGE);
  job->text = g_strdup (conversation);
  job->from_us = from_us;
  job->to_us = to_us;
  submit (self, task, job);
}

GPtrArray *
sc_store_list_usage_finish (ScStore       *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return finish_reading (self, result, error);
}

void
sc_store_clear_usage_async (ScStore             *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SC_IS_STORE (self));

  submit_change (self, JOB_CLEAR_USAGE, NULL, sc_store_clear_usage_async, callback, user_data);
}

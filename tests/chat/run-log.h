/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of this folder share: profiles that point at a scripted server, answers in the
 * wire's words, and a run whose events are written down. */

#pragma once

#include "raw-server.h"
#include "sc-run.h"

G_BEGIN_DECLS

/** CANARY_KEY: a key that must never be seen anywhere but in the request */
#define CANARY_KEY "sk-canary-0123456789abcdefghij"

#define SSE_HEAD   "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define TEXT(text) "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define THINK(text)                                                                                \
  "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"" text "\"}}]}\n\n"
#define STOP       "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define USAGE "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
#define DONE       "data: [DONE]\n\n"
#define COMMENT    ": still here\n\n"

/** ERROR_ANSWER: an answer with an error status; @length is the length of @body */
#define ERROR_ANSWER(status, headers, length, body) \
  "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n" headers \
  "Content-Length: " length "\r\nConnection: close\r\n\r\n" body

/**
 * assert_no_key:
 * @text: (nullable): what people or files get
 *
 * Fails the test if the canary key, or most of it, is in it: as it is, escaped or in base64.
 */
void       assert_no_key      (const char      *text);

/**
 * run_log_watch_messages:
 *
 * From now on no log message of whatever level, domain and field may hold the key.
 */
void       run_log_watch_messages (void);

/**
 * RunLog:
 * @lines: the events as JSON lines, notices of the run included
 * @text: all text so far
 * @n_ends: how many end events came; more than one fails the test
 * @reason: of a finish
 * @failure: (nullable): of an error
 * @wait_ms: how long the last wait before a retry was to be, -1 before one
 * @n_batches: how often a batch ended
 * @run: (nullable): the run, until run_log_free()
 * @stop_at: (nullable): stop in the event of that name (`text`, `finish`, or a notice's code)
 * @free_at_end: free the run in its last event
 */
typedef struct
{
  GString        *lines;
  GString        *text;
  guint           n_ends;
  ScFinishReason  reason;
  ScFailure      *failure;
  gint64          wait_ms;
  guint           n_batches;
  ScRun          *run;
  const char     *stop_at;
  gboolean        free_at_end;
} RunLog;

/**
 * create_profile:
 * @server: a server
 *
 * Returns: (transfer full): a profile that speaks openai-chat with it, with the canary key, no
 * retries and no clocks but those a test sets
 */
ScProfile *create_profile     (RawServer       *server);

/**
 * run_log_start:
 * @profile: whom to ask
 *
 * Returns: (transfer full): a log with its run just started
 */
RunLog    *run_log_start      (const ScProfile *profile);

/**
 * run_log_free:
 * @self: (nullable) (transfer full): a log
 *
 * Frees the log and the run.
 */
void       run_log_free       (RunLog          *self);

/**
 * run_log_has:
 * @self: a log
 * @words: a part of a line
 *
 * Returns: %TRUE if an event with it came
 */
gboolean   run_log_has        (RunLog          *self,
                               const char      *words);

/**
 * run_log_count:
 * @self: a log
 * @words: a part of a line
 *
 * Returns: how often it came
 */
guint      run_log_count      (RunLog          *self,
                               const char      *words);

/**
 * run_log_wait_for:
 * @self: a log
 * @words: a part of a line
 *
 * Runs the main loop until an event with it came. Fails the test after a generous time.
 */
void       run_log_wait_for   (RunLog          *self,
                               const char      *words);

/**
 * run_log_wait_end:
 * @self: a log
 *
 * Runs the main loop until the end event came. Fails the test after a generous time.
 */
void       run_log_wait_end   (RunLog          *self);

/**
 * run_log_assert_failed:
 * @self: a log of a run that ended
 * @kind: the kind of error it must have ended with
 */
void       run_log_assert_failed (RunLog       *self,
                               ScError          kind);

/**
 * wait_until:
 * @condition: is asked again and again
 * @data: for @condition
 *
 * Runs the main loop until the condition holds. Fails the test after a generous time.
 */
void       wait_until         (gboolean       (*condition) (gpointer data),
                               gpointer         data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunLog, run_log_free)

G_END_DECLS

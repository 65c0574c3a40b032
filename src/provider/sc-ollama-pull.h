/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching a model onto an Ollama server: what the server tells of its progress, read line by line
 * by a pure decoder, and the call that runs it over the network. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

typedef struct _ScOllamaPull ScOllamaPull;

/**
 * ScOllamaProgress:
 * @words: what happens now, for people
 * @status: the server's own words
 * @completed: bytes that are there, of all layers known so far
 * @total: bytes of all layers known so far, 0 as long as none is
 *
 * How far it is. The total grows while the server finds out what belongs to the model.
 */
typedef struct
{
  const char *words;
  const char *status;
  gint64      completed;
  gint64      total;
} ScOllamaProgress;

/**
 * ScOllamaProgressFunc:
 * @progress: (transfer none): valid during the call
 * @user_data: what was given with the function
 *
 * Receives progress, at most once for each line of the server.
 */
typedef void (*ScOllamaProgressFunc) (const ScOllamaProgress *progress,
                                      gpointer                user_data);

/**
 * sc_ollama_pull_new:
 * @func: (nullable): receives progress
 * @user_data: for @func
 *
 * Returns: (transfer full): a decoder at the start of an answer
 */
ScOllamaPull *sc_ollama_pull_new    (ScOllamaProgressFunc   func,
                                     gpointer               user_data);

/**
 * sc_ollama_pull_free:
 * @self: (nullable) (transfer full): a decoder
 *
 * Frees it.
 */
void          sc_ollama_pull_free   (ScOllamaPull          *self);

/**
 * sc_ollama_pull_feed:
 * @self: a decoder
 * @bytes: (array length=length): the next bytes of the body, in any split
 * @length: how many
 *
 * Reads on. After success or an error nothing is looked at any more.
 *
 * Returns: %TRUE as long as more is expected
 */
gboolean      sc_ollama_pull_feed   (ScOllamaPull          *self,
                                     const char            *bytes,
                                     gsize                  length);

/**
 * sc_ollama_pull_end:
 * @self: a decoder
 * @error: return location
 *
 * Tells that the body is over.
 *
 * Returns: %TRUE if the server said `success`, or %FALSE with an error of %SC_ERROR set:
 *   what the server reported, or %SC_ERROR_INTERRUPTED (trying again goes on where it stopped)
 */
gboolean      sc_ollama_pull_end    (ScOllamaPull          *self,
                                     GError               **error);

/**
 * sc_ollama_pull_async:
 * @profile: where to; copied
 * @model: what to fetch
 * @cancellable: (nullable): to stop it; what is there already is kept by the server
 * @progress: (nullable): receives progress until @callback
 * @progress_data: for @progress
 * @callback: called when done
 * @user_data: for @callback
 *
 * Has a server fetch a model. It may take hours; a server that is silent while it checks what came
 * is waited for.
 */
void          sc_ollama_pull_async  (const ScProfile       *profile,
                                     const char            *model,
                                     GCancellable          *cancellable,
                                     ScOllamaProgressFunc   progress,
                                     gpointer               progress_data,
                                     GAsyncReadyCallback    callback,
                                     gpointer               user_data);

/**
 * sc_ollama_pull_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE if the model is there, or %FALSE with an error of %SC_ERROR set whose message is
 *   fit for people, or with %G_IO_ERROR_CANCELLED
 */
gboolean      sc_ollama_pull_finish (GAsyncResult          *result,
                                     GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOllamaPull, sc_ollama_pull_free)

G_END_DECLS

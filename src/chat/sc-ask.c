/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The terminal mode. The same run as the window's, its events printed as they come. It knows no
 * widget, needs no display, and for a provider given on the command line no settings, keyring or
 * bus either. */

#include "config.h"

#include "sc-ask.h"

#include "sc-http.h"
#include "sc-json.h"
#include "sc-output.h"
#include "sc-prompt.h"
#include "sc-protocol.h"
#include "sc-demo-server.h"
#include "sc-providers.h"
#include "sc-run-private.h"
#include "sc-settings.h"
#include "sc-trace.h"
#include "sc-vertex-token.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define EXIT_FINISHED    0
#define EXIT_ERROR       1
#define EXIT_USAGE       2
#define EXIT_INTERRUPTED 130

/* Beyond this much unread output nothing more is read from the service. */
#define OUTPUT_LIMIT (1024u * 1024)

typedef struct
{
  const ScOptions *options;
  GMainLoop       *loop;
  GCancellable    *cancellable;
  ScOutput        *output;
  JsonNode        *tools;
  ScProfile       *profile;
  ScHttpClient    *client;
  ScRun           *run;
  GString         *line;
  guint            sigint_source;
  int              exit_code;
  gboolean         ends_in_newline;
  gboolean         has_ended;
} Ask;

static void
print_message (const char *text)
{
  g_autofree char *safe = sc_output_create_safe (text, strlen (text));

  g_printerr ("stream-chat: %s\n", safe);
}

/* Whether the words say the sentence already, be it with more behind it. */
static gboolean
says_sentence (const char *message,
               const char *sentence)
{
  gsize length = strlen (sentence);

  if (g_str_has_suffix (sentence, "."))
    length--;
  return strncmp (message, sentence, length) == 0;
}

/* Whether it was found here that the request cannot be made: no provider has seen it. */
static gboolean
is_own_refusal (const ScFailure *failure)
{
  return failure->kind == SC_ERROR_INVALID_REQUEST && failure->status == 0 &&
         failure->code == NULL;
}

/* Sentence, the service's own words, and in brackets what a report needs. */
static void
print_failure (const ScFailure *failure)
{
  const char *sentence = sc_error_to_sentence (failure->kind);
  g_autoptr (GString) text = g_string_new (failure->message);
  g_autoptr (GString) codes = g_string_new (NULL);

  if (!is_own_refusal (failure) && !says_sentence (failure->message, sentence))
    {
      g_string_prepend_c (text, ' ');
      g_string_prepend (text, sentence);
    }
  if (failure->status >= 300)
    g_string_append_printf (codes, "%d", failure->status);
  /* Many services repeat the status as their code. */
  if (failure->code != NULL && strcmp (failure->code, codes->str) != 0)
    g_string_append_printf (codes, "%s%s", codes->len > 0 ? ", " : "", failure->code);
  if (failure->request_id != NULL)
    g_string_append_printf (codes, "%s%s", codes->len > 0 ? ", " : "", failure->request_id);
  if (codes->len > 0)
    g_string_append_printf (text, " (%s)", codes->str);
  print_message (text->str);
}

/* Returns TRUE the first time a write was found to have failed. */
static gboolean
take_output_error (Ask *self)
{
  int error = sc_output_get_errno (self->output);

  if (error == 0 || self->exit_code == EXIT_ERROR)
    return FALSE;
  self->exit_code = EXIT_ERROR;
  /* `head` that has enough is no fault to talk about. */
  if (error != EPIPE)
    {
      g_autofree char *text =
        g_strdup_printf (_("The answer could not be written: %s"), g_strerror (error));

      print_message (text);
    }
  return TRUE;
}

static void
flush (Ask *self)
{
  sc_output_flush (self->output);
  if (self->run != NULL)
    sc_run_set_paused (self->run, sc_output_get_pending (self->output) > OUTPUT_LIMIT);
  /* Where nobody reads any more asking on would be of no use. */
  if (take_output_error (self) && self->run != NULL)
    sc_run_stop (self->run);
}

/* The one end: what is still to be written is written, then the loop ends. */
static void
end (Ask *self,
     int  exit_code)
{
  self->has_ended = TRUE;
  self->exit_code = MAX (self->exit_code, exit_code);
  sc_output_flush (self->output);
  take_output_error (self);
  if (sc_output_get_pending (self->output) == 0)
    g_main_loop_quit (self->loop);
}

static void
print_json (Ask           *self,
            const ScEvent *event)
{
  g_string_truncate (self->line, 0);
  if (sc_event_append_json (event, self->line))
    sc_output_append_safe (self->output, self->line->str, self->line->len);
}

static void
end_line (Ask *self)
{
  if (!self->ends_in_newline)
    sc_output_append (self->output, "\n", 1);
  self->ends_in_newline = TRUE;
}

static void
end_with_failure (Ask             *self,
                  const ScFailure *failure)
{
  ScEvent event = { .kind = SC_EVENT_ERROR, .failure = failure };

  if (self->has_ended)
    return;
  if (self->options->json)
    print_json (self, &event);
  else
    end_line (self);
  sc_output_flush (self->output);
  if (failure->kind == SC_ERROR_CANCELLED)
    end (self, self->exit_code == EXIT_ERROR ? EXIT_ERROR : EXIT_INTERRUPTED);
  else
    {
      print_failure (failure);
      end (self, EXIT_ERROR);
    }
}

static void
end_with_error (Ask          *self,
                const GError *error)
{
  g_autoptr (ScFailure) failure = sc_failure_new_from_error (error);

  end_with_failure (self, failure);
}

static void
print_notice (const ScEvent *event)
{
  g_autofree char *text = NULL;
  const char *code = event->name != NULL ? event->name : "";
  int seconds = (int) ((MAX (event->start, 0) + 999) / 1000);

  if (strcmp (code, "retry") == 0)
    text = g_strdup_printf (ngettext ("%s Trying again in %d second.",
                                      "%s Trying again in %d seconds.", (gulong) seconds),
                            event->text, seconds);
  else if (strcmp (code, "quiet") == 0)
    text = g_strdup_printf (
        ngettext ("No data for %d second.", "No data for %d seconds.", (gulong) seconds), seconds);
  else if (event->text != NULL && strcmp (code, "active") != 0)
    text = g_strdup (event->text);
  if (text != NULL)
    print_message (text);
}

static void
print_tool_call (const ScEvent *event)
{
  g_autofree char *text = g_strdup_printf (_("The model calls the tool %s: %.*s"),
                                           event->name != NULL ? event->name : "",
                                           (int) MIN (event->length, G_MAXINT), event->text);

  print_message (text);
}

static void
print_finish (ScFinishReason reason)
{
  if (reason == SC_FINISH_LENGTH)
    print_message (_("The answer was cut by a length limit."));
  else if (reason == SC_FINISH_CONTENT_FILTER)
    print_message (_("The service’s filter cut the answer."));
}

static void
print_text (Ask           *self,
            const ScEvent *event)
{
  if (event->length == 0)
    return;
  sc_output_append_safe (self->output, event->text, event->length);
  self->ends_in_newline = event->text[event->length - 1] == '\n';
}

static void
take_plain_event (Ask           *self,
                  const ScEvent *event)
{
  switch (event->kind)
    {
    case SC_EVENT_TEXT:
      print_text (self, event);
      break;
    case SC_EVENT_TOOL_END:
      sc_output_flush (self->output);
      print_tool_call (event);
      break;
    case SC_EVENT_NOTICE:
      sc_output_flush (self->output);
      print_notice (event);
      break;
    case SC_EVENT_FINISH:
      end_line (self);
      sc_output_flush (self->output);
      print_finish (event->reason);
      break;
    case SC_EVENT_START:
    case SC_EVENT_REASONING:
    case SC_EVENT_TOOL_BEGIN:
    case SC_EVENT_TOOL_ARGUMENTS:
    case SC_EVENT_CITATION:
    case SC_EVENT_USAGE:
    case SC_EVENT_ERROR:
    default:
      break;
    }
}

/* Steps of every run, of no interest to who reads events. */
static gboolean
is_step (const ScEvent *event)
{
  return event->kind == SC_EVENT_NOTICE &&
         (g_strcmp0 (event->name, "connecting") == 0 || g_strcmp0 (event->name, "waiting") == 0);
}

static void
event_cb (const ScEvent *event,
          gpointer       user_data)
{
  Ask *self = user_data;

  if (event->kind == SC_EVENT_ERROR)
    {
      end_with_failure (self, event->failure);
      return;
    }
  if (is_step (event))
    return;
  if (self->options->json)
    print_json (self, event);
  else
    take_plain_event (self, event);
  if (event->kind == SC_EVENT_FINISH)
    end (self, EXIT_FINISHED);
  else if (event->kind == SC_EVENT_NOTICE)
    flush (self);
}

static void
batch_cb (gpointer user_data)
{
  flush (user_data);
}

static void
drained_cb (gpointer user_data)
{
  Ask *self = user_data;

  flush (self);
  if (self->has_ended)
    g_main_loop_quit (self->loop);
}

static void
models_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Ask *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = sc_protocol_list_models_finish (result, &error);

  if (models == NULL)
    {
      end_with_error (self, error);
      return;
    }
  for (guint i = 0; i < models->len; i++)
    {
      const ScModel *model = g_ptr_array_index (models, i);

      sc_output_append_safe (self->output, model->id, strlen (model->id));
      sc_output_append (self->output, "\n", 1);
    }
  end (self, EXIT_FINISHED);
}

static ScPrompt *
create_prompt (Ask *self)
{
  const ScProfile *profile = self->profile;
  ScPrompt *prompt = sc_prompt_new (profile->model);

  prompt->system = g_strdup (profile->system_prompt);
  prompt->stream = profile->stream;
  prompt->parameters = sc_prompt_merge_parameters (profile->parameters, NULL);
  prompt->tools = g_steal_pointer (&self->tools);
  g_ptr_array_add (prompt->messages, sc_message_new (SC_ROLE_USER, self->options->ask));
  return prompt;
}

static void
take_new_key (Ask          *self,
              const char   *key,
              const GError *error)
{
  if (self->run != NULL)
    sc_run_take_key (self->run, key, error);
}

static void
new_token_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = sc_vertex_token_finish (result, &error);

  take_new_key (user_data, token, error);
}

static void
resolved_again_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScProfile) profile =
    sc_providers_resolve_finish (SC_PROVIDERS (source), result, &error);

  take_new_key (user_data, profile != NULL ? profile->key : NULL, error);
}

/* An access token was refused before its end. */
static gboolean
renew_cb (const char *key,
          gpointer    user_data)
{
  Ask *self = user_data;
  g_autoptr (ScProfile) profile = NULL;

  if (!sc_vertex_token_forget (key))
    return FALSE;
  if (!sc_options_has_ad_hoc_provider (self->options))
    {
      sc_providers_resolve_async (sc_providers_get_default (), self->profile->id,
                                  self->cancellable, resolved_again_cb, self);
      return TRUE;
    }
  profile = sc_options_create_profile (self->options, NULL);
  if (profile == NULL || !sc_vertex_token_is_needed (profile))
    return FALSE;
  sc_vertex_token_async (profile, self->cancellable, new_token_cb, self);
  return TRUE;
}

static void
start_with_profile (Ask       *self,
                    ScProfile *profile)
{
  self->profile = profile;
  if (self->options->list_models)
    {
      sc_protocol_list_model_ids_async (profile, self->cancellable, models_cb, self);
      return;
    }
  self->client = sc_http_client_new (profile);
  self->run = sc_run_start (profile, create_prompt (self), self->client, event_cb, self);
  sc_run_set_batch_func (self->run, batch_cb);
  sc_run_set_renew_func (self->run, renew_cb);
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Ask *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScProfile) profile =
    sc_providers_resolve_finish (SC_PROVIDERS (source), result, &error);

  if (profile == NULL || !sc_options_apply (self->options, profile, &error))
    end_with_error (self, error);
  else
    start_with_profile (self, g_steal_pointer (&profile));
}

static void
token_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Ask *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = sc_vertex_token_finish (result, &error);

  if (token == NULL)
    {
      end_with_error (self, error);
      return;
    }
  sc_vertex_token_apply (self->profile, token);
  start_with_profile (self, g_steal_pointer (&self->profile));
}

/* A provider of the command line is not resolved, so a key file is exchanged here; for a list of
 * models that is done where it is fetched. */
static void
start_ad_hoc (Ask *self)
{
  g_autoptr (GError) error = NULL;
  ScProfile *profile = sc_options_create_profile (self->options, &error);

  if (profile == NULL)
    end_with_error (self, error);
  else if (!self->options->list_models && sc_vertex_token_is_needed (profile))
    {
      self->profile = profile;
      sc_vertex_token_async (profile, self->cancellable, token_cb, self);
    }
  else
    start_with_profile (self, profile);
}

/* Runs in the main loop, so that whatever fails has one way to the end. */
static gboolean
start_cb (gpointer user_data)
{
  Ask *self = user_data;
  const ScOptions *options = self->options;
  g_autofree char *id = NULL;

  if (sc_options_has_ad_hoc_provider (options))
    {
      start_ad_hoc (self);
      return G_SOURCE_REMOVE;
    }
  if (options->provider != NULL)
    {
      g_autoptr (ScProfile) profile =
        sc_settings_dup_profile_by_name (sc_settings_get_default (), options->provider);

      if (profile == NULL && g_ascii_strcasecmp (options->provider, SC_DEMO_PROFILE_ID) != 0)
        {
          g_autofree char *message =
            g_strdup_printf (_("There is no provider named “%s”."), options->provider);
          g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_NOT_FOUND, message);

          end_with_failure (self, failure);
          return G_SOURCE_REMOVE;
        }
      id = g_strdup (profile != NULL ? profile->id : SC_DEMO_PROFILE_ID);
    }
  if (options->list_models)
    sc_providers_resolve_entered_async (sc_providers_get_default (), id, self->cancellable,
                                        resolved_cb, self);
  else
    sc_providers_resolve_async (sc_providers_get_default (), id, self->cancellable, resolved_cb,
                                self);
  return G_SOURCE_REMOVE;
}

static gboolean
sigint_cb (gpointer user_data)
{
  Ask *self = user_data;

  if (self->has_ended)
    {
      /* What is left nobody reads. */
      self->exit_code = EXIT_INTERRUPTED;
      g_main_loop_quit (self->loop);
    }
  else if (self->run != NULL)
    sc_run_stop (self->run);
  else
    g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_list_of_objects (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      return FALSE;
  return array != NULL;
}

static JsonNode *
load_tools (const char  *path,
            GError     **error)
{
  g_autofree char *text = NULL;
  gsize length;
  JsonNode *node;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  node = sc_json_parse (text, (gssize) length, error);
  if (node != NULL && !is_list_of_objects (node))
    {
      g_clear_pointer (&node, json_node_unref);
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("a JSON array of tool definitions is needed"));
    }
  if (node == NULL)
    g_prefix_error (error, "--tools %s: ", path);
  return node;
}

/* A program may be started with its standard streams closed: the next file or socket that is opened
 * would get their numbers, and the answer. */
static gboolean
check_standard_streams (void)
{
  gboolean has_output = fcntl (STDOUT_FILENO, F_GETFD) != -1;

  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) == -1 && open ("/dev/null", O_RDWR) == -1)
      return FALSE;
  return has_output;
}

static void
run_loop (Ask *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->line = g_string_new (NULL);
  self->output = sc_output_new (STDOUT_FILENO, drained_cb, self);
  /* Nothing was printed yet: there is no line to end. */
  self->ends_in_newline = TRUE;
  self->sigint_source = g_unix_signal_add (SIGINT, sigint_cb, self);
  g_idle_add_full (G_PRIORITY_DEFAULT, start_cb, self, NULL);

  g_main_loop_run (self->loop);

  g_source_remove (self->sigint_source);
  g_clear_pointer (&self->run, sc_run_free);
  g_clear_pointer (&self->client, sc_http_client_unref);
  g_clear_pointer (&self->profile, sc_profile_free);
  g_clear_pointer (&self->output, sc_output_free);
  g_string_free (self->line, TRUE);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

int
sc_ask_main (const ScOptions *options)
{
  Ask self = { .options = options };
  g_autoptr (ScTrace) trace = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (options != NULL, EXIT_USAGE);

  /* Standard output is the answer's, whatever is debugged. */
  g_log_writer_default_set_use_stderr (TRUE);
  if (!check_standard_streams ())
    {
      print_message (_("Standard output is closed."));
      return EXIT_ERROR;
    }
  signal (SIGPIPE, SIG_IGN);
  if (options->tools_file != NULL)
    {
      self.tools = load_tools (options->tools_file, &error);
      if (self.tools == NULL)
        {
          print_message (error->message);
          return EXIT_USAGE;
        }
    }
  if (options->trace != NULL)
    {
      trace = sc_trace_open (options->trace, &error);
      if (trace == NULL)
        {
          print_message (error->message);
          g_clear_pointer (&self.tools, json_node_unref);
          return EXIT_ERROR;
        }
      sc_trace_set_default (trace);
    }
  run_loop (&self);
  g_clear_pointer (&self.tools, json_node_unref);
  sc_trace_set_default (NULL);
  return self.exit_code;
}

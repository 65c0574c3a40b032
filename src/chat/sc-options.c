/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line. Everything that can be known to be wrong without asking a service is said here,
 * so that it ends with the code for wrong usage and costs no request. */

#include "config.h"

#include "sc-options.h"

#include "sc-demo-server.h"
#include "sc-json.h"
#include "sc-prompt.h"
#include "sc-protocol.h"
#include "sc-providers-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KEY_VARIABLE      "STREAM_CHAT_API_KEY"
#define MAX_TIMEOUT_S     (14.0 * 24 * 3600)
#define MAX_RETRIES       100
#define DEFAULT_PROTOCOL  "openai-chat"
#define DEMO_PROTOCOL     "demo"

#define BAD_VALUE G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE

/* The arguments are taken as bytes: GOption's own strings fail on every letter beyond ASCII where
 * the locale is "C". */
static gboolean
take_text (char       **field,
           const char  *option,
           GError     **error)
{
  char *text;

  if (*field == NULL || g_utf8_validate (*field, -1, NULL))
    return TRUE;
  text = g_locale_to_utf8 (*field, -1, NULL, NULL, NULL);
  if (text == NULL)
    {
      g_set_error (error, BAD_VALUE, _("The text of --%s is not valid."), option);
      return FALSE;
    }
  g_free (*field);
  *field = text;
  return TRUE;
}

static gboolean
take_texts (ScOptions  *self,
            GError    **error)
{
  return take_text (&self->ask, "ask", error) &&
         take_text (&self->prompt, "prompt", error) &&
         take_text (&self->system, "system", error) &&
         take_text (&self->provider, "provider", error) &&
         take_text (&self->protocol, "protocol", error) &&
         take_text (&self->base_url, "base-url", error) &&
         take_text (&self->model, "model", error) &&
         take_text (&self->parameters, "parameters", error) &&
         take_text (&self->timeouts, "timeouts", error);
}

static guint *
find_clock (ScTimeouts *timeouts,
            const char *name)
{
  const struct
  {
    const char *name;
    guint      *clock;
  } clocks[] = {
    { "connect", &timeouts->connect_ms },
    { "first-byte", &timeouts->first_byte_ms },
    { "idle", &timeouts->idle_ms },
    { "data", &timeouts->data_ms },
    { "quiet", &timeouts->quiet_ms },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    if (g_str_equal (clocks[i].name, name))
      return clocks[i].clock;
  return NULL;
}

/* One `name=seconds`; zero switches a clock off, the smallest fraction does not. */
static gboolean
parse_timeout (const char  *item,
               ScTimeouts  *timeouts,
               GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (item, "=", 2);
  guint *clock;
  char *end;
  double seconds;

  if (parts[0] == NULL || parts[1] == NULL)
    {
      g_set_error (error, BAD_VALUE,
                   _("“%s” in --timeouts is not a name, “=” and a number of seconds."), item);
      return FALSE;
    }
  clock = find_clock (timeouts, g_strstrip (parts[0]));
  if (clock == NULL)
    {
      g_set_error (
          error, BAD_VALUE,
          _("“%s” is not known in --timeouts. Use connect, first-byte, idle, data or quiet."),
          parts[0]);
      return FALSE;
    }
  g_strstrip (parts[1]);
  seconds = g_ascii_strtod (parts[1], &end);
  if (end == parts[1] || *end != '\0' || !isfinite (seconds) || seconds < 0 ||
      seconds > MAX_TIMEOUT_S)
    {
      g_set_error (error, BAD_VALUE, _("“%s” in --timeouts is not a number of seconds."), parts[1]);
      return FALSE;
    }
  *clock = (guint) ceil (seconds * 1000);
  return TRUE;
}

static gboolean
parse_timeouts (const char  *text,
                ScTimeouts  *timeouts,
                GError     **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  ScTimeouts parsed = *timeouts;

  for (guint i = 0; items[i] != NULL; i++)
    {
      if (*g_strstrip (items[i]) == '\0')
        continue;
      if (!parse_timeout (items[i], &parsed, error))
        return FALSE;
    }
  *timeouts = parsed;
  return TRUE;
}

static gboolean
check_parameters (const char  *text,
                  GError     **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonObject) object = sc_json_parse_object (text, -1, &reason);

  if (object != NULL)
    return TRUE;
  g_set_error (error, BAD_VALUE,
               _("--parameters must be a JSON object such as {\"temperature\": 0}: %s"),
               reason->message);
  return FALSE;
}

static gboolean
check_provider (const ScOptions  *self,
                GError          **error)
{
  if (self->provider != NULL && sc_options_has_ad_hoc_provider (self))
    {
      g_set_error (error, BAD_VALUE,
                   _("Use either --provider or --protocol with --base-url, not both."));
      return FALSE;
    }
  if (!sc_options_has_ad_hoc_provider (self))
    return TRUE;
  if (self->protocol != NULL && sc_protocol_find (self->protocol) == NULL)
    {
      g_set_error (error, BAD_VALUE, _("The protocol “%s” is not known."), self->protocol);
      return FALSE;
    }
  if (self->base_url == NULL && g_strcmp0 (self->protocol, DEMO_PROTOCOL) != 0)
    {
      g_set_error (error, BAD_VALUE, _("--protocol %s needs --base-url."), self->protocol);
      return FALSE;
    }
  return TRUE;
}

static void
set_key_from_environment (ScProfile *profile)
{
  g_autofree char *key = g_strdup (g_getenv (KEY_VARIABLE));

  if (key != NULL && *g_strstrip (key) != '\0')
    sc_profile_set (&profile->key, key);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

static gboolean
check_options (ScOptions  *self,
               gboolean    has_retries,
               GError    **error)
{
  g_autoptr (ScProfile) scratch = sc_profile_new (NULL);
  guint n_modes = (self->ask != NULL) + (self->prompt != NULL) + !!self->list_models;

  if (!take_texts (self, error))
    return FALSE;
  if (n_modes > 1)
    {
      g_set_error (error, BAD_VALUE, _("Use only one of --ask, --prompt and --list-models."));
      return FALSE;
    }
  if (self->ask != NULL && is_blank (self->ask))
    {
      g_set_error (error, BAD_VALUE, _("--ask needs a text."));
      return FALSE;
    }
  if (has_retries && (self->retries < 0 || self->retries > MAX_RETRIES))
    {
      g_set_error (error, BAD_VALUE, _("--retries must be a number from 0 to %d."), MAX_RETRIES);
      return FALSE;
    }
  return check_provider (self, error) && sc_options_apply (self, scratch, error);
}

static GOptionContext *
create_context (ScOptions *options)
{
  const GOptionEntry entries[] = {
    { "ask", 0, 0, G_OPTION_ARG_FILENAME, &options->ask,
      N_("Answer TEXT on standard output, without a window"), N_("TEXT") },
    { "prompt", 0, 0, G_OPTION_ARG_FILENAME, &options->prompt,
      N_("Open the window and send TEXT at once"), N_("TEXT") },
    { "list-models", 0, 0, G_OPTION_ARG_NONE, &options->list_models,
      N_("Print the provider’s models, one a line"), NULL },
    { "provider", 0, 0, G_OPTION_ARG_FILENAME, &options->provider,
      N_("Use the provider of that name in Preferences"), N_("NAME") },
    { "protocol", 0, 0, G_OPTION_ARG_FILENAME, &options->protocol,
      N_("Use a provider that is not saved, speaking this protocol"), N_("PROTOCOL") },
    { "base-url", 0, 0, G_OPTION_ARG_FILENAME, &options->base_url,
      N_("Where that provider is; its key is taken from STREAM_CHAT_API_KEY"), N_("URL") },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &options->model,
      N_("Ask this model"), N_("MODEL") },
    { "system", 0, 0, G_OPTION_ARG_FILENAME, &options->system,
      N_("Instructions for the model"), N_("TEXT") },
    { "no-stream", 0, 0, G_OPTION_ARG_NONE, &options->no_stream,
      N_("Ask for the whole answer at once"), NULL },
    { "parameters", 0, 0, G_OPTION_ARG_FILENAME, &options->parameters,
      N_("Parameters such as {\"temperature\": 0}"), N_("JSON") },
    { "tools", 0, 0, G_OPTION_ARG_FILENAME, &options->tools_file,
      N_("JSON array of tool definitions; calls are reported, not run"), N_("FILE") },
    { "timeouts", 0, 0, G_OPTION_ARG_FILENAME, &options->timeouts,
      N_("Seconds to wait: connect=10,first-byte=300,idle=120,data=600"), N_("LIST") },
    { "retries", 0, 0, G_OPTION_ARG_INT, &options->retries,
      N_("How often to try again by itself"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
      N_("Print one event a line as JSON"), NULL },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &options->trace,
      N_("Write times of what happens to FILE"), N_("FILE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version,
      N_("Print the version"), NULL },
    { NULL }
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                _("Talk with language models, in a window or in the terminal."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return context;
}

ScOptions *
sc_options_parse (int      *argc,
                  char   ***argv,
                  GError  **error)
{
  g_autoptr (ScOptions) self = g_new0 (ScOptions, 1);
  g_autoptr (GOptionContext) context = NULL;

  g_return_val_if_fail (argc != NULL && argv != NULL, NULL);

  self->retries = G_MININT;
  context = create_context (self);
  if (!g_option_context_parse (context, argc, argv, error))
    return NULL;
  if (*argc > 1)
    {
      g_set_error (error, BAD_VALUE,
                   _("“%s” is not understood. A text to ask goes behind --ask, in quotes."),
                   (*argv)[1]);
      return NULL;
    }
  if (self->version)
    return g_steal_pointer (&self);
  if (!check_options (self, self->retries != G_MININT, error))
    return NULL;
  self->retries = MAX (self->retries, -1);
  return g_steal_pointer (&self);
}

void
sc_options_free (ScOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->ask);
  g_free (self->provider);
  g_free (self->protocol);
  g_free (self->base_url);
  g_free (self->model);
  g_free (self->system);
  g_free (self->prompt);
  g_free (self->parameters);
  g_free (self->tools_file);
  g_free (self->timeouts);
  g_free (self->trace);
  g_free (self);
}

gboolean
sc_options_has_ad_hoc_provider (const ScOptions *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->protocol != NULL || self->base_url != NULL;
}

ScProfile *
sc_options_create_profile (const ScOptions  *self,
                           GError          **error)
{
  g_autoptr (ScProfile) profile = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sc_options_has_ad_hoc_provider (self), NULL);

  if (self->base_url == NULL)
    {
      profile = sc_demo_server_create_profile (error);
      if (profile == NULL)
        return NULL;
    }
  else
    {
      g_autoptr (GUri) uri = g_uri_parse (self->base_url, G_URI_FLAGS_NONE, NULL);
      const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

      profile = sc_profile_new (SC_TEMPORARY_PROFILE_ID);
      sc_profile_set (&profile->protocol,
                      self->protocol != NULL ? self->protocol : DEFAULT_PROTOCOL);
      sc_profile_set (&profile->base_url, self->base_url);
      sc_profile_set (&profile->name, host != NULL ? host : self->base_url);
      set_key_from_environment (profile);
    }
  if (!sc_options_apply (self, profile, error))
    return NULL;
  return g_steal_pointer (&profile);
}

void
sc_options_apply_limits (const ScOptions *self,
                         ScProfile       *profile)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (profile != NULL);

  if (self->timeouts != NULL)
    parse_timeouts (self->timeouts, &profile->timeouts, NULL);
  if (self->no_stream)
    profile->stream = FALSE;
  if (self->retries >= 0)
    profile->retries = (guint) self->retries;
}

gboolean
sc_options_apply (const ScOptions  *self,
                  ScProfile        *profile,
                  GError          **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (profile != NULL, FALSE);

  if (self->parameters != NULL && !check_parameters (self->parameters, error))
    return FALSE;
  if (self->timeouts != NULL && !parse_timeouts (self->timeouts, &profile->timeouts, error))
    return FALSE;

  if (self->parameters != NULL)
    {
      g_autoptr (JsonNode) merged =
        sc_prompt_merge_parameters (profile->parameters, self->parameters);
      g_autofree char *text = merged != NULL ? sc_json_to_string (merged, FALSE) : NULL;

      sc_profile_set (&profile->parameters, text);
    }
  if (self->model != NULL)
    sc_profile_set (&profile->model, self->model);
  if (self->system != NULL)
    sc_profile_set (&profile->system_prompt, self->system);
  sc_options_apply_limits (self, profile);
  return TRUE;
}

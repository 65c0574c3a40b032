/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line, for the window and for the terminal alike. */

#pragma once

#include <glib.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScOptions:
 *
 * What was given; strings are %NULL and numbers -1 where it was not. `ask` or `list_models` means the terminal.
 */
typedef struct
{
  char     *ask;
  gboolean  list_models;
  gboolean  version;
  char     *provider;
  char     *protocol;
  char     *base_url;
  char     *model;
  char     *system;
  char     *prompt;
  gboolean  no_stream;
  char     *parameters;
  char     *tools_file;
  char     *timeouts;
  int       retries;
  gboolean  json;
  char     *trace;
} ScOptions;

/**
 * sc_options_parse:
 * @argc: (inout): count of @argv
 * @argv: (inout): the arguments in the file name encoding; what is understood is taken out
 * @error: return location
 *
 * Parses and checks the command line (`--help` prints and exits).
 *
 * Returns: (transfer full) (nullable): the options, or %NULL with a #GOptionError set: the program says so and exits 2
 */
ScOptions *sc_options_parse          (int        *argc,
                                      char     ***argv,
                                      GError    **error);

/**
 * sc_options_free:
 * @self: (nullable) (transfer full): options
 *
 * Frees them.
 */
void       sc_options_free           (ScOptions  *self);

/**
 * sc_options_has_ad_hoc_provider:
 * @self: options
 *
 * Returns: %TRUE if a provider was described on the command line (`--protocol` or `--base-url`)
 */
gboolean   sc_options_has_ad_hoc_provider (const ScOptions *self);

/**
 * sc_options_create_profile:
 * @self: options with an ad hoc provider
 * @error: return location
 *
 * Makes the temporary profile: protocol `openai-chat` unless given, the key of `STREAM_CHAT_API_KEY`, the clocks of
 * `--timeouts`. For `demo` the built-in server is started.
 *
 * Returns: (transfer full) (nullable): the profile, or %NULL with an error set
 */
ScProfile *sc_options_create_profile (const ScOptions  *self,
                                      GError          **error);

/**
 * sc_options_apply_limits:
 * @self: options that were checked
 * @profile: a profile, changed in place
 *
 * Puts `--no-stream`, `--timeouts` and `--retries` into a profile: what holds for every answer of a
 * process, whoever gives it.
 */
void       sc_options_apply_limits   (const ScOptions  *self,
                                      ScProfile        *profile);

/**
 * sc_options_apply:
 * @self: options
 * @profile: a profile, changed in place
 * @error: return location
 *
 * Puts `--model`, `--system`, `--no-stream`, `--parameters`, `--timeouts` and `--retries` into a profile.
 *
 * Returns: %TRUE, or %FALSE with a #GOptionError set
 */
gboolean   sc_options_apply          (const ScOptions  *self,
                                      ScProfile        *profile,
                                      GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOptions, sc_options_free)

G_END_DECLS

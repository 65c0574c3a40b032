/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The built-in Demo: a small server inside the process, on a loopback port, that speaks openai-chat
 * over SSE with scripted answers, so that the whole real way is used with no account and no
 * network. Its answers say that they are scripted. */

#pragma once

#include <gio/gio.h>

#include "sc-types.h"

G_BEGIN_DECLS

/** SC_DEMO_PROFILE_ID: id of the built-in profile */
#define SC_DEMO_PROFILE_ID "demo"

/**
 * ScDemoPrompt:
 * @title: (translatable): what the card says
 * @subtitle: (translatable): one line of what it shows
 * @prompt: (translatable): the prompt that is sent
 * @icon_name: a symbolic icon
 */
typedef struct
{
  const char *title;
  const char *subtitle;
  const char *prompt;
  const char *icon_name;
} ScDemoPrompt;

/**
 * sc_demo_server_get_base_url:
 * @error: return location
 *
 * Starts the server of this process at the first call (it stays until the process ends) and gives
 * its base URL. The port is random and the server asks for the secret key of
 * sc_demo_server_get_key(), so that no other program can use it.
 *
 * Returns: (transfer none) (nullable): `http://127.0.0.1:PORT/v1`, or %NULL with a #GIOErrorEnum
 *   set
 */
const char         *sc_demo_server_get_base_url (GError **error);

/**
 * sc_demo_server_get_key:
 *
 * Returns: (transfer none): the key of this process's server, random for each process
 */
const char         *sc_demo_server_get_key      (void);

/**
 * sc_demo_server_create_profile:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the built-in profile, ready to use with its key, or %NULL
 *   with a #GIOErrorEnum set
 */
ScProfile          *sc_demo_server_create_profile (GError **error);

/**
 * sc_demo_server_list_prompts:
 * @n_prompts: (out): how many
 *
 * Returns: (transfer none) (array length=n_prompts): prompts worth trying; the first four for the
 *   empty state
 */
const ScDemoPrompt *sc_demo_server_list_prompts (guint   *n_prompts);

G_END_DECLS

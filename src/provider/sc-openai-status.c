/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-openai-status.h (protocols.md section 2, server tools). */

#include "config.h"

#include "sc-openai-status.h"

#include <glib/gi18n.h>

static const struct
{
  const char *prefix;
  const char *words;
} kinds[] = {
  { "response.web_search_call.", N_("Searching the web") },
  { "response.file_search_call.", N_("Searching files") },
  { "response.code_interpreter_call", N_("Running code") },
  { "response.image_generation_call.", N_("Making a picture, which cannot be shown here") },
  { "response.mcp_list_tools.", N_("Asking the service’s tools what they can do") },
  { "response.mcp_call", N_("Calling a tool of the service") },
  { "response.shell_call", N_("Running a command at the service") },
  { "response.compaction.", N_("Shortening the conversation") },
};

const char *
sc_openai_status_find (const char *type)
{
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (type, kinds[i].prefix))
      return _(kinds[i].words);
  return NULL;
}

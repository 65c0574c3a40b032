/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Google's models as Vertex AI lists them (protocols.md section 6), page by page. */

#include "config.h"

#include "sc-vertex.h"
#include "sc-error.h"
#include "sc-json.h"

#include <glib/gi18n.h>
#include <string.h>

/* The list does not say which method makes what: pictures, films, speech and embeddings have other
 * families. */
static gboolean
is_chat_family (const char *id)
{
  static const char *const families[] = { "gemini", "gemma", "learnlm", "claude" };

  if (strstr (id, "embedding") != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_has_prefix (id, families[i]))
      return TRUE;
  return FALSE;
}

static ScModel *
create_model (JsonObject *object)
{
  const char *name = sc_json_get_string (object, "name");
  const char *id = name != NULL ? strrchr (name, '/') : NULL;

  id = id != NULL ? id + 1 : name;
  return id != NULL && is_chat_family (id) ? sc_model_new (id) : NULL;
}

GPtrArray *
sc_vertex_parse_models (JsonNode  *root,
                        char     **next_page,
                        GError   **error)
{
  g_autoptr (GPtrArray) models = NULL;
  JsonObject *object;
  JsonArray *list;
  const char *token;
  guint n;

  g_return_val_if_fail (root != NULL && next_page != NULL, NULL);

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  list = sc_json_get_array (object, "publisherModels");
  token = sc_json_get_string (object, "nextPageToken");
  /* An empty page is an object without members. */
  if (object == NULL || (list == NULL && token == NULL && json_object_get_size (object) > 0))
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                           _("The server answers, but not with a list of models. "
                             "Check the address."));
      return NULL;
    }
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  n = list != NULL ? json_array_get_length (list) : 0;
  for (guint i = 0; i < n; i++)
    {
      ScModel *model = create_model (sc_json_get_element_object (list, i));

      if (model != NULL)
        g_ptr_array_add (models, model);
    }
  if (token != NULL && *token != '\0')
    *next_page = g_strdup (token);
  return g_steal_pointer (&models);
}

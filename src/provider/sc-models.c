/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching model lists, page by page, and saying in words why it does not work: the "Test
 * Connection" of the preferences. Knows no field name of any service. */

#include "config.h"

#include "sc-protocol.h"
#include "sc-base-url.h"
#include "sc-error.h"
#include "sc-http.h"
#include "sc-json.h"
#include "sc-redact.h"
#include "sc-response-failure.h"
#include "sc-vertex-token.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PAGES 20
#define MAX_LIST_BYTES (32u * 1024 * 1024)

/* Shorter than for an answer: a list is there or it is not. */
#define LIST_TIMEOUT_MS (30 * 1000)

/* Of how many models the details are asked for, one after the other, and how much may be in one
 * (licences and templates come with them). */
#define MAX_DETAILS 100
#define MAX_DETAILS_BYTES (4u * 1024 * 1024)

typedef struct
{
  ScProfile        *profile;
  ScProfile        *entered; /* with the key file, where @profile has a token made from it */
  const ScProtocol *protocol;
  ScHttpClient     *client;
  GPtrArray        *models;
  GHashTable       *seen;
  GHashTable       *pages;
  char             *page;
  int               n_pages;
  guint             n_details;
  gboolean          has_details;
  gboolean          has_renewed;
  GError           *missing; /* why @protocol is not the profile's, but the other one */
} ListData;

static void
list_data_free (gpointer user_data)
{
  ListData *data = user_data;

  sc_profile_free (data->profile);
  sc_profile_free (data->entered);
  sc_http_client_unref (data->client);
  g_ptr_array_unref (data->models);
  g_hash_table_unref (data->seen);
  g_hash_table_unref (data->pages);
  g_free (data->page);
  g_clear_error (&data->missing);
  g_free (data);
}

ScModel *
sc_model_new (const char *id)
{
  ScModel *self = g_new0 (ScModel, 1);

  self->id = g_strdup (id);
  self->context_tokens = -1;
  self->max_output_tokens = -1;
  self->input_price = -1;
  self->output_price = -1;
  self->cached_price = -1;
  self->cache_write_price = -1;
  return self;
}

void
sc_model_free (ScModel *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

/* Takes over the models that were not there yet. */
static void
take_models (ListData  *data,
             GPtrArray *page)
{
  g_ptr_array_set_free_func (page, NULL);
  for (guint i = 0; i < page->len; i++)
    {
      ScModel *model = g_ptr_array_index (page, i);

      if (g_hash_table_add (data->seen, g_strdup (model->id)))
        g_ptr_array_add (data->models, model);
      else
        sc_model_free (model);
    }
}

static char *
dup_host (const ScProfile *profile)
{
  g_autoptr (GUri) uri = sc_base_url_parse (profile->base_url, NULL);

  if (uri == NULL)
    return sc_redact_url (profile->base_url);
  if (g_uri_get_port (uri) > 0)
    return g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
  return g_strdup (g_uri_get_host (uri));
}

/* Words for what went wrong before an answer came. */
static GError *
describe_transport_error (const ScProfile *profile,
                          const GError    *error)
{
  g_autoptr (ScFailure) failure = sc_failure_new_from_error (error);
  g_autofree char *host = dup_host (profile);
  g_autofree char *message = NULL;

  if (failure->kind == SC_ERROR_NETWORK && sc_profile_is_local (profile))
    /* Translators: %s is a host with its port. */
    message = g_strdup_printf (_("Nothing answers at %s. Check that the server is running."), host);
  else if (error->domain != SC_ERROR &&
           (failure->kind == SC_ERROR_NETWORK || failure->kind == SC_ERROR_TIMEOUT ||
            failure->kind == SC_ERROR_TLS))
    message = g_strdup_printf ("%s: %s", host, failure->message);
  if (message != NULL)
    sc_profile_set (&failure->message, message);
  /* Who refused, the proxy or the server behind it, is not known here. */
  if (failure->kind == SC_ERROR_NETWORK && profile->proxy_mode == SC_PROXY_MANUAL)
    {
      g_autofree char *longer =
        g_strdup_printf ("%s %s", failure->message,
                         _("The connection goes through a proxy: check its address too."));

      sc_profile_set (&failure->message, longer);
    }
  return sc_failure_to_error (failure);
}

/* Words for an answer that is an error. */
static GError *
describe_refusal (const ScProfile *profile,
                  int              status,
                  GBytes          *body)
{
  g_autofree char *secrets = sc_profile_dup_secrets (profile);
  ScResponseFacts facts = { .status = status, .key = secrets };
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autoptr (ScFailure) failure = sc_response_failure_new (&facts, bytes, length);
  g_autofree char *message = NULL;

  if (failure->kind == SC_ERROR_AUTH && (profile->key == NULL || *profile->key == '\0'))
    message = g_strdup (_("The server asks for a key."));
  else if (failure->kind == SC_ERROR_AUTH)
    /* Translators: %s is what the service said. */
    message = g_strdup_printf (_("The key was not accepted: %s"), failure->message);
  else if (status == 404 || status == 405)
    message = g_strdup (_("The server answers, but has no list of models at this address. Check "
                          "the address."));
  if (message != NULL)
    sc_profile_set (&failure->message, message);
  explicit_bzero (secrets, strlen (secrets));
  return sc_failure_to_error (failure);
}

static gboolean
take_page (ListData  *data,
           GBytes    *body,
           GError   **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autofree char *secrets = sc_profile_dup_secrets (data->profile);
  const ScResponseFacts facts = { .status = 200, .key = secrets };
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GPtrArray) page = NULL;

  root = sc_json_parse (bytes != NULL ? bytes : "", (gssize) length, NULL);
  if (root == NULL)
    {
      g_autoptr (ScFailure) failure = sc_response_failure_new_for_page (&facts, bytes, length);

      if (length == 0)
        g_set_error_literal (error, SC_ERROR, SC_ERROR_PROTOCOL,
                             _("The server sent an empty answer."));
      else
        g_propagate_error (error, sc_failure_to_error (failure));
      return FALSE;
    }
  if (JSON_NODE_HOLDS_OBJECT (root))
    {
      g_autoptr (ScFailure) failure = sc_response_failure_find (json_node_get_object (root));

      if (failure != NULL)
        {
          sc_response_failure_complete (failure, &facts);
          g_propagate_error (error, sc_failure_to_error (failure));
          return FALSE;
        }
    }
  g_clear_pointer (&data->page, g_free);
  page = data->protocol->parse_models (root, &data->page, error);
  if (page == NULL)
    return FALSE;
  take_models (data, page);
  return TRUE;
}

static ScTimeouts
get_timeouts (const ScProfile *profile)
{
  ScTimeouts timeouts = profile->timeouts;

  if (timeouts.first_byte_ms == 0 || timeouts.first_byte_ms > LIST_TIMEOUT_MS)
    timeouts.first_byte_ms = LIST_TIMEOUT_MS;
  if (timeouts.idle_ms == 0 || timeouts.idle_ms > LIST_TIMEOUT_MS)
    timeouts.idle_ms = LIST_TIMEOUT_MS;
  return timeouts;
}

static void fetch_details (GTask *task);
static void fetch_page    (GTask *task);
static void fetch_token   (GTask *task);

/* An access token can be refused before its end: a new one is fetched, once, as a run does. */
static gboolean
renew_token (GTask *task,
             int    status)
{
  ListData *data = g_task_get_task_data (task);

  if (status != 401 || data->entered == NULL || data->has_renewed ||
      !sc_vertex_token_forget (data->profile->key))
    return FALSE;
  data->has_renewed = TRUE;
  fetch_token (task);
  return TRUE;
}

static void
take_details (ListData *data,
              GBytes   *body)
{
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autoptr (JsonNode) root = sc_json_parse (bytes != NULL ? bytes : "", (gssize) length, NULL);

  if (root != NULL)
    data->protocol->parse_details (root, g_ptr_array_index (data->models, data->n_details));
}

/* The list is complete without the details: what goes wrong with one is passed over, and a server
 * that is gone is not asked again. */
static void
details_fetched_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ListData *data = g_task_get_task_data (task);
  int status = 0;
  g_autoptr (GBytes) body = sc_http_fetch_finish (result, &status, NULL, NULL);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (body != NULL && status == 200)
    take_details (data, body);
  data->n_details = body != NULL ? data->n_details + 1 : MAX_DETAILS;
  fetch_details (task);
}

static void
fetch_details (GTask *task)
{
  ListData *data = g_task_get_task_data (task);
  ScTimeouts timeouts = get_timeouts (data->profile);
  g_autoptr (ScHttpRequest) request = NULL;

  if (data->has_details && data->protocol->build_details_request != NULL &&
      data->n_details < data->models->len && data->n_details < MAX_DETAILS)
    {
      const ScModel *model = g_ptr_array_index (data->models, data->n_details);

      request = data->protocol->build_details_request (data->profile, model->id);
    }
  if (request != NULL)
    sc_http_fetch_async (data->client, request, &timeouts, MAX_DETAILS_BYTES,
                         g_task_get_cancellable (task), details_fetched_cb, g_object_ref (task));
  else
    g_task_return_pointer (task, g_ptr_array_ref (data->models),
                           (GDestroyNotify) g_ptr_array_unref);
}

/* A server without this list may have the protocol's other one. */
static gboolean
try_other_list (GTask  *task,
                int     status,
                GBytes *body)
{
  ListData *data = g_task_get_task_data (task);

  if ((status != 404 && status != 405) || data->n_pages > 0 || data->missing != NULL ||
      data->protocol->other_models == NULL)
    return FALSE;
  data->missing = describe_refusal (data->profile, status, body);
  data->protocol = data->protocol->other_models;
  fetch_page (task);
  return TRUE;
}

/* Takes @error. What is wrong with the other list matters to nobody. */
static void
give_up (GTask  *task,
         GError *error)
{
  ListData *data = g_task_get_task_data (task);

  if (data->missing == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  g_error_free (error);
  g_task_return_error (task, g_steal_pointer (&data->missing));
}

static void
page_fetched_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ListData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  int status = 0;

  body = sc_http_fetch_finish (result, &status, NULL, &error);
  if (body == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        give_up (task, g_steal_pointer (&error));
      else
        give_up (task, describe_transport_error (data->profile, error));
      return;
    }
  if (status < 200 || status >= 300)
    {
      if (!renew_token (task, status) && !try_other_list (task, status, body))
        give_up (task, describe_refusal (data->profile, status, body));
      return;
    }
  if (!take_page (data, body, &error))
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }
  data->n_pages++;
  /* A server that points to a page it gave already would do so for ever. */
  if (data->page != NULL && *data->page != '\0' && data->n_pages < MAX_PAGES &&
      g_hash_table_add (data->pages, g_strdup (data->page)))
    fetch_page (task);
  else
    fetch_details (task);
}

static void
fetch_page (GTask *task)
{
  ListData *data = g_task_get_task_data (task);
  ScTimeouts timeouts = get_timeouts (data->profile);
  g_autoptr (ScHttpRequest) request = NULL;
  GError *error = NULL;

  request = data->protocol->build_models_request (data->profile, data->page, &error);
  if (request == NULL)
    {
      give_up (task, error);
      return;
    }
  sc_http_fetch_async (data->client, request, &timeouts, MAX_LIST_BYTES,
                       g_task_get_cancellable (task), page_fetched_cb, g_object_ref (task));
}

static void
token_given_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ListData *data = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *token = sc_vertex_token_finish (result, &error);

  if (token == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  sc_profile_free (data->profile);
  data->profile = sc_profile_copy (data->entered);
  sc_vertex_token_apply (data->profile, token);
  explicit_bzero (token, strlen (token));
  fetch_page (task);
}

static void
fetch_token (GTask *task)
{
  ListData *data = g_task_get_task_data (task);

  sc_vertex_token_async (data->entered, g_task_get_cancellable (task), token_given_cb,
                         g_object_ref (task));
}

static void
start (const ScProfile     *profile,
       gboolean             has_details,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const ScProtocol *protocol;
  ListData *data;

  g_task_set_source_tag (task, sc_protocol_list_models_async);
  protocol = sc_protocol_find (profile->protocol);
  if (protocol == NULL || protocol->build_models_request == NULL || protocol->parse_models == NULL)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_INVALID_REQUEST, "%s",
                               _("This protocol has no list of models. Enter the model by hand."));
      return;
    }
  data = g_new0 (ListData, 1);
  data->profile = sc_profile_copy (profile);
  data->protocol = protocol;
  data->client = sc_http_client_new (profile);
  data->models = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_model_free);
  data->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  data->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  data->has_details = has_details;
  g_task_set_task_data (task, data, list_data_free);
  /* The preferences test a provider with the key as it was entered. */
  if (sc_vertex_token_is_needed (data->profile))
    {
      data->entered = sc_profile_copy (profile);
      fetch_token (task);
    }
  else
    fetch_page (task);
}

void
sc_protocol_list_models_async (const ScProfile     *profile,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (profile != NULL);

  start (profile, TRUE, cancellable, callback, user_data);
}

void
sc_protocol_list_model_ids_async (const ScProfile     *profile,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (profile != NULL);

  start (profile, FALSE, cancellable, callback, user_data);
}

GPtrArray *
sc_protocol_list_models_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

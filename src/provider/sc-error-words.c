/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of error words of all services, and the meaning of HTTP statuses. Pure. */

#include "config.h"

#include "sc-error-words.h"

#include <string.h>

typedef struct
{
  const char *word;
  ScError     kind;
} Word;

/* Exact enough to count whatever the status says. */
static const Word codes[] = {
  { "insufficient_quota", SC_ERROR_QUOTA },
  { "credit_balance_exhausted", SC_ERROR_QUOTA },
  { "enforced_spend_limit_reached", SC_ERROR_QUOTA },
  { "contract_spend_limit_reached", SC_ERROR_QUOTA },
  { "billing_error", SC_ERROR_QUOTA },
  { "billing_hard_limit_reached", SC_ERROR_QUOTA },
  { "billing_not_active", SC_ERROR_QUOTA },
  { "exceeded_current_quota_error", SC_ERROR_QUOTA },
  { "insufficient_balance", SC_ERROR_QUOTA },
  { "insufficient_credits", SC_ERROR_QUOTA },
  { "payment_required", SC_ERROR_QUOTA },
  { "invalid_api_key", SC_ERROR_AUTH },
  { "API_KEY_INVALID", SC_ERROR_AUTH },
  { "authentication_error", SC_ERROR_AUTH },
  { "invalid_authentication_error", SC_ERROR_AUTH },
  { "UNAUTHENTICATED", SC_ERROR_AUTH },
  { "permission_error", SC_ERROR_AUTH },
  { "PERMISSION_DENIED", SC_ERROR_AUTH },
  { "incorrect_api_key_error", SC_ERROR_AUTH },
  { "rate_limit_exceeded", SC_ERROR_RATE_LIMIT },
  { "rate_limit_error", SC_ERROR_RATE_LIMIT },
  { "rate_limit_reached_error", SC_ERROR_RATE_LIMIT },
  { "slow_down", SC_ERROR_RATE_LIMIT },
  { "too_many_requests", SC_ERROR_RATE_LIMIT },
  { "RESOURCE_EXHAUSTED", SC_ERROR_RATE_LIMIT },
  { "overloaded_error", SC_ERROR_OVERLOADED },
  { "server_is_overloaded", SC_ERROR_OVERLOADED },
  { "service_unavailable_error", SC_ERROR_OVERLOADED },
  { "unavailable_error", SC_ERROR_OVERLOADED },
  { "engine_overloaded_error", SC_ERROR_OVERLOADED },
  { "model_overloaded", SC_ERROR_OVERLOADED },
  { "overloaded", SC_ERROR_OVERLOADED },
  { "UNAVAILABLE", SC_ERROR_OVERLOADED },
  { "websocket_connection_limit_reached", SC_ERROR_OVERLOADED },
  { "websocket_stream_limit_reached", SC_ERROR_RATE_LIMIT },
  { "conversation_already_has_active_response", SC_ERROR_RATE_LIMIT },
  { "session_expired", SC_ERROR_OVERLOADED },
  { "timeout_error", SC_ERROR_TIMEOUT },
  { "DEADLINE_EXCEEDED", SC_ERROR_TIMEOUT },
  { "model_not_found", SC_ERROR_NOT_FOUND },
  { "previous_response_not_found", SC_ERROR_NOT_FOUND },
  { "DeploymentNotFound", SC_ERROR_NOT_FOUND },
  { "not_found_error", SC_ERROR_NOT_FOUND },
  { "NOT_FOUND", SC_ERROR_NOT_FOUND },
  { "context_length_exceeded", SC_ERROR_INVALID_REQUEST },
  { "exceed_context_size_error", SC_ERROR_INVALID_REQUEST },
  { "content_filter", SC_ERROR_INVALID_REQUEST },
  { "ResponsibleAIPolicyViolation", SC_ERROR_INVALID_REQUEST },
  { "tool_use_failed", SC_ERROR_INVALID_REQUEST },
  { "request_too_large", SC_ERROR_INVALID_REQUEST },
  { "unsupported_parameter", SC_ERROR_INVALID_REQUEST },
  { "unsupported_value", SC_ERROR_INVALID_REQUEST },
  { "not_supported_error", SC_ERROR_INVALID_REQUEST },
};

/* Vaguer: a status knows better. OpenAI says invalid_request_error to a wrong key too. */
static const Word types[] = {
  { "invalid_request_error", SC_ERROR_INVALID_REQUEST },
  { "INVALID_ARGUMENT", SC_ERROR_INVALID_REQUEST },
  { "FAILED_PRECONDITION", SC_ERROR_INVALID_REQUEST },
  { "BadRequestError", SC_ERROR_INVALID_REQUEST },
  { "validation", SC_ERROR_INVALID_REQUEST },
  { "template_error", SC_ERROR_INVALID_REQUEST },
  { "tool_error", SC_ERROR_INVALID_REQUEST },
  { "server_error", SC_ERROR_SERVER },
  { "api_error", SC_ERROR_SERVER },
};

/* Sentences of services that give no code for it. */
static const Word sentences[] = {
  { "flex tier capacity exceeded", SC_ERROR_OVERLOADED },
  { "credit balance is too low", SC_ERROR_QUOTA },
  { "insufficient balance", SC_ERROR_QUOTA },
  { "insufficient credits", SC_ERROR_QUOTA },
  { "exceeded your current quota", SC_ERROR_QUOTA },
  { "api key not valid", SC_ERROR_AUTH },
  { "invalid api key", SC_ERROR_AUTH },
  { "incorrect api key", SC_ERROR_AUTH },
};

/* Whose clock ran out does not matter to who waited: a 504, of the service or of a gateway that
 * waited for it in vain, is a timeout like a 408 and like the services' own words for it. */
static const struct
{
  int     status;
  ScError kind;
} statuses[] = {
  { 401, SC_ERROR_AUTH },       { 402, SC_ERROR_QUOTA },      { 403, SC_ERROR_AUTH },
  { 404, SC_ERROR_NOT_FOUND },  { 405, SC_ERROR_NOT_FOUND },  { 407, SC_ERROR_NETWORK },
  { 408, SC_ERROR_TIMEOUT },    { 409, SC_ERROR_SERVER },     { 410, SC_ERROR_NOT_FOUND },
  { 424, SC_ERROR_SERVER },     { 425, SC_ERROR_RATE_LIMIT }, { 429, SC_ERROR_RATE_LIMIT },
  { 498, SC_ERROR_INVALID_REQUEST }, { 499, SC_ERROR_SERVER },
  { 501, SC_ERROR_INVALID_REQUEST },
  { 503, SC_ERROR_OVERLOADED }, { 504, SC_ERROR_TIMEOUT },    { 529, SC_ERROR_OVERLOADED },
};

static gboolean
look_up (const Word *words,
         guint       n_words,
         const char *word,
         ScError    *kind)
{
  for (guint i = 0; word != NULL && i < n_words; i++)
    if (g_ascii_strcasecmp (word, words[i].word) == 0)
      {
        *kind = words[i].kind;
        return TRUE;
      }
  return FALSE;
}

static gboolean
look_up_sentence (const char *message,
                  ScError    *kind)
{
  g_autofree char *lower = message != NULL ? g_ascii_strdown (message, -1) : NULL;

  for (guint i = 0; lower != NULL && i < G_N_ELEMENTS (sentences); i++)
    if (strstr (lower, sentences[i].word) != NULL)
      {
        *kind = sentences[i].kind;
        return TRUE;
      }
  return FALSE;
}

static ScError
classify_status (int status)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == status)
      return statuses[i].kind;
  return status >= 400 && status < 500 ? SC_ERROR_INVALID_REQUEST : SC_ERROR_SERVER;
}

ScError
sc_error_words_classify (int         status,
                         const char *reason,
                         const char *code,
                         const char *type,
                         const char *message)
{
  ScError kind;

  if (look_up (codes, G_N_ELEMENTS (codes), reason, &kind) ||
      look_up (codes, G_N_ELEMENTS (codes), code, &kind) ||
      look_up (codes, G_N_ELEMENTS (codes), type, &kind) ||
      look_up_sentence (message, &kind))
    return kind;
  if (status >= 400 && status != 400)
    return classify_status (status);
  if (look_up (types, G_N_ELEMENTS (types), code, &kind) ||
      look_up (types, G_N_ELEMENTS (types), type, &kind))
    return kind;
  return classify_status (status);
}

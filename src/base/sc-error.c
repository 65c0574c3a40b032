/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Error kinds, their names and words, and failures. It must not know any provider. */

#include "config.h"

#include "sc-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

/* What an error knows beyond its kind and its words. */
typedef struct
{
  char *code;
} ScErrorPrivate;

static void
sc_error_private_init (ScErrorPrivate *priv)
{
  priv->code = NULL;
}

static void
sc_error_private_copy (const ScErrorPrivate *source,
                       ScErrorPrivate       *target)
{
  target->code = g_strdup (source->code);
}

static void
sc_error_private_clear (ScErrorPrivate *priv)
{
  g_free (priv->code);
}

G_DEFINE_EXTENDED_ERROR (ScError, sc_error)

static const struct
{
  const char *nick;
  const char *sentence;
  const char *advice;
} kinds[] = {
  [SC_ERROR_AUTH] = {
    "auth",
    N_("The key was not accepted."),
    N_("Check it in Preferences."),
  },
  [SC_ERROR_QUOTA] = {
    "quota",
    N_("The account has no credit left."),
    N_("Add credit with the provider, or choose another model."),
  },
  [SC_ERROR_RATE_LIMIT] = {
    "rate-limit",
    N_("The provider asks for a pause."),
    N_("Try again in a moment."),
  },
  [SC_ERROR_OVERLOADED] = {
    "overloaded",
    N_("The provider is overloaded."),
    N_("Try again in a moment, or choose another model."),
  },
  [SC_ERROR_INVALID_REQUEST] = {
    "invalid-request",
    N_("The provider did not accept the request."),
    N_("Change the message or the settings, or choose another model."),
  },
  [SC_ERROR_NOT_FOUND] = {
    "not-found",
    N_("There is no such model or address."),
    N_("Check the model and the address in Preferences."),
  },
  [SC_ERROR_NETWORK] = {
    "network",
    N_("The server could not be reached."),
    N_("Check the connection and the address in Preferences."),
  },
  [SC_ERROR_TLS] = {
    "tls",
    N_("The connection to the server is not secure."),
    N_("Check the address, the clock of this computer, and the certificate in Preferences."),
  },
  [SC_ERROR_TIMEOUT] = {
    "timeout",
    N_("The server took too long."),
    N_("Try again, or allow more time in Preferences."),
  },
  [SC_ERROR_INTERRUPTED] = {
    "interrupted",
    N_("The answer was interrupted."),
    N_("Try again for a complete answer."),
  },
  [SC_ERROR_PROTOCOL] = {
    "protocol",
    N_("The server answered in a way that could not be understood."),
    N_("Check the address and the protocol in Preferences."),
  },
  [SC_ERROR_SERVER] = {
    "server",
    N_("The provider had a problem of its own."),
    N_("Try again in a moment."),
  },
  [SC_ERROR_CANCELLED] = {
    "cancelled",
    N_("The answer was stopped."),
    N_("Try again for a complete answer."),
  },
  [SC_ERROR_STORAGE] = {
    "storage",
    N_("The history could not be read or written."),
    N_("Check that there is space left on the disk."),
  },
  [SC_ERROR_KEYRING] = {
    "keyring",
    N_("The keyring could not be used."),
    N_("Unlock the keyring, or enter the key again in Preferences."),
  },
};

void
sc_error_set_code (GError     *error,
                   const char *code)
{
  ScErrorPrivate *priv;

  g_return_if_fail (error != NULL && error->domain == SC_ERROR);

  priv = sc_error_get_private (error);
  g_free (priv->code);
  priv->code = g_strdup (code);
}

const char *
sc_error_get_code (const GError *error)
{
  if (error == NULL || error->domain != SC_ERROR)
    return NULL;
  return sc_error_get_private (error)->code;
}

const char *
sc_error_to_nick (ScError kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), "protocol");

  return kinds[kind].nick;
}

ScError
sc_error_from_nick (const char *nick,
                    ScError     fallback)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (nick, kinds[i].nick) == 0)
      return (ScError) i;
  return fallback;
}

const char *
sc_error_to_sentence (ScError kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), "");

  return _(kinds[kind].sentence);
}

const char *
sc_error_to_advice (ScError kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), "");

  return _(kinds[kind].advice);
}

ScFailure *
sc_failure_new (ScError     kind,
                const char *message)
{
  ScFailure *self = g_new0 (ScFailure, 1);

  self->kind = kind;
  if (message == NULL || *message == '\0')
    message = sc_error_to_sentence (kind);
  self->message = g_utf8_make_valid (message, -1);
  self->retry_after_ms = -1;
  self->should_retry = -1;
  return self;
}

static ScError
classify_io_error (int code)
{
  if (code == G_IO_ERROR_CANCELLED)
    return SC_ERROR_CANCELLED;
  if (code == G_IO_ERROR_TIMED_OUT)
    return SC_ERROR_TIMEOUT;
  if (code == G_IO_ERROR_PARTIAL_INPUT || code == G_IO_ERROR_CONNECTION_CLOSED ||
      code == G_IO_ERROR_BROKEN_PIPE)
    return SC_ERROR_INTERRUPTED;
  if (code == G_IO_ERROR_INVALID_DATA)
    return SC_ERROR_PROTOCOL;
  return SC_ERROR_NETWORK;
}

/* libsoup is not known here; its domain is, by its published name. */
static ScError
classify_error (const GError *error)
{
  if (error->domain == SC_ERROR)
    return (ScError) error->code;
  if (error->domain == G_IO_ERROR)
    return classify_io_error (error->code);
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_EOF ? SC_ERROR_INTERRUPTED : SC_ERROR_TLS;
  if (error->domain == G_RESOLVER_ERROR)
    return SC_ERROR_NETWORK;
  if (g_strcmp0 (g_quark_to_string (error->domain), "soup-tld-error-quark") == 0)
    return SC_ERROR_INVALID_REQUEST;
  return SC_ERROR_NETWORK;
}

/* Where the system's text says more than our sentence, it is our words for that case. */
static const char *
describe_error (const GError *error,
                ScError       kind)
{
  if (error->domain == SC_ERROR)
    return error->message;
  if (error->domain == G_RESOLVER_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return _("There is no server of that name.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return _("Nothing answers at that address.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return _("There is no network connection to the server.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED))
    return _("The proxy did not let the connection through.");
  return sc_error_to_sentence (kind);
}

ScFailure *
sc_failure_new_from_error (const GError *error)
{
  ScFailure *self;
  ScError kind;

  g_return_val_if_fail (error != NULL, NULL);

  kind = classify_error (error);
  self = sc_failure_new (kind, describe_error (error, kind));
  self->code = g_strdup (sc_error_get_code (error));
  if (error->domain != SC_ERROR)
    self->details = g_utf8_make_valid (error->message, -1);
  return self;
}

ScFailure *
sc_failure_copy (const ScFailure *self)
{
  ScFailure *copy;

  if (self == NULL)
    return NULL;
  copy = g_new (ScFailure, 1);
  *copy = *self;
  copy->message = g_strdup (self->message);
  copy->code = g_strdup (self->code);
  copy->request_id = g_strdup (self->request_id);
  copy->details = g_strdup (self->details);
  return copy;
}

void
sc_failure_free (ScFailure *self)
{
  if (self == NULL)
    return;
  g_free (self->message);
  g_free (self->code);
  g_free (self->request_id);
  g_free (self->details);
  g_free (self);
}

gboolean
sc_failure_is_retryable (const ScFailure *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* Waiting does not bring credit back, whatever a header says. */
  if (self->kind == SC_ERROR_QUOTA || self->kind == SC_ERROR_CANCELLED)
    return FALSE;
  if (self->should_retry >= 0)
    return self->should_retry != 0;

  switch (self->status)
    {
    case 408:
    case 409:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
    case 529:
      return TRUE;
    case 0:
    case 200:
      return self->kind == SC_ERROR_NETWORK || self->kind == SC_ERROR_OVERLOADED ||
             self->kind == SC_ERROR_RATE_LIMIT || self->kind == SC_ERROR_SERVER ||
             self->kind == SC_ERROR_INTERRUPTED ||
             /* Our own clocks are as long as somebody wanted to wait; the service's has a code. */
             (self->kind == SC_ERROR_TIMEOUT && self->code != NULL);
    default:
      return FALSE;
    }
}

GError *
sc_failure_to_error (const ScFailure *self)
{
  GError *error;

  g_return_val_if_fail (self != NULL, NULL);

  error = g_error_new_literal (SC_ERROR, (int) self->kind, self->message);
  sc_error_set_code (error, self->code);
  return error;
}

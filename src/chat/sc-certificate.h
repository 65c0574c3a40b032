/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The certificate that a provider's server shows, for people who decide whether to accept it. */

#pragma once

#include <gio/gio.h>

#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScCertificate:
 * @server: the host, with its port if the address gives one
 * @pem: the certificate as PEM text
 * @fingerprint: SHA-256 of it in lower-case hex
 * @subject: (nullable): whom it was issued to
 * @issuer: (nullable): who issued it
 * @names: the host names and addresses it is for
 * @not_before: (nullable): when it begins to be valid
 * @not_after: (nullable): when it ends
 * @problems: what is wrong with it by the rules of the system and the provider's own CA file; 0 if
 *   it is trusted
 * @is_accepted: it is the one that was accepted for this provider
 * @has_changed: another one was accepted for this provider
 *
 * A value.
 */
typedef struct
{
  char                 *server;
  char                 *pem;
  char                 *fingerprint;
  char                 *subject;
  char                 *issuer;
  char                **names;
  GDateTime            *not_before;
  GDateTime            *not_after;
  GTlsCertificateFlags  problems;
  gboolean              is_accepted;
  gboolean              has_changed;
} ScCertificate;

/**
 * sc_certificate_free:
 * @self: (nullable) (transfer full): a certificate
 *
 * Frees it.
 */
void           sc_certificate_free              (ScCertificate        *self);

/**
 * sc_certificate_list_problems:
 * @self: a certificate
 *
 * Returns: (transfer full) (array zero-terminated=1): a translated sentence for each thing that is
 *   wrong with it, the gravest first; empty if it is trusted
 */
char         **sc_certificate_list_problems     (const ScCertificate  *self);

/**
 * sc_certificate_fetch_async:
 * @profile: whose server to ask, by its proxy and with its CA file; copied as needed
 * @cancellable: (nullable): to stop it
 * @callback: called when done
 * @user_data: for @callback
 *
 * Connects to the server of a provider and looks at the certificate that it shows. No request is
 * sent, whatever it is.
 */
void           sc_certificate_fetch_async       (const ScProfile      *profile,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);

/**
 * sc_certificate_fetch_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the certificate, or %NULL with an error of %SC_ERROR in
 *   words (the server cannot be reached, does not encrypt …) or %G_IO_ERROR_CANCELLED
 */
ScCertificate *sc_certificate_fetch_finish      (GAsyncResult         *result,
                                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScCertificate, sc_certificate_free)

G_END_DECLS

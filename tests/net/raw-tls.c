/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See raw-tls.h. */

#include "config.h"

#include "raw-tls.h"

#include "certificates.h"

#include <sys/socket.h>
#include <unistd.h>

GIOStream *
raw_tls_accept (int         fd,
                const char *certificate,
                const char *alpn)
{
  const char *protocols[] = { alpn, NULL };
  g_autofree char *pem = g_strconcat (certificate, TEST_SERVER_KEY, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) shown = g_tls_certificate_new_from_pem (pem, -1, &error);
  /* A socket owns its descriptor; the caller's is shut and closed by the caller. */
  g_autoptr (GSocket) socket = g_socket_new_from_fd (dup (fd), NULL);
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GIOStream) connection = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (socket);
  plain = g_socket_connection_factory_create_connection (socket);
  connection = g_tls_server_connection_new (G_IO_STREAM (plain), shown, &error);
  g_assert_no_error (error);
  if (alpn != NULL)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (connection), NULL, NULL))
    {
      raw_tls_drop (g_steal_pointer (&connection), fd);
      return NULL;
    }
  return g_steal_pointer (&connection);
}

void
raw_tls_drop (GIOStream *connection,
              int        fd)
{
  shutdown (fd, SHUT_RDWR);
  g_object_unref (connection);
}

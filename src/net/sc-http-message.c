/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a request of ours to a message of libsoup. */

#include "config.h"

#include "sc-http-private.h"

GUri *
sc_http_parse_url (const char *url)
{
  g_autoptr (GUri) uri = NULL;

  /* GLib would let a space pass, into the request line. */
  for (const char *at = url; *at != '\0'; at++)
    {
      if (g_ascii_isspace (*at) || g_ascii_iscntrl (*at))
        return NULL;
    }
  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  if (g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 &&
      g_strcmp0 (g_uri_get_scheme (uri), "https") != 0)
    return NULL;
  return g_steal_pointer (&uri);
}

SoupMessage *
sc_http_build_message (ScHttpRequest *request,
                       GUri          *uri)
{
  SoupMessage *message = soup_message_new_from_uri (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* libsoup would send keys in headers of their own (x-api-key) on to another host. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message,
                                              sc_http_request_get_header (request, "Content-Type"),
                                              request->body);
  soup_message_headers_replace (headers, "User-Agent", "stream-chat/" SC_VERSION);
  if (request->is_stream)
    soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  for (guint i = 0; i < request->headers->len; i++)
    {
      const ScHttpHeader *header = g_ptr_array_index (request->headers, i);

      soup_message_headers_replace (headers, header->name, header->value);
    }
  return message;
}

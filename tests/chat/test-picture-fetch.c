/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching pictures: what goes to the server, where redirects may lead, and what is given up. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "sc-error.h"
#include "sc-picture-fetch.h"

typedef struct
{
  SoupServer   *server;
  char         *base;
  char         *headers;
  GCancellable *cancellable;
  gboolean      cancels;
  GBytes       *bytes;
  GError       *error;
  gboolean      is_done;
} Fixture;

static void
note_header (const char *name,
             const char *value,
             gpointer    user_data)
{
  g_string_append_printf (user_data, "%s: %s\n", name, value);
}

static void
redirect (SoupServerMessage *message,
          const char        *target)
{
  soup_server_message_set_status (message, 302, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", target);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *self = user_data;
  GString *headers = g_string_new (NULL);

  soup_message_headers_foreach (soup_server_message_get_request_headers (message), note_header, headers);
  g_free (self->headers);
  self->headers = g_string_free (headers, FALSE);
  if (self->cancels)
    g_cancellable_cancel (self->cancellable);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Set-Cookie", "a=b");
  if (g_str_equal (path, "/on"))
    redirect (message, "/picture");
  else if (g_str_equal (path, "/loop"))
    redirect (message, "/loop");
  else if (g_str_equal (path, "/file"))
    redirect (message, "file:///etc/passwd");
  else if (g_str_equal (path, "/home"))
    {
      g_autofree char *target = g_strconcat (self->base, "/picture", NULL);

      redirect (message, target);
    }
  else if (g_str_equal (path, "/picture"))
    soup_server_message_set_response (message, "image/png", SOUP_MEMORY_STATIC, "picture", 7);
  else if (g_str_equal (path, "/empty"))
    soup_server_message_set_status (message, 200, NULL);
  else if (g_str_equal (path, "/long"))
    soup_server_message_set_response (message, "image/png", SOUP_MEMORY_TAKE, g_malloc0 (SC_PICTURE_MAX_BYTES + 1),
                                      SC_PICTURE_MAX_BYTES + 1);
  else
    soup_server_message_set_status (message, 404, NULL);
  if (soup_server_message_get_status (message) == 0)
    soup_server_message_set_status (message, 200, NULL);
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self->base);
  g_free (self->headers);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *self = user_data;

  g_assert_false (self->is_done);
  self->bytes = sc_picture_fetch_finish (result, &self->error);
  self->is_done = TRUE;
}

static void
fetch_by (Fixture         *self,
          const char      *path,
          const ScProfile *profile)
{
  g_autofree char *address = g_strconcat (path[0] == '/' ? self->base : "", path, NULL);

  sc_picture_fetch_async (address, profile, self->cancellable, fetched_cb, self);
  g_assert_false (self->is_done);
  while (!self->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true ((self->bytes == NULL) == (self->error != NULL));
}

static void
fetch (Fixture    *self,
       const char *path)
{
  fetch_by (self, path, NULL);
}

/* The proxy answers for hosts out there. */
static void
fetch_from_afar (Fixture    *self,
                 const char *address)
{
  g_autoptr (ScProfile) profile = sc_profile_new (NULL);

  profile->proxy_mode = SC_PROXY_MANUAL;
  sc_profile_set (&profile->proxy_url, self->base);
  fetch_by (self, address, profile);
}

static void
test_from_afar (Fixture      *self,
                gconstpointer data)
{
  fetch_from_afar (self, "http://pictures.example/on");
  g_assert_no_error (self->error);
  g_assert_cmpuint (g_bytes_get_size (self->bytes), ==, 7);
}

static void
test_no_way_home (Fixture      *self,
                  gconstpointer data)
{
  fetch_from_afar (self, "http://pictures.example/home");
  g_assert_error (self->error, SC_ERROR, SC_ERROR_SERVER);
}

static void
test_picture (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *lower = NULL;

  fetch (self, data);
  g_assert_no_error (self->error);
  g_assert_cmpmem (g_bytes_get_data (self->bytes, NULL), g_bytes_get_size (self->bytes), "picture", 7);
  lower = g_ascii_strdown (self->headers, -1);
  g_assert_nonnull (strstr (lower, "accept: image/png"));
  g_assert_null (strstr (lower, "cookie"));
  g_assert_null (strstr (lower, "referer"));
  g_assert_null (strstr (lower, "authorization"));
}

static void
test_fails (Fixture      *self,
            gconstpointer data)
{
  fetch (self, data);
  g_assert_nonnull (self->error);
  g_assert_true (self->error->domain == SC_ERROR);
  g_assert_cmpuint (strlen (self->error->message), >, 10);
}

static void
test_cancel_before (Fixture      *self,
                    gconstpointer data)
{
  g_cancellable_cancel (self->cancellable);
  fetch (self, "/picture");
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (self->headers);
}

static void
test_cancel_during (Fixture      *self,
                    gconstpointer data)
{
  self->cancels = TRUE;
  fetch (self, "/picture");
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_after (Fixture      *self,
                   gconstpointer data)
{
  fetch (self, "/picture");
  g_cancellable_cancel (self->cancellable);
  g_assert_no_error (self->error);
}

static void
test_addresses (void)
{
  g_assert_true (sc_picture_can_fetch ("https://example.org/a.png"));
  g_assert_true (sc_picture_can_fetch ("HTTP://example.org"));
  g_assert_true (sc_picture_can_fetch ("https://example.org/a b.png"));
  g_assert_false (sc_picture_can_fetch ("file:///etc/passwd"));
  g_assert_false (sc_picture_can_fetch ("javascript:alert(1)"));
  g_assert_false (sc_picture_can_fetch ("a.png"));
  g_assert_false (sc_picture_can_fetch ("//example.org/a.png"));
  g_assert_false (sc_picture_can_fetch ("https:///a.png"));
  g_assert_false (sc_picture_can_fetch (""));
}

#define ADD(name, func, path)                                                                      \
  g_test_add ("/chat/picture-fetch/" name, Fixture, path, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("picture", test_picture, "/picture");
  ADD ("redirect", test_picture, "/on");
  ADD ("redirect-loop", test_fails, "/loop");
  ADD ("redirect-to-file", test_fails, "/file");
  ADD ("redirect-at-home", test_picture, "/home");
  ADD ("redirect-afar", test_from_afar, NULL);
  ADD ("no-redirect-home", test_no_way_home, NULL);
  ADD ("empty", test_fails, "/empty");
  ADD ("too-long", test_fails, "/long");
  ADD ("missing", test_fails, "/nothing");
  ADD ("no-address", test_fails, "ftp://example.org/a.png");
  ADD ("nobody-there", test_fails, "http://127.0.0.1:1/a.png");
  ADD ("cancel-before", test_cancel_before, NULL);
  ADD ("cancel-during", test_cancel_during, NULL);
  ADD ("cancel-after", test_cancel_after, NULL);
  g_test_add_func ("/chat/picture-fetch/addresses", test_addresses);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of the fault matrix that needs secure connections: who is not trusted gets nothing, what
 * ends without the protocol's end mark was interrupted however it ends, and HTTP/2 is not offered.
 * Each row over HTTP and over a WebSocket. */

/* memmem() */
#define _GNU_SOURCE

#include "config.h"

#include "certificates.h"
#include "fault-rows.h"
#include "run-log.h"

#include <string.h>

#define CLOCK_MS 250

/* Under AddressSanitizer, where a handshake takes a second, over HTTP only. */
#ifdef __SANITIZE_ADDRESS__
#define SOCKET_DIALECT ""
#else
#define SOCKET_DIALECT "openai-realtime"
#endif

#define OTHER_PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* RFC 8446 6: an alert record with one fatal alert. */
#define NO_APPLICATION_PROTOCOL "\x15\x03\x03\x00\x02\x02\x78"
#define HANDSHAKE_FAILURE       "\x15\x03\x03\x00\x02\x02\x28"

/* RFC 9113 4.1: SETTINGS without a setting, and GOAWAY because of PROTOCOL_ERROR. */
#define HTTP2_FRAMES \
  "\0\0\0\x04\0\0\0\0\0" "\0\0\x08\x07\0\0\0\0\0" "\0\0\0\0" "\0\0\0\x01"

typedef enum
{
  PLAY_SERVE,       /* the recipe, and a goodbye */
  PLAY_CUT,         /* the recipe, and none */
  PLAY_STALL,       /* accepts and says nothing */
  PLAY_STALL_LATER, /* the same behind the client's hello */
  PLAY_LEAVE,       /* leaves in the handshake */
  PLAY_PLAIN,       /* no secure connections here */
  PLAY_PLAIN_ASKED, /* asked without, where there are only secure ones */
  PLAY_NO_ALPN,     /* insists on another protocol, and says so */
  PLAY_NO_CIPHER,
  PLAY_HTTP2,       /* speaks HTTP/2 whatever was agreed */
} Play;

/* @pin: "own" stands for the server's; @recipe: see fault_row_create_answer() */
typedef struct
{
  const char *name;
  Play        play;
  const char *certificate;
  const char *ca;
  const char *pin;
  const char *recipe;
  int         kind;
  const char *text;
  const char *words;
} Row;

static const Row rows[] = {
  { "fine", PLAY_SERVE, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hme", FAULT_FINISH,
    "Half more", NULL },
  { "pinned", PLAY_SERVE, TEST_OWN_CERTIFICATE, NULL, "own", "hme", FAULT_FINISH, "Half more",
    NULL },
  { "self-signed", PLAY_SERVE, TEST_OWN_CERTIFICATE, NULL, NULL, "hme", SC_ERROR_TLS, "",
    "nobody this computer trusts" },
  { "unknown-authority", PLAY_SERVE, TEST_SIGNED_CERTIFICATE, NULL, NULL, "hme", SC_ERROR_TLS, "",
    "nobody this computer trusts" },
  { "expired", PLAY_SERVE, TEST_EXPIRED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hme", SC_ERROR_TLS,
    "", "has expired" },
  { "other-host", PLAY_SERVE, TEST_FOREIGN_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hme",
    SC_ERROR_TLS, "", "belongs to another server" },
  { "pin-changed", PLAY_SERVE, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, OTHER_PIN, "hme",
    SC_ERROR_TLS, "", "not the one that was accepted before" },
  { "cut", PLAY_CUT, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hm", SC_ERROR_INTERRUPTED,
    "Half more", NULL },
  { "cut-in-frame", PLAY_CUT, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "h/",
    SC_ERROR_INTERRUPTED, "Half", NULL },
  { "cut-after-call", PLAY_CUT, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hc",
    SC_ERROR_INTERRUPTED, "Half", NULL },
  { "cut-after-end", PLAY_CUT, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hme",
    FAULT_FINISH, "Half more", NULL },
  { "goodbye-too-early", PLAY_SERVE, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "hm",
    SC_ERROR_INTERRUPTED, "Half more", NULL },
  { "nothing", PLAY_CUT, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "",
    SC_ERROR_INTERRUPTED, "", NULL },
  { "stall", PLAY_STALL, NULL, NULL, NULL, "", SC_ERROR_TIMEOUT, "", "time limit for connecting" },
  { "stall-in-handshake", PLAY_STALL_LATER, NULL, NULL, NULL, "", SC_ERROR_TIMEOUT, "",
    "time limit for connecting" },
  { "leaves-in-handshake", PLAY_LEAVE, NULL, NULL, NULL, "", SC_ERROR_TLS, "",
    "does not answer with a secure connection" },
  { "not-secure", PLAY_PLAIN, NULL, NULL, NULL, "", SC_ERROR_TLS, "", "http:// instead" },
  { "only-secure", PLAY_PLAIN_ASKED, TEST_OWN_CERTIFICATE, NULL, NULL, "", SC_ERROR_NETWORK, "",
    "without an answer" },
  { "http2-only-says-so", PLAY_NO_ALPN, NULL, NULL, NULL, "", SC_ERROR_TLS, "",
    "No secure connection" },
  { "no-common-cipher", PLAY_NO_CIPHER, NULL, NULL, NULL, "", SC_ERROR_TLS, "",
    "No secure connection" },
  { "http2-only", PLAY_HTTP2, TEST_SIGNED_CERTIFICATE, TEST_CA_CERTIFICATE, NULL, "",
    SC_ERROR_PROTOCOL, "", "no whole HTTP answer" },
};

typedef struct
{
  const Row          *row;
  const FaultDialect *dialect;
} Case;

static char *
write_ca_file (const char *pem)
{
  char *path = g_build_filename (g_get_user_cache_dir (), "ca.pem", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
  return path;
}

static char *
dup_fingerprint (const char *pem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autoptr (GByteArray) der = NULL;

  g_assert_no_error (error);
  g_object_get (certificate, "certificate", &der, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

static void
add_stream (RawServer  *server,
            const Case *test,
            RawAction   last)
{
  const FaultRow row = { "", NULL, test->row->recipe, FAULT_CLOSE, FAULT_FINISH };
  GBytes *answer = fault_row_create_answer (&row, test->dialect, "");
  gboolean is_socket = test->dialect->content_type == NULL;

  raw_server_add_script (server, RAW_HANDSHAKE, test->row->certificate,
                         is_socket ? RAW_UPGRADE : RAW_WAIT_REQUEST,
                         is_socket ? RAW_WAIT_MESSAGES : RAW_WAIT_BYTES, test->dialect->n_opening,
                         RAW_SEND_BYTES, answer, last, RAW_END);
}

static void
add_script (RawServer  *server,
            const Case *test)
{
  switch (test->row->play)
    {
    case PLAY_SERVE:
      add_stream (server, test, RAW_CLOSE);
      break;
    case PLAY_CUT:
      add_stream (server, test, RAW_CUT);
      break;
    case PLAY_STALL:
      raw_server_add_script (server, RAW_STALL, RAW_END);
      break;
    case PLAY_STALL_LATER:
      raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_STALL, RAW_END);
      break;
    case PLAY_LEAVE:
      raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_CLOSE, RAW_END);
      break;
    case PLAY_PLAIN:
      raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_SEND,
                             "HTTP/1.1 400 Bad Request\r\n\r\n", RAW_CLOSE, RAW_END);
      break;
    case PLAY_PLAIN_ASKED:
      raw_server_add_script (server, RAW_HANDSHAKE, test->row->certificate, RAW_CLOSE, RAW_END);
      break;
    case PLAY_NO_ALPN:
      raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_SEND_BYTES,
                             g_bytes_new_static (NO_APPLICATION_PROTOCOL, 7), RAW_CLOSE, RAW_END);
      break;
    case PLAY_NO_CIPHER:
      raw_server_add_script (server, RAW_WAIT_BYTES, 1, RAW_SEND_BYTES,
                             g_bytes_new_static (HANDSHAKE_FAILURE, 7), RAW_CLOSE, RAW_END);
      break;
    case PLAY_HTTP2:
    default:
      raw_server_set_alpn (server, "h2");
      raw_server_add_script (server, RAW_HANDSHAKE, test->row->certificate, RAW_WAIT_BYTES, 1,
                             RAW_SEND_BYTES,
                             g_bytes_new_static (HTTP2_FRAMES, sizeof HTTP2_FRAMES - 1), RAW_CLOSE,
                             RAW_END);
      break;
    }
}

static ScProfile *
create_secure_profile (RawServer  *server,
                       const Case *test)
{
  ScProfile *profile = create_profile (server);
  g_autofree char *url =
    raw_server_dup_url (server, test->row->play == PLAY_PLAIN_ASKED ? "http" : "https", "");

  sc_profile_set (&profile->protocol, test->dialect->protocol);
  sc_profile_set (&profile->base_url, url);
  if (test->row->ca != NULL)
    profile->ca_file = write_ca_file (test->row->ca);
  if (g_strcmp0 (test->row->pin, "own") == 0)
    profile->pinned_fingerprint = dup_fingerprint (test->row->certificate);
  else
    profile->pinned_fingerprint = g_strdup (test->row->pin);
  if (test->row->kind == SC_ERROR_TIMEOUT)
    profile->timeouts.connect_ms = CLOCK_MS;
  return profile;
}

static void
test_row (gconstpointer data)
{
  const Case *test = data;
  const Row *row = test->row;
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_secure_profile (server, test);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) received = NULL;

  add_script (server, test);
  log = run_log_start (profile);
  run_log_wait_end (log);
  g_test_message ("%s", log->failure != NULL ? log->failure->message : "complete");
  if (row->kind == FAULT_FINISH)
    g_assert_null (log->failure);
  else
    run_log_assert_failed (log, (ScError) row->kind);
  if (row->words != NULL)
    g_assert_nonnull (strstr (log->failure->message, row->words));
  g_assert_cmpstr (log->text->str, ==, row->text);
  g_assert_cmpuint (raw_server_count_connections (server), ==, 1);
  /* Who is not trusted sees not a byte of the request. */
  received = raw_server_dup_received (server, 0);
  if (row->kind == SC_ERROR_TLS)
    g_assert_null (memmem (received->str, received->len, CANARY_KEY, strlen (CANARY_KEY)));
  if (row->play == PLAY_STALL || row->play == PLAY_STALL_LATER)
    raw_server_wait_client_closed (server, 0);
}

static gboolean
holds (const GString *bytes,
       const char    *part,
       gsize          length)
{
  return memmem (bytes->str, bytes->len, part, length) != NULL;
}

/* RFC 7301: names with their lengths, in the client's hello as they are. */
static void
test_offer (gconstpointer data)
{
  const Row row = { "offer", PLAY_STALL_LATER, NULL, NULL, NULL, "", FAULT_FINISH, "", NULL };
  const Case test = { &row, data };
  g_autoptr (RawServer) server = raw_server_new ();
  g_autoptr (ScProfile) profile = create_secure_profile (server, &test);
  g_autoptr (RunLog) log = NULL;
  g_autoptr (GString) hello = NULL;

  /* A record's head, and as much as stands in every hello. */
  raw_server_add_script (server, RAW_WAIT_BYTES, 200, RAW_STALL, RAW_END);
  log = run_log_start (profile);
  raw_server_wait_idle (server, 0);
  hello = raw_server_dup_received (server, 0);
  g_assert_true (holds (hello, "\x08http/1.1", 9));
  g_assert_false (holds (hello, "\x02h2", 3));
  sc_run_stop (log->run);
  raw_server_wait_client_closed (server, 0);
}

static void
add_rows (const FaultDialect *dialect)
{
  g_autofree char *offer = g_strconcat ("/chat/faults-tls/offer/", dialect->name, NULL);

  g_test_add_data_func (offer, dialect, test_offer);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path =
        g_strconcat ("/chat/faults-tls/", rows[i].name, "/", dialect->name, NULL);
      Case *test = g_new (Case, 1);

      *test = (Case) { &rows[i], dialect };
      g_test_add_data_func_full (path, test, test_row, g_free);
    }
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  run_log_watch_messages ();
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    for (const FaultDialect *dialect = fault_dialects; dialect->name != NULL; dialect++)
      if (g_str_equal (dialect->name, "openai-chat") ||
          g_str_equal (dialect->name, SOCKET_DIALECT))
        add_rows (dialect);
  result = g_test_run ();
  g_print ("# %u faults of secure connections, over HTTP and over a WebSocket\n",
           (guint) G_N_ELEMENTS (rows) - 2);
  return result;
}

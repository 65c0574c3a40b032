/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is typed into the provider editor: which of it can be used, and the words about the rest. */

#include "config.h"

#include "sc-error.h"
#include "sc-provider-check.h"

typedef struct
{
  const char *text;
  gboolean    has_key;
  ScCheck     check;
  const char *words;
} Row;

static const Row addresses[] = {
  { "https://api.example.com/v1", TRUE, SC_CHECK_GOOD, NULL },
  { "https://api.example.com/v1?api-version=2024-10-21", TRUE, SC_CHECK_GOOD, NULL },
  { "HTTPS://API.EXAMPLE.COM", TRUE, SC_CHECK_GOOD, NULL },
  { "https://[2001:db8::1]:8443/v1", TRUE, SC_CHECK_GOOD, NULL },
  { "http://127.0.0.1:11434/v1", TRUE, SC_CHECK_GOOD, NULL },
  { "http://localhost:8080", TRUE, SC_CHECK_GOOD, NULL },
  { "http://[::1]:8080", TRUE, SC_CHECK_GOOD, NULL },
  { "http://llm.example.com/v1", FALSE, SC_CHECK_GOOD, NULL },
  { "http://llm.example.com/v1", TRUE, SC_CHECK_WARNING, "*not encrypted*" },
  { "HTTP://192.168.1.7:8000", TRUE, SC_CHECK_WARNING, "*not encrypted*" },
  { "", FALSE, SC_CHECK_BAD, "Enter the address*" },
  { "api.example.com/v1", FALSE, SC_CHECK_BAD, "*begins with*" },
  { "localhost:11434", FALSE, SC_CHECK_BAD, "*begins with*" },
  { "ftp://example.com", FALSE, SC_CHECK_BAD, "*begins with*" },
  { "file:///etc/passwd", FALSE, SC_CHECK_BAD, "*begins with*" },
  { "https://", FALSE, SC_CHECK_BAD, "*" },
  { "https:///v1", FALSE, SC_CHECK_BAD, "*no server*" },
  { "https://exa mple.com", FALSE, SC_CHECK_BAD, "*space*" },
  { "https://example.com:99999", FALSE, SC_CHECK_BAD, "*not a complete*" },
  { "https://[::1", FALSE, SC_CHECK_BAD, "*" },
  { "https://me:secret@example.com", FALSE, SC_CHECK_BAD, "*keyring*" },
};

static const Row proxies[] = {
  { "http://proxy.example.com:3128", FALSE, SC_CHECK_GOOD, NULL },
  { "socks5://127.0.0.1:1080", FALSE, SC_CHECK_GOOD, NULL },
  { "socks://127.0.0.1:1080", FALSE, SC_CHECK_GOOD, NULL },
  { "", FALSE, SC_CHECK_BAD, "Enter the address*" },
  { "proxy.example.com:3128", FALSE, SC_CHECK_BAD, "*begins with*" },
  { "ftp://proxy.example.com", FALSE, SC_CHECK_BAD, "*begins with*" },
};

static const Row header_texts[] = {
  { "", FALSE, SC_CHECK_GOOD, NULL },
  { "\n \n", FALSE, SC_CHECK_GOOD, NULL },
  { "X-Title: Stream Chat\n\n  HTTP-Referer:https://example.com  \n", FALSE, SC_CHECK_GOOD, NULL },
  { "X-Empty:", FALSE, SC_CHECK_GOOD, NULL },
  { "Authorization: Basic abc", FALSE, SC_CHECK_WARNING, "*Authorization*keyring*" },
  { "X-Title", FALSE, SC_CHECK_BAD, "*X-Title*" },
  { "X Title: a", FALSE, SC_CHECK_BAD, "*X Title*" },
  { ": a", FALSE, SC_CHECK_BAD, "*" },
  { "X-Good: a\nbad line", FALSE, SC_CHECK_BAD, "*bad line*" },
  { "X-Bell: a\ab", FALSE, SC_CHECK_BAD, "*" },
};

static void
assert_row (const Row  *row,
            ScCheck     check,
            const char *message)
{
  g_test_message ("“%s”: %d, %s", row->text, (int) check, message != NULL ? message : "-");
  g_assert_cmpint (check, ==, row->check);
  if (row->words == NULL)
    g_assert_null (message);
  else
    g_assert_true (message != NULL && g_pattern_match_simple (row->words, message));
}

static void
test_addresses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *message = NULL;
      ScCheck check = sc_provider_check_address (addresses[i].text, addresses[i].has_key, &message);

      assert_row (&addresses[i], check, message);
    }
}

static void
test_proxies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++)
    {
      g_autofree char *message = NULL;
      ScCheck check = sc_provider_check_proxy (proxies[i].text, &message);

      assert_row (&proxies[i], check, message);
    }
}

static void
test_headers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (header_texts); i++)
    {
      g_autofree char *message = NULL;
      g_auto (GStrv) headers = NULL;
      ScCheck check = sc_provider_parse_headers (header_texts[i].text, &headers, &message);

      assert_row (&header_texts[i], check, message);
      if (check == SC_CHECK_BAD)
        g_assert_null (headers);
    }
}

static void
test_header_lines (void)
{
  const char * const expected[] =
    { "X-Title: Stream Chat", "HTTP-Referer:https://example.com", NULL };
  g_autofree char *message = NULL;
  g_auto (GStrv) headers = NULL;

  sc_provider_parse_headers (header_texts[2].text, &headers, &message);
  g_assert_cmpstrv (headers, expected);
}

static void
test_hosts (void)
{
  static const char * const pairs[][2] = {
    { "https://api.example.com/v1", "api.example.com" },
    { "http://127.0.0.1:11434/v1", "127.0.0.1:11434" },
    { "http://[::1]:8080/v1", "[::1]:8080" },
    { "nonsense", "nonsense" },
    { "", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *host = sc_provider_dup_host (pairs[i][0]);

      g_assert_cmpstr (host, ==, pairs[i][1]);
    }
}

static void
test_fingerprint (void)
{
  g_autofree char *grouped = sc_provider_format_fingerprint ("0a1b2c3d4e");
  g_autofree char *colons = sc_provider_format_fingerprint ("0a:1b:2c");

  g_assert_cmpstr (grouped, ==, "0A1B 2C3D 4E");
  g_assert_cmpstr (colons, ==, "0A1B 2C");
}

/* Whatever goes wrong while testing, the reader is led to the row to look at. */
static void
test_advice (void)
{
  g_assert_cmpstr (sc_provider_describe_test_error (SC_ERROR_AUTH), ==, "Check the key above.");
  for (int kind = SC_ERROR_AUTH; kind <= SC_ERROR_TIMEOUT; kind++)
    {
      g_assert_true (*sc_provider_describe_test_error (kind) != '\0'
                     || sc_provider_blames_address (kind)
                     || kind == SC_ERROR_INVALID_REQUEST);
    }
  g_assert_false (sc_provider_blames_address (SC_ERROR_AUTH));
  g_assert_false (sc_provider_blames_address (-1));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/ui/preferences-check/addresses", test_addresses);
  g_test_add_func ("/ui/preferences-check/proxies", test_proxies);
  g_test_add_func ("/ui/preferences-check/headers", test_headers);
  g_test_add_func ("/ui/preferences-check/header-lines", test_header_lines);
  g_test_add_func ("/ui/preferences-check/hosts", test_hosts);
  g_test_add_func ("/ui/preferences-check/fingerprint", test_fingerprint);
  g_test_add_func ("/ui/preferences-check/advice", test_advice);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forms in which a server may repeat the key, and texts that were cut in the middle of it. */

#include "config.h"

#include "sc-profile.h"
#include "sc-redact.h"

#include <string.h>

/* No shape that is known by itself; with everything that escapes change. */
#define KEY "canary/0123+45\"67&89=-x"

static const struct
{
  const char *name;
  const char *text;
  const char *expected;
} rows[] = {
  { "plain", "a " KEY " b", "a ••• b" },
  { "twice", KEY KEY, "••••••" },
  { "inside-a-word", "x" KEY "y", "x•••y" },
  { "json", "canary/0123+45\\\"67&89=-x.", "•••." },
  { "json-slash", "<canary\\/0123+45\\\"67&89=-x>", "<•••>" },
  { "json-unicode", "canary\\u002f0123\\u002B45\\u002267\\u002689=-x!", "•••!" },
  { "json-all-unicode",
    "\\u0063\\u0061\\u006e\\u0061\\u0072\\u0079\\u002f\\u0030\\u0031\\u0032\\u0033\\u002b\\u0034"
    "\\u0035\\u0022\\u0036\\u0037\\u0026\\u0038\\u0039\\u003d\\u002d\\u0078!",
    "•••!" },
  { "address", "?k=canary%2F0123%2B45%2267%2689%3D-x&b=1", "?k=•••&b=1" },
  { "address-small", "canary%2f0123%2b45%2267%2689%3d%2dx", "•••" },
  { "html", "canary/0123+45&#34;67&amp;89=-x;", "•••;" },
  { "cut", "the key canary/0123", "the key •••" },
  { "cut-with-dots", "the key canary/0123… is wrong", "the key •••… is wrong" },
  { "cut-escaped", "the key canary%2F01", "the key •••" },
  { "cut-short", "the word canary", "the word canary" },
  { "cut-before", "\"67&89=-x and so on", "••• and so on" },
  { "cut-before-short", "&89=-x and so on", "&89=-x and so on" },
  { "another", "canary/0124 is another", "canary/0124 is another" },
  { "broken-escapes", "canary%2 \\u00 &#47 \\", "canary%2 \\u00 &#47 \\" },
};

static void
test_forms (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = sc_redact_text (rows[i].text, KEY);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (redacted, ==, rows[i].expected);
    }
}

/* Several secrets, of which one begins with another; what is too short to be one is none. */
static void
test_several (void)
{
  g_autofree char *redacted = sc_redact_text ("abcd1 abcd1234567 xyz-9 cde abc Y2RlLTEyMzQ1Njc4OQ==",
                                              "abcd1\n abcd1234567 \nabc\n\ncde-123456789");

  g_assert_cmpstr (redacted, ==, "••• ••• xyz-9 cde abc •••");
}

static void
test_profile_secrets (void)
{
  g_autoptr (ScProfile) profile = sc_profile_new ("p");
  g_autofree char *none = sc_profile_dup_secrets (profile);
  g_autofree char *secrets = NULL;

  g_assert_cmpstr (none, ==, "");
  sc_profile_set (&profile->key, "the-key");
  sc_profile_set (&profile->base_url, "https://u:p%40ss-1@example.org/v1?api-version=2024&api_key=in%2Bquery&x=1#sig=no");
  sc_profile_set (&profile->proxy_url, "http://me:proxy-pass@proxy:8080");
  profile->headers = g_strsplit ("X-Pass: short1\nX-Secret: short2\nX-Gate:  a longer one \n"
                                 "Authorization: Bearer inner-token\nnothing\nEmpty:", "\n", -1);
  secrets = sc_profile_dup_secrets (profile);
  g_assert_cmpstr (secrets, ==, "the-key\nshort2\na longer one\nBearer inner-token\ninner-token\np@ss-1\nin+query\n"
                                "proxy-pass");
}

/* Behind and before anything, in both alphabets: nothing of the piece stays. */
static void
test_base64 (void)
{
  for (guint before = 0; before < 9; before++)
    for (guint after = 0; after < 4; after++)
      for (guint is_url = 0; is_url < 2; is_url++)
        {
          g_autofree char *left = g_strnfill (before, '?');
          g_autofree char *right = g_strnfill (after, '>');
          g_autofree char *plain = g_strconcat (left, KEY, right, NULL);
          g_autofree char *code = g_base64_encode ((const guchar *) plain, strlen (plain));
          g_autofree char *text = NULL;
          g_autofree char *redacted = NULL;

          if (is_url)
            g_strdelimit (g_strdelimit (code, "+", '-'), "/", '_');
          text = g_strdup_printf ("it said \"%s\", and no more", code);
          redacted = sc_redact_text (text, KEY);
          g_assert_cmpstr (redacted, ==, "it said \"•••\", and no more");
        }
}

/* A short key has no base64 of its own that would be rare. */
static void
test_short (void)
{
  g_autofree char *redacted = sc_redact_text ("abcd YWJjZA== abc", "abcd");
  g_autofree char *nothing = sc_redact_text ("abc YWJj", "abc");
  g_autofree char *no_key = sc_redact_text ("a %41 b", "");

  g_assert_cmpstr (redacted, ==, "••• YWJjZA== abc");
  g_assert_cmpstr (nothing, ==, "abc YWJj");
  g_assert_cmpstr (no_key, ==, "a %41 b");
}

/* What would be one backslash in JSON is two of the key. */
static void
test_backslashes (void)
{
  g_autofree char *redacted = sc_redact_text ("a:/\\\\Tx%41b", ":/\\\\Tx%41");
  g_autofree char *escaped = sc_redact_text ("a:\\/\\\\\\\\Tx%2541b", ":/\\\\Tx%41");

  g_assert_cmpstr (redacted, ==, "a•••b");
  g_assert_cmpstr (escaped, ==, "a•••b");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/base/redact/forms", test_forms);
  g_test_add_func ("/base/redact/several", test_several);
  g_test_add_func ("/base/redact/profile-secrets", test_profile_secrets);
  g_test_add_func ("/base/redact/base64", test_base64);
  g_test_add_func ("/base/redact/short", test_short);
  g_test_add_func ("/base/redact/backslashes", test_backslashes);
  return g_test_run ();
}

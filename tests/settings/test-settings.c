/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings on the memory backend, where a second GSettings object stands for another program. What
 * happens without installed schemas is tried in a process of its own, since GSettings looks for
 * them once. */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sc-settings.h"

#define PROVIDER_PATH "/org/example/StreamChat/providers/"

static void
reset_all (void)
{
  g_autoptr (GSettings) settings = g_settings_new (SC_APP_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key != NULL; key++)
    g_settings_reset (settings, *key);
}

static GSettings *
open_provider (const char *id)
{
  g_autofree char *path = g_strconcat (PROVIDER_PATH, id, "/", NULL);

  return g_settings_new_with_path (SC_APP_ID ".Provider", path);
}

static void
count_cb (guint *counter)
{
  (*counter)++;
}

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 guint      *counter)
{
  (*counter)++;
}

static void
run_until_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
wait_for_count (guint *counter,
                guint  wanted)
{
  while (*counter < wanted)
    g_main_context_iteration (NULL, TRUE);
  run_until_idle ();
  g_assert_cmpuint (*counter, ==, wanted);
}

static ScProfile *
make_profile (const char *id,
              const char *name)
{
  ScProfile *profile = sc_profile_new (id);

  sc_profile_set (&profile->name, name);
  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "https://api.example.org/v1");
  return profile;
}

static ScProfile *
make_full_profile (void)
{
  ScProfile *profile = make_profile ("full", "Ünïcode “Name” \U0001F600");

  sc_profile_set (&profile->model, "model-x");
  sc_profile_set (&profile->key, "canary-key-1234567890");
  sc_profile_set (&profile->service, "example");
  sc_profile_set (&profile->api_version, "2024-10-21");
  sc_profile_set (&profile->system_prompt, "Line one\nline two");
  sc_profile_set (&profile->parameters, "{\"temperature\":0.5}");
  sc_profile_set (&profile->proxy_url, "socks5://127.0.0.1:1080");
  sc_profile_set (&profile->ca_file, "/etc/ssl/extra.pem");
  sc_profile_set (&profile->pinned_fingerprint, "00ff");
  profile->headers = g_strdupv ((char *[]) { (char *) "X-One: 1", (char *) "X-Two: a: b", NULL });
  profile->stream = FALSE;
  profile->retries = 5;
  profile->timeouts = (ScTimeouts) { 1, 2, 3, 0, 5 };
  profile->proxy_mode = SC_PROXY_MANUAL;
  return profile;
}

static void
assert_profile_equal (const ScProfile *a,
                      const ScProfile *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->protocol, ==, b->protocol);
  g_assert_cmpstr (a->base_url, ==, b->base_url);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->service, ==, b->service);
  g_assert_cmpstr (a->api_version, ==, b->api_version);
  g_assert_cmpstr (a->system_prompt, ==, b->system_prompt);
  g_assert_cmpstr (a->parameters, ==, b->parameters);
  g_assert_cmpstr (a->proxy_url, ==, b->proxy_url);
  g_assert_cmpstr (a->ca_file, ==, b->ca_file);
  g_assert_cmpstr (a->pinned_fingerprint, ==, b->pinned_fingerprint);
  g_assert_cmpint (a->stream, ==, b->stream);
  g_assert_cmpuint (a->retries, ==, b->retries);
  g_assert_cmpmem (&a->timeouts, sizeof (a->timeouts), &b->timeouts, sizeof (b->timeouts));
  g_assert_cmpint (a->proxy_mode, ==, b->proxy_mode);
  g_assert_cmpint (a->headers != NULL, ==, b->headers != NULL);
  if (a->headers != NULL)
    g_assert_cmpstrv (a->headers, b->headers);
}

static char *
list_ids (ScSettings *settings)
{
  g_autoptr (GPtrArray) profiles = sc_settings_list_profiles (settings);
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < profiles->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", ((ScProfile *) profiles->pdata[i])->id);
  return g_string_free (ids, FALSE);
}

static void
assert_ids (ScSettings *settings,
            const char *expected)
{
  g_autofree char *ids = list_ids (settings);

  g_assert_cmpstr (ids, ==, expected);
}

static void
test_defaults (void)
{
  ScSettings *settings;
  guint n_properties;
  g_autofree GParamSpec **properties = NULL;

  reset_all ();
  g_assert_true (sc_settings_is_available ());
  settings = sc_settings_new ();
  properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (settings), &n_properties);
  g_assert_cmpuint (n_properties, ==, 13);

  /* The defaults of the schema and of the properties, used without schemas, are the same. */
  for (guint i = 0; i < n_properties; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (settings), properties[i]->name, &value);
      g_assert_cmpint (g_param_values_cmp (properties[i], &value,
                                           g_param_spec_get_default_value (properties[i])), ==, 0);
    }
  assert_ids (settings, "");
  g_assert_true (sc_settings_get_boolean (settings, "enter-sends"));
  g_assert_false (sc_settings_get_boolean (settings, "window-maximized"));
  g_assert_finalize_object (settings);
}

static void
test_properties (void)
{
  g_autoptr (GSettings) outside = NULL;
  g_autofree char *scheme = NULL;
  ScSettings *settings;
  guint n_zoom = 0, n_scheme = 0;
  double zoom;
  int number;

  reset_all ();
  outside = g_settings_new (SC_APP_ID);
  settings = sc_settings_new ();
  g_signal_connect (settings, "notify::zoom", G_CALLBACK (count_notify_cb), &n_zoom);
  g_signal_connect (settings, "notify::color-scheme", G_CALLBACK (count_notify_cb), &n_scheme);

  g_object_set (settings, "zoom", 1.5, "color-scheme", SC_COLOR_SCHEME_DARK, "enter-sends", FALSE,
                "default-provider", "abc", "window-width", 900, NULL);
  g_assert_cmpfloat (g_settings_get_double (outside, "zoom"), ==, 1.5);
  scheme = g_settings_get_string (outside, "color-scheme");
  g_assert_cmpstr (scheme, ==, "dark");
  g_assert_false (g_settings_get_boolean (outside, "enter-sends"));
  g_assert_cmpint (g_settings_get_int (outside, "window-width"), ==, 900);
  g_assert_cmpuint (n_zoom, ==, 1);
  g_assert_cmpuint (n_scheme, ==, 1);

  g_object_set (settings, "zoom", 1.5, NULL);
  g_assert_cmpuint (n_zoom, ==, 1);

  g_settings_set_double (outside, "zoom", 2.0);
  g_settings_set_string (outside, "color-scheme", "light");
  run_until_idle ();
  g_object_get (settings, "zoom", &zoom, "color-scheme", &number, NULL);
  g_assert_cmpfloat (zoom, ==, 2.0);
  g_assert_cmpint (number, ==, SC_COLOR_SCHEME_LIGHT);
  g_assert_cmpuint (n_zoom, ==, 2);
  g_assert_cmpuint (n_scheme, ==, 2);
  g_assert_finalize_object (settings);
}

static void
test_clamping (void)
{
  g_autoptr (GSettings) outside = NULL;
  g_autofree char *provider = NULL;
  ScSettings *settings;
  double zoom;
  int width, height;

  reset_all ();
  outside = g_settings_new (SC_APP_ID);
  g_settings_set_double (outside, "zoom", 99.0);
  g_settings_set_int (outside, "window-width", -5);
  g_settings_set_int (outside, "window-height", G_MAXINT);
  settings = sc_settings_new ();
  g_object_get (settings, "zoom", &zoom, "window-width", &width, "window-height", &height, NULL);
  g_assert_cmpfloat (zoom, ==, 3.0);
  g_assert_cmpint (width, ==, 240);
  g_assert_cmpint (height, ==, 16384);

  g_settings_set_double (outside, "zoom", (double) NAN);
  run_until_idle ();
  g_object_get (settings, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, ==, 3.0);
  g_settings_set_double (outside, "zoom", -1.0);
  run_until_idle ();
  g_object_get (settings, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, ==, 0.5);

  g_object_set (settings, "default-provider", "\xff\xfe", NULL);
  g_object_get (settings, "default-provider", &provider, NULL);
  g_assert_true (g_utf8_validate (provider, -1, NULL));
  g_assert_finalize_object (settings);
}

static void
test_profile_round_trip (void)
{
  g_autoptr (ScProfile) full = make_full_profile ();
  g_autoptr (ScProfile) plain = make_profile ("plain", "Plain");
  g_autoptr (GSettings) raw = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  ScSettings *settings, *other;

  reset_all ();
  settings = sc_settings_new ();
  sc_settings_save_profile (settings, full);
  sc_settings_save_profile (settings, plain);
  for (guint i = 0; i < 2; i++)
    {
      const ScProfile *wanted = i == 0 ? full : plain;
      g_autoptr (ScProfile) first = sc_settings_dup_profile (settings, wanted->id);
      g_autoptr (ScProfile) second = NULL;

      other = sc_settings_new ();
      second = sc_settings_dup_profile (other, wanted->id);
      assert_profile_equal (first, wanted);
      assert_profile_equal (second, wanted);
      g_assert_null (first->key);
      g_assert_null (second->key);
      g_assert_finalize_object (other);
    }

  raw = open_provider ("full");
  g_object_get (raw, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key != NULL; key++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (raw, *key);
      g_autofree char *text = g_variant_print (value, FALSE);

      g_assert_null (strstr (text, "canary"));
    }
  g_assert_finalize_object (settings);
}

static void
test_profile_odd_values (void)
{
  g_autoptr (ScProfile) profile = make_profile ("odd", "caf\xe9");
  g_autoptr (ScProfile) back = NULL;
  g_autoptr (GSettings) raw = NULL;
  ScSettings *settings;

  reset_all ();
  sc_profile_set (&profile->ca_file, "/tmp/caf\xe9.pem");
  profile->retries = G_MAXUINT;
  profile->timeouts.idle_ms = G_MAXUINT;
  profile->headers = g_new0 (char *, 1);
  settings = sc_settings_new ();
  sc_settings_save_profile (settings, profile);
  back = sc_settings_dup_profile (settings, "odd");
  g_assert_cmpstr (back->name, ==, "caf\xef\xbf\xbd");
  g_assert_cmpstr (back->ca_file, ==, "/tmp/caf\xe9.pem");
  g_assert_cmpuint (back->retries, ==, 10);
  g_assert_cmpuint (back->timeouts.idle_ms, ==, 24 * 60 * 60 * 1000);
  g_assert_null (back->headers);

  /* What equals a default is not written. */
  raw = open_provider ("odd");
  g_assert_null (g_settings_get_user_value (raw, "stream"));
  g_assert_nonnull (g_settings_get_user_value (raw, "retries"));
  g_assert_finalize_object (settings);
}

static void
test_list (void)
{
  const char *const ids[] = { "a", "b", "c", "d", NULL };
  ScSettings *settings;
  g_autoptr (GSettings) raw = NULL;
  g_autofree char *provider = NULL;
  g_auto (GStrv) recent = NULL;

  reset_all ();
  settings = sc_settings_new ();
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (ScProfile) profile = make_profile (ids[i], ids[i]);

      sc_settings_save_profile (settings, profile);
      sc_settings_save_profile (settings, profile);
    }
  assert_ids (settings, "a b c d");
  sc_settings_move_profile (settings, "a", 2);
  assert_ids (settings, "b c a d");
  sc_settings_move_profile (settings, "d", 0);
  assert_ids (settings, "d b c a");
  sc_settings_move_profile (settings, "d", 99);
  assert_ids (settings, "b c a d");
  sc_settings_move_profile (settings, "unknown", 0);
  assert_ids (settings, "b c a d");

  g_object_set (settings, "default-provider", "c", NULL);
  sc_settings_add_recent_model (settings, "c", "m");
  sc_settings_add_recent_model (settings, "a", "m");
  sc_settings_remove_profile (settings, "c");
  sc_settings_remove_profile (settings, "unknown");
  assert_ids (settings, "b a d");
  g_assert_null (sc_settings_dup_profile (settings, "c"));
  g_assert_null (sc_settings_dup_profile (settings, NULL));
  raw = open_provider ("c");
  g_assert_null (g_settings_get_user_value (raw, "name"));
  g_object_get (settings, "default-provider", &provider, NULL);
  g_assert_cmpstr (provider, ==, "");
  recent = sc_settings_list_recent_models (settings);
  g_assert_cmpuint (g_strv_length (recent), ==, 1);
  g_assert_cmpstr (recent[0], ==, "a\tm");
  g_assert_finalize_object (settings);
}

static void
test_strange_list (void)
{
  const char *const ids[] = { "a", "", "../evil", "a/b", "a", "b//", "ok-1_2.3", NULL };
  g_autoptr (GSettings) outside = NULL;
  ScSettings *settings;

  reset_all ();
  outside = g_settings_new (SC_APP_ID);
  g_settings_set_strv (outside, "providers", ids);
  settings = sc_settings_new ();
  assert_ids (settings, "a ok-1_2.3");
  sc_settings_remove_profile (settings, "a");
  assert_ids (settings, "ok-1_2.3");
  g_assert_finalize_object (settings);
}

static void
test_by_name (void)
{
  g_autoptr (ScProfile) lower = make_profile ("id-1", "work");
  g_autoptr (ScProfile) upper = make_profile ("id-2", "WORK");
  g_autoptr (ScProfile) accent = make_profile ("id-3", "École");
  ScSettings *settings;
  const struct { const char *name, *id; } rows[] =
  {
    { "work", "id-1" }, { "WORK", "id-2" }, { "Work", "id-1" }, { "école", "id-3" }, { "id-2",
                                                                                       "id-2" },
    { "nobody", NULL }, { "", NULL }, { "\xff", NULL },
  };

  reset_all ();
  settings = sc_settings_new ();
  sc_settings_save_profile (settings, lower);
  sc_settings_save_profile (settings, upper);
  sc_settings_save_profile (settings, accent);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScProfile) profile = sc_settings_dup_profile_by_name (settings, rows[i].name);

      g_assert_cmpstr (profile != NULL ? profile->id : NULL, ==, rows[i].id);
    }
  g_assert_finalize_object (settings);
}

static void
test_providers_changed (void)
{
  g_autoptr (ScProfile) profile = make_full_profile ();
  g_autoptr (GSettings) outside = NULL;
  g_autoptr (ScProfile) back = NULL;
  ScSettings *settings, *other;
  guint n_changes = 0, n_other = 0;

  reset_all ();
  settings = sc_settings_new ();
  other = sc_settings_new ();
  g_signal_connect_swapped (settings, "providers-changed", G_CALLBACK (count_cb), &n_changes);
  g_signal_connect_swapped (other, "providers-changed", G_CALLBACK (count_cb), &n_other);

  /* Twenty keys and the list: one signal, and never inside the call. */
  sc_settings_save_profile (settings, profile);
  g_assert_cmpuint (n_changes, ==, 0);
  wait_for_count (&n_changes, 1);
  wait_for_count (&n_other, 1);
  assert_ids (other, "full");

  outside = open_provider ("full");
  g_settings_set_string (outside, "name", "New name");
  g_settings_set_string (outside, "model", "New model");
  wait_for_count (&n_changes, 2);
  wait_for_count (&n_other, 2);
  back = sc_settings_dup_profile (settings, "full");
  g_assert_cmpstr (back->name, ==, "New name");

  sc_settings_remove_profile (other, "full");
  wait_for_count (&n_changes, 3);
  wait_for_count (&n_other, 3);
  assert_ids (settings, "");

  /* An object that goes with a signal waiting takes the signal with it. */
  sc_settings_save_profile (settings, profile);
  g_assert_finalize_object (settings);
  wait_for_count (&n_other, 4);
  g_assert_cmpuint (n_changes, ==, 3);
  g_assert_finalize_object (other);
}

static void
test_recent_models (void)
{
  ScSettings *settings, *other;
  g_auto (GStrv) recent = NULL;

  reset_all ();
  settings = sc_settings_new ();
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *model = g_strdup_printf ("model-%u", i);

      sc_settings_add_recent_model (settings, "p", model);
      sc_settings_add_recent_model (settings, "p", model);
    }
  sc_settings_add_recent_model (settings, "p", "model-8");
  other = sc_settings_new ();
  recent = sc_settings_list_recent_models (other);
  g_assert_cmpuint (g_strv_length (recent), ==, 8);
  g_assert_cmpstr (recent[0], ==, "p\tmodel-8");
  g_assert_cmpstr (recent[1], ==, "p\tmodel-11");
  g_assert_cmpstr (recent[7], ==, "p\tmodel-4");
  g_assert_finalize_object (settings);
  g_assert_finalize_object (other);
}

static void
test_prices (void)
{
  const char *const lines[] = { "gpt\t1000000\t-1\t-1\t2000000\t2026-11-22", "x\t0\t0\t0\t0\t", NULL };
  const char *const none[] = { NULL };
  ScSettings *settings, *other;
  g_auto (GStrv) stored = NULL;
  g_auto (GStrv) cleared = NULL;
  guint n_changes = 0;

  reset_all ();
  settings = sc_settings_new ();
  g_signal_connect_swapped (settings, "notify::prices", G_CALLBACK (count_cb), &n_changes);
  g_object_set (settings, "prices", none, NULL);
  g_assert_cmpuint (n_changes, ==, 0);
  g_object_set (settings, "prices", lines, NULL);
  g_object_set (settings, "prices", lines, NULL);
  g_assert_cmpuint (n_changes, ==, 1);
  other = sc_settings_new ();
  g_object_get (other, "prices", &stored, NULL);
  g_assert_cmpstrv (stored, lines);
  g_object_set (settings, "prices", NULL, NULL);
  g_object_get (other, "prices", &cleared, NULL);
  g_assert_cmpuint (g_strv_length (cleared), ==, 0);
  g_assert_finalize_object (settings);
  g_assert_finalize_object (other);
}

/* Runs in a process that finds no schemas. */
static int
run_without_schemas (void)
{
  g_autoptr (ScProfile) profile = make_full_profile ();
  g_autoptr (ScProfile) second = make_profile ("second", "Second");
  g_autoptr (ScProfile) back = NULL;
  g_auto (GStrv) recent = NULL;
  ScSettings *settings;
  guint n_changes = 0;
  double zoom;

  g_assert_false (sc_settings_is_available ());
  settings = sc_settings_get_default ();
  g_assert_true (settings == sc_settings_get_default ());
  g_signal_connect_swapped (settings, "providers-changed", G_CALLBACK (count_cb), &n_changes);
  g_object_set (settings, "zoom", 2.5, NULL);
  g_object_get (settings, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, ==, 2.5);
  g_assert_true (sc_settings_get_boolean (settings, "follow-answers"));
  sc_settings_save_profile (settings, profile);
  sc_settings_save_profile (settings, second);
  sc_settings_move_profile (settings, "second", 0);
  assert_ids (settings, "second full");
  back = sc_settings_dup_profile (settings, "full");
  assert_profile_equal (back, profile);
  g_assert_null (back->key);
  sc_settings_add_recent_model (settings, "full", "m");
  sc_settings_remove_profile (settings, "full");
  assert_ids (settings, "second");
  recent = sc_settings_list_recent_models (settings);
  g_assert_cmpuint (g_strv_length (recent), ==, 0);
  wait_for_count (&n_changes, 1);
  g_assert_finalize_object (settings);
  return 0;
}

static void
run_self (const char *program,
          const char *argument,
          const char *schema_dir)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  if (schema_dir != NULL)
    g_subprocess_launcher_setenv (launcher, "GSETTINGS_SCHEMA_DIR", schema_dir, TRUE);
  else
    g_subprocess_launcher_unsetenv (launcher, "GSETTINGS_SCHEMA_DIR");
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_DIRS", "/nonexistent", TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", "/nonexistent", TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, argument, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
test_without_schemas (void)
{
  run_self ("/proc/self/exe", "--without-schemas", NULL);
  run_self ("/proc/self/exe", "--without-schemas", "/nonexistent");
}

static void
copy_file (const char *from,
           const char *to)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A program in src/ finds compiled schemas in data/ beside it, but not ones of an older version
 * that lack a key. */
static void
test_build_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *compiled = g_build_filename (g_getenv ("GSETTINGS_SCHEMA_DIR"),
                                                "gschemas.compiled", NULL);
  g_autofree char *folder = g_dir_make_tmp ("stream-chat-settings-XXXXXX", &error);
  g_autofree char *src = g_build_filename (folder, "src", NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *copy = g_build_filename (src, "program", NULL);
  g_autofree char *schemas = g_build_filename (data, "gschemas.compiled", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir (src, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (data, 0700), ==, 0);
  copy_file (program, copy);
  run_self (copy, "--without-schemas", NULL);

  copy_file (compiled, schemas);
  run_self (copy, "--with-schemas", NULL);

  g_assert_true (g_file_set_contents (schemas, "this is no schema file", -1, &error));
  g_assert_no_error (error);
  run_self (copy, "--without-schemas", NULL);

  g_unlink (copy);
  g_unlink (schemas);
  g_rmdir (src);
  g_rmdir (data);
  g_rmdir (folder);
}

static void
test_older_schema (void)
{
  const char *const argv[] = { "glib-compile-schemas", NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *compiler = g_find_program_in_path ("glib-compile-schemas");
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "..", "data",
                                                   SC_APP_ID ".gschema.xml", NULL);
  g_autofree char *folder = NULL;
  g_autofree char *target = NULL;
  g_autofree char *compiled = NULL;
  g_autofree char *text = NULL;
  const char *command[] = { argv[0], NULL, NULL };
  char *start, *end;
  int status;

  if (compiler == NULL)
    {
      g_test_skip ("glib-compile-schemas is not installed");
      return;
    }
  folder = g_dir_make_tmp ("stream-chat-settings-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (source, &text, NULL, &error));
  start = strstr (text, "<key name=\"ca-file\"");
  end = strstr (start, "</key>") + strlen ("</key>");
  memmove (start, end, strlen (end) + 1);
  target = g_build_filename (folder, SC_APP_ID ".gschema.xml", NULL);
  compiled = g_build_filename (folder, "gschemas.compiled", NULL);
  g_assert_true (g_file_set_contents (target, text, -1, &error));
  command[1] = folder;
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL,
                               &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));

  run_self ("/proc/self/exe", "--without-schemas", folder);
  g_unlink (target);
  g_unlink (compiled);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  if (argc > 1 && g_str_equal (argv[1], "--without-schemas"))
    return run_without_schemas ();
  if (argc > 1 && g_str_equal (argv[1], "--with-schemas"))
    return sc_settings_is_available () ? 0 : 1;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/settings/settings/defaults", test_defaults);
  g_test_add_func ("/settings/settings/properties", test_properties);
  g_test_add_func ("/settings/settings/clamping", test_clamping);
  g_test_add_func ("/settings/profile/round-trip", test_profile_round_trip);
  g_test_add_func ("/settings/profile/odd-values", test_profile_odd_values);
  g_test_add_func ("/settings/profile/list", test_list);
  g_test_add_func ("/settings/profile/strange-list", test_strange_list);
  g_test_add_func ("/settings/profile/by-name", test_by_name);
  g_test_add_func ("/settings/profile/changed", test_providers_changed);
  g_test_add_func ("/settings/settings/recent-models", test_recent_models);
  g_test_add_func ("/settings/settings/prices", test_prices);
  g_test_add_func ("/settings/schema/none", test_without_schemas);
  g_test_add_func ("/settings/schema/build-folder", test_build_folder);
  g_test_add_func ("/settings/schema/older", test_older_schema);

  return g_test_run ();
}

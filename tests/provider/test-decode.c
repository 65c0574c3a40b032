/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every stream of tests/data/PROTOCOL gives the events of the file beside it: in chunks of any
 * size, split at every byte, with every line end; and cut at every byte it gives a beginning of
 * them, or says that it was interrupted. */

#include "config.h"

#include "event-log.h"

#include <string.h>

/* What is expected of a stream stands in a file of the same name. */
#define EVENTS_SUFFIX ".events"

/* Every byte is a place to split or cut; under AddressSanitizer, where each allocation takes its
 * time, some are. */
#ifdef __SANITIZE_ADDRESS__
#define STEP 29
#else
#define STEP 1
#endif

typedef struct
{
  const char *suffix;
  const char *content_type;
} Framing;

static const Framing framings[] = {
  { ".sse", "text/event-stream" },
  { ".ndjson", "application/x-ndjson" },
};

typedef struct
{
  char          *protocol;
  char          *path;
  const Framing *framing;
} Stream;

static char *
read_file (const char *path,
           gsize      *length)
{
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;

  g_file_get_contents (path, &bytes, length, &error);
  g_assert_no_error (error);
  return bytes;
}

static char *
read_expected (const Stream *stream)
{
  gsize length = strlen (stream->path) - strlen (stream->framing->suffix);
  g_autofree char *base = g_strndup (stream->path, length);
  g_autofree char *path = g_strconcat (base, EVENTS_SUFFIX, NULL);

  return read_file (path, NULL);
}

static void
assert_lines (const EventLog *log,
              const char     *expected,
              const char     *how)
{
  if (strcmp (log->lines->str, expected) != 0)
    g_error ("%s:\nexpected:\n%s\ngot:\n%s", how, expected, log->lines->str);
  g_assert_cmpint (log->n_ends, ==, 1);
  g_assert_cmpint (log->n_after_end, ==, 0);
}

static void
assert_decodes (const Stream *stream,
                const char   *bytes,
                gsize         length,
                const char   *expected,
                gsize         chunk,
                gsize         first)
{
  g_autoptr (EventLog) log = event_log_decode (
    stream->protocol, 200, stream->framing->content_type, bytes, length, chunk, first);
  g_autofree char *how = g_strdup_printf (
    "%s, chunks of %" G_GSIZE_FORMAT ", first %" G_GSIZE_FORMAT, stream->path, chunk, first);

  assert_lines (log, expected, how);
}

static void
test_chunks (gconstpointer data)
{
  static const gsize chunks[] = { 0, 1, 2, 3, 7, 64 };
  const Stream *stream = data;
  gsize length;
  g_autofree char *bytes = read_file (stream->path, &length);
  g_autofree char *expected = read_expected (stream);

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++)
    assert_decodes (stream, bytes, length, expected, chunks[i], 0);
  for (gsize first = 1; first < length; first += STEP)
    assert_decodes (stream, bytes, length, expected, 0, first);
}

static void
test_line_ends (gconstpointer data)
{
  static const char *const ends[] = { "\r\n", "\r" };
  const gboolean is_json_lines = strcmp (((const Stream *) data)->framing->suffix, ".ndjson") == 0;
  const Stream *stream = data;
  gsize length;
  g_autofree char *bytes = read_file (stream->path, &length);
  g_autofree char *expected = read_expected (stream);

  if (memchr (bytes, '\r', length) != NULL || strlen (bytes) != length)
    {
      g_test_skip ("has line ends of its own");
      return;
    }
  /* A lone CR ends a line of an event stream only. */
  for (guint i = 0; i < (is_json_lines ? 1 : G_N_ELEMENTS (ends)); i++)
    {
      g_auto (GStrv) lines = g_strsplit (bytes, "\n", -1);
      g_autofree char *other = g_strjoinv (ends[i], lines);

      assert_decodes (stream, other, strlen (other), expected, 0, 0);
      assert_decodes (stream, other, strlen (other), expected, 1, 0);
      assert_decodes (stream, other, strlen (other), expected, 7, 0);
    }
}

static void
assert_prefix (const GString *whole,
               const GString *part,
               const char    *path,
               gsize          cut)
{
  if (part->len > whole->len || memcmp (whole->str, part->str, part->len) != 0)
    g_error ("%s cut at %" G_GSIZE_FORMAT ": “%s” does not begin “%s”", path, cut, part->str,
             whole->str);
}

/* The answer's text is complete, or the cut is told; a tool call comes out of a complete stream
 * only. */
static void
test_cuts (gconstpointer data)
{
  const Stream *stream = data;
  gsize length;
  g_autofree char *bytes = read_file (stream->path, &length);
  g_autoptr (EventLog) whole = event_log_decode (
    stream->protocol, 200, stream->framing->content_type, bytes, length, 0, 0);

  for (gsize cut = 0; cut < length; cut += STEP)
    {
      g_autoptr (EventLog) log = event_log_decode (
        stream->protocol, 200, stream->framing->content_type, bytes, cut, 0, 0);

      g_assert_cmpint (log->n_ends, ==, 1);
      g_assert_cmpint (log->n_after_end, ==, 0);
      assert_prefix (whole->text, log->text, stream->path, cut);
      assert_prefix (whole->reasoning, log->reasoning, stream->path, cut);
      if (log->failure == NULL)
        continue;
      if (whole->failure == NULL || log->failure->kind != whole->failure->kind)
        g_assert_cmpint (log->failure->kind, ==, SC_ERROR_INTERRUPTED);
      g_assert_null (strstr (log->lines->str, "\"event\":\"tool-call\""));
    }
}

static void
test_raw (gconstpointer data)
{
  const Stream *stream = data;
  gsize length;
  g_autofree char *bytes = read_file (stream->path, &length);
  g_autofree char *path = g_strconcat (stream->path, ".raw", NULL);
  g_autofree char *expected = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("nothing to send back");
      return;
    }
  expected = read_file (path, NULL);
  for (gsize chunk = 0; chunk < 8; chunk++)
    {
      g_autoptr (EventLog) log = event_log_decode (
        stream->protocol, 200, stream->framing->content_type, bytes, length, chunk, 0);

      g_assert_cmpstr (log->raw, ==, g_strchomp (expected));
    }
}

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_free (stream->protocol);
  g_free (stream->path);
  g_free (stream);
}

static void
add_tests (const char    *protocol,
           const char    *name,
           const Framing *framing)
{
  static const struct
  {
    const char    *name;
    GTestDataFunc  func;
  } cases[] = {
    { "chunks", test_chunks },
    { "line-ends", test_line_ends },
    { "cuts", test_cuts },
    { "raw", test_raw },
  };
  g_autofree char *base = g_strndup (name, strlen (name) - strlen (framing->suffix));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/provider/decode/%s/%s/%s", protocol, base, cases[i].name);
      Stream *stream = g_new0 (Stream, 1);

      stream->protocol = g_strdup (protocol);
      stream->framing = framing;
      stream->path = g_test_build_filename (G_TEST_DIST, "data", protocol, name, NULL);
      g_test_add_data_func_full (path, stream, cases[i].func, stream_free);
    }
}

static guint
add_folder (const char *protocol)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", protocol, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_streams = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (framings); i++)
      if (g_str_has_suffix (name, framings[i].suffix))
        {
          add_tests (protocol, name, &framings[i]);
          n_streams++;
        }
  return n_streams;
}

int
main (int   argc,
      char *argv[])
{
  guint n_streams = 0;

  g_test_init (&argc, &argv, NULL);
  for (const ScProtocol * const *protocol = sc_protocol_list (); *protocol != NULL; protocol++)
    n_streams += add_folder ((*protocol)->id);
  g_assert_cmpuint (n_streams, >, 0);
  return g_test_run ();
}

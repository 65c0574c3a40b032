/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line of sc-probe: reads standard input, cuts it at NUL bytes with --batch, calls one probe for each
 * input and writes the answers, cut likewise. Exit 0 unless the call is wrong (2). */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sc-probe.h"

typedef void (*ProbeFunc) (const char           *input,
                           gsize                 length,
                           const ScProbeOptions *options,
                           GString              *out);

static const struct
{
  const char *name;
  ProbeFunc   func;
  gboolean    needs_protocol;
} probes[] = {
  { "sse", sc_probe_sse, FALSE },
  { "decode", sc_probe_decode, TRUE },
  { "request", sc_probe_request, TRUE },
  { "markdown", sc_probe_markdown, FALSE },
};

static int
usage (const char *why)
{
  fprintf (stderr,
           "sc-probe: %s\n"
           "usage: sc-probe sse [--chunk=N]\n"
           "       sc-probe decode PROTOCOL [--chunk=N] [--status=200] [--content-type=T]\n"
           "       sc-probe request PROTOCOL\n"
           "       sc-probe markdown [--chunk=N] [--frames|--silent|--xml]\n"
           "every one takes --batch: inputs and answers separated by a NUL byte\n",
           why);
  return 2;
}

static GByteArray *
read_standard_input (void)
{
  GByteArray *all = g_byte_array_new ();
  guint8 buffer[65536];
  size_t n;

  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_byte_array_append (all, buffer, (guint) n);
  return all;
}

static void
flush_output (GString *out)
{
  fwrite (out->str, 1, out->len, stdout);
  g_string_truncate (out, 0);
}

static void
run_probe (ProbeFunc             func,
           const GByteArray     *input,
           gboolean              batch,
           const ScProbeOptions *options)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *at = (const char *) input->data;
  gsize left = input->len;
  const char *end;

  /* Separated, not terminated: N bytes of NUL make N + 1 inputs. */
  do
    {
      gsize length;

      end = batch && left > 0 ? memchr (at, '\0', left) : NULL;
      length = end != NULL ? (gsize) (end - at) : left;
      func (left > 0 ? at : "", length, options, out);
      if (end != NULL)
        {
          g_string_append_c (out, '\0');
          at = end + 1;
          left -= length + 1;
        }
      flush_output (out);
    }
  while (end != NULL);
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  ScProbeOptions options = { 0 };
  g_autofree char *content_type = NULL;
  gint64 chunk = 0;
  int status = 200;
  gboolean batch = FALSE;
  GOptionEntry entries[] = {
    { "chunk", 0, 0, G_OPTION_ARG_INT64, &chunk, NULL, NULL },
    { "status", 0, 0, G_OPTION_ARG_INT, &status, NULL, NULL },
    { "content-type", 0, 0, G_OPTION_ARG_STRING, &content_type, NULL, NULL },
    { "frames", 0, 0, G_OPTION_ARG_NONE, &options.frames, NULL, NULL },
    { "silent", 0, 0, G_OPTION_ARG_NONE, &options.silent, NULL, NULL },
    { "xml", 0, 0, G_OPTION_ARG_NONE, &options.xml, NULL, NULL },
    { "batch", 0, 0, G_OPTION_ARG_NONE, &batch, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("PROBE [PROTOCOL]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) input = NULL;
  guint i;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (argc < 2 || chunk < 0)
    return usage ("which probe?");
  options.chunk = (gsize) chunk;
  options.status = status;
  options.content_type = content_type;

  for (i = 0; i < G_N_ELEMENTS (probes) && strcmp (argv[1], probes[i].name) != 0; i++)
    continue;
  if (i == G_N_ELEMENTS (probes))
    return usage ("no such probe");
  if (argc != (probes[i].needs_protocol ? 3 : 2))
    return usage ("wrong number of arguments");
  if (probes[i].needs_protocol && !sc_probe_has_protocol (argv[2]))
    return usage ("no such protocol");
  options.protocol = argv[2];

  input = read_standard_input ();
  run_probe (probes[i].func, input, batch, &options);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-response-text.h. Pure. */

#include "config.h"

#include "sc-response-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TITLE_CHARS 120

char *
sc_response_text_dup_tidy (const char *text,
                           gssize      length,
                           long        max)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *out = g_string_new (NULL);
  gboolean space = FALSE;
  long n = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = out->len > 0;
          continue;
        }
      if (n + (space ? 1 : 0) >= max)
        {
          g_string_append (out, "…");
          break;
        }
      if (space)
        {
          g_string_append_c (out, ' ');
          n++;
        }
      space = FALSE;
      g_string_append_unichar (out, c);
      n++;
    }
  return g_string_free (out, FALSE);
}

static const struct
{
  const char *entity;
  const char *text;
} entities[] = {
  { "&amp;", "&" },   { "&lt;", "<" },    { "&gt;", ">" },       { "&quot;", "\"" },
  { "&#39;", "'" },   { "&nbsp;", " " },  { "&#x27;", "'" },     { "&#124;", "|" },
  { "&ndash;", "–" }, { "&mdash;", "—" }, { "&rsquo;", "’" },    { "&hellip;", "…" },
};

static char *
decode_entities (const char *text,
                 gsize       length)
{
  GString *out = g_string_new_len (text, (gssize) length);

  for (guint i = 1; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (out, entities[i].entity, entities[i].text, 0);
  g_string_replace (out, entities[0].entity, entities[0].text, 0);
  return g_string_free (out, FALSE);
}

static const char *
find_nocase (const char *text,
             const char *needle)
{
  gsize length = strlen (needle);

  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, needle, length) == 0)
      return text;
  return NULL;
}

/* The text between <title> (or else <h1>) and its end, NULL if the page has none. */
static char *
dup_page_title (const char *page)
{
  static const char *const tags[] = { "title", "h1" };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autofree char *open = g_strdup_printf ("<%s", tags[i]);
      const char *start = find_nocase (page, open);
      const char *end;
      g_autofree char *decoded = NULL;
      g_autofree char *title = NULL;

      start = start != NULL ? strchr (start, '>') : NULL;
      end = start != NULL ? strchr (start, '<') : NULL;
      if (end == NULL)
        continue;
      decoded = decode_entities (start + 1, (gsize) (end - start - 1));
      title = sc_response_text_dup_tidy (decoded, -1, MAX_TITLE_CHARS);
      if (*title != '\0')
        return g_steal_pointer (&title);
    }
  return NULL;
}

char *
sc_response_text_dup_page_message (const char *page)
{
  g_autofree char *title = dup_page_title (page);

  if (title == NULL)
    return g_strdup (_("The server answered with a web page instead of an answer."));
  /* Translators: %s is the title of a web page. */
  return g_strdup_printf (_("The server answered with a web page instead of an answer: “%s”"), title);
}

const char *
sc_response_text_skip_space (const char *text)
{
  if (g_str_has_prefix (text, "\xEF\xBB\xBF"))
    text += 3;
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

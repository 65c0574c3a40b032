/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation as Markdown: the path that is shown, to read and to pass on. What was said stands as it came; what is
 * said around it is written so that the one cannot break the other. */

#include "config.h"

#include "sc-export-private.h"

#include "sc-json.h"

#include <glib/gi18n.h>
#include <string.h>

/* Words of a title, a model or a file name that are not to become marks. */
static void
append_escaped (GString    *out,
                const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (strchr ("\\`*_[]<>&~|#!", *text) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, g_ascii_iscntrl (*text) ? ' ' : *text);
    }
}

static void
append_html (GString    *out,
             const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}

/* Local time, as it was on the reader's clock; no words in it. */
static void
append_time (GString *out,
             gint64   time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;

  g_string_append (out, text != NULL ? text : "");
}

/* How many of @mark begin the line behind at most three spaces. */
static gsize
count_marks (const char *line,
             char        mark)
{
  gsize indent = strspn (line, " ");
  gsize n = 0;

  while (indent <= 3 && line[indent + n] == mark)
    n++;

  return n;
}

/* An answer that was cut, or a model that forgets, leaves a code block open, and what comes next would be code: this
 * ends it. */
static void
append_fence_end (GString    *out,
                  const char *text)
{
  gsize open = 0;
  char mark = '`';

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      gsize n;

      if (open == 0)
        mark = count_marks (text, '~') >= 3 ? '~' : '`';
      n = count_marks (text, mark);
      if (open == 0 && n >= 3)
        {
          gsize start = strspn (text, " ") + n;

          /* Words with a backtick behind three of them are code within a line. */
          if (mark == '~' || start > length || memchr (text + start, '`', length - start) == NULL)
            open = n;
        }
      else if (open > 0 && n >= open)
        {
          gsize start = strspn (text, " ") + n;

          if (start + strspn (text + start, " \t\r") >= length)
            open = 0;
        }
      text += length;
      if (*text == '\n')
        text++;
    }
  if (open == 0)
    return;
  for (gsize i = 0; i < open; i++)
    g_string_append_c (out, mark);
  g_string_append_c (out, '\n');
}

static void
append_paragraphs (GString    *out,
                   const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0)
    return;
  g_string_append_len (out, text, (gssize) length);
  if (text[length - 1] != '\n')
    g_string_append_c (out, '\n');
  append_fence_end (out, text);
  g_string_append_c (out, '\n');
}

/* Text that is no markdown, in a fence longer than any run of backticks in it. */
static void
append_code (GString    *out,
             const char *text,
             const char *language)
{
  gsize longest = 2;
  g_autofree char *fence = NULL;

  for (const char *at = strchr (text, '`'); at != NULL; at = strchr (at, '`'))
    {
      gsize n = strspn (at, "`");

      longest = MAX (longest, n);
      at += n;
    }
  fence = g_strnfill (longest + 1, '`');
  g_string_append_printf (out, "%s%s\n", fence, language);
  g_string_append (out, text);
  if (*text != '\0' && !g_str_has_suffix (text, "\n"))
    g_string_append_c (out, '\n');
  g_string_append_printf (out, "%s\n\n", fence);
}

static void
begin_fold (GString    *out,
            const char *summary)
{
  g_string_append (out, "<details>\n<summary>");
  append_html (out, summary);
  g_string_append (out, "</summary>\n\n");
}

static void
end_fold (GString *out)
{
  g_string_append (out, "</details>\n\n");
}

static void
append_who (ScExport           *self,
            GString            *out,
            const ScTurnRecord *turn)
{
  const char *provider = turn->provider != NULL ? g_hash_table_lookup (self->providers, turn->provider) : NULL;

  g_string_append (out, "## ");
  if (g_strcmp0 (turn->role, "user") == 0)
    /* Translators: who wrote a message, as a heading in an exported conversation. */
    g_string_append (out, C_("exported message", "You"));
  else if (g_strcmp0 (turn->role, "system") == 0)
    g_string_append (out, C_("exported message", "Instructions"));
  else if (g_strcmp0 (turn->role, "tool") == 0)
    g_string_append (out, C_("exported message", "Tool"));
  else
    append_escaped (out, turn->model != NULL && *turn->model != '\0' ? turn->model
                                                                     : C_("exported message", "Answer"));
  if (provider != NULL)
    {
      g_string_append (out, " · ");
      append_escaped (out, provider);
    }
  g_string_append (out, " · ");
  append_time (out, turn->created_us);
  g_string_append (out, "\n\n");
}

static void
append_attachments (GString   *out,
                    JsonArray *files)
{
  for (guint i = 0; files != NULL && i < json_array_get_length (files); i++)
    {
      JsonObject *file = sc_json_get_element_object (files, i);
      const char *name = sc_json_get_string (file, "name");
      g_autoptr (GString) escaped = g_string_new (NULL);

      append_escaped (escaped, name != NULL ? name : "");
      /* Translators: %s is the name of a file that was attached to a message. */
      g_string_append_printf (out, _("- Attached: %s"), escaped->str);
      g_string_append (out, "\n");
      if (i + 1 == json_array_get_length (files))
        g_string_append_c (out, '\n');
    }
}

static void
append_tool_calls (GString   *out,
                   JsonArray *calls)
{
  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonObject *call = sc_json_get_element_object (calls, i);
      const char *name = sc_json_get_string (call, "name");
      const char *arguments = sc_json_get_string (call, "arguments");
      g_autofree char *summary = NULL;

      /* Translators: %s is the name of a tool that the model called. */
      summary = g_strdup_printf (_("Tool call: %s"), name != NULL ? name : "");
      begin_fold (out, summary);
      append_code (out, arguments != NULL ? arguments : "{}", "json");
      end_fold (out);
    }
}

/* Each address once, where it is one that a reader can open. */
static void
append_sources (GString   *out,
                JsonArray *citations)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; citations != NULL && i < json_array_get_length (citations); i++)
    {
      JsonObject *citation = sc_json_get_element_object (citations, i);
      const char *url = sc_json_get_string (citation, "url");
      const char *title = sc_json_get_string (citation, "title");

      if (url == NULL || url[strcspn (url, "<> \n\r\t")] != '\0' ||
          !(g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://")) ||
          !g_hash_table_add (seen, (gpointer) url))
        continue;
      if (g_hash_table_size (seen) == 1)
        g_string_append_printf (out, "%s\n\n", _("Sources:"));
      g_string_append (out, "- [");
      append_escaped (out, title != NULL && *title != '\0' ? title : url);
      g_string_append_printf (out, "](<%s>)\n", url);
    }
  if (g_hash_table_size (seen) > 0)
    g_string_append_c (out, '\n');
}

static void
append_end (GString            *out,
            const ScTurnRecord *turn,
            JsonObject         *data)
{
  const char *reason = sc_json_get_string (sc_json_get_object (data, "failure"), "message");
  const char *words = NULL;

  switch (turn->status)
    {
    case SC_TURN_STATUS_STREAMING:
      words = _("This answer was still being written.");
      break;
    case SC_TURN_STATUS_STOPPED:
      words = _("This answer was stopped.");
      reason = NULL;
      break;
    case SC_TURN_STATUS_INTERRUPTED:
    case SC_TURN_STATUS_FAILED:
      words = _("This answer is not complete.");
      break;
    case SC_TURN_STATUS_DONE:
    default:
      words = NULL;
      break;
    }
  if (words == NULL)
    return;
  g_string_append_printf (out, "> %s", words);
  if (reason != NULL)
    {
      g_string_append_c (out, ' ');
      append_escaped (out, reason);
    }
  g_string_append (out, "\n\n");
}

static void
append_tool_result (GString            *out,
                    const ScTurnRecord *turn,
                    JsonObject         *data)
{
  const char *name = sc_json_get_string (sc_json_get_object (data, "tool_result"), "name");
  g_autofree char *summary = NULL;

  /* Translators: %s is the name of a tool. */
  summary = g_strdup_printf (_("Result of %s"), name != NULL ? name : "");
  begin_fold (out, summary);
  append_code (out, turn->text != NULL ? turn->text : "", "");
  end_fold (out);
}

static void
append_turn (ScExport     *self,
             GString      *out,
             ScTurnRecord *turn)
{
  g_autoptr (JsonObject) data = sc_export_parse_data (turn);
  gboolean is_tool = g_strcmp0 (turn->role, "tool") == 0;

  append_who (self, out, turn);
  append_attachments (out, sc_json_get_array (data, "attachments"));
  if (turn->reasoning != NULL && *turn->reasoning != '\0')
    {
      begin_fold (out, _("Reasoning"));
      append_paragraphs (out, turn->reasoning);
      end_fold (out);
    }
  if (is_tool)
    append_tool_result (out, turn, data);
  else
    append_paragraphs (out, turn->text);
  append_tool_calls (out, sc_json_get_array (data, "tool_calls"));
  append_sources (out, sc_json_get_array (data, "citations"));
  append_end (out, turn, data);
}

/* From the head back to the first turn, as in the tree: what comes from disk may be damaged. */
static GPtrArray *
create_path_backwards (ScExport *self)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *path = g_ptr_array_new ();
  ScTurnRecord *turn = NULL;

  for (guint i = 0; i < self->turns->len; i++)
    {
      turn = g_ptr_array_index (self->turns, i);
      if (turn->id != NULL)
        g_hash_table_insert (by_id, turn->id, turn);
    }
  if (self->record->head != NULL && g_hash_table_contains (by_id, self->record->head))
    turn = g_hash_table_lookup (by_id, self->record->head);
  for (; turn != NULL; turn = turn->parent != NULL ? g_hash_table_lookup (by_id, turn->parent) : NULL)
    {
      g_ptr_array_add (path, turn);
      /* Once each: a circle ends here. */
      if (turn->id != NULL)
        g_hash_table_remove (by_id, turn->id);
    }

  return path;
}

void
sc_export_write_markdown (ScExport       *self,
                          ScExportWriter *writer)
{
  GString *out = sc_export_writer_get_text (writer);
  g_autoptr (GPtrArray) path = create_path_backwards (self);

  g_string_append (out, "# ");
  append_escaped (out, self->title);
  g_string_append (out, "\n\n");
  if (self->record->system_prompt != NULL && *self->record->system_prompt != '\0')
    {
      begin_fold (out, C_("exported message", "Instructions"));
      append_paragraphs (out, self->record->system_prompt);
      end_fold (out);
    }
  for (guint i = path->len; i > 0 && sc_export_writer_flush (writer); i--)
    append_turn (self, out, g_ptr_array_index (path, i - 1));
  /* A blank line between messages, none after the last. */
  if (out->len > 1 && g_str_has_suffix (out->str, "\n\n"))
    g_string_truncate (out, out->len - 1);
}

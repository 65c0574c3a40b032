/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Colours for code. One live source buffer a language: making one is far dearer than giving it another text, and an open
 * block only has its new lines appended. Colours are copied as tags of our own, one a colour. */

#include "config.h"

#include "sc-transcript-colours.h"

#include <adwaita.h>
#include <string.h>

/* Often enough that code looks alive, seldom enough to cost little beside the text. */
#define PERIOD_MS        120

/* Nobody reads colours behind this much code. */
#define MAX_CODE_CHARS   (64 * 1024)

typedef struct
{
  GtkSourceBuffer *buffer;
  char            *text;
} Engine;

struct _ScTranscriptColours
{
  ScPage     *page;
  GHashTable *engines;
  guint       timeout_id;
  guint       idle_id;
};

static const struct
{
  const char *name;
  const char *id;
} aliases[] = {
  { "bash", "sh" },         { "shell", "sh" },          { "zsh", "sh" },
  { "console", "sh" },      { "shell-session", "sh" },  { "javascript", "js" },
  { "node", "js" },         { "ts", "typescript" },     { "tsx", "typescript-jsx" },
  { "c++", "cpp" },         { "cc", "cpp" },            { "h", "c" },
  { "hpp", "cpp" },         { "cs", "c-sharp" },        { "csharp", "c-sharp" },
  { "c#", "c-sharp" },      { "py", "python3" },        { "python", "python3" },
  { "rb", "ruby" },         { "rs", "rust" },           { "yml", "yaml" },
  { "golang", "go" },       { "dockerfile", "docker" }, { "kt", "kotlin" },
  { "tex", "latex" },       { "ps1", "powershell" },    { "patch", "diff" },
  { "md", "markdown" },     { "make", "makefile" },     { "jsonc", "json" },
  { "hs", "haskell" },      { "pl", "perl" },           { "objective-c", "objc" },
  { "svg", "xml" },         { "vue", "html" },          { "conf", "ini" },
};

GtkSourceLanguage *
sc_transcript_colours_find_language (const char *name)
{
  GtkSourceLanguageManager *manager = gtk_source_language_manager_get_default ();
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *id = lower;

  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (aliases[i].name, lower) == 0)
      id = aliases[i].id;

  return gtk_source_language_manager_get_language (manager, id);
}

GtkSourceStyleScheme *
sc_transcript_colours_get_scheme (void)
{
  gboolean is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  return gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (),
                                                     is_dark ? "Adwaita-dark" : "Adwaita");
}

static void
free_engine (gpointer data)
{
  Engine *engine = data;

  if (engine == NULL)
    return;
  g_object_unref (engine->buffer);
  g_free (engine->text);
  g_free (engine);
}

static Engine *
create_engine (const char *name)
{
  GtkSourceLanguage *language = sc_transcript_colours_find_language (name);
  Engine *engine;

  if (language == NULL)
    return NULL;

  engine = g_new0 (Engine, 1);
  engine->buffer = gtk_source_buffer_new_with_language (language);
  gtk_text_buffer_set_enable_undo (GTK_TEXT_BUFFER (engine->buffer), FALSE);
  gtk_source_buffer_set_highlight_matching_brackets (engine->buffer, FALSE);
  gtk_source_buffer_set_style_scheme (engine->buffer, sc_transcript_colours_get_scheme ());

  return engine;
}

/* The text in the engine becomes @text; what it begins with may stand there already. */
static void
set_engine_text (Engine     *engine,
                 const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (engine->buffer);
  gsize known = engine->text != NULL ? strlen (engine->text) : 0;
  GtkTextIter end;

  if (known > 0 && strncmp (engine->text, text, known) == 0)
    {
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, text + known, -1);
    }
  else
    {
      gtk_text_buffer_set_text (buffer, text, -1);
    }
  g_free (engine->text);
  engine->text = g_strdup (text);
}

static GtkTextTag *
find_token (ScPageTags        *tags,
            const GtkTextIter *iter)
{
  GSList *list = gtk_text_iter_get_tags (iter);
  GdkRGBA *colour = NULL;
  gboolean is_bold = FALSE;
  gboolean is_italic = FALSE;
  GtkTextTag *token = NULL;

  for (GSList *l = list; l != NULL; l = l->next)
    {
      gboolean has_colour;
      gboolean has_weight;
      gboolean has_style;
      int weight;
      PangoStyle style;

      g_object_get (l->data,
                    "foreground-set", &has_colour,
                    "weight-set", &has_weight,
                    "style-set", &has_style,
                    "weight", &weight,
                    "style", &style,
                    NULL);
      if (has_colour)
        {
          g_clear_pointer (&colour, gdk_rgba_free);
          g_object_get (l->data, "foreground-rgba", &colour, NULL);
        }
      if (has_weight)
        is_bold = weight >= PANGO_WEIGHT_SEMIBOLD;
      if (has_style)
        is_italic = style == PANGO_STYLE_ITALIC;
    }
  if (colour != NULL || is_bold || is_italic)
    token = sc_page_tags_get_token (tags, colour, is_bold, is_italic);
  g_clear_pointer (&colour, gdk_rgba_free);
  g_slist_free (list);

  return token;
}

static void
copy_colours (const ScBlockWriter *writer,
              Engine              *engine,
              guint                from,
              guint                offset)
{
  GtkTextBuffer *source = GTK_TEXT_BUFFER (engine->buffer);
  GtkTextIter iter;
  GtkTextIter end;

  gtk_text_buffer_get_iter_at_offset (source, &iter, (int) from);
  gtk_text_iter_set_line_offset (&iter, 0);
  gtk_text_buffer_get_end_iter (source, &end);
  gtk_source_buffer_ensure_highlight (engine->buffer, &iter, &end);
  while (!gtk_text_iter_is_end (&iter))
    {
      GtkTextTag *token = find_token (writer->tags, &iter);
      guint start = (guint) gtk_text_iter_get_offset (&iter);
      GtkTextIter first;
      GtkTextIter last;

      if (!gtk_text_iter_forward_to_tag_toggle (&iter, NULL))
        iter = end;
      if (token == NULL)
        continue;
      gtk_text_buffer_get_iter_at_offset (writer->buffer, &first, (int) (offset + start));
      gtk_text_buffer_get_iter_at_offset (writer->buffer, &last,
                                          (int) offset + gtk_text_iter_get_offset (&iter));
      gtk_text_buffer_apply_tag (writer->buffer, token, &first, &last);
    }
}

/* An open block is coloured up to its last whole line: a token that still grows would flicker. */
static guint
get_wanted (const ScBlockWriter *writer,
            const ScBlock       *block,
            guint                offset)
{
  GtkTextIter iter;

  if (block->is_closed)
    return block->n_chars - 1;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &iter, (int) (offset + block->n_chars - 1));
  gtk_text_iter_set_line_offset (&iter, 0);

  return (guint) MAX (gtk_text_iter_get_offset (&iter) - (int) offset, 0);
}

static gboolean
colour_block (ScTranscriptColours *self,
              ScBlock             *block,
              guint                offset)
{
  const ScBlockWriter *writer = sc_page_get_writer (self->page);
  guint wanted = MIN (get_wanted (writer, block, offset), MAX_CODE_CHARS);
  guint from = block->n_coloured;
  Engine *engine;
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;

  if (wanted <= from)
    return FALSE;

  block->n_coloured = wanted;
  if (!g_hash_table_contains (self->engines, block->language))
    {
      /* Loading a language is work enough for one slice. */
      g_hash_table_insert (self->engines, g_strdup (block->language), create_engine (block->language));
      block->n_coloured = from;
      return TRUE;
    }
  engine = g_hash_table_lookup (self->engines, block->language);
  if (engine == NULL)
    return FALSE;

  gtk_text_buffer_get_iter_at_offset (writer->buffer, &start, (int) offset);
  gtk_text_buffer_get_iter_at_offset (writer->buffer, &end, (int) (offset + wanted));
  text = gtk_text_buffer_get_slice (writer->buffer, &start, &end, TRUE);
  set_engine_text (engine, text);
  copy_colours (writer, engine, from, offset);

  return TRUE;
}

/* The next block without colours, from the end: that is what one looks at. */
static gboolean
colour_one (ScTranscriptColours *self)
{
  for (guint i = sc_page_get_n_entries (self->page); i > 0; i--)
    {
      guint offset;
      ScPageEntry *entry = sc_page_get_entry (self->page, i - 1, &offset);

      offset += entry->n_chars - entry->n_foot;
      for (guint j = entry->blocks->len; j > 0; j--)
        {
          ScBlock *block = &g_array_index (entry->blocks, ScBlock, j - 1);

          offset -= block->n_chars;
          if (block->kind == SC_MARKDOWN_CODE && block->language != NULL && *block->language != '\0' &&
              block->n_coloured + 1 < MIN (block->n_chars, MAX_CODE_CHARS) &&
              colour_block (self, block, offset))
            return TRUE;
        }
    }

  return FALSE;
}

static gboolean
idle_cb (gpointer user_data)
{
  ScTranscriptColours *self = user_data;

  if (colour_one (self))
    return G_SOURCE_CONTINUE;
  self->idle_id = 0;

  return G_SOURCE_REMOVE;
}

static void
timeout_cb (gpointer user_data)
{
  ScTranscriptColours *self = user_data;

  self->timeout_id = 0;
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_LOW, idle_cb, self, NULL);
}

static void
dark_changed_cb (ScTranscriptColours *self)
{
  GHashTableIter iter;
  gpointer value;

  sc_page_tags_remove_tokens (sc_page_get_writer (self->page)->tags);
  g_hash_table_iter_init (&iter, self->engines);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value != NULL)
      gtk_source_buffer_set_style_scheme (((Engine *) value)->buffer, sc_transcript_colours_get_scheme ());
  for (guint i = sc_page_get_n_entries (self->page); i > 0; i--)
    {
      ScPageEntry *entry = sc_page_get_entry (self->page, i - 1, NULL);

      for (guint j = 0; j < entry->blocks->len; j++)
        g_array_index (entry->blocks, ScBlock, j).n_coloured = 0;
    }
  sc_transcript_colours_wake (self);
}

ScTranscriptColours *
sc_transcript_colours_new (ScPage *page)
{
  ScTranscriptColours *self = g_new0 (ScTranscriptColours, 1);

  self->page = page;
  self->engines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_engine);
  g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark",
                            G_CALLBACK (dark_changed_cb), self);

  return self;
}

void
sc_transcript_colours_free (ScTranscriptColours *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (adw_style_manager_get_default (), self);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_hash_table_unref (self->engines);
  g_free (self);
}

void
sc_transcript_colours_wake (ScTranscriptColours *self)
{
  if (self->timeout_id == 0 && self->idle_id == 0)
    self->timeout_id = g_timeout_add_once (PERIOD_MS, timeout_cb, self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scripts of the Demo. Every answer says that it is scripted. Prose goes through gettext, a
 * paragraph a message; code does not. Knows no HTTP. */

#include "config.h"

#include "sc-demo-script.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEFAULT_RATE 110
#define LONG_RATE 1000
#define DEFAULT_PAUSE_S 25
#define DEFAULT_WAIT_S 5
#define DEFAULT_LONG_KB 200
#define MAX_LONG_KB 4096
#define MAX_RATE 1000000
#define MAX_PIECE_CHARS 12

typedef enum
{
  SCENE_TOUR,
  SCENE_CODE,
  SCENE_REASONING,
  SCENE_TABLE,
  SCENE_SLOW,
  SCENE_BROKEN,
  SCENE_LIMIT,
  SCENE_LONG,
  SCENE_ECHO,
} Scene;

/* In the order of Scene. */
static const ScDemoPrompt prompts[] = {
  { N_("Take the tour"), N_("Headings, lists, quotes, code and a table"),
    N_("Show me a tour of markdown"), "view-list-bullet-symbolic" },
  { N_("Write some code"), N_("The same small program in three languages"),
    N_("Write some code in three languages"), "utilities-terminal-symbolic" },
  { N_("Think it over"), N_("Reasoning first, then the answer"),
    N_("Think it over: which is heavier, a kilo of feathers or a kilo of lead?"),
    "dialog-question-symbolic" },
  { N_("Make a table"), N_("Columns that line up while they arrive"),
    N_("Make a table of the planets"), "view-grid-symbolic" },
  { N_("Be slow"), N_("A silence of 25 seconds in the middle"),
    N_("Answer slowly, with a pause of 25 seconds"), "content-loading-symbolic" },
  { N_("Break off"), N_("The connection breaks before the end"),
    N_("Show me a broken answer"), "network-offline-symbolic" },
  { N_("Ask me to wait"), N_("A rate limit, and what happens then"),
    N_("Show me a rate limit"), "alarm-symbolic" },
  { N_("Write a lot"), N_("200 KB at 1,000 characters a second"),
    N_("Write 200 KB at 1000 characters a second"), "document-edit-symbolic" },
};

static ScDemoPrompt translated[G_N_ELEMENTS (prompts)];

static const struct
{
  const char *word;
  Scene       scene;
} words[] = {
  { "rate limit", SCENE_LIMIT }, { "broken", SCENE_BROKEN },     { "break off", SCENE_BROKEN },
  { "slow", SCENE_SLOW },        { "pause", SCENE_SLOW },        { " kb", SCENE_LONG },
  { "tour", SCENE_TOUR },        { "markdown", SCENE_TOUR },     { "table", SCENE_TABLE },
  { "code", SCENE_CODE },        { "think", SCENE_REASONING },   { "reason", SCENE_REASONING },
};

const ScDemoPrompt *
sc_demo_server_list_prompts (guint *n_prompts)
{
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      for (guint i = 0; i < G_N_ELEMENTS (prompts); i++)
        {
          translated[i].title = _(prompts[i].title);
          translated[i].subtitle = _(prompts[i].subtitle);
          translated[i].prompt = _(prompts[i].prompt);
          translated[i].icon_name = prompts[i].icon_name;
        }
      g_once_init_leave (&is_filled, 1);
    }
  if (n_prompts != NULL)
    *n_prompts = G_N_ELEMENTS (prompts);
  return translated;
}

static void
add (GString    *out,
     const char *text)
{
  g_string_append (out, text);
}

static void
add_paragraph (GString    *out,
               const char *text)
{
  g_string_append (out, text);
  g_string_append (out, "\n\n");
}

static void
add_heading (GString    *out,
             const char *marks,
             const char *text)
{
  g_string_append_printf (out, "%s %s\n\n", marks, text);
}

static void
add_item (GString    *out,
          const char *mark,
          const char *text)
{
  g_string_append_printf (out, "%s %s\n", mark, text);
}

static void
add_code (GString    *out,
          const char *language,
          const char *code)
{
  g_string_append_printf (out, "```%s\n%s```\n\n", language, code);
}

static void
add_table (GString *out)
{
  g_string_append_printf (out, "| %s | %s | %s |\n| :--- | ---: | ---: |\n",
                          _("Planet"), _("Diameter (km)"), _("Moons"));
  g_string_append_printf (out, "| %s | 4,879 | 0 |\n", C_("planet", "Mercury"));
  g_string_append_printf (out, "| %s | 12,104 | 0 |\n", C_("planet", "Venus"));
  g_string_append_printf (out, "| %s | 12,756 | 1 |\n", C_("planet", "Earth"));
  g_string_append_printf (out, "| %s | 6,792 | 2 |\n", C_("planet", "Mars"));
  g_string_append_printf (out, "| **%s** | 142,984 | 95 |\n", C_("planet", "Jupiter"));
  g_string_append_printf (out, "| %s | 120,536 | 146 |\n", C_("planet", "Saturn"));
  g_string_append_printf (out, "| %s | 51,118 | 28 |\n", C_("planet", "Uranus"));
  g_string_append_printf (out, "| %s | 49,528 | 16 |\n\n", C_("planet", "Neptune"));
}

static const char python_code[] =
  "def fibonacci(n: int) -> list[int]:\n"
  "    \"\"\"The first n Fibonacci numbers.\"\"\"\n"
  "    numbers = [0, 1]\n"
  "    while len(numbers) < n:\n"
  "        numbers.append(numbers[-1] + numbers[-2])\n"
  "    return numbers[:n]\n"
  "\n"
  "\n"
  "print(fibonacci(10))\n";

static const char c_code[] =
  "#include <stdio.h>\n"
  "\n"
  "int\n"
  "main (void)\n"
  "{\n"
  "  unsigned long a = 0, b = 1;\n"
  "\n"
  "  for (int i = 0; i < 10; i++)\n"
  "    {\n"
  "      unsigned long next = a + b;\n"
  "\n"
  "      printf (\"%lu\\n\", a);\n"
  "      a = b;\n"
  "      b = next;\n"
  "    }\n"
  "  return 0;\n"
  "}\n";

static const char rust_code[] =
  "fn main() {\n"
  "    let (mut a, mut b) = (0u64, 1u64);\n"
  "    for _ in 0..10 {\n"
  "        println!(\"{a}\");\n"
  "        (a, b) = (b, a + b);\n"
  "    }\n"
  "}\n";

static const char shell_code[] =
  "stream-chat --protocol demo --ask \"hello\"\n";

static void
add_lists (GString *out)
{
  add_heading (out, "##", _("Lists"));
  add_item (out, "-", _("A list can be plain,"));
  add_item (out, "-", _("it can be nested:"));
  add_item (out, "  -", _("one level down,"));
  add_item (out, "    -", _("and one more;"));
  add_item (out, "  -", _("and back again."));
  add (out, "\n");
  add_item (out, "1.", _("It can count,"));
  add_item (out, "2.", _("and go on counting,"));
  add_item (out, "3.", _("as long as there is something to count."));
  add (out, "\n");
  add_item (out, "- [x]", _("Tasks can be done"));
  add_item (out, "- [ ]", _("or still be open."));
  add (out, "\n");
}

static void
write_tour (GString *out)
{
  add_heading (out, "#", _("A tour"));
  add_paragraph (out, _("Nothing here was thought up by a model: **this answer is scripted** and "
                        "comes from this computer. It goes the same way as a real one, piece by "
                        "piece, so you see what an answer looks like while it is written."));
  add_heading (out, "##", _("Words"));
  add_paragraph (out, _("Text can be *emphasised*, **strong**, ***both***, ~~struck out~~ or "
                        "`code`. A link shows its [target](https://www.gnome.org/) before you "
                        "follow it."));
  add_lists (out);
  add_heading (out, "##", _("Quotes"));
  g_string_append_printf (out, "> %s\n>\n> > %s\n\n", _("A quote stands a little apart."),
                          _("A quote within a quote stands a little further."));
  add_heading (out, "##", _("Code"));
  add_code (out, "python", python_code);
  add_code (out, "sh", shell_code);
  add_heading (out, "##", _("Tables"));
  add_table (out);
  add (out, "---\n\n");
  add (out, _("That was the tour. Select, copy and scroll as you like, also while the text is "
              "still arriving."));
  add (out, "\n");
}

static void
write_code (GString *out)
{
  add_paragraph (out, _("Three ways to count as rabbits do. The code is real; the answer around it "
                        "is scripted."));
  add_heading (out, "###", "Python");
  add_code (out, "python", python_code);
  add_heading (out, "###", "C");
  add_code (out, "c", c_code);
  add_heading (out, "###", "Rust");
  add_code (out, "rust", rust_code);
  add (out, _("Each block has a button to copy it."));
  add (out, "\n");
}

static void
write_planets (GString *out)
{
  add_paragraph (out, _("A scripted table, row by row:"));
  add_table (out);
  add (out, _("A table can be selected and copied like any other text."));
  add (out, "\n");
}

static void
write_reasoning (ScDemoScript *self,
                 GString      *out)
{
  GString *reasoning = g_string_new (NULL);

  add_paragraph (reasoning, _("This reasoning is scripted too, but it arrives as a real one does: "
                              "before the answer, and apart from it."));
  add_paragraph (reasoning, _("The question compares two things by weight. Both are given as one "
                              "kilo. A kilo is a measure of mass, and it does not depend on what "
                              "is weighed."));
  add (reasoning, _("Feathers take more room, so they look like more. That is a matter of volume, "
                    "not of weight. The answer is that neither is heavier."));
  self->reasoning = g_string_free (reasoning, FALSE);
  add_paragraph (out, _("**Neither.** A kilo of feathers and a kilo of lead weigh the same; the "
                        "feathers only need a bigger bag."));
  add (out, _("(A scripted answer. Open the reasoning above it to read how it was found.)"));
  add (out, "\n");
}

/* The number that stands before @unit, @fallback where there is none. */
static guint
read_number (const char *prompt,
             const char *unit,
             guint       fallback,
             guint       max)
{
  g_autofree char *pattern = g_strdup_printf ("([0-9][0-9.,]*)\\s*%s", unit);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *digits = NULL;
  g_autoptr (GString) clean = NULL;

  if (!g_regex_match (regex, prompt, 0, &match))
    return fallback;
  digits = g_match_info_fetch (match, 1);
  clean = g_string_new (digits);
  g_string_replace (clean, ",", "", 0);
  return (guint) CLAMP (g_ascii_strtoll (clean->str, NULL, 10), 1, (gint64) max);
}

static void
write_slow (ScDemoScript *self,
            GString      *out,
            const char   *prompt)
{
  add (out, _("A slow answer, scripted to fall silent in the middle. After this sentence nothing "
              "comes for a while …"));
  self->pause_at = out->len;
  self->pause_ms = read_number (prompt, "s(?:ec|\\b)", DEFAULT_PAUSE_S, 3600) * 1000;
  add (out, " ");
  add (out, _("and here it goes on. The connection was alive all the time, so nothing was "
              "given up."));
  add (out, "\n");
}

static void
write_broken (ScDemoScript *self,
              GString      *out)
{
  add_paragraph (out, _("This scripted answer will break off. Everything up to the break stays on "
                        "the page, and the answer is marked as interrupted."));
  add (out, _("It breaks in the middle of a"));
  self->cut_at = out->len;
  add (out, " …");
}

static void
write_limit (ScDemoScript *self,
             GString      *out,
             const char   *prompt)
{
  self->wait_s = read_number (prompt, "s(?:ec|\\b)", DEFAULT_WAIT_S, 3600);
  add (out, _("There it is. The first try was refused with the wish to wait a little, the second "
              "one was answered. A scripted rate limit, but real ones are handled the same way."));
  add (out, "\n");
}

static void
write_long (ScDemoScript *self,
            GString      *out,
            const char   *prompt)
{
  gsize size = (gsize) read_number (prompt, "kb", DEFAULT_LONG_KB, MAX_LONG_KB) * 1024;
  guint n = 0;

  self->rate = read_number (prompt, "char", LONG_RATE, MAX_RATE);
  add_heading (out, "#", _("A long answer"));
  add_paragraph (out, _("Scripted from the first word to the last, to show that the end of a long "
                        "answer costs no more than its beginning."));
  while (out->len < size)
    {
      g_autofree char *title = g_strdup_printf (_("Part %u"), ++n);

      add_heading (out, "##", title);
      add_paragraph (out, _("The quick brown fox jumps over the lazy dog, and the dog, who is "
                            "*not* as lazy as people say, looks up, thinks about it, and stays "
                            "where the sun is. **That is all that happens**, again and again, "
                            "because a long answer needs no plot: it needs words, a `name` here "
                            "and there, and a line that wraps."));
      add_item (out, "-", _("The fox is quick."));
      add_item (out, "-", _("The dog is patient."));
      add (out, "\n");
      if (n % 5 == 0)
        add_code (out, "python", python_code);
      if (n % 8 == 0)
        add_table (out);
    }
}

static void
write_echo (GString    *out,
            const char *prompt)
{
  g_autofree char *start =
    g_utf8_strlen (prompt, -1) > 300 ? g_utf8_substring (prompt, 0, 300) : g_strdup (prompt);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (start), "\n", -1);
  g_autofree char *quote = g_strjoinv ("\n> ", lines);

  if (*quote == '\0')
    add_paragraph (out, _("Hello. You sent an empty message, and that is fine."));
  else
    {
      add_paragraph (out, _("Hello, and thank you for trying the demo. You wrote:"));
      g_string_append_printf (out, "> %s\n\n", quote);
    }
  add_paragraph (out, _("This answer is **scripted**: no model read it, and nothing left this "
                        "computer. It shows how an answer arrives here, word by word."));
  add (out, _("Ask for a *tour*, *code*, a *table*, some *thinking*, a *slow* or a *broken* "
              "answer, or a *rate limit*. To talk with a real model, add a provider "
              "in Preferences."));
  add (out, "\n");
}

static Scene
choose_scene (const char *prompt)
{
  g_autofree char *stripped = g_strstrip (g_strdup (prompt));
  g_autofree char *lower = g_utf8_strdown (prompt, -1);
  const ScDemoPrompt *offered = sc_demo_server_list_prompts (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (prompts); i++)
    if (strcmp (stripped, offered[i].prompt) == 0 || strcmp (stripped, prompts[i].prompt) == 0)
      return (Scene) i;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i].word) != NULL)
      return words[i].scene;
  return SCENE_ECHO;
}

static void
write_scene (ScDemoScript *self,
             Scene         scene,
             GString      *out,
             const char   *prompt)
{
  switch (scene)
    {
    case SCENE_TOUR:
      write_tour (out);
      break;
    case SCENE_CODE:
      write_code (out);
      break;
    case SCENE_REASONING:
      write_reasoning (self, out);
      break;
    case SCENE_TABLE:
      write_planets (out);
      break;
    case SCENE_SLOW:
      write_slow (self, out, prompt);
      break;
    case SCENE_BROKEN:
      write_broken (self, out);
      break;
    case SCENE_LIMIT:
      write_limit (self, out, prompt);
      break;
    case SCENE_LONG:
      write_long (self, out, prompt);
      break;
    case SCENE_ECHO:
    default:
      write_echo (out, prompt);
      break;
    }
}

ScDemoScript *
sc_demo_script_new (const char *prompt,
                    const char *model)
{
  ScDemoScript *self = g_new0 (ScDemoScript, 1);
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (prompt != NULL, NULL);

  self->rate = read_number (prompt, "char", DEFAULT_RATE, MAX_RATE);
  write_scene (self, choose_scene (prompt), out, prompt);
  if (self->reasoning == NULL && g_strcmp0 (model, "demo-thinking") == 0)
    self->reasoning = g_strdup (_("The demo that thinks always says something before it answers. "
                                  "What it says is scripted, and so is what comes next."));
  self->text = g_string_free (out, FALSE);
  return self;
}

void
sc_demo_script_free (ScDemoScript *self)
{
  if (self == NULL)
    return;
  g_free (self->reasoning);
  g_free (self->text);
  g_free (self);
}

gsize
sc_demo_script_get_piece (const char *text,
                          gsize       length)
{
  const char *at = text;
  const char *end = text + length;
  guint n = 0;

  g_return_val_if_fail (text != NULL, 0);

  while (at < end && (*at == ' ' || *at == '\n') && n < MAX_PIECE_CHARS)
    {
      at++;
      n++;
    }
  while (at < end && *at != ' ' && *at != '\n' && n < MAX_PIECE_CHARS)
    {
      at = g_utf8_next_char (at);
      n++;
    }
  return (gsize) (MIN (at, end) - text);
}

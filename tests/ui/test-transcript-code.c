/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done with code on the page: the bar that comes when a block is pointed at, the file it is saved to, and
 * the window in which long lines scroll. */

#include "config.h"

#include <glib/gstdio.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "sc-code-save.h"
#include "sc-code-tools.h"
#include "sc-code-window.h"
#include "transcript-fixture.h"

static const char code_page[] =
  "Some words first.\n\n"
  "```python\nprint(\"hello\")\nif True:\n    pass\n```\n\n"
  "And words behind it.\n\n"
  "```\nno language\n```\n";

static ScCodeTools *
get_tools (TranscriptFixture *fixture)
{
  return SC_CODE_TOOLS (transcript_fixture_find (GTK_WIDGET (fixture->view), SC_TYPE_CODE_TOOLS));
}

static gboolean
has_tools (TranscriptFixture *fixture)
{
  return gtk_widget_get_mapped (GTK_WIDGET (get_tools (fixture)));
}

/* Points at where these words stand. */
static void
point_at (TranscriptFixture *fixture,
          const char        *words)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->view));
  GtkTextView *view = GTK_TEXT_VIEW (fixture->view);
  GtkTextIter iter;
  GdkRectangle place;
  int x;
  int y;

  gtk_text_buffer_get_start_iter (transcript_fixture_get_buffer (fixture), &iter);
  g_assert_true (gtk_text_iter_forward_search (&iter, words, 0, &iter, NULL, NULL));
  gtk_text_view_get_iter_location (view, &iter, &place);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, place.x + 2, place.y + 2, &x, &y);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        g_signal_emit_by_name (controller, "motion", (double) x, (double) y);
    }
  transcript_fixture_wait_frame (fixture);
}

static void
show_page (TranscriptFixture *fixture)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);

  transcript_fixture_append (turn, code_page, strlen (code_page));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
}

static void
test_bar (TranscriptFixture *fixture,
          gconstpointer      data)
{
  double upper;
  GtkAllocation place;

  show_page (fixture);
  upper = gtk_adjustment_get_upper (fixture->adjustment);
  g_assert_false (has_tools (fixture));
  point_at (fixture, "print");
  g_assert_true (has_tools (fixture));
  g_assert_true (sc_code_tools_has_code (get_tools (fixture)));
  gtk_widget_get_allocation (GTK_WIDGET (get_tools (fixture)), &place);
  g_assert_cmpint (place.x + place.width, <=, gtk_widget_get_width (GTK_WIDGET (fixture->view)) - 24);
  point_at (fixture, "Some words");
  g_assert_false (has_tools (fixture));
  point_at (fixture, "no language");
  g_assert_true (has_tools (fixture));
  /* Nothing moves when it comes. */
  g_assert_cmpfloat (gtk_adjustment_get_upper (fixture->adjustment), ==, upper);
}

/* What is placed by hand goes with the text that it stands at. */
static void
test_scroll (TranscriptFixture *fixture,
             gconstpointer      data)
{
  ScTurn *turn = transcript_fixture_say (fixture, SC_ROLE_ASSISTANT, NULL);
  const char *text = "```\nfirst line\nline\n```\n\nWords.\n\n";
  GtkAllocation before;
  GtkAllocation after;
  double value;

  for (guint i = 0; i < 30; i++)
    transcript_fixture_append (turn, text, strlen (text));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (fixture);
  transcript_fixture_wheel (fixture, -10);
  transcript_fixture_wait_frame (fixture);
  sc_code_tools_show_last (get_tools (fixture));
  transcript_fixture_wait_frame (fixture);
  g_assert_true (has_tools (fixture));
  gtk_widget_get_allocation (GTK_WIDGET (get_tools (fixture)), &before);
  value = gtk_adjustment_get_value (fixture->adjustment);
  gtk_adjustment_set_value (fixture->adjustment, value + 40);
  transcript_fixture_wait_frame (fixture);
  gtk_widget_get_allocation (GTK_WIDGET (get_tools (fixture)), &after);
  g_assert_cmpint (after.y, ==, before.y - 40);
}

static char *
dup_clipboard (TranscriptFixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->view));
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_value_init (&value, G_TYPE_STRING);
  gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, &error);
  g_assert_no_error (error);

  return g_value_dup_string (&value);
}

static void
test_copy (TranscriptFixture *fixture,
           gconstpointer      data)
{
  g_autofree char *text = NULL;

  show_page (fixture);
  point_at (fixture, "print");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->view), "page.copy-code", NULL));
  text = dup_clipboard (fixture);
  g_assert_cmpstr (text, ==, "print(\"hello\")\nif True:\n    pass");
}

static void
test_gone (TranscriptFixture *fixture,
           gconstpointer      data)
{
  /* The block goes while the bar stands at it. */
  show_page (fixture);
  point_at (fixture, "print");
  sc_page_reset (fixture->page);
  transcript_fixture_wait_shown (fixture);
  g_assert_false (sc_code_tools_has_code (get_tools (fixture)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "page.copy-code", NULL);
}

static void
test_names (void)
{
  static const struct
  {
    const char *language;
    const char *name;
  } rows[] = {
    { "python", "code.py" },     { "c", "code.c" },       { "bash", "code.sh" }, { "JavaScript", "code.js" },
    { "Dockerfile", "Dockerfile" }, { "json", "code.json" }, { "", "code.txt" },    { NULL, "code.txt" },
    { "no-such-thing", "code.txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = sc_code_dup_file_name (rows[i].language);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

/* The window of a code block: everything that is in it, and what it tells. */

typedef struct
{
  GtkWidget *window;
  GtkWidget *view;
} CodeFixture;

static void
code_set_up (CodeFixture  *self,
             gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("first\n");
  g_autoptr (GtkWidget) near = gtk_label_new (NULL);

  for (guint i = 0; i < 400; i++)
    g_string_append (text, "long line ");
  self->window = sc_code_window_new (g_object_ref_sink (near), data, text->str);
  self->view = transcript_fixture_find (self->window, GTK_SOURCE_TYPE_VIEW);
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_test_widget_wait_for_draw (self->window);
}

static void
code_tear_down (CodeFixture  *self,
                gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
can_scroll (gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;

  return gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment) + 100;
}

static gboolean
is_wrapped (gpointer user_data)
{
  return !can_scroll (user_data);
}

static void
test_window (CodeFixture  *fixture,
             gconstpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (fixture->view));
  GtkWidget *wrap = transcript_fixture_find (fixture->window, GTK_TYPE_TOGGLE_BUTTON);
  int width = gtk_widget_get_width (fixture->window);

  g_assert_cmpint (width, <, 1000);
  transcript_fixture_wait (can_scroll, adjustment);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (wrap), TRUE);
  transcript_fixture_wait (is_wrapped, adjustment);
  g_assert_cmpint (gtk_widget_get_width (fixture->window), ==, width);
}

static gboolean
has_toast (gpointer user_data)
{
  GtkWidget *overlay = transcript_fixture_find (user_data, ADW_TYPE_TOAST_OVERLAY);
  GtkWidget *label = NULL;

  for (GtkWidget *child = gtk_widget_get_last_child (overlay); child != NULL && label == NULL;
       child = gtk_widget_get_prev_sibling (child))
    if (!GTK_IS_SCROLLED_WINDOW (child))
      label = transcript_fixture_find (child, GTK_TYPE_LABEL);

  return label != NULL;
}

static void
test_save (CodeFixture  *fixture,
           gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("code-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "code.c", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;

  sc_code_write (fixture->view, file, "int main;");
  transcript_fixture_wait (has_toast, fixture->window);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "int main;\n");
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_save_fails (CodeFixture  *fixture,
                 gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/proc/no-such-place/code.c");

  sc_code_write (fixture->view, file, "int main;");
  transcript_fixture_wait (has_toast, fixture->window);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/transcript-code/" name, TranscriptFixture, NULL,                                \
              transcript_fixture_set_up, func, transcript_fixture_tear_down)
#define ADD_WINDOW(name, func)                                                                     \
  g_test_add ("/ui/transcript-code/" name, CodeFixture, "c", code_set_up, func, code_tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  gtk_source_init ();

  ADD ("bar", test_bar);
  ADD ("scroll", test_scroll);
  ADD ("copy", test_copy);
  ADD ("gone", test_gone);
  g_test_add_func ("/ui/transcript-code/names", test_names);
  ADD_WINDOW ("window", test_window);
  ADD_WINDOW ("save", test_save);
  ADD_WINDOW ("save-fails", test_save_fails);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Saves a picture of the page with every construct, streamed in chunks: transcript-shot OUT.png [--width=900]
 * [--height=700] [--dark] [--scene=page|stream|failed|wait|reasoning|pictures|plain] [--scroll=PIXELS] [--zoom=1.0]
 * [--find=TEXT] [--hover=X,Y] [--file=MARKDOWN] [--rtl] */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sc-conversation-private.h"
#include "sc-find-bar.h"
#include "sc-transcript.h"
#include "sc-turn-private.h"
#include "transcript-page.h"

static int width = 900;
static int height = 700;
static int scroll = -1;
static double zoom = 1;
static gboolean dark;
static char *scene;
static char *find;
static char *hover;
static char *file;
static gboolean rtl;

static const GOptionEntry entries[] = {
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Width", NULL },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Height", NULL },
  { "scroll", 0, 0, G_OPTION_ARG_INT, &scroll, "Pixels from the top", NULL },
  { "zoom", 0, 0, G_OPTION_ARG_DOUBLE, &zoom, "Zoom", NULL },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark", NULL },
  { "scene", 0, 0, G_OPTION_ARG_STRING, &scene, "Scene", NULL },
  { "hover", 0, 0, G_OPTION_ARG_STRING, &hover, "Where the pointer is on the page: X,Y", NULL },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, "Answer to show", NULL },
  { "rtl", 0, 0, G_OPTION_ARG_NONE, &rtl, "The window from right to left", NULL },
  { "find", 0, 0, G_OPTION_ARG_STRING, &find, "Text to find", NULL },
  { NULL },
};

static void
time_is_up_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* A picture is taken once everything that works in idle time had its time. */
static void
spin (guint ms)
{
  gboolean is_up = FALSE;

  g_timeout_add_once (ms, time_is_up_cb, &is_up);
  while (!is_up)
    g_main_context_iteration (NULL, TRUE);
}

static void
say (ScConversation *conversation,
     const char     *text)
{
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_USER, text);

  sc_conversation_append_turn (conversation, turn);
}

static ScTurn *
begin_answer (ScConversation *conversation)
{
  ScTurn *turn = sc_turn_new (SC_ROLE_ASSISTANT, NULL);

  sc_turn_set_model (turn, NULL, "demo-large");
  sc_conversation_append_turn (conversation, turn);
  g_object_unref (turn);

  return turn;
}

static void
stream (ScTurn     *turn,
        const char *text,
        gsize       length,
        gsize       chunk)
{
  for (gsize at = 0; at < length;)
    {
      gsize n = MIN (chunk, length - at);

      while (at + n < length && ((guchar) text[at + n] & 0xc0) == 0x80)
        n++;
      sc_turn_append_text (turn, text + at, n);
      sc_turn_flush (turn);
      at += n;
      spin (4);
    }
}

static void
finish (ScTurn       *turn,
        ScTurnStatus  status,
        ScFailure    *failure)
{
  ScTurnTimes times = { 0, 320, 480, 4200, 12000 };
  ScUsage usage = { 120, 532, 0, 0, -1 };

  sc_turn_set_times (turn, &times);
  sc_turn_merge_usage (turn, &usage);
  sc_turn_finish (turn, status, SC_FINISH_STOP, failure);
}

/* A picture without anything in it but a change of colour. */
static GBytes *
create_picture (int picture_width,
                int picture_height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, picture_width, picture_height);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  char *bytes;
  gsize length;

  for (int y = 0; y < picture_height; y++)
    for (int x = 0; x < picture_width; x++)
      {
        guchar *pixel = gdk_pixbuf_get_pixels (pixbuf) + y * stride + x * 3;

        pixel[0] = (guchar) (x * 255 / picture_width);
        pixel[1] = (guchar) (y * 255 / picture_height);
        pixel[2] = 160;
      }
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL);

  return g_bytes_new_take (bytes, length);
}

static void
play_pictures (ScConversation *conversation)
{
  g_autoptr (ScTurn) question = sc_turn_new (SC_ROLE_USER, "What is on these, see https://example.org/x?");
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GBytes) small = create_picture (160, 120);
  g_autoptr (GBytes) large = create_picture (1200, 700);
  g_autoptr (GBytes) notes = g_bytes_new_static ("Notes", 5);
  g_autofree char *data = g_base64_encode (g_bytes_get_data (large, NULL), g_bytes_get_size (large));
  g_autofree char *text = NULL;
  ScAttachment attachments[] = {
    { (char *) "small.png", (char *) "image/png", small },
    { (char *) "large.png", (char *) "image/png", large },
    { (char *) "notes.txt", (char *) "text/plain", notes },
    { (char *) "a-second-file.pdf", (char *) "application/pdf", notes },
  };
  ScTurn *turn;

  for (guint i = 0; i < G_N_ELEMENTS (attachments); i++)
    g_ptr_array_add (files, &attachments[i]);
  sc_turn_set_attachments (question, files);
  sc_conversation_append_turn (conversation, question);
  turn = begin_answer (conversation);
  text = g_strdup_printf ("The first one:\n\n![A change of colours](data:image/png;base64,%s)\n\nAnd from elsewhere, "
                          "![a tower](https://upload.example.org/tower.jpg) beside ![a bridge](http://example.org/b.png)"
                          ".\n\n- an item ![with a picture](https://pictures.example.org/i.png)\n- another item\n\n"
                          "> A quote with ![one more](file:///etc/passwd) that cannot be loaded.\n\nThe end.\n",
                          data);
  sc_turn_append_text (turn, text, strlen (text));
  sc_turn_flush (turn);
  finish (turn, SC_TURN_STATUS_DONE, NULL);
}

static void
play (ScConversation *conversation)
{
  g_autofree char *text = NULL;
  gsize length;
  ScTurn *turn;

  if (g_strcmp0 (scene, "pictures") == 0)
    {
      play_pictures (conversation);
      return;
    }
  if (file != NULL && g_file_get_contents (file, &text, &length, NULL))
    {
      say (conversation, "Show me this.");
      turn = begin_answer (conversation);
      sc_turn_append_text (turn, text, length);
      sc_turn_flush (turn);
      finish (turn, SC_TURN_STATUS_DONE, NULL);
      return;
    }

  say (conversation, "Hello");
  turn = begin_answer (conversation);
  stream (turn, "Hello. What shall we look at?", 29, 7);
  finish (turn, SC_TURN_STATUS_DONE, NULL);
  say (conversation, "Show me a page with everything on it: headings, lists, code, quotes, tables and rules. It may "
                     "be long.\n\nAnd a second paragraph of my own.");
  turn = begin_answer (conversation);
  if (g_strcmp0 (scene, "wait") == 0)
    {
      sc_conversation_set_activity (conversation, SC_ACTIVITY_WAITING, g_get_monotonic_time ());
      return;
    }
  if (g_strcmp0 (scene, "reasoning") == 0)
    {
      const char *thoughts = "**Looking at the question.** The reader wants a page. I should think about its parts.\n\n"
                             "Then about tables and how wide they are";

      sc_turn_append_reasoning (turn, thoughts, strlen (thoughts));
      sc_turn_flush (turn);
      sc_conversation_set_activity (conversation, SC_ACTIVITY_REASONING, g_get_monotonic_time ());
      return;
    }
  if (g_strcmp0 (scene, "stream") == 0)
    {
      stream (turn, transcript_page, 1200, 11);
      return;
    }
  if (g_strcmp0 (scene, "failed") == 0)
    {
      g_autoptr (ScFailure) failure = sc_failure_new (SC_ERROR_RATE_LIMIT, "Rate limit reached for requests per minute");

      failure->status = 429;
      failure->code = g_strdup ("rate_limit_exceeded");
      stream (turn, transcript_page, 300, 11);
      finish (turn, SC_TURN_STATUS_FAILED, failure);
      return;
    }
  stream (turn, transcript_page, strlen (transcript_page), 23);
  finish (turn, SC_TURN_STATUS_DONE, NULL);
}

static GtkAdjustment *
find_adjustment (GtkWidget *widget)
{
  if (GTK_IS_SCROLLED_WINDOW (widget))
    return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkAdjustment *found = find_adjustment (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static ScFindBar *
find_bar (GtkWidget *widget)
{
  if (SC_IS_FIND_BAR (widget))
    return SC_FIND_BAR (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      ScFindBar *found = find_bar (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
point_at (GtkWidget *widget,
          double     x,
          double     y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; GTK_IS_TEXT_VIEW (widget) && i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        g_signal_emit_by_name (controller, "motion", x, y);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    point_at (child, x, y);
}

static void
save (GtkWidget  *window,
      const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window), gtk_widget_get_height (window));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (window),
                                                              (float) gtk_widget_get_height (window)));
  gsk_render_node_unref (node);
  gdk_texture_save_to_png (texture, path);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("OUT.png");
  g_autoptr (ScConversation) conversation = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;
  ScTranscript *page;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Where to?");
      return 2;
    }
  adw_init ();
  if (rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  conversation = sc_conversation_new ();
  window = adw_window_new ();
  page = sc_transcript_new ();
  adw_window_set_content (ADW_WINDOW (window), GTK_WIDGET (page));
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  sc_transcript_set_conversation (page, conversation);
  gtk_window_present (GTK_WINDOW (window));
  spin (100);
  play (conversation);
  spin (300);
  sc_transcript_set_zoom (page, zoom);
  spin (900);
  if (scroll >= 0)
    {
      sc_transcript_scroll_to_turn (page, -1);
      spin (100);
      gtk_adjustment_set_value (find_adjustment (GTK_WIDGET (page)), scroll);
      spin (200);
    }
  if (find != NULL)
    {
      sc_transcript_start_search (page);
      sc_find_bar_open (find_bar (GTK_WIDGET (page)), find);
      spin (300);
    }
  if (hover != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (hover, ",", 2);

      point_at (GTK_WIDGET (page), atof (parts[0]), parts[1] != NULL ? atof (parts[1]) : 0);
      spin (200);
    }
  save (window, argv[1]);
  gtk_window_destroy (GTK_WINDOW (window));
  spin (50);

  return 0;
}

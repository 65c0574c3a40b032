/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures on the page: which are shown, which ask, what is fetched, and that the line being read does not move. The
 * pictures of the network come from a server in the test. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "sc-page-copy.h"
#include "sc-page-pictures.h"
#include "sc-picture-source.h"
#include "transcript-fixture.h"

typedef struct
{
  TranscriptFixture page;
  SoupServer       *server;
  char             *base;
  guint             n_requests;
  guint             n_wanted;
} Fixture;

static GBytes *
create_picture (const char *type,
                int         width,
                int         height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0x3584e4ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, type, &error, NULL);
  g_assert_no_error (error);

  return g_bytes_new_take (bytes, length);
}

static char *
dup_data_url (int width,
              int height)
{
  g_autoptr (GBytes) bytes = create_picture ("png", width, height);
  g_autofree char *text = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return g_strconcat ("data:image/png;base64,", text, NULL);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *self = user_data;
  g_autoptr (GBytes) bytes = create_picture ("png", 300, 200);

  self->n_requests++;
  if (g_str_equal (path, "/words.png"))
    soup_server_message_set_response (message, "image/png", SOUP_MEMORY_STATIC, "no picture", 10);
  else
    soup_server_message_set_response (message, "image/png", SOUP_MEMORY_COPY, g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes));
  soup_server_message_set_status (message, 200, NULL);
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  transcript_fixture_set_up (&self->page, data);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  transcript_fixture_tear_down (&self->page, data);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self->base);
}

static void
answer (Fixture    *self,
        const char *text)
{
  ScTurn *turn = transcript_fixture_say (&self->page, SC_ROLE_ASSISTANT, NULL);

  transcript_fixture_append (turn, text, strlen (text));
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (&self->page);
}

/* The picture number @index of the page, counted over all its blocks. */
static ScPicture *
get_picture (Fixture *self,
             guint    index)
{
  for (guint i = 0; i < sc_page_get_n_entries (self->page.page); i++)
    {
      const ScPageEntry *entry = sc_page_get_entry (self->page.page, i, NULL);

      for (guint j = 0; j < entry->blocks->len; j++)
        {
          const GArray *links = g_array_index (entry->blocks, ScBlock, j).links;

          for (guint k = 0; links != NULL && k < links->len; k++)
            {
              ScPicture *picture = g_array_index (links, ScBlockLink, k).picture;

              if (picture != NULL && index-- == 0)
                return picture;
            }
        }
    }

  return NULL;
}

static ScPictures *
get_pictures (Fixture *self)
{
  return sc_page_get_writer (self->page.page)->pictures;
}

static gboolean
has_pixels (gpointer user_data)
{
  Fixture *self = user_data;

  return sc_pictures_get_n_bytes (get_pictures (self)) > 0;
}

static gboolean
is_loaded (gpointer user_data)
{
  Fixture *self = user_data;

  for (guint i = 0; i < self->n_wanted; i++)
    if (sc_picture_get_state (get_picture (self, i)) < SC_PICTURE_THERE)
      return FALSE;

  return TRUE;
}

static int
get_room (Fixture *self,
          guint    entry_index,
          guint    block_index)
{
  const ScPageEntry *entry = sc_page_get_entry (self->page.page, entry_index, NULL);

  return g_array_index (entry->blocks, ScBlock, block_index).room;
}

static void
test_data (Fixture      *self,
           gconstpointer data)
{
  g_autofree char *url = dup_data_url (400, 100);
  g_autofree char *text = g_strdup_printf ("Look: ![a bar](%s)\n\nThe end.", url);
  g_autofree char *shown = NULL;
  double upper;

  answer (self, text);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_THERE);
  /* Its size is known before its pixels: nothing moves when they come. */
  g_assert_cmpint (get_room (self, 0, 0), >=, 100);
  upper = gtk_adjustment_get_upper (self->page.adjustment);
  transcript_fixture_wait (has_pixels, self);
  transcript_fixture_wait_frame (&self->page);
  g_assert_cmpfloat (gtk_adjustment_get_upper (self->page.adjustment), ==, upper);
  g_assert_cmpint (get_room (self, 0, 1), ==, 0);
  /* The words of the picture are text. */
  shown = transcript_fixture_dup_text (&self->page);
  g_assert_nonnull (strstr (shown, "Look: a bar"));
  g_assert_cmpuint (sc_pictures_get_n_asking (get_pictures (self)), ==, 0);
}

static void
test_asks (Fixture      *self,
           gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("![one](%s/1.png) ![two](%s/2.png)\n\nThe end.", self->base, self->base);

  answer (self, text);
  for (guint i = 0; i < 5; i++)
    transcript_fixture_wait_frame (&self->page);
  g_assert_cmpuint (self->n_requests, ==, 0);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_ASKS);
  g_assert_cmpuint (sc_pictures_get_n_asking (get_pictures (self)), ==, 2);

  self->n_wanted = 1;
  sc_pictures_load (get_pictures (self), get_picture (self, 0));
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_LOADING);
  transcript_fixture_wait (is_loaded, self);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_THERE);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 1)), ==, SC_PICTURE_ASKS);
  g_assert_cmpuint (self->n_requests, ==, 1);
  g_assert_cmpint (get_room (self, 0, 0), >=, 200);
  transcript_fixture_wait (has_pixels, self);
}

/* A picture without words is there all the same, also in a table and between words, and so it is when it is copied. */
static void
test_wordless (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("![](%s/a.png)\n\nWords ![](%s/b.png) and [![](%s/c.png)](https://example.org).\n\n"
                                           "| Head |\n|---|\n| ![](%s/d.png) |\n\n- ![](%s/e.png)\n", self->base, self->base,
                                           self->base, self->base, self->base);
  g_autofree char *copied = NULL;

  answer (self, text);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *address = g_strdup_printf ("%s/%c.png", self->base, 'a' + (int) i);

      g_assert_nonnull (get_picture (self, i));
      g_assert_cmpstr (sc_picture_get_address (get_picture (self, i)), ==, address);
      g_assert_cmpint (sc_picture_get_state (get_picture (self, i)), ==, SC_PICTURE_ASKS);
    }
  g_assert_cmpuint (self->n_requests, ==, 0);
  copied = sc_page_dup_text (self->page.page, 1,
                             (guint) gtk_text_buffer_get_char_count (transcript_fixture_get_buffer (&self->page)) - 1);
  for (guint i = 1; i < 5; i++)
    {
      g_autofree char *picture = g_strdup_printf ("![](%s/%c.png)", self->base, 'a' + (int) i);

      g_assert_nonnull (strstr (copied, picture));
    }
}

static void
test_all (Fixture      *self,
          gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("![one](%s/1.png) ![two](%s/2.png)\n\nThe end.", self->base, self->base);
  g_autofree char *more = g_strdup_printf ("![three](%s/3.png)", self->base);
  g_autofree char *strange = g_strdup_printf ("![four](http://localhost%s/4.png) ![five](http://192.168.1.1/5.png)",
                                              strrchr (self->base, ':'));
  g_autoptr (ScConversation) other = sc_conversation_new ();

  answer (self, text);
  gtk_widget_activate_action (GTK_WIDGET (self->page.view), "page.load-all-pictures", NULL);
  self->n_wanted = 2;
  transcript_fixture_wait (is_loaded, self);
  /* What comes later in the same conversation needs no word any more. */
  answer (self, more);
  self->n_wanted = 3;
  transcript_fixture_wait (is_loaded, self);
  g_assert_cmpuint (self->n_requests, ==, 3);
  /* But for who was not asked before: the address alone can tell a stranger what was said. */
  answer (self, strange);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 3)), ==, SC_PICTURE_ASKS);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 4)), ==, SC_PICTURE_ASKS);
  /* In another one nothing was said yet. */
  sc_transcript_set_conversation (self->page.transcript, other);
  g_object_unref (self->page.conversation);
  self->page.conversation = g_object_ref (other);
  answer (self, more);
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_ASKS);
}

static void
test_fails (Fixture      *self,
            gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("![one](%s/words.png)", self->base);

  answer (self, text);
  self->n_wanted = 1;
  sc_pictures_load (get_pictures (self), get_picture (self, 0));
  transcript_fixture_wait (is_loaded, self);
  while (sc_picture_get_state (get_picture (self, 0)) != SC_PICTURE_FAILED)
    transcript_fixture_wait_frame (&self->page);
  g_assert_nonnull (sc_picture_get_failure (get_picture (self, 0)));
}

static void
test_refused (Fixture      *self,
              gconstpointer data)
{
  answer (self, "![a](file:///etc/passwd) ![b](b.png) ![c](javascript:alert) ![d](data:text/html;base64,AAAA) "
                "![e](data:image/svg+xml;base64,PHN2Zy8+)");
  for (guint i = 0; i < 5; i++)
    {
      g_assert_nonnull (get_picture (self, i));
      g_assert_cmpint (sc_picture_get_state (get_picture (self, i)), ==, SC_PICTURE_REFUSED);
    }
  g_assert_cmpuint (sc_pictures_get_n_asking (get_pictures (self)), ==, 0);
  sc_pictures_load_all (get_pictures (self));
  g_assert_cmpint (sc_picture_get_state (get_picture (self, 0)), ==, SC_PICTURE_REFUSED);
}

static void
test_streaming (Fixture      *self,
                gconstpointer data)
{
  ScTurn *turn = transcript_fixture_say (&self->page, SC_ROLE_ASSISTANT, NULL);
  g_autofree char *text = g_strdup_printf ("First ![one](%s/1.png) and", self->base);

  transcript_fixture_append (turn, text, strlen (text));
  transcript_fixture_wait_shown (&self->page);
  g_assert_cmpint (get_room (self, 0, 0), ==, 0);
  transcript_fixture_append (turn, " more.\n\nThe next", 16);
  transcript_fixture_wait_shown (&self->page);
  g_assert_cmpint (get_room (self, 0, 0), >, 0);
  transcript_fixture_finish (turn, SC_TURN_STATUS_DONE, NULL);
  transcript_fixture_wait_shown (&self->page);
  g_assert_cmpint (get_room (self, 0, 0), >, 0);
}

static void
test_files (Fixture      *self,
            gconstpointer data)
{
  g_autoptr (ScTurn) turn = sc_turn_new (SC_ROLE_USER, "See https://example.org/a.");
  g_autoptr (GBytes) picture = create_picture ("jpeg", 600, 800);
  g_autoptr (GBytes) words = g_bytes_new_static ("words", 5);
  ScAttachment first = { (char *) "photo.jpg", (char *) "image/jpeg", picture };
  ScAttachment second = { (char *) "notes.txt", (char *) "text/plain", words };
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autofree char *shown = NULL;
  g_autofree char *copied = NULL;
  const ScBlock *block;

  g_ptr_array_add (files, &first);
  g_ptr_array_add (files, &second);
  sc_turn_set_attachments (turn, files);
  sc_conversation_append_turn (self->page.conversation, turn);
  transcript_fixture_say (&self->page, SC_ROLE_USER, "Well?");
  transcript_fixture_wait_shown (&self->page);
  g_assert_cmpint (get_room (self, 0, 0), ==, 240 + 8);
  shown = transcript_fixture_dup_text (&self->page);
  g_assert_nonnull (strstr (shown, "notes.txt"));
  copied = sc_page_dup_text (self->page.page, 0,
                             (guint) gtk_text_buffer_get_char_count (transcript_fixture_get_buffer (&self->page)));
  g_assert_cmpstr (copied, ==, "See https://example.org/a.\n\nWell?");
  block = &g_array_index (sc_page_get_entry (self->page.page, 0, NULL)->blocks, ScBlock, 0);
  g_assert_cmpstr (sc_block_find_link (block, 6), ==, "https://example.org/a");
  g_assert_null (sc_block_find_link (block, 25));
  transcript_fixture_wait (has_pixels, self);
}

/* Where a line of the page is on the screen. */
static int
get_y (Fixture    *self,
       const char *words)
{
  GtkTextIter iter;
  GdkRectangle place;
  GdkRectangle visible;

  gtk_text_buffer_get_start_iter (transcript_fixture_get_buffer (&self->page), &iter);
  g_assert_true (gtk_text_iter_forward_search (&iter, words, 0, &iter, NULL, NULL));
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self->page.view), &iter, &place);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self->page.view), &visible);

  return place.y - visible.y;
}

/* The reader is so far below or above the first word of the paragraph with the picture. */
static void
test_reading (Fixture      *self,
              gconstpointer data)
{
  int below = GPOINTER_TO_INT (data);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *line = below > 0 ? "Line 41 " : "Line 39 ";
  int y;

  for (guint i = 0; i < 80; i++)
    {
      if (i == 40)
        g_string_append_printf (text, "Here: ![one](%s/1.png)\n\n", self->base);
      g_string_append_printf (text, "Line %u is a line of the page.\n\n", i);
    }
  answer (self, text->str);
  transcript_fixture_wheel (&self->page, -1);
  gtk_adjustment_set_value (self->page.adjustment,
                            gtk_adjustment_get_value (self->page.adjustment) + get_y (self, "Here:") + below);
  /* Wait until all of it is laid out: only then heights are true. */
  for (guint i = 0; i < 3; i++)
    transcript_fixture_wait_frame (&self->page);
  y = get_y (self, line);
  self->n_wanted = 1;
  sc_pictures_load (get_pictures (self), get_picture (self, 0));
  transcript_fixture_wait (is_loaded, self);
  for (guint i = 0; i < 3; i++)
    {
      transcript_fixture_wait_frame (&self->page);
      g_assert_cmpint (get_y (self, line), ==, y);
    }
  g_assert_cmpint (get_room (self, 0, 40), >=, 200);
}

static void
test_following (Fixture      *self,
                gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 80; i++)
    g_string_append_printf (text, "Line %u is a line of the page.\n\n", i);
  g_string_append_printf (text, "Here: ![one](%s/1.png)\n\nThe end.", self->base);
  answer (self, text->str);
  self->n_wanted = 1;
  sc_pictures_load (get_pictures (self), get_picture (self, 0));
  transcript_fixture_wait (is_loaded, self);
  transcript_fixture_wait_frame (&self->page);
  transcript_fixture_wait_frame (&self->page);
  g_assert_cmpfloat (transcript_fixture_get_below (&self->page), <=, 1);
}

/* More pixels than are kept: what is out of sight goes, and comes back. */
static void
test_memory (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *url = dup_data_url (1600, 1600);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 12;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "Picture %u: ![a](%s)\n\n", i, url);
  answer (self, text->str);
  transcript_fixture_wheel (&self->page, -1);
  for (guint i = n; i > 0; i--)
    {
      g_autofree char *words = g_strdup_printf ("Picture %u:", i - 1);

      gtk_adjustment_set_value (self->page.adjustment,
                                gtk_adjustment_get_value (self->page.adjustment) + get_y (self, words));
      sc_pictures_begin_draw (get_pictures (self));
      while (sc_pictures_get_texture (get_pictures (self), get_picture (self, i - 1)) == NULL)
        g_main_context_iteration (NULL, TRUE);
      transcript_fixture_wait_frame (&self->page);
      /* One picture takes 10 MB; three at the most are in sight. */
      g_assert_cmpuint (sc_pictures_get_n_bytes (get_pictures (self)), <=, 4 * 1600 * 1600 * 4);
    }
}

static void
test_sniff (void)
{
  static const char *types[] = { "png", "jpeg" };
  static const guint8 gif[] = "GIF89a\x2c\x01\xc8\x00";
  static const guint8 webp[] = "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x2b\x01\x00\xc7\x00\x00";
  int width;
  int height;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GBytes) bytes = create_picture (types[i], 300, 200);
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      g_assert_cmpstr (sc_picture_sniff (data, length, &width, &height), ==, types[i]);
      g_assert_cmpint (width, ==, 300);
      g_assert_cmpint (height, ==, 200);
      /* Cut anywhere it is never read beyond its end, and never has another size. */
      for (gsize n = 0; n < length; n++)
        {
          g_autofree guint8 *cut = g_memdup2 (data, n);

          sc_picture_sniff (cut, n, &width, &height);
          g_assert_true (width == 0 || width == 300);
        }
    }
  g_assert_cmpstr (sc_picture_sniff (gif, sizeof gif - 1, &width, &height), ==, "gif");
  g_assert_cmpint (width, ==, 300);
  g_assert_cmpint (height, ==, 200);
  g_assert_cmpstr (sc_picture_sniff (webp, sizeof webp - 1, &width, &height), ==, "webp");
  g_assert_cmpint (width, ==, 300);
  g_assert_cmpint (height, ==, 200);
  g_assert_null (sc_picture_sniff ((const guint8 *) "<svg/>", 6, &width, &height));
}

/* Few bytes, far more pixels than memory has: refused at its head. */
static void
test_bomb (void)
{
  g_autoptr (GBytes) small = create_picture ("png", 10, 10);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (small, NULL), g_bytes_get_size (small));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  int width;
  int height;

  data[16] = data[20] = 0;
  data[17] = data[21] = 1;
  bytes = g_bytes_new (data, g_bytes_get_size (small));
  g_assert_null (sc_picture_read (bytes, &width, &height, &error));
  g_assert_nonnull (error);
}

#define ADD(name, func, data)                                                                      \
  g_test_add ("/ui/transcript-pictures/" name, Fixture, data, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("data", test_data, NULL);
  ADD ("asks", test_asks, NULL);
  ADD ("wordless", test_wordless, NULL);
  ADD ("all", test_all, NULL);
  ADD ("fails", test_fails, NULL);
  ADD ("refused", test_refused, NULL);
  ADD ("streaming", test_streaming, NULL);
  ADD ("files", test_files, NULL);
  ADD ("reading/below", test_reading, GINT_TO_POINTER (30));
  ADD ("reading/far-below", test_reading, GINT_TO_POINTER (64));
  ADD ("reading/above", test_reading, GINT_TO_POINTER (-60));
  ADD ("following", test_following, NULL);
  ADD ("memory", test_memory, NULL);
  g_test_add_func ("/ui/transcript-pictures/sniff", test_sniff);
  g_test_add_func ("/ui/transcript-pictures/bomb", test_bomb);

  return g_test_run ();
}

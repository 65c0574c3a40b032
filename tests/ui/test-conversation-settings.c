/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog of a conversation's settings: it shows what is set, refuses what cannot be sent while
 * it is typed, and saves only what was edited. */

#include "config.h"

#include "sc-conversation-private.h"
#include "sc-conversation-settings.h"
#include "sc-preferences-util.h"
#include "sc-prompt.h"
#include "sc-providers.h"

static GtkWidget *
find_widget (GtkWidget *root,
             GType      type,
             guint     *skip)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (*skip)-- == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, skip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gpointer
get_widget (GtkWindow *dialog,
            GType      type,
            guint      index)
{
  GtkWidget *found = find_widget (GTK_WIDGET (dialog), type, &index);

  g_assert_nonnull (found);
  return found;
}

static GtkWidget *
get_save_button (GtkWindow *dialog)
{
  return gtk_window_get_default_widget (dialog);
}

static void
type_in (GtkWindow  *dialog,
         guint       row,
         const char *text)
{
  gtk_editable_set_text (get_widget (dialog, ADW_TYPE_ENTRY_ROW, row), text);
}

static void
assert_row (GtkWindow  *dialog,
            guint       row,
            const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (get_widget (dialog, ADW_TYPE_ENTRY_ROW, row)), ==, text);
}

static void
set_instructions (GtkWindow  *dialog,
                  const char *text)
{
  GtkTextView *view = get_widget (dialog, GTK_TYPE_TEXT_VIEW, 0);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
}

static gboolean
wake_up_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* The dialog goes after the main loop ran. */
static void
wait_gone (gpointer *dialog)
{
  guint source = g_timeout_add (20, wake_up_cb, NULL);

  while (*dialog != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

static GtkWindow *
open_dialog (ScConversation *conversation)
{
  GtkWindow *dialog = sc_conversation_settings_new (NULL, conversation);

  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  return dialog;
}

static void
save (GtkWindow *dialog)
{
  gpointer watched = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &watched);
  g_signal_emit_by_name (get_save_button (dialog), "clicked");
  wait_gone (&watched);
}

static void
assert_settings (ScConversation *conversation,
                 const char     *instructions,
                 const char     *parameters)
{
  g_autofree char *own_instructions = NULL;
  g_autofree char *own_parameters = NULL;

  g_object_get (conversation, "system-prompt", &own_instructions, "parameters", &own_parameters,
                NULL);
  g_assert_cmpstr (own_instructions, ==, instructions);
  g_assert_cmpstr (own_parameters, ==, parameters);
}

static void
test_save (void)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  GtkWindow *dialog = open_dialog (conversation);

  assert_row (dialog, 0, "");
  g_assert_true (gtk_switch_get_active (get_widget (dialog, GTK_TYPE_SWITCH, 0)));
  g_assert_true (gtk_widget_get_sensitive (get_save_button (dialog)));
  set_instructions (dialog, "Be short.\nBe kind.\n");
  type_in (dialog, 0, "0,7");
  type_in (dialog, 2, "512");
  gtk_switch_set_active (get_widget (dialog, GTK_TYPE_SWITCH, 0), FALSE);
  save (dialog);
  assert_settings (conversation, "Be short.\nBe kind.",
                   "{\"temperature\":0.7,\"max_tokens\":512,\"" SC_PROMPT_STREAM_MEMBER
                   "\":false}");

  /* What is emptied goes, and what equals the provider's way is not kept. */
  dialog = open_dialog (conversation);
  assert_row (dialog, 0, "0.7");
  assert_row (dialog, 1, "");
  assert_row (dialog, 2, "512");
  g_assert_false (gtk_switch_get_active (get_widget (dialog, GTK_TYPE_SWITCH, 0)));
  set_instructions (dialog, " \n");
  type_in (dialog, 0, "");
  type_in (dialog, 2, " ");
  gtk_switch_set_active (get_widget (dialog, GTK_TYPE_SWITCH, 0), TRUE);
  save (dialog);
  assert_settings (conversation, NULL, NULL);
}

/* What has no row, or that its row cannot show, stays. */
static void
test_others_stay (void)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  GtkWindow *dialog;

  g_object_set (conversation, "parameters", "{\"seed\":5,\"top_p\":\"high\",\"temperature\":1}",
                NULL);
  dialog = open_dialog (conversation);
  assert_row (dialog, 0, "1");
  assert_row (dialog, 1, "");
  type_in (dialog, 0, "0");
  save (dialog);
  assert_settings (conversation, NULL, "{\"seed\":5,\"top_p\":\"high\",\"temperature\":0}");
}

static void
test_checks (void)
{
  static const struct
  {
    guint       row;
    const char *text;
    gboolean    is_good;
  } cases[] = {
    { 0, "2", TRUE },     { 0, "2.1", FALSE }, { 0, "-1", FALSE }, { 0, "warm", FALSE },
    { 0, "nan", FALSE },  { 0, "1 x", FALSE }, { 0, "", TRUE },    { 1, "0.95", TRUE },
    { 1, "1.5", FALSE },  { 1, " 1 ", TRUE },  { 2, "0", FALSE },  { 2, "12.5", FALSE },
    { 2, "1e99", FALSE }, { 2, "4096", TRUE },
  };
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  GtkWindow *dialog = open_dialog (conversation);
  gpointer watched = dialog;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *row = get_widget (dialog, ADW_TYPE_ENTRY_ROW, cases[i].row);

      g_test_message ("row %u: “%s”", cases[i].row, cases[i].text);
      type_in (dialog, cases[i].row, cases[i].text);
      g_assert_cmpint (gtk_widget_get_sensitive (get_save_button (dialog)), ==, cases[i].is_good);
      g_assert_cmpint (gtk_widget_has_css_class (row, "error"), ==, !cases[i].is_good);
      type_in (dialog, cases[i].row, "");
    }

  /* Closed without Save it changes nothing. */
  type_in (dialog, 0, "1");
  g_object_add_weak_pointer (G_OBJECT (dialog), &watched);
  gtk_window_close (dialog);
  wait_gone (&watched);
  assert_settings (conversation, NULL, NULL);
}

/* A provider that does not stream is the switch's default. */
static void
test_stream_default (void)
{
  g_autoptr (ScConversation) conversation = sc_conversation_new ();
  g_autoptr (ScProfile) profile = sc_profile_new ("whole");
  GtkWindow *dialog;

  sc_profile_set (&profile->protocol, "openai-chat");
  sc_profile_set (&profile->base_url, "http://127.0.0.1:9/v1");
  profile->stream = FALSE;
  sc_providers_set_temporary (sc_providers_get_default (), profile);
  dialog = open_dialog (conversation);
  g_assert_false (gtk_switch_get_active (get_widget (dialog, GTK_TYPE_SWITCH, 0)));
  save (dialog);
  assert_settings (conversation, NULL, NULL);

  dialog = open_dialog (conversation);
  gtk_switch_set_active (get_widget (dialog, GTK_TYPE_SWITCH, 0), TRUE);
  save (dialog);
  assert_settings (conversation, NULL, "{\"" SC_PROMPT_STREAM_MEMBER "\":true}");
  sc_providers_set_temporary (sc_providers_get_default (), NULL);
}

int
main (int   argc,
      char *argv[])
{
  /* Not with isolated folders: without the system's data folders GTK cannot read its own icons. */
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  g_test_add_func ("/ui/conversation-settings/save", test_save);
  g_test_add_func ("/ui/conversation-settings/others-stay", test_others_stay);
  g_test_add_func ("/ui/conversation-settings/checks", test_checks);
  g_test_add_func ("/ui/conversation-settings/stream-default", test_stream_default);
  return g_test_run ();
}

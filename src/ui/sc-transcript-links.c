/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links of answers. The text of a link says what the model wants; only the target says where it leads. */

#include "config.h"

#include "sc-transcript-links.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#define TOOLTIP_LENGTH 200

/* As it is written: GUri turns letters of other scripts, and dots of theirs, into what the network wants. */
static gboolean
is_ascii_authority (const char *target)
{
  const char *at = strstr (target, "://");

  for (at = at != NULL ? at + 3 : target; *at != '\0' && strchr ("/?#", *at) == NULL; at++)
    if ((guchar) *at >= 0x80)
      return FALSE;

  return TRUE;
}

/* A host with letters of more than one script, or any that is not ASCII, may be a look-alike of another. */
static gboolean
has_plain_host (const char *target)
{
  g_autoptr (GUri) uri = g_uri_parse (target, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *lower = host != NULL ? g_ascii_strdown (host, -1) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  if (g_str_has_prefix (lower, "xn--") || strstr (lower, ".xn--") != NULL)
    return FALSE;

  return g_str_is_ascii (host) && is_ascii_authority (target);
}

/* Marks that turn or hide text. */
static gboolean
has_hidden_marks (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) || g_unichar_iszerowidth (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        return TRUE;
    }

  return FALSE;
}

/* Some mail programs take files along that are named in the address. */
static gboolean
is_plain_mail (const char *target)
{
  g_autofree char *lower = g_ascii_strdown (target, -1);

  return strstr (lower, "attach") == NULL;
}

gboolean
sc_transcript_is_plain_link (const char *target)
{
  g_autofree char *scheme = g_uri_parse_scheme (target);

  if (scheme == NULL || has_hidden_marks (target) || strchr (target, '\\') != NULL)
    return FALSE;
  if (g_ascii_strcasecmp (scheme, "mailto") == 0)
    return is_plain_mail (target);
  if (g_ascii_strcasecmp (scheme, "http") != 0 && g_ascii_strcasecmp (scheme, "https") != 0)
    return FALSE;

  return has_plain_host (target);
}

/* The host that words seem to name: "bank.example", "www.bank.example/login", "https://bank.example". */
static char *
dup_named_host (const char *words)
{
  const char *start = strstr (words, "://");
  const char *end;
  const char *dot;

  start = start != NULL ? start + 3 : words;
  if (strchr (start, '@') != NULL && strpbrk (start, "/?#") > strchr (start, '@'))
    start = strchr (start, '@') + 1;
  end = start + strcspn (start, "/?#:");
  dot = memchr (start, '.', (gsize) (end - start));
  /* A sentence has spaces, a name of a file or a version has no domain at its end. */
  if (dot == NULL || strcspn (words, " \t\n") < strlen (words) || end[-1] == '.' || g_ascii_isdigit (end[-1]))
    return NULL;
  if (g_ascii_strncasecmp (start, "www.", 4) == 0)
    start += 4;

  return g_ascii_strdown (start, end - start);
}

/* "main.c" is a file; an address is one by its scheme, by www or by a path. */
static gboolean
is_address (const char *words)
{
  return strstr (words, "://") != NULL || g_ascii_strncasecmp (words, "www.", 4) == 0 || strchr (words, '/') != NULL ||
         g_str_has_suffix (words, ".com") || g_str_has_suffix (words, ".org") || g_str_has_suffix (words, ".net");
}

gboolean
sc_transcript_is_honest_link (const char *words,
                              const char *target)
{
  g_autofree char *visible = words != NULL ? g_strstrip (g_strdup (words)) : NULL;
  g_autoptr (GUri) uri = g_uri_parse (target, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *named = NULL;

  if (visible == NULL || host == NULL || !is_address (visible))
    return TRUE;
  if (has_hidden_marks (visible))
    return FALSE;
  named = dup_named_host (visible);
  if (named == NULL)
    return TRUE;
  if (g_ascii_strncasecmp (host, "www.", 4) == 0)
    host += 4;

  return g_ascii_strcasecmp (named, host) == 0;
}

char *
sc_transcript_describe_link (const char *target)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;

  for (const char *at = target; *at != '\0' && n < TOOLTIP_LENGTH; at = g_utf8_next_char (at), n++)
    {
      gunichar c = g_utf8_get_char (at);

      /* Marks that turn or hide text would show another address than the real one. */
      if (g_unichar_isprint (c) && !g_unichar_iszerowidth (c) && g_unichar_type (c) != G_UNICODE_FORMAT)
        g_string_append_unichar (out, c);
      else
        g_string_append_printf (out, "%%%04X", c);
    }
  if (n == TOOLTIP_LENGTH)
    g_string_append (out, "…");

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  const char *target = g_object_get_data (G_OBJECT (dialog), "target");

  if (g_strcmp0 (response, "open") == 0)
    gtk_show_uri (gtk_window_get_transient_for (GTK_WINDOW (dialog)), target, GDK_CURRENT_TIME);
  else if (g_strcmp0 (response, "copy") == 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), target);
}

static void
ask (GtkWidget  *widget,
     const char *target,
     gboolean    is_honest)
{
  g_autofree char *address = sc_transcript_describe_link (target);
  g_autofree char *words = is_honest ? g_strdup (address)
                                     : g_strconcat (address, "\n\n", _("The link shows another address than this one."), NULL);
  g_autofree char *scheme = g_uri_parse_scheme (target);
  GtkWidget *dialog = adw_message_dialog_new (get_window (widget), _("Open This Link?"), NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), words);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("_Cancel"),
                                    "copy", _("_Copy Link"),
                                    NULL);
  /* A script or a relative address cannot lead anywhere good. */
  if (scheme != NULL && g_ascii_strcasecmp (scheme, "javascript") != 0 &&
      g_ascii_strcasecmp (scheme, "data") != 0 && g_ascii_strcasecmp (scheme, "vbscript") != 0)
    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "open", _("_Open"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "target", g_strdup (target), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
sc_transcript_open_link (GtkWidget  *widget,
                         const char *target,
                         const char *words)
{
  gboolean is_honest = sc_transcript_is_honest_link (words, target);

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (target != NULL);

  if (is_honest && sc_transcript_is_plain_link (target))
    gtk_show_uri (get_window (widget), target, GDK_CURRENT_TIME);
  else
    ask (widget, target, is_honest);
}

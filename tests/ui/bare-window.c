/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The least that a program with a window and a text can be, linked with libadwaita alone: what the start and the memory
 * of the whole program are measured beside (bench-transcript start). */

#include <adwaita.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEMORY_MS 1500

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1000 + (double) now.tv_nsec / 1e6;
}

static void
memory_cb (gpointer user_data)
{
  g_autofree char *text = NULL;
  char *resident = NULL;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    resident = strchr (text, ' ');
  g_print ("memory %.2f\n", resident != NULL ? g_ascii_strtod (resident, NULL) * 4096 / (1024 * 1024) : 0);
  exit (0);
}

static void
first_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  gint64 now_us = g_get_monotonic_time ();
  const char *spawned = g_getenv ("BENCH_SPAWNED_US");

  g_signal_handlers_disconnect_by_func (clock, first_paint_cb, user_data);
  g_print ("wall %.2f\ncpu %.2f\n", (double) (now_us - g_ascii_strtoll (spawned, NULL, 10)) / 1000, get_cpu_ms ());
  g_timeout_add_once (MEMORY_MS, memory_cb, NULL);
}

static void
activate_cb (GtkApplication *application,
             gpointer        user_data)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), gtk_text_view_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (first_paint_cb), NULL);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (void)
{
  g_autoptr (AdwApplication) application = NULL;

  if (g_getenv ("BENCH_SPAWNED_US") == NULL)
    return 1;
  application = adw_application_new ("org.example.StreamChat.Bare", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);

  return g_application_run (G_APPLICATION (application), 0, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the page works. Nothing here runs while nothing is to do: the tick callback exists only while text waits, the
 * pulse only while an answer streams, the loader only while there is something to load. */

#include "config.h"

#include "sc-transcript-flow.h"

#include "sc-trace.h"
#include "sc-transcript-colours.h"
#include "sc-transcript-meter.h"

/* A frame shows at the most this much, and works at the most this long on it; the rest waits for the next one. */
#define FRAME_BYTES       4096
#define BURST_BYTES       8192
#define BURST_PENDING     (64 * 1024)
#define FRAME_US          4000

/* Where no frames come (minimised, hidden) the page is kept up to date by a timer, with no scrolling. */
#define WATCHDOG_MS       250
#define WATCHDOG_BYTES    (64 * 1024)
#define WATCHDOG_US       20000

#define THROTTLE_ABOVE    (256 * 1024)
#define THROTTLE_BELOW    (64 * 1024)

#define PULSE_MS          500
#define SILENCE_US        (500 * G_TIME_SPAN_MILLISECOND)

#define LOAD_SLICE_BYTES  3072
#define LOAD_NEAR_BYTES   (12 * 1024)
#define LOAD_NEAR_PIXELS  3000.0
#define LOAD_RETRY_MS     150
#define TRIM_SLICE_CHARS  (32 * 1024)
#define TRIM_KEEP_PIXELS  6000.0

typedef struct
{
  gsize  total;
  gint64 time_us;
} Arrival;

struct _ScTranscriptFlow
{
  ScTranscriptView     *view;
  ScPage               *page;
  ScTranscriptScroll   *scroll;
  ScConversation       *conversation;
  ScTranscriptMeter    *meter;
  ScTranscriptColours  *code;
  ScTranscriptFlowFunc  drained;
  gpointer              user_data;
  GArray               *arrivals;
  gsize                 n_shown;
  gint64                last_text_us;
  guint                 tick_id;
  guint                 watchdog_id;
  guint                 pulse_id;
  guint                 load_id;
  gboolean              is_throttled;
  gboolean              is_hushed;
  gboolean              blink;
};

/* Arrivals: when what is shown in a frame came */

static void
note_arrival (ScTranscriptFlow *self,
              gsize             pending)
{
  Arrival arrival = { self->n_shown + pending, g_get_monotonic_time () };
  const Arrival *last =
    self->arrivals->len > 0 ? &g_array_index (self->arrivals, Arrival, self->arrivals->len - 1) : NULL;

  if (self->meter != NULL && self->tick_id == 0)
    sc_transcript_meter_arrived (self->meter);
  if (self->meter != NULL && pending > 0 && (last == NULL || last->total < arrival.total))
    g_array_append_val (self->arrivals, arrival);
}

static gint64
take_arrivals (ScTranscriptFlow *self,
               gsize             n_bytes)
{
  gint64 oldest_us = self->arrivals->len > 0 ? g_array_index (self->arrivals, Arrival, 0).time_us : 0;
  guint n = 0;

  self->n_shown += n_bytes;
  while (n < self->arrivals->len && g_array_index (self->arrivals, Arrival, n).total <= self->n_shown)
    n++;
  if (n > 0)
    g_array_remove_range (self->arrivals, 0, n);

  return oldest_us;
}

static void
set_throttled (ScTranscriptFlow *self,
               gsize             pending)
{
  gboolean is_throttled = self->is_throttled ? pending > THROTTLE_BELOW : pending > THROTTLE_ABOVE;

  if (self->is_throttled == is_throttled || self->conversation == NULL)
    return;
  self->is_throttled = is_throttled;
  sc_conversation_set_throttled (self->conversation, is_throttled);
}

/* The typing cursor */

static gboolean
may_blink (ScTranscriptFlow *self)
{
  gboolean animations;
  gboolean blink;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self->view)),
                "gtk-enable-animations", &animations,
                "gtk-cursor-blink", &blink,
                NULL);

  return animations && blink;
}

static char *
dup_words (ScTranscriptFlow *self)
{
  if (self->conversation == NULL || self->is_hushed)
    return NULL;

  return sc_conversation_dup_activity_text (self->conversation);
}

static gboolean
pulse_cb (gpointer user_data)
{
  ScTranscriptFlow *self = user_data;
  guint offset;
  g_autofree char *words = NULL;
  gboolean is_silent = g_get_monotonic_time () - self->last_text_us >= SILENCE_US;

  if (!sc_page_get_tail (self->page, &offset))
    {
      self->pulse_id = 0;
      sc_transcript_view_set_cursor (self->view, FALSE, NULL);
      return G_SOURCE_REMOVE;
    }
  words = dup_words (self);
  self->blink = !is_silent || !may_blink (self) || !self->blink;
  sc_transcript_view_set_cursor (self->view, self->blink, words);
  sc_page_touch_summaries (self->page);

  return G_SOURCE_CONTINUE;
}

static void
start_pulse (ScTranscriptFlow *self)
{
  guint offset;

  if (!sc_page_get_tail (self->page, &offset))
    {
      sc_transcript_view_set_cursor (self->view, FALSE, NULL);
      return;
    }
  if (self->pulse_id == 0)
    {
      g_autofree char *words = dup_words (self);

      self->blink = TRUE;
      sc_transcript_view_set_cursor (self->view, TRUE, words);
      self->pulse_id = g_timeout_add (PULSE_MS, pulse_cb, self);
    }
}

/* Filling and trimming */

static gboolean
trim (ScTranscriptFlow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  double above = sc_transcript_scroll_get_above (self->scroll);
  double below = sc_transcript_scroll_get_below (self->scroll);

  if (gtk_text_buffer_get_char_count (buffer) <= SC_PAGE_LIMIT_CHARS)
    return FALSE;
  if (sc_transcript_scroll_is_following (self->scroll) || (above >= below && below >= TRIM_KEEP_PIXELS))
    return above >= TRIM_KEEP_PIXELS && sc_page_trim_start (self->page, TRIM_SLICE_CHARS);

  return below >= TRIM_KEEP_PIXELS && above < below && sc_page_trim_end (self->page, TRIM_SLICE_CHARS);
}

/* One slice. Returns TRUE if there may be more. */
static gboolean
load_slice (ScTranscriptFlow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  gboolean is_small = gtk_text_buffer_get_char_count (buffer) < SC_PAGE_FILL_BYTES;

  if (trim (self))
    return TRUE;
  if (sc_page_has_later (self->page) && sc_transcript_scroll_get_below (self->scroll) < LOAD_NEAR_PIXELS)
    return sc_page_append (self->page, LOAD_NEAR_BYTES);
  if (!sc_page_has_earlier (self->page) || !sc_transcript_scroll_can_change (self->scroll))
    return FALSE;
  if (sc_transcript_scroll_get_above (self->scroll) < LOAD_NEAR_PIXELS)
    return sc_page_prepend (self->page, LOAD_NEAR_BYTES);

  return is_small && sc_page_prepend (self->page, LOAD_SLICE_BYTES);
}

static gboolean
load_cb (gpointer user_data)
{
  ScTranscriptFlow *self = user_data;

  if (!sc_transcript_scroll_is_quiet (self->scroll))
    {
      self->load_id = g_timeout_add (LOAD_RETRY_MS, load_cb, self);
      return G_SOURCE_REMOVE;
    }
  if (load_slice (self))
    {
      self->load_id = g_idle_add_full (G_PRIORITY_LOW, load_cb, self, NULL);
      return G_SOURCE_REMOVE;
    }
  self->load_id = 0;

  return G_SOURCE_REMOVE;
}

static gboolean
needs_load (ScTranscriptFlow *self)
{
  int n_chars = gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)));

  if (n_chars > SC_PAGE_LIMIT_CHARS)
    return TRUE;
  if (sc_page_has_earlier (self->page) &&
      (n_chars < SC_PAGE_FILL_BYTES || sc_transcript_scroll_get_above (self->scroll) < LOAD_NEAR_PIXELS))
    return TRUE;

  return sc_page_has_later (self->page) && sc_transcript_scroll_get_below (self->scroll) < LOAD_NEAR_PIXELS;
}

static void
schedule_load (ScTranscriptFlow *self)
{
  if (self->load_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->view)) && needs_load (self))
    self->load_id = g_idle_add_full (G_PRIORITY_LOW, load_cb, self, NULL);
}

/* Draining */

static gsize
drain (ScTranscriptFlow *self,
       gsize             budget,
       gint64            budget_us)
{
  ScPageWork work = { 0 };
  gsize pending;
  gint64 read_us;
  gboolean changed =
    sc_page_drain (self->page, budget, g_get_monotonic_time () + budget_us, &work);

  pending = sc_page_get_pending (self->page);
  read_us = take_arrivals (self, work.n_bytes);
  if (self->meter != NULL)
    sc_transcript_meter_drained (self->meter, &work, pending, read_us);
  set_throttled (self, pending);
  if (work.n_bytes > 0)
    {
      self->last_text_us = g_get_monotonic_time ();
      self->blink = TRUE;
      sc_transcript_view_set_cursor (self->view, TRUE, NULL);
    }
  start_pulse (self);
  if (changed)
    sc_transcript_colours_wake (self->code);
  if (self->drained != NULL)
    self->drained (self, work.n_bytes, self->user_data);

  return pending;
}

static gboolean
watchdog_cb (gpointer user_data)
{
  ScTranscriptFlow *self = user_data;

  if (self->tick_id == 0)
    {
      self->watchdog_id = 0;
      return G_SOURCE_REMOVE;
    }
  if (sc_page_is_dirty (self->page))
    drain (self, WATCHDOG_BYTES, WATCHDOG_US);

  return G_SOURCE_CONTINUE;
}

static void
flush (ScTranscriptFlow *self)
{
  guint offset;

  if (!sc_page_get_tail (self->page, &offset))
    offset = G_MAXUINT;
  sc_transcript_scroll_flush (self->scroll, offset);
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  ScTranscriptFlow *self = user_data;
  gsize pending = sc_page_get_pending (self->page);

  g_clear_handle_id (&self->watchdog_id, g_source_remove);
  pending = drain (self, pending > BURST_PENDING ? BURST_BYTES : FRAME_BYTES, FRAME_US);
  flush (self);
  if (sc_page_is_dirty (self->page))
    {
      self->watchdog_id = g_timeout_add (WATCHDOG_MS, watchdog_cb, self);
      return G_SOURCE_CONTINUE;
    }
  self->tick_id = 0;
  schedule_load (self);

  return G_SOURCE_REMOVE;
}

static void
dirty_cb (ScTranscriptView *view,
          ScTranscriptFlow *self)
{
  gsize pending = sc_page_get_pending (self->page);

  note_arrival (self, pending);
  set_throttled (self, pending);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
  if (self->watchdog_id == 0)
    self->watchdog_id = g_timeout_add (WATCHDOG_MS, watchdog_cb, self);
}

static void
map_cb (GtkWidget        *widget,
        ScTranscriptFlow *self)
{
  dirty_cb (self->view, self);
}

ScTranscriptFlow *
sc_transcript_flow_new (ScTranscriptView     *view,
                        ScTranscriptScroll   *scroll,
                        ScTranscriptFlowFunc  drained,
                        gpointer              user_data)
{
  ScTranscriptFlow *self = g_new0 (ScTranscriptFlow, 1);

  self->view = view;
  self->page = sc_transcript_view_get_page (view);
  self->scroll = scroll;
  self->drained = drained;
  self->user_data = user_data;
  self->arrivals = g_array_new (FALSE, FALSE, sizeof (Arrival));
  self->code = sc_transcript_colours_new (self->page);
  if (sc_trace_get_default () != NULL)
    self->meter = sc_transcript_meter_new (GTK_WIDGET (view));
  g_signal_connect (view, "dirty", G_CALLBACK (dirty_cb), self);
  g_signal_connect (view, "map", G_CALLBACK (map_cb), self);

  return self;
}

void
sc_transcript_flow_free (ScTranscriptFlow *self)
{
  if (self == NULL)
    return;

  sc_transcript_flow_set_conversation (self, NULL);
  g_signal_handlers_disconnect_by_data (self->view, self);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick_id);
  g_clear_handle_id (&self->watchdog_id, g_source_remove);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_handle_id (&self->load_id, g_source_remove);
  sc_transcript_colours_free (self->code);
  sc_transcript_meter_free (self->meter);
  g_array_unref (self->arrivals);
  g_free (self);
}

static void
activity_cb (ScConversation   *conversation,
             GParamSpec       *pspec,
             ScTranscriptFlow *self)
{
  g_autofree char *words = NULL;
  guint offset;

  start_pulse (self);
  if (!sc_page_get_tail (self->page, &offset))
    return;
  words = dup_words (self);
  if (words != NULL)
    sc_transcript_view_set_cursor (self->view, TRUE, words);
}

void
sc_transcript_flow_set_conversation (ScTranscriptFlow *self,
                                     ScConversation   *conversation)
{
  if (self->conversation != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->conversation, self);
      /* Who does not show it must not hold it up either. */
      if (self->is_throttled)
        sc_conversation_set_throttled (self->conversation, FALSE);
    }
  self->is_throttled = FALSE;
  g_set_object (&self->conversation, conversation);
  g_array_set_size (self->arrivals, 0);
  if (conversation != NULL)
    g_signal_connect (conversation, "notify::activity", G_CALLBACK (activity_cb), self);
}

void
sc_transcript_flow_set_hushed (ScTranscriptFlow *self,
                               gboolean          hushed)
{
  guint offset;

  if (self->is_hushed == hushed)
    return;
  self->is_hushed = hushed;
  if (sc_page_get_tail (self->page, &offset))
    {
      g_autofree char *words = dup_words (self);

      sc_transcript_view_set_cursor (self->view, TRUE, words);
    }
}

void
sc_transcript_flow_wake (ScTranscriptFlow *self)
{
  start_pulse (self);
  sc_transcript_colours_wake (self->code);
  schedule_load (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window with a page in it, and what tests need to look inside. */

#pragma once

#include "sc-conversation-private.h"
#include "sc-transcript-view.h"
#include "sc-transcript.h"
#include "sc-turn-private.h"

typedef struct
{
  GtkWidget        *window;
  ScTranscript     *transcript;
  ScTranscriptView *view;
  ScPage           *page;
  GtkAdjustment    *adjustment;
  ScConversation   *conversation;
} TranscriptFixture;

typedef gboolean (*TranscriptCondition) (gpointer user_data);

void           transcript_fixture_set_up     (TranscriptFixture   *self,
                                              gconstpointer        data);
void           transcript_fixture_tear_down  (TranscriptFixture   *self,
                                              gconstpointer        data);
GtkWidget     *transcript_fixture_find       (GtkWidget           *widget,
                                              GType                type);
ScTurn        *transcript_fixture_say        (TranscriptFixture   *self,
                                              ScRole               role,
                                              const char          *text);
void           transcript_fixture_append     (ScTurn              *turn,
                                              const char          *text,
                                              gsize                length);
void           transcript_fixture_finish     (ScTurn              *turn,
                                              ScTurnStatus         status,
                                              const ScFailure     *failure);
void           transcript_fixture_wait       (TranscriptCondition  condition,
                                              gpointer             user_data);
void           transcript_fixture_wait_shown (TranscriptFixture   *self);
void           transcript_fixture_wait_frame (TranscriptFixture   *self);
double         transcript_fixture_get_below  (TranscriptFixture   *self);
char          *transcript_fixture_dup_text   (TranscriptFixture   *self);
char          *transcript_fixture_dup_top    (TranscriptFixture   *self,
                                              int                 *y);
GtkTextBuffer *transcript_fixture_get_buffer (TranscriptFixture   *self);
gboolean       transcript_fixture_wheel      (TranscriptFixture   *self,
                                              double               dy);

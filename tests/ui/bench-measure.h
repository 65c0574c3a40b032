/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the page's benchmark share: processor time of the main thread by frames and by turns of the main
 * loop, and the table of figures beside their budgets. */

#pragma once

#include "transcript-fixture.h"

typedef struct _BenchFrames BenchFrames;

gint64       bench_get_cpu_us          (void);

BenchFrames *bench_frames_new          (GtkWidget           *widget);
void         bench_frames_free         (BenchFrames         *self);
void         bench_frames_reset        (BenchFrames         *self);
guint        bench_frames_get_n        (BenchFrames         *self);
guint        bench_frames_get_n_wakes  (BenchFrames         *self);
double       bench_frames_get_mean     (BenchFrames         *self,
                                        guint                from,
                                        guint                to);
double       bench_frames_get_worst    (BenchFrames         *self,
                                        double               part);
double       bench_frames_get_longest  (BenchFrames         *self);
void         bench_frames_wait         (BenchFrames         *self,
                                        TranscriptCondition  condition,
                                        gpointer             user_data);
void         bench_frames_settle       (BenchFrames         *self);

double       bench_get_percentile      (GArray              *values,
                                        double               part);
double       bench_get_heap_mb         (void);

void         bench_header              (const char          *title);
void         bench_row                 (const char          *what,
                                        double               figure,
                                        double               budget,
                                        const char          *unit);
void         bench_must                (gboolean             holds,
                                        const char          *what);
int          bench_get_status          (void);

ScConversation *bench_create_history   (gsize                n_bytes,
                                        guint                n_turns);
void         bench_show                (TranscriptFixture   *fixture,
                                        ScConversation      *conversation);

void         bench_growth              (void);
void         bench_long_answer         (void);
void         bench_shapes              (void);
void         bench_open                (void);
void         bench_scroll              (void);
void         bench_copy                (void);
void         bench_idle                (void);
void         bench_start               (const char          *program);
void         bench_instructions        (const char          *program);
int          bench_run_child           (const char          *mode);

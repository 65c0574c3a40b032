/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One turn on the page: how it is written, grown and shortened. Offsets are characters of the buffer; the page knows
 * them and says where the entry stands. */

#pragma once

#include "sc-page.h"

G_BEGIN_DECLS

/* Where an entry stands and what is around it. */
typedef struct
{
  const ScBlockWriter *writer;
  guint                offset;
  ScTurn              *before;
  ScTurn              *spoke_last;
  gboolean             is_last;
} ScPagePlace;

ScPageEntry *sc_page_entry_new             (ScPage            *page,
                                            ScTurn            *turn);
void         sc_page_entry_free            (ScPageEntry       *self);
void         sc_page_entry_write           (ScPageEntry       *self,
                                            const ScPagePlace *place,
                                            gsize              n_bytes);
guint        sc_page_entry_prepend         (ScPageEntry       *self,
                                            const ScPagePlace *place,
                                            gsize              n_bytes);
guint        sc_page_entry_trim            (ScPageEntry       *self,
                                            const ScPagePlace *place,
                                            guint              n_chars);
gboolean     sc_page_entry_drain           (ScPageEntry       *self,
                                            const ScPagePlace *place,
                                            gsize              budget,
                                            ScPageWork        *work);
void         sc_page_entry_set_open        (ScPageEntry       *self,
                                            const ScPagePlace *place,
                                            gboolean           is_open);
void         sc_page_entry_set_width       (ScPageEntry       *self,
                                            const ScBlockWriter *writer);
gboolean     sc_page_entry_rewrite_tables  (ScPageEntry       *self,
                                            const ScPagePlace *place);
gsize        sc_page_entry_get_pending     (ScPageEntry       *self);
guint        sc_page_entry_get_content     (const ScPageEntry *self);

G_END_DECLS

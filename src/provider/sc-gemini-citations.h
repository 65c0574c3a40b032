/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a Gemini answer comes from: grounding, citations and fetched addresses, each told once,
 * their places turned from bytes of the service's text into code points of the text that is shown.
 * Private to the gemini decoder. */

#pragma once

#include "sc-decoder.h"

G_BEGIN_DECLS

typedef struct _ScGeminiCitations ScGeminiCitations;

/**
 * sc_gemini_citations_new:
 *
 * Returns: (transfer full): citations of an answer that has no text yet
 */
ScGeminiCitations *sc_gemini_citations_new      (void);

/**
 * sc_gemini_citations_free:
 * @self: (nullable) (transfer full): citations
 *
 * Frees them.
 */
void               sc_gemini_citations_free     (ScGeminiCitations *self);

/**
 * sc_gemini_citations_add_text:
 * @self: citations
 * @text: the next piece of the answer that is shown
 * @is_counted: whether the service counts it too; %FALSE for what the program adds
 */
void               sc_gemini_citations_add_text (ScGeminiCitations *self,
                                                 const char        *text,
                                                 gboolean           is_counted);

/**
 * sc_gemini_citations_take:
 * @self: citations
 * @decoder: who emits
 * @candidate: a candidate with any of `groundingMetadata`, `citationMetadata`, `urlContextMetadata`
 *
 * Emits the citations that were not emitted yet.
 */
void               sc_gemini_citations_take     (ScGeminiCitations *self,
                                                 ScDecoder         *decoder,
                                                 JsonObject        *candidate);

G_END_DECLS

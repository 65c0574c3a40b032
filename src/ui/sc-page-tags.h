/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How things on the page look: text tags, measures and colours, all derived from the style of the text view, so that
 * dark, high contrast, another font or another zoom need one call. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Measures of the page in pixels (ux.md: 24 between turns, 12 between paragraphs, 12 around code). */
#define SC_PAGE_TURN_GAP      24
#define SC_PAGE_BLOCK_GAP     12
#define SC_PAGE_ITEM_GAP      5
#define SC_PAGE_CODE_PADDING  12
#define SC_PAGE_USER_PADDING  10
#define SC_PAGE_USER_SIDE     14
#define SC_PAGE_QUOTE_INDENT  18
#define SC_PAGE_LIST_INDENT   28
#define SC_PAGE_COLUMN_GAP    24
#define SC_PAGE_ROW_PADDING   4
#define SC_PAGE_MAX_NESTING   10

/**
 * ScPageStyle:
 *
 * Tags of which there is one each.
 */
typedef enum
{
  SC_PAGE_STYLE_USER,
  SC_PAGE_STYLE_CODE,
  SC_PAGE_STYLE_TABLE,
  SC_PAGE_STYLE_SOURCE,
  SC_PAGE_STYLE_QUOTE,
  SC_PAGE_STYLE_HEADING_1,
  SC_PAGE_STYLE_HEADING_2,
  SC_PAGE_STYLE_HEADING_3,
  SC_PAGE_STYLE_HEADING_4,
  SC_PAGE_STYLE_RULE,
  SC_PAGE_STYLE_SMALL,
  SC_PAGE_STYLE_SMALL_END,
  SC_PAGE_STYLE_REASONING,
  SC_PAGE_STYLE_SUMMARY,
  SC_PAGE_STYLE_BOLD,
  SC_PAGE_STYLE_ITALIC,
  SC_PAGE_STYLE_STRIKE,
  SC_PAGE_STYLE_CODE_SPAN,
  SC_PAGE_STYLE_MATH,
  SC_PAGE_STYLE_LINK,
  SC_PAGE_STYLE_IMAGE,
  SC_PAGE_STYLE_LEAD,
  SC_PAGE_STYLE_SOFT_BREAK,
  SC_PAGE_STYLE_ROOM,
  SC_PAGE_STYLE_MATCH,
  SC_PAGE_STYLE_CURRENT_MATCH,
  SC_PAGE_N_STYLES,
} ScPageStyle;

/**
 * ScPageColours:
 *
 * What the page is drawn with.
 */
typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA tint;
  GdkRGBA span_tint;
  GdkRGBA line;
  GdkRGBA user;
  GdkRGBA accent;
} ScPageColours;

typedef struct _ScPageTags ScPageTags;

/**
 * sc_page_tags_new:
 * @view: the text view whose style they follow; not referenced
 *
 * Returns: (transfer full): tags with a table of their own
 */
ScPageTags          *sc_page_tags_new         (GtkTextView *view);

/**
 * sc_page_tags_free:
 * @self: (nullable) (transfer full): tags
 *
 * Frees them; buffers keep the table alive as long as they need it.
 */
void                 sc_page_tags_free        (ScPageTags  *self);

/**
 * sc_page_tags_update:
 * @self: tags
 *
 * Takes font and colours from the view's style again.
 *
 * Returns: %TRUE if anything changed
 */
gboolean             sc_page_tags_update      (ScPageTags  *self);

/**
 * sc_page_tags_get_table:
 * @self: tags
 *
 * Returns: (transfer none): the tag table for buffers
 */
GtkTextTagTable     *sc_page_tags_get_table   (ScPageTags  *self);

/**
 * sc_page_tags_get:
 * @self: tags
 * @style: which
 *
 * Returns: (transfer none): the tag
 */
GtkTextTag          *sc_page_tags_get         (ScPageTags  *self,
                                               ScPageStyle  style);

/**
 * sc_page_tags_get_gap:
 * @self: tags
 * @pixels: space above a paragraph
 *
 * Returns: (transfer none): the tag that gives it
 */
GtkTextTag          *sc_page_tags_get_gap     (ScPageTags  *self,
                                               int          pixels);

/**
 * sc_page_tags_get_room:
 * @self: tags
 * @pixels: space below a paragraph
 *
 * Returns: (transfer none): the tag that gives it
 */
GtkTextTag          *sc_page_tags_get_room    (ScPageTags  *self,
                                               int          pixels);

/**
 * sc_page_tags_get_margin:
 * @self: tags
 * @start: space at the side where the text begins
 * @end: space at the other side
 * @n_digits: room for so many digits and a dot before the text, into which the first line hangs; 0 none
 * @is_rtl: the text runs from right to left
 *
 * Returns: (transfer none): the tag that gives it
 */
GtkTextTag          *sc_page_tags_get_margin  (ScPageTags  *self,
                                               int          start,
                                               int          end,
                                               guint        n_digits,
                                               gboolean     is_rtl);

/**
 * sc_page_tags_get_side:
 * @self: tags
 * @natural: width in pixels of the user's words on one line
 *
 * Words of about the same width share a tag: the cost of a frame depends on how many tags a page has.
 *
 * Returns: (transfer none): the tag that keeps them at the user's side
 */
GtkTextTag          *sc_page_tags_get_side    (ScPageTags  *self,
                                               int          natural);

/**
 * sc_page_tags_set_width:
 * @self: tags
 * @width: width of the text column in pixels
 *
 * Keeps the user's words at their side.
 */
void                 sc_page_tags_set_width   (ScPageTags  *self,
                                               int          width);

/**
 * sc_page_tags_get_tabs:
 * @self: tags
 * @tabs: tab stops
 *
 * Returns: (transfer none): the tag for paragraphs with these
 */
GtkTextTag          *sc_page_tags_get_tabs    (ScPageTags    *self,
                                               PangoTabArray *tabs);

/**
 * sc_page_tags_get_token:
 * @self: tags
 * @colour: (nullable): its colour
 * @is_bold: bold
 * @is_italic: italic
 *
 * Returns: (transfer none): the tag for code that looks so
 */
GtkTextTag          *sc_page_tags_get_token   (ScPageTags    *self,
                                               const GdkRGBA *colour,
                                               gboolean       is_bold,
                                               gboolean       is_italic);

/**
 * sc_page_tags_remove_tokens:
 * @self: tags
 *
 * Takes the colours from all code, to colour it anew.
 */
void                 sc_page_tags_remove_tokens (ScPageTags *self);

/**
 * sc_page_tags_get_colours:
 * @self: tags
 *
 * Returns: (transfer none): the colours
 */
const ScPageColours *sc_page_tags_get_colours (ScPageTags  *self);

/**
 * sc_page_tags_get_em:
 * @self: tags
 *
 * Returns: the size of the page's font in pixels
 */
double               sc_page_tags_get_em      (ScPageTags  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPageTags, sc_page_tags_free)

G_END_DECLS

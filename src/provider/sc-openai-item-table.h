/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The items of an answer of OpenAI's newer protocols and their parts, found by whatever a server
 * names them by, in constant time. Private to ScOpenaiOutput. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ScOpenaiPartKind:
 * @SC_OPENAI_PART_NONE: no part
 * @SC_OPENAI_PART_TEXT: text of the answer
 * @SC_OPENAI_PART_REFUSAL: why there is none
 * @SC_OPENAI_PART_SUMMARY: a summary of the reasoning
 * @SC_OPENAI_PART_REASONING: the reasoning itself
 */
typedef enum
{
  SC_OPENAI_PART_NONE,
  SC_OPENAI_PART_TEXT,
  SC_OPENAI_PART_REFUSAL,
  SC_OPENAI_PART_SUMMARY,
  SC_OPENAI_PART_REASONING,
} ScOpenaiPartKind;

/**
 * ScOpenaiPart:
 * @key: kind and index, for its item
 * @text: what came of it
 * @held: the first half of a character that waits for its second
 * @start: how many characters of the answer stand before it, -1 while it shows nothing
 * @n_chars: how many it shows
 * @n_citations: how many of its citations were told of
 */
typedef struct
{
  gint64            key;
  ScOpenaiPartKind  kind;
  GString          *text;
  gunichar2         held;
  gint64            start;
  gint64            n_chars;
  guint             n_citations;
} ScOpenaiPart;

/**
 * ScOpenaiItem:
 * @slot: its number among all items: the decoder's slot of its call
 * @index: its `output_index`, -1 unknown
 * @id: (nullable): its id
 * @type: (nullable): its type
 * @raw: (nullable): the item as the service gave it when it was complete
 * @reasoning: which kind of reasoning it shows
 * @has_shown: it shows text
 * @is_done: it was completed by its own event
 * @has_status: it was told of as work of the service
 */
typedef struct
{
  gint64            slot;
  gint64            index;
  char             *id;
  char             *type;
  char             *call_id;
  GHashTable       *parts;
  JsonObject       *raw;
  ScOpenaiPartKind  reasoning;
  gboolean          has_shown;
  gboolean          is_done;
  gboolean          has_status;
} ScOpenaiItem;

/**
 * ScOpenaiItemTable:
 * @items: (element-type ScOpenaiItem): all, in the order they came
 *
 * To be embedded. Of items that share a name the newest is found: deltas concern what came last.
 */
typedef struct
{
  GPtrArray  *items;
  GHashTable *by_index;
  GHashTable *by_id;
  GHashTable *by_type;
  GHashTable *by_call;
} ScOpenaiItemTable;

/**
 * sc_openai_item_table_init:
 * @self: memory for a table
 *
 * Makes @self empty.
 */
void          sc_openai_item_table_init      (ScOpenaiItemTable *self);

/**
 * sc_openai_item_table_clear:
 * @self: a table
 *
 * Frees what @self holds, its items too.
 */
void          sc_openai_item_table_clear     (ScOpenaiItemTable *self);

/**
 * sc_openai_item_table_add:
 * @self: a table
 * @index: the item's `output_index`, -1 unknown
 * @id: (nullable): its id
 * @type: (nullable): its type
 *
 * Returns: (transfer none): a new item
 */
ScOpenaiItem *sc_openai_item_table_add       (ScOpenaiItemTable *self,
                                              gint64             index,
                                              const char        *id,
                                              const char        *type);

/**
 * sc_openai_item_table_find:
 * @self: a table
 * @index: an `output_index`, -1 where the server names none
 * @id: (nullable): an id, which counts where there is no index
 * @type: (nullable): a type, which counts where there is neither
 *
 * Returns: (transfer none) (nullable): the newest item of that name
 */
ScOpenaiItem *sc_openai_item_table_find      (ScOpenaiItemTable *self,
                                              gint64             index,
                                              const char        *id,
                                              const char        *type);

/**
 * sc_openai_item_table_find_call:
 * @self: a table
 * @call_id: the id of a call
 *
 * Returns: (transfer none) (nullable): its item
 */
ScOpenaiItem *sc_openai_item_table_find_call (ScOpenaiItemTable *self,
                                              const char        *call_id);

/**
 * sc_openai_item_table_set_type:
 * @self: a table
 * @item: an item of it
 * @type: (nullable): its type, which counts only while it has none
 *
 * Says the type of an item that was told of without one.
 */
void          sc_openai_item_table_set_type  (ScOpenaiItemTable *self,
                                              ScOpenaiItem      *item,
                                              const char        *type);

/**
 * sc_openai_item_table_set_call:
 * @self: a table
 * @item: an item of it
 * @call_id: (nullable): the id of the call that @item is, which counts only while it has none
 *
 * Lets @item be found by its call.
 */
void          sc_openai_item_table_set_call  (ScOpenaiItemTable *self,
                                              ScOpenaiItem      *item,
                                              const char        *call_id);

/**
 * sc_openai_item_ensure_part:
 * @self: an item
 * @kind: a kind of part
 * @index: its index among those of its kind
 *
 * Returns: (transfer none): the part, new if there was none
 */
ScOpenaiPart *sc_openai_item_ensure_part     (ScOpenaiItem      *self,
                                              ScOpenaiPartKind   kind,
                                              gint64             index);

G_END_DECLS

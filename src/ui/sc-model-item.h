/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines of the model popover: what can be chosen, and what stands between. */

#pragma once

#include "sc-providers.h"

G_BEGIN_DECLS

/**
 * ScModelItemKind:
 * @SC_MODEL_ITEM_MODEL: a model to choose
 * @SC_MODEL_ITEM_FREE: the typed name, to choose although no list has it
 * @SC_MODEL_ITEM_LOADING: a model list is on its way
 * @SC_MODEL_ITEM_ERROR: a model list could not be had; choosing it tries again
 * @SC_MODEL_ITEM_NOTE: a sentence
 *
 * What a line is.
 */
typedef enum
{
  SC_MODEL_ITEM_MODEL,
  SC_MODEL_ITEM_FREE,
  SC_MODEL_ITEM_LOADING,
  SC_MODEL_ITEM_ERROR,
  SC_MODEL_ITEM_NOTE,
} ScModelItemKind;

#define SC_TYPE_MODEL_ITEM (sc_model_item_get_type ())
G_DECLARE_FINAL_TYPE (ScModelItem, sc_model_item, SC, MODEL_ITEM, GObject)

/**
 * ScModelItem:
 * @kind: what it is
 * @heading: (nullable): the heading of the group that begins with it
 * @provider: (nullable): the profile's id
 * @model: (nullable): the model's id; %NULL is the profile's default
 * @label: what it says
 * @detail: (nullable): a dim addition: who offers it, how large its context is
 * @price: (nullable): another one: what a million tokens of the prompt and of the answer cost
 * @flags: capabilities (ScModelFlags)
 * @is_current: it is what the conversation uses now
 *
 * Plain fields: an item is made once and never changes.
 */
struct _ScModelItem
{
  GObject          parent_instance;

  ScModelItemKind  kind;
  char            *heading;
  char            *provider;
  char            *model;
  char            *label;
  char            *detail;
  char            *price;
  guint            flags;
  gboolean         is_current;
};

/**
 * ScModelListState:
 * @providers: where profiles and their model lists come from
 * @pending: (element-type utf8): set of ids of profiles whose list is on its way
 * @errors: (element-type utf8 utf8): profile id to the sentence why its list could not be had
 * @current_provider: (nullable): what the conversation uses now
 * @current_model: (nullable): what the conversation uses now
 *
 * What the lines are made of.
 */
typedef struct
{
  ScProviders *providers;
  GHashTable  *pending;
  GHashTable  *errors;
  const char  *current_provider;
  const char  *current_model;
} ScModelListState;

/**
 * sc_model_list_build:
 * @state: what is known
 * @query: words as typed, maybe ""
 *
 * Makes the lines: recent models first, then those of each provider; with a query what matches it,
 * and the query itself as a free name.
 *
 * Returns: (transfer full) (element-type ScModelItem): the lines
 */
GPtrArray *sc_model_list_build         (const ScModelListState *state,
                                        const char             *query);

/**
 * sc_model_item_is_choosable:
 * @self: a line
 *
 * Returns: %TRUE if something happens when it is activated
 */
gboolean   sc_model_item_is_choosable  (ScModelItem            *self);

/**
 * sc_model_dup_context_text:
 * @tokens: size of a context window, -1 unknown
 *
 * Returns: (transfer full) (nullable): `128 k`, `1 M`, or %NULL when unknown
 */
char      *sc_model_dup_context_text   (gint64                  tokens);

G_END_DECLS

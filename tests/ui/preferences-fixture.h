/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of the preferences share: a clean start, waiting, and finding widgets by type
 * and name. */

#pragma once

#include <adwaita.h>

#include "sc-secrets.h"

G_BEGIN_DECLS

/** FIXTURE_KEY: a key that must never be seen in a widget once it is stored */
#define FIXTURE_KEY "canary-7f3a9b52c1-key"

typedef gboolean (*FixtureCondition) (gpointer user_data);

/* Points the keyring at a file of its own and starts GTK. Returns: what main() returns. */
int            fixture_main           (int               *argc,
                                       char            ***argv,
                                       void             (*add_tests) (void));

/* Removes every provider and brings the settings back to their defaults. */
void           fixture_reset          (void);

/* Iterates until the condition holds; aborts after a generous time. */
void           fixture_wait           (FixtureCondition   condition,
                                       gpointer           user_data);

/* Iterates until nothing is left to do. */
void           fixture_settle         (void);

/* Saves a provider with this name and address. */
void           fixture_add_profile    (const char        *id,
                                       const char        *name,
                                       const char        *base_url);

/* Stores, looks up: each waits for its end. */
ScSecretPlace  fixture_store_key      (const char        *profile,
                                       const char        *key);
char          *fixture_lookup_key     (const char        *profile);

/* Iterates until the key stored for that provider is this one, or none. */
void           fixture_wait_for_key   (const char        *id,
                                       const char        *key);

/* The ids of all providers in order, joined by spaces. */
char          *fixture_dup_order      (void);

/* Fails unless they stand in this order. */
void           fixture_assert_order   (const char        *expected);

/* The preferences, shown. */
GtkWidget     *fixture_open           (void);

/* Closes a window and asserts that it is finalised. */
void           fixture_close          (GtkWidget         *window);

/* The nth mapped or unmapped descendant of a type, depth first. */
GtkWidget     *fixture_find           (GtkWidget         *root,
                                       GType              type,
                                       guint              n);

/* The AdwPreferencesRow with that title. */
GtkWidget     *fixture_find_row       (GtkWidget         *root,
                                       const char        *title);

/* The button with that label, tooltip or icon. */
GtkWidget     *fixture_find_button    (GtkWidget         *root,
                                       const char        *name);

/* Clicks that button. */
void           fixture_click          (GtkWidget         *root,
                                       const char        *name);

/* Fails if any label, field, tooltip, title or text below @root holds @text. */
void           fixture_assert_hidden  (GtkWidget         *root,
                                       const char        *text);

G_END_DECLS

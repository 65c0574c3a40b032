/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the provider editor that need the provider itself: "Test Connection", and the
 * default model with the models that the test fetched. */

#pragma once

#include <adwaita.h>

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProviderModels:
 *
 * Signal `changed`: somebody edited the default model. Signal `tested` (int): a test ended; the
 * #ScError that it found, or -1 if all is well. Signal `certificate-accepted` (string): the
 * certificate with this fingerprint is to be the only one that is accepted.
 */
#define SC_TYPE_PROVIDER_MODELS (sc_provider_models_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderModels, sc_provider_models, SC, PROVIDER_MODELS,
                      AdwPreferencesGroup)

/**
 * ScProviderSourceFunc:
 * @user_data: the owner's data
 *
 * Returns: (transfer full): the profile as it stands in the editor right now, with the key that is
 *   typed, if any
 */
typedef ScProfile *(*ScProviderSourceFunc) (gpointer user_data);

/**
 * sc_provider_models_set_source:
 * @self: the group
 * @source: gives the profile to test; called only while @user_data lives, which owns the group
 * @user_data: for @source
 *
 * Tells what to test.
 */
void     sc_provider_models_set_source (ScProviderModels     *self,
                                        ScProviderSourceFunc  source,
                                        gpointer              user_data);

/**
 * sc_provider_models_load:
 * @self: the group
 * @profile: what to show
 * @known: (nullable) (element-type ScModel): its models if they are known already
 *
 * Shows the default model of a profile and forgets earlier tests.
 */
void     sc_provider_models_load       (ScProviderModels     *self,
                                        const ScProfile      *profile,
                                        GPtrArray            *known);

/**
 * sc_provider_models_apply:
 * @self: the group
 * @profile: receives the default model
 */
void     sc_provider_models_apply      (ScProviderModels     *self,
                                        ScProfile            *profile);

/**
 * sc_provider_models_test:
 * @self: the group
 *
 * Fetches the models. The answer appears in the row; an earlier test is given up.
 */
void     sc_provider_models_test       (ScProviderModels     *self);

/**
 * sc_provider_models_prefill:
 * @self: the group
 *
 * Takes the first known model as the default one, if none is set.
 */
void     sc_provider_models_prefill    (ScProviderModels     *self);

/**
 * sc_provider_models_stop:
 * @self: the group
 *
 * Gives up a running test without a word.
 */
void     sc_provider_models_stop       (ScProviderModels     *self);

/**
 * sc_provider_models_is_testing:
 * @self: the group
 *
 * Returns: %TRUE while a test runs
 */
gboolean sc_provider_models_is_testing (ScProviderModels     *self);

G_END_DECLS

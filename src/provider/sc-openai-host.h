/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who answers at an address of OpenAI's family, and what follows from it for every protocol of that
 * family: the header of the key, the models that reason, where the list of models is. Private to
 * the providers. */

#pragma once

#include "sc-http.h"
#include "sc-profile.h"

G_BEGIN_DECLS

/**
 * ScOpenaiHost:
 * @is_openai: OpenAI itself
 * @is_azure: a resource of Azure
 * @is_mistral: Mistral
 *
 * The hosts whose ways differ from those of all the others.
 */
typedef struct
{
  gboolean is_openai;
  gboolean is_azure;
  gboolean is_mistral;
} ScOpenaiHost;

/**
 * sc_openai_host_recognise:
 * @profile: whom to ask
 *
 * Returns: who that is
 */
ScOpenaiHost   sc_openai_host_recognise          (const ScProfile     *profile);

/**
 * sc_openai_host_is_reasoning_model:
 * @model: (nullable): a model of OpenAI
 *
 * Returns: %TRUE for the o-series, and for gpt-5 and later
 */
gboolean       sc_openai_host_is_reasoning_model (const char          *model);

/**
 * sc_openai_host_dup_base_url:
 * @base_url: (nullable): the address as it was entered
 * @model: (nullable): the deployment of Azure's classic surface
 *
 * Azure's own pages show the bare host. What has to follow depends on whether the address names a
 * dated version. Other addresses stay as they are; `ws` becomes `http`.
 *
 * Returns: (transfer full): the address before the protocol's path
 */
char          *sc_openai_host_dup_base_url       (const char          *base_url,
                                                  const char          *model);

/**
 * sc_openai_host_set_key:
 * @self: who is asked
 * @request: a request
 * @profile: whose key to use, if it has one
 *
 * Puts the key into the header where this host looks for it.
 */
void           sc_openai_host_set_key            (const ScOpenaiHost  *self,
                                                  ScHttpRequest       *request,
                                                  const ScProfile     *profile);

G_END_DECLS

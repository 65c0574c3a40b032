/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One configured provider: where it is, what it speaks, how patient to be. A plain value that settings read and
 * write, the window edits, and requests are built from. The key is held only while it is needed. */

#pragma once

#include "sc-types.h"

G_BEGIN_DECLS

/**
 * ScProxyMode:
 * @SC_PROXY_SYSTEM: as the desktop says
 * @SC_PROXY_NONE: no proxy
 * @SC_PROXY_MANUAL: the one in `proxy_url`
 */
typedef enum
{
  SC_PROXY_SYSTEM,
  SC_PROXY_NONE,
  SC_PROXY_MANUAL,
} ScProxyMode;

#define SC_CONNECT_TIMEOUT_MS    (15 * 1000)
#define SC_FIRST_BYTE_TIMEOUT_MS (300 * 1000)
/* Above two minutes: so long a healthy model thinks without a sign of life. */
#define SC_IDLE_TIMEOUT_MS       (180 * 1000)
#define SC_DATA_TIMEOUT_MS       (600 * 1000)
#define SC_QUIET_NOTICE_MS       (20 * 1000)

/**
 * ScTimeouts:
 * @connect_ms: until the connection (with TLS) stands
 * @first_byte_ms: from the request sent to the first byte of the answer
 * @idle_ms: without any byte; comments and pings count as bytes
 * @data_ms: without any real data; comments and pings do not count
 * @quiet_ms: without real data until the reader is told; nothing is aborted
 *
 * The clocks, in milliseconds; 0 switches one off.
 */
typedef struct
{
  guint connect_ms;
  guint first_byte_ms;
  guint idle_ms;
  guint data_ms;
  guint quiet_ms;
} ScTimeouts;

/**
 * ScProfile:
 * @id: stable id (a UUID; `demo` for the built-in one)
 * @name: what people call it
 * @protocol: id of its protocol, for example `openai-chat`
 * @base_url: what stands before the protocol's fixed path
 * @model: (nullable): the default model
 * @key: (nullable): the key or token, only while a request is made from this profile; never stored with it
 * @service: (nullable): id of the known service it was made from
 * @api_version: (nullable): where the protocol has versions
 * @headers: (nullable): extra header lines `Name: value`
 * @system_prompt: (nullable): instructions for new conversations
 * @parameters: (nullable): JSON object text with default parameters
 * @stream: whether to stream
 * @retries: how many automatic retries at the most
 * @timeouts: the clocks
 * @proxy_mode: which proxy
 * @proxy_url: (nullable): the manual proxy, `http://…` or `socks5://…`
 * @ca_file: (nullable): path of an extra CA certificate file (PEM)
 * @pinned_fingerprint: (nullable): SHA-256 of one accepted certificate, lower-case hex
 */
struct _ScProfile
{
  char        *id;
  char        *name;
  char        *protocol;
  char        *base_url;
  char        *model;
  char        *key;
  char        *service;
  char        *api_version;
  char       **headers;
  char        *system_prompt;
  char        *parameters;
  gboolean     stream;
  guint        retries;
  ScTimeouts   timeouts;
  ScProxyMode  proxy_mode;
  char        *proxy_url;
  char        *ca_file;
  char        *pinned_fingerprint;
};

/**
 * sc_profile_new:
 * @id: (nullable): its id; %NULL makes a new random one
 *
 * Returns: (transfer full): a profile with empty strings for name, protocol and base URL, streaming on, two retries
 *   and the default clocks
 */
ScProfile *sc_profile_new   (const char      *id);

/**
 * sc_profile_copy:
 * @self: a profile
 *
 * Returns: (transfer full): a deep copy, the key included
 */
ScProfile *sc_profile_copy  (const ScProfile *self);

/**
 * sc_profile_free:
 * @self: (nullable) (transfer full): a profile
 *
 * Frees it; the key's memory is overwritten first.
 */
void       sc_profile_free  (ScProfile       *self);

/**
 * sc_profile_set:
 * @field: (inout): address of one of the profile's string fields
 * @value: (nullable): the new value, copied
 *
 * Replaces a string field.
 */
void       sc_profile_set   (char           **field,
                             const char      *value);

/**
 * sc_profile_dup_secrets:
 * @self: a profile
 *
 * Everything in it that must be shown nowhere, for sc_redact_text(): the key, the values of its own header lines, what
 * its addresses carry (passwords, keys in the query).
 *
 * Returns: (transfer full): the secrets, one a line; to be overwritten before it is freed
 */
char      *sc_profile_dup_secrets (const ScProfile *self);

/**
 * sc_profile_is_local:
 * @self: a profile
 *
 * Returns: %TRUE if its base URL points at this computer (localhost, 127.0.0.0/8 or ::1)
 */
gboolean   sc_profile_is_local (const ScProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScProfile, sc_profile_free)

G_END_DECLS

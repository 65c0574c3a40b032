/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of the types that several folders pass around without looking inside.
 * A header that only needs a pointer includes this and nothing more. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* base */
typedef struct _ScAttachment ScAttachment;
typedef struct _ScEvent      ScEvent;
typedef struct _ScFailure    ScFailure;
typedef struct _ScMessage    ScMessage;
typedef struct _ScProfile    ScProfile;
typedef struct _ScPrompt     ScPrompt;
typedef struct _ScToolCall   ScToolCall;
typedef struct _ScTrace      ScTrace;
typedef struct _ScUsage      ScUsage;

/* net */
typedef struct _ScFrame        ScFrame;
typedef struct _ScHttpClient   ScHttpClient;
typedef struct _ScHttpExchange ScHttpExchange;
typedef struct _ScHttpRequest  ScHttpRequest;
typedef struct _ScNdjsonFramer ScNdjsonFramer;
typedef struct _ScSseFramer    ScSseFramer;
typedef struct _ScWebsocket    ScWebsocket;

/* provider */
typedef struct _ScDecoder        ScDecoder;
typedef struct _ScModel          ScModel;
typedef struct _ScProtocol       ScProtocol;
typedef struct _ScResponseReader ScResponseReader;
typedef struct _ScService        ScService;

G_END_DECLS

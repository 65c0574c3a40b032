/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See fault-rows.h. */

#include "config.h"

#include "fault-rows.h"

#include "run-log.h"

#define JSON_TYPE \
  "Content-Type: application/json\r\nX-Request-Id: " CANARY_KEY "\r\nConnection: close\r\n\r\n"
#define OK_JSON      "HTTP/1.1 200 OK\r\n" JSON_TYPE
#define ERROR(words) "HTTP/1.1 " words "\r\n" JSON_TYPE
#define PAGE_TYPE    "Content-Type: text/html\r\nConnection: close\r\n\r\n"
#define MOVED(words, place) \
  "HTTP/1.1 " words "\r\nLocation: " place "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

#define REPLACED "\xEF\xBF\xBD"

const FaultRow fault_rows[] = {
  { "none", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "Half more" },

  /* What looks like an end is one only if the protocol says so. */
  { "cut", NULL, "hm", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half more" },
  { "cut-at-once", NULL, "h", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "cut-in-frame", NULL, "h/", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "cut-by-length", "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "hm", FAULT_CLOSE,
    SC_ERROR_INTERRUPTED, "Half more", "broke in the middle", .scope = FAULT_HTTP },
  { "cut-in-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", "hm",
    FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half more", .scope = FAULT_HTTP },
  { "broken-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "hm",
    FAULT_CLOSE, SC_ERROR_INTERRUPTED, "", .scope = FAULT_HTTP },
  { "reset", NULL, "hm", FAULT_RESET, SC_ERROR_INTERRUPTED, "Half more", "broke in the middle" },
  { "no-answer", "", "", FAULT_CLOSE, SC_ERROR_NETWORK, "", "without an answer" },
  { "no-http", "hello, this is a mail server\r\n\r\n", "", FAULT_CLOSE, SC_ERROR_PROTOCOL, "",
    "no whole HTTP answer" },
  { "cut-in-head", "HTTP/1.1 200 OK\r\nContent-Ty", "", FAULT_CLOSE, SC_ERROR_PROTOCOL, "",
    "no whole HTTP answer" },

  /* Never a call out of a stream that was cut. */
  { "cut-after-call", NULL, "hc", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half" },
  { "error-after-call", NULL, "hcxe", FAULT_CLOSE, FAULT_OWN, "Half" },

  /* Ends: too many, too few, too late */
  { "never-closed", NULL, "hme", FAULT_STALL, FAULT_FINISH, "Half more" },
  { "beats-after-end", NULL, "hme", FAULT_BEATS, FAULT_FINISH, "Half more" },
  { "end-mark-only", NULL, "hmd", FAULT_CLOSE, FAULT_FINISH, "Half more" },
  { "no-end-mark", NULL, "hmf", FAULT_CLOSE, FAULT_FINISH, "Half more", .scope = FAULT_HTTP },
  { "end-twice", NULL, "hmee", FAULT_CLOSE, FAULT_FINISH, "Half more" },
  { "text-after-finish", NULL, "hfme", FAULT_CLOSE, FAULT_FINISH, "Half more" },
  { "text-after-end", NULL, "hedm", FAULT_CLOSE, FAULT_FINISH, "Half" },
  { "no-last-line-end", NULL, "hme-", FAULT_CLOSE, FAULT_FINISH, "Half more",
    .scope = FAULT_HTTP },

  /* Not what was asked for */
  { "error-whole", OK_JSON, "j", FAULT_CLOSE, FAULT_OWN, "", .scope = FAULT_HTTP },
  { "error-whole-as-stream", NULL, "j", FAULT_CLOSE, FAULT_OWN, "", .scope = FAULT_HTTP },
  { "error-over-lines", OK_JSON, "J", FAULT_CLOSE, FAULT_OWN, "", .scope = FAULT_HTTP },
  { "answer-whole", OK_JSON, "w", FAULT_CLOSE, FAULT_FINISH, "Whole", .scope = FAULT_HTTP },
  { "answer-whole-as-stream", NULL, "w", FAULT_CLOSE, FAULT_FINISH, "Whole", .scope = FAULT_HTTP },
  { "stream-as-json", OK_JSON, "hme", FAULT_CLOSE, FAULT_FINISH, "Half more", .scope = FAULT_HTTP },
  { "stream-without-type", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "hme", FAULT_CLOSE,
    FAULT_FINISH, "Half more", .scope = FAULT_HTTP },
  { "error-as-stream", "HTTP/1.1 500 No\r\nContent-Type: text/event-stream\r\n\r\n", "hj",
    FAULT_CLOSE, SC_ERROR_SERVER, "" },

  /* Nothing */
  { "empty", NULL, "", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "" },
  { "empty-by-length", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", FAULT_CLOSE,
    SC_ERROR_INTERRUPTED, "", "empty answer", .scope = FAULT_HTTP },
  { "no-content", "HTTP/1.1 204 Nothing\r\n\r\n", "", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "",
    "empty answer", .scope = FAULT_HTTP },
  { "blank", NULL, "n", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "", "empty answer",
    .scope = FAULT_HTTP },
  { "beats-only", NULL, "bbb", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "" },

  /* Errors in the stream */
  { "error", NULL, "hx", FAULT_CLOSE, FAULT_OWN, "Half" },
  { "error-first", NULL, "x", FAULT_CLOSE, FAULT_OWN, "" },
  { "error-then-end", NULL, "hxe", FAULT_CLOSE, FAULT_OWN, "Half" },
  { "error-never-closed", NULL, "hx", FAULT_STALL, FAULT_OWN, "Half" },
  { "error-bare", NULL, "hj", FAULT_CLOSE, FAULT_OWN, "Half" },
  { "error-bare-over-lines", NULL, "hJ", FAULT_CLOSE, FAULT_OWN, "Half", .scope = FAULT_HTTP },

  /* What a client has to pass over, and what not */
  { "junk", NULL, "hume", FAULT_CLOSE, FAULT_FINISH, "Half more" },
  { "junk-first", NULL, "uhme", FAULT_CLOSE, FAULT_FINISH, "Half more" },
  { "broken-frame", NULL, "hke", FAULT_CLOSE, SC_ERROR_PROTOCOL, "Half" },

  /* Bytes */
  { "byte-order-mark", NULL, "Bhme", FAULT_CLOSE, FAULT_FINISH, "Half more", .scope = FAULT_HTTP },
  { "crlf", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "Half more", .scope = FAULT_HTTP,
    .line_end = "\r\n" },
  { "invalid-utf8", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "Ha" REPLACED "lf more",
    .scope = FAULT_HTTP, .half = "Ha\xfflf" },
  { "cut-surrogates", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "a\xF0\x9F\x8E\x89 b",
    .half = "a\\ud83c", .more = "\\udf89 b" },
  { "lone-surrogate", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "a" REPLACED " more",
    .half = "a\\ud83c" },
  { "nul", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "a" REPLACED "b more", .half = "a\\u0000b" },
  { "giant-frame", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, NULL, .half = "" },
  { "all-at-once", NULL, "hMe", FAULT_CLOSE, FAULT_FINISH, NULL },

  /* Compression nobody asked for */
  { "packed", NULL, "hme", FAULT_CLOSE, FAULT_FINISH, "Half more", .scope = FAULT_PACKED },
  { "packed-cut", NULL, "hm", FAULT_CLOSE, SC_ERROR_INTERRUPTED, "Half more",
    .scope = FAULT_PACKED_CUT },
  { "packed-unlabelled", NULL, "Z", FAULT_CLOSE, SC_ERROR_PROTOCOL, "", "gzip",
    .scope = FAULT_HTTP },

  /* Silence: each clock has words of its own. */
  { "stall-before-headers", "", "", FAULT_STALL, SC_ERROR_TIMEOUT, "",
    "time limit for the first byte", FAULT_FIRST_BYTE, .scope = FAULT_HTTP },
  { "stall-before-body", NULL, "", FAULT_STALL, SC_ERROR_TIMEOUT, "",
    "time limit for the first byte", FAULT_FIRST_BYTE },
  { "stall", NULL, "h", FAULT_STALL, SC_ERROR_TIMEOUT, "Half", "time limit for a silent connection",
    FAULT_IDLE },
  { "stall-of-data", NULL, "h", FAULT_STALL, SC_ERROR_TIMEOUT, "Half", "connected but sent no data",
    FAULT_DATA },
  { "stall-behind-beats", NULL, "h", FAULT_BEATS, SC_ERROR_TIMEOUT, "Half",
    "connected but sent no data", FAULT_DATA },
  { "stop-in-stall", NULL, "h", FAULT_STOP, SC_ERROR_CANCELLED, "Half" },

  /* Statuses */
  { "400", ERROR ("400 No"), "E", FAULT_CLOSE, SC_ERROR_INVALID_REQUEST, "" },
  { "401", ERROR ("401 No"), "E", FAULT_CLOSE, SC_ERROR_AUTH, "" },
  { "402", ERROR ("402 No"), "E", FAULT_CLOSE, SC_ERROR_QUOTA, "" },
  { "403", ERROR ("403 No"), "E", FAULT_CLOSE, SC_ERROR_AUTH, "" },
  { "404", ERROR ("404 No"), "E", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "" },
  { "413", ERROR ("413 No"), "E", FAULT_CLOSE, SC_ERROR_INVALID_REQUEST, "" },
  { "429", ERROR ("429 No"), "E", FAULT_CLOSE, SC_ERROR_RATE_LIMIT, "" },
  { "500-empty", ERROR ("500 No"), "", FAULT_CLOSE, SC_ERROR_SERVER, "" },
  { "502-page", "HTTP/1.1 502 No\r\n" PAGE_TYPE, "P", FAULT_CLOSE, SC_ERROR_SERVER, "" },
  { "503", ERROR ("503 No"), "E", FAULT_CLOSE, SC_ERROR_OVERLOADED, "" },
  { "529", ERROR ("529 No"), "E", FAULT_CLOSE, SC_ERROR_OVERLOADED, "" },
  { "error-no-utf8", ERROR ("400 No"), "N", FAULT_CLOSE, SC_ERROR_INVALID_REQUEST, "",
    "n" REPLACED "o", .scope = FAULT_HTTP },
  { "error-giant", ERROR ("500 No"), "G", FAULT_CLOSE, SC_ERROR_SERVER, "" },
  { "error-never-ends", ERROR ("503 No"), "E", FAULT_STALL, SC_ERROR_OVERLOADED, "" },
  { "page", "HTTP/1.1 200 OK\r\n" PAGE_TYPE, "P", FAULT_CLOSE, SC_ERROR_PROTOCOL, "" },
  { "page-as-stream", NULL, "P", FAULT_CLOSE, SC_ERROR_PROTOCOL, "", "Gate of",
    .scope = FAULT_HTTP },

  /* Redirects: nobody follows with a key. */
  { "301", MOVED ("301 Moved", "TRAP"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "302", MOVED ("302 Found", "TRAP"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "303", MOVED ("303 See", "TRAP"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "307", MOVED ("307 Again", "TRAP"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "308", MOVED ("308 Moved", "TRAP"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "308-same-server", MOVED ("308 Moved", "/elsewhere"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND, "",
    "/elsewhere" },
  { "308-secure", MOVED ("308 Moved", "https://127.0.0.1/v1"), "", FAULT_CLOSE, SC_ERROR_NOT_FOUND,
    "", "https://127.0.0.1/v1" },
  { "302-with-key", MOVED ("302 Found", "TRAP?key=" CANARY_KEY), "", FAULT_CLOSE,
    SC_ERROR_NOT_FOUND, "", "127.0.0.1" },
  { "302-nowhere", "HTTP/1.1 302 Found\r\nConnection: close\r\n\r\n", "", FAULT_CLOSE,
    SC_ERROR_NOT_FOUND, "", "without naming it" },
  { NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See fault-dialects.h. Everything is written by hand after the services' documentation. */

#include "config.h"

#include "fault-dialects.h"

#include "run-log.h"

/* An error repeats the key. */
#define LOST      "lost " CANARY_KEY

#define SSE       "text/event-stream"
#define COMMENT   ": still here\n\n"
#define JUNK      "data: null\n\ndata:\n\ndata: {\"unknown\":[1]}\n\nevent: new\nretry: 5\n\n"
#define BROKEN    "data: {\"choices\":[{\n\n"
#define FRAME(json) "data: " json "\n\n"
#define NAMED(name, json) "event: " name "\ndata: " json "\n\n"

#define CHAT(delta) FRAME ("{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":" delta "}]}")
#define CHAT_CALL \
  CHAT ("{\"tool_calls\":[{\"index\":0,\"id\":\"abcdefghi\",\"function\":{\"name\":\"f\"," \
        "\"arguments\":\"{\\\"a\\\":1}\"}}]}")
#define CHAT_FINISH \
  FRAME ("{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
#define CHAT_DONE FRAME ("[DONE]")
#define CHAT_ERROR "{\"error\":{\"message\":\"" LOST "\",\"type\":\"server_error\",\"code\":null}}"
#define CHAT_WHOLE \
  "{\"id\":\"1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":" \
  "\"Whole\"},\"finish_reason\":\"stop\"}]}"

#define BLOCK_TEXT(text) \
  NAMED ("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":" \
         "{\"type\":\"text_delta\",\"text\":\"" text "\"}}")
#define BUSY "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"" LOST "\"}}"

#define PART(text) \
  FRAME ("{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[" text "]}}]}")
#define UNAVAILABLE \
  "{\"error\":{\"code\":503,\"message\":\"" LOST "\",\"status\":\"UNAVAILABLE\"}}"

#define VERTEX "/v1/projects/p/locations/global"

#define CLAUDE \
  NAMED ("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":\"1\",\"model\":\"m\"," \
         "\"usage\":{\"input_tokens\":3}}}") \
  NAMED ("content_block_start", "{\"type\":\"content_block_start\",\"index\":0," \
         "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}") \
  BLOCK_TEXT ("Half"), \
  BLOCK_TEXT (" more"), \
  NAMED ("content_block_start", "{\"type\":\"content_block_start\",\"index\":1," \
         "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}") \
  NAMED ("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":" \
         "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1}\"}}") \
  NAMED ("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":1}"), \
  NAMED ("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}") \
  NAMED ("message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}," \
         "\"usage\":{\"output_tokens\":2}}"), \
  NAMED ("message_stop", "{\"type\":\"message_stop\"}"), \
  NAMED ("error", BUSY), SC_ERROR_OVERLOADED, NAMED ("ping", "{\"type\":\"ping\"}"), JUNK, BROKEN, \
  "{\"id\":\"1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":" \
  "[{\"type\":\"text\",\"text\":\"Whole\"}],\"stop_reason\":\"end_turn\"}", \
  BUSY

#define GEMINI \
  PART ("{\"text\":\"Half\"}"), PART ("{\"text\":\" more\"}"), \
  PART ("{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1}}}"), \
  FRAME ("{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\"}]}"), "", FRAME (UNAVAILABLE), \
  SC_ERROR_OVERLOADED, COMMENT, JUNK, BROKEN, \
  "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Whole\"}]}," \
  "\"finishReason\":\"STOP\"}]}", \
  UNAVAILABLE

/* A line each over a WebSocket. */
#define SAY(text) \
  "{\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0," \
  "\"content_index\":0,\"delta\":\"" text "\"}\n"
#define CALL_ITEM \
  "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"id\":\"c\",\"type\":" \
  "\"function_call\",\"call_id\":\"t\",\"name\":\"f\",\"arguments\":\"\"}}\n" \
  "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"c\",\"output_index\":1," \
  "\"delta\":\"{\\\"a\\\":1}\"}\n"
#define MESSAGES_JUNK "null\n{\"unknown\":[1]}\n{\"type\":\"new\",\"delta\":null}\n"
#define PROGRESS "{\"type\":\"response.in_progress\",\"response\":{\"id\":\"1\"}}\n"

#define LINE(message) "{\"model\":\"m\",\"message\":{\"role\":\"assistant\"," message "}"

#define TOKEN(text) \
  "data:{\"index\":1,\"token\":{\"id\":1,\"text\":\"" text "\",\"special\":false}," \
  "\"generated_text\":null,\"details\":null}\n\n"

const FaultDialect fault_dialects[] = {
  { "openai-chat", "openai-chat", "", "m", SSE, 0,
    CHAT ("{\"role\":\"assistant\",\"content\":\"Half\"}"), CHAT ("{\"content\":\" more\"}"),
    CHAT_CALL, CHAT_FINISH, CHAT_DONE, FRAME (CHAT_ERROR), SC_ERROR_SERVER, COMMENT, JUNK, BROKEN,
    CHAT_WHOLE, CHAT_ERROR },
  { "mistral", "mistral", "", "m", SSE, 0,
    CHAT ("{\"role\":\"assistant\",\"content\":\"Half\"}"),
    CHAT ("{\"content\":[{\"type\":\"text\",\"text\":\" more\"}]}"), CHAT_CALL, CHAT_FINISH,
    CHAT_DONE, FRAME (CHAT_ERROR), SC_ERROR_SERVER, COMMENT, JUNK, BROKEN, CHAT_WHOLE, CHAT_ERROR },
  { "anthropic", "anthropic", "", "m", SSE, 0, CLAUDE },
  { "vertex-claude", "vertex", VERTEX, "claude-m", SSE, 0, CLAUDE },
  { "gemini", "gemini", "", "m", SSE, 0, GEMINI },
  { "vertex-google", "vertex", VERTEX, "gemini-m", SSE, 0, GEMINI },
  { "ollama", "ollama", "", "m", "application/x-ndjson", 0,
    LINE ("\"content\":\"Half\"") ",\"done\":false}\n",
    LINE ("\"content\":\" more\"") ",\"done\":false}\n",
    LINE ("\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}"
          "]") ",\"done\":false}\n",
    "", LINE ("\"content\":\"\"") ",\"done\":true,\"done_reason\":\"stop\",\"eval_count\":2}\n",
    "{\"error\":\"model runner has " LOST "\"}\n", SC_ERROR_SERVER, "\n",
    "\n{\"unknown\":[1]}\nnull\n", "{\"message\":{\n",
    LINE ("\"content\":\"Whole\"") ",\"done\":true,\"done_reason\":\"stop\"}",
    "{\"error\":\"model runner has " LOST "\"}" },
  { "tgi", "tgi", "", "m", SSE, 0, TOKEN ("Half"), TOKEN (" more"), TOKEN (""), "",
    "data:{\"index\":3,\"token\":{\"id\":2,\"text\":\"</s>\",\"special\":true},\"generated_text\":"
    "\"Half more\",\"details\":{\"finish_reason\":\"eos_token\",\"generated_tokens\":3}}\n\n",
    "data:{\"error\":\"CUDA " LOST "\",\"error_type\":\"generation\"}\n\n", SC_ERROR_SERVER, ":\n\n",
    JUNK, BROKEN,
    "{\"generated_text\":\"Whole\",\"details\":{\"finish_reason\":\"eos_token\"}}",
    "{\"error\":\"CUDA " LOST "\",\"error_type\":\"generation\"}" },
  { "cohere", "cohere", "", "m", SSE, 0,
    NAMED ("message-start", "{\"type\":\"message-start\",\"id\":\"1\",\"delta\":{\"message\":"
           "{\"role\":\"assistant\"}}}")
    NAMED ("content-start", "{\"type\":\"content-start\",\"index\":0,\"delta\":{\"message\":"
           "{\"content\":{\"type\":\"text\",\"text\":\"\"}}}}")
    NAMED ("content-delta", "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":"
           "{\"content\":{\"text\":\"Half\"}}}}"),
    NAMED ("content-delta", "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":"
           "{\"content\":{\"text\":\" more\"}}}}"),
    NAMED ("tool-call-start", "{\"type\":\"tool-call-start\",\"index\":0,\"delta\":{\"message\":"
           "{\"tool_calls\":{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\","
           "\"arguments\":\"{\\\"a\\\":1}\"}}}}}"),
    "",
    NAMED ("content-end", "{\"type\":\"content-end\",\"index\":0}")
    NAMED ("message-end", "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}"),
    FRAME (CHAT_ERROR), SC_ERROR_SERVER, COMMENT, JUNK, BROKEN,
    "{\"id\":\"1\",\"finish_reason\":\"COMPLETE\",\"message\":{\"role\":\"assistant\",\"content\":"
    "[{\"type\":\"text\",\"text\":\"Whole\"}]}}",
    CHAT_ERROR },
  { "openai-responses", "openai-responses", "", "m", SSE, 0,
    NAMED ("response.created", "{\"type\":\"response.created\",\"response\":{\"id\":\"1\"}}")
    NAMED ("response.output_text.delta", "{\"type\":\"response.output_text.delta\",\"item_id\":"
           "\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"Half\"}"),
    NAMED ("response.output_text.delta", "{\"type\":\"response.output_text.delta\",\"item_id\":"
           "\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\" more\"}"),
    NAMED ("response.output_item.added", "{\"type\":\"response.output_item.added\","
           "\"output_index\":1,\"item\":{\"id\":\"c\",\"type\":\"function_call\",\"call_id\":\"t\","
           "\"name\":\"f\",\"arguments\":\"\"}}")
    NAMED ("response.function_call_arguments.delta",
           "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"c\","
           "\"output_index\":1,\"delta\":\"{\\\"a\\\":1}\"}"),
    "",
    NAMED ("response.completed", "{\"type\":\"response.completed\",\"response\":{\"id\":\"1\","
           "\"status\":\"completed\",\"output\":[]}}"),
    NAMED ("error", "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"" LOST "\"}"),
    SC_ERROR_SERVER, COMMENT, JUNK, BROKEN,
    "{\"id\":\"1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":"
    "\"message\",\"id\":\"i\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
    "\"text\":\"Whole\",\"annotations\":[]}]}]}",
    CHAT_ERROR },
  { "openai-responses-ws", "openai-responses-ws", "", "m", NULL, 1,
    "{\"type\":\"response.created\",\"response\":{\"id\":\"1\"}}\n" SAY ("Half"), SAY (" more"),
    CALL_ITEM, "",
    "{\"type\":\"response.completed\",\"response\":{\"id\":\"1\",\"status\":\"completed\","
    "\"output\":[]}}\n",
    "{\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"message\":\"" LOST "\"}}\n",
    SC_ERROR_SERVER, PROGRESS, MESSAGES_JUNK, "{\"type\":\n", NULL, CHAT_ERROR },
  { "openai-realtime", "openai-realtime", "", "m", NULL, 3,
    "{\"type\":\"session.created\",\"session\":{\"model\":\"m\"}}\n"
    "{\"type\":\"response.created\",\"response\":{\"id\":\"1\"}}\n" SAY ("Half"),
    SAY (" more"), CALL_ITEM, "",
    "{\"type\":\"response.done\",\"response\":{\"id\":\"1\",\"status\":\"completed\"}}\n",
    "{\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"message\":\"" LOST "\"}}\n",
    SC_ERROR_SERVER, "{\"type\":\"rate_limits.updated\"}\n", MESSAGES_JUNK, "{\"type\":\n", NULL,
    CHAT_ERROR },
  { NULL },
};

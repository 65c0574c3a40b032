/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is exported, apart from the objects it was taken from, and the writers of the two formats. They run on a thread
 * of their own. */

#pragma once

#include "sc-export.h"
#include "sc-store.h"

G_BEGIN_DECLS

/**
 * ScExport:
 * @record: the conversation's own fields
 * @title: its title as it is shown
 * @turns: (element-type ScTurnRecord): all its turns in the order they were made
 * @providers: (element-type utf8 utf8): names of providers by their ids
 *
 * A copy: nothing else holds it.
 */
typedef struct
{
  ScConversationRecord *record;
  char                 *title;
  GPtrArray            *turns;
  GHashTable           *providers;
} ScExport;

/**
 * ScExportWriter:
 *
 * Text on its way to a stream, a block at a time.
 */
typedef struct _ScExportWriter ScExportWriter;

/**
 * sc_export_writer_get_text:
 * @self: a writer
 *
 * Returns: (transfer none): where to append; taken away by sc_export_writer_flush()
 */
GString    *sc_export_writer_get_text  (ScExportWriter  *self);

/**
 * sc_export_writer_flush:
 * @self: a writer
 *
 * To be called now and then, at least once a turn: writes what was appended, where that is worth it.
 *
 * Returns: %FALSE after a fault or when cancelled: no more need be appended
 */
gboolean    sc_export_writer_flush     (ScExportWriter  *self);

/**
 * sc_export_write:
 * @self: what to write
 * @format: as what
 * @stream: where to; not closed
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: %TRUE, or %FALSE with an error of the stream or %G_IO_ERROR_CANCELLED set
 */
gboolean    sc_export_write            (ScExport        *self,
                                        ScExportFormat   format,
                                        GOutputStream   *stream,
                                        GCancellable    *cancellable,
                                        GError         **error);

/**
 * sc_export_write_markdown:
 * @self: what to write
 * @writer: where to
 *
 * Writes the shown path as Markdown, until all is written or the writer has enough.
 */
void        sc_export_write_markdown   (ScExport        *self,
                                        ScExportWriter  *writer);

/**
 * sc_export_write_json:
 * @self: what to write
 * @writer: where to
 *
 * Writes everything as one JSON object, a line a turn, until all is written or the writer has enough.
 */
void        sc_export_write_json       (ScExport        *self,
                                        ScExportWriter  *writer);

/**
 * sc_export_parse_data:
 * @turn: a turn's record
 *
 * Returns: (transfer full): what its data holds, files included; an empty object where it is damaged
 */
JsonObject *sc_export_parse_data       (ScTurnRecord    *turn);

/**
 * sc_export_free:
 * @self: (nullable) (transfer full): what was to be written
 *
 * Frees it.
 */
void        sc_export_free             (ScExport        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScExport, sc_export_free)

G_END_DECLS

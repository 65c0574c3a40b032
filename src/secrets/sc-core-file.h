/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys pass through memory that others own: the HTTP library's headers, the buffers of the secure
 * connection, the widgets of Preferences. None of them can be told to keep out of a core file, so
 * none is written. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_core_file_forbid:
 *
 * From now on a crash of this process, and of those it starts unless they ask for it, leaves no
 * core file and wakes no crash collector. Debuggers are free to look: the process stays what the
 * system calls dumpable, without which the portals of the desktop would not know it. To be called
 * first thing in main().
 */
void sc_core_file_forbid (void);

G_END_DECLS

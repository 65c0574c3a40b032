/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How GTK is started: what it would do in vain is switched off while it opens the display. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScToolkitMachine:
 * @devices: (nullable): the names in `/dev`; %NULL where they cannot be read
 * @render_devices: (nullable): the names in `/dev/dri`; %NULL where there is no such folder
 * @gtk_minor: GTK 4.@gtk_minor runs
 *
 * What the decision depends on, beside the environment.
 */
typedef struct
{
  const char *const *devices;
  const char *const *render_devices;
  guint              gtk_minor;
} ScToolkitMachine;

/**
 * sc_toolkit_plan:
 * @machine: the machine and its GTK
 * @environment: the environment that the user gave, `NAME=VALUE` each
 *
 * Decides what the environment says to GTK in addition while it opens the display. Without any
 * device that draws, OpenGL and Vulkan are computed by the processor: starting them takes more time
 * and memory than all the rest, and cairo draws faster than they do. A user who chose a renderer is
 * obeyed.
 *
 * Returns: (transfer full): `NAME=VALUE` each, ending with %NULL
 */
char   **sc_toolkit_plan   (const ScToolkitMachine *machine,
                            const char *const      *environment);

/**
 * sc_toolkit_start:
 *
 * Starts GTK and opens the display, with what [func@Sc.toolkit_plan] says.
 *
 * Returns: whether there is a display
 */
gboolean sc_toolkit_start  (void);

/**
 * sc_toolkit_forget:
 *
 * Takes out of the environment what is left of the plan, so that no process that is started later
 * inherits it. To be called when the first window is realized: that is when GTK reads the last of it.
 */
void     sc_toolkit_forget (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

/*
 * ScWrapLayout: children beside each other, on further lines where one line is too narrow.
 */

G_BEGIN_DECLS

#define SC_TYPE_WRAP_LAYOUT (sc_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (ScWrapLayout, sc_wrap_layout, SC, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS

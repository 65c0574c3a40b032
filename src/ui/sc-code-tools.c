/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tools of a code block. */

#include "config.h"

#include "sc-code-tools.h"

#include <glib/gi18n.h>

#include "sc-code-save.h"
#include "sc-code-window.h"
#include "sc-page-copy.h"
#include "sc-page-draw.h"

#define COPIED_MS    1500
#define BUTTON_INSET 6

/* How far above the pointer the code of a block may begin whose ground it is on. */
#define GROUND_REACH 64

struct _ScCodeTools
{
  GtkWidget    parent_instance;
  ScPage      *page;
  GtkWidget   *copy_button;
  ScPageEntry *entry;
  guint        index;
  guint        offset;
  guint        copied_id;
};

G_DEFINE_FINAL_TYPE (ScCodeTools, sc_code_tools, GTK_TYPE_WIDGET)

typedef struct
{
  ScPage      *page;
  int          x;
  int          top;
  int          bottom;
  ScPageEntry *entry;
  guint        index;
  guint        offset;
} FindCode;

static void
find_code_cb (ScPageEntry *entry,
              ScBlock     *block,
              guint        offset,
              guint        n_chars,
              gpointer     user_data)
{
  FindCode *find = user_data;
  GdkRectangle area;

  if (block == NULL || block->kind != SC_MARKDOWN_CODE || find->entry != NULL)
    return;
  sc_page_get_code_area (find->page, block, offset, &area);
  if (find->bottom < area.y || find->top >= area.y + area.height ||
      (find->x >= 0 && (find->x < area.x || find->x >= area.x + area.width)))
    return;
  find->entry = entry;
  find->index = (guint) (block - (ScBlock *) (gpointer) entry->blocks->data);
  find->offset = offset;
}

static void
show_at (ScCodeTools *self,
         ScPageEntry *entry,
         guint        index,
         guint        offset)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (self->entry == entry && self->index == index && self->offset == offset)
    return;
  self->entry = entry;
  self->index = index;
  self->offset = offset;
  gtk_widget_set_child_visible (GTK_WIDGET (self), entry != NULL);
  if (parent != NULL)
    gtk_widget_queue_allocate (parent);
}

/* The last code block between two heights of the buffer. */
static void
find_and_show (ScCodeTools *self,
               FindCode    *find)
{
  GtkTextView *view = sc_page_get_writer (self->page)->view;
  GtkTextIter from;
  GtkTextIter to;

  gtk_text_view_get_line_at_y (view, &from, find->top - GROUND_REACH, NULL);
  gtk_text_view_get_line_at_y (view, &to, find->bottom + GROUND_REACH, NULL);
  gtk_text_iter_forward_line (&to);
  sc_page_foreach (self->page, (guint) gtk_text_iter_get_offset (&from),
                   (guint) gtk_text_iter_get_offset (&to) + 1, find_code_cb, find);
  show_at (self, find->entry, find->index, find->offset);
}

/* Entries come and go: before the bar is used or placed, look whether its block is still there. */
static const ScBlock *
get_block (ScCodeTools *self)
{
  for (guint i = sc_page_get_n_entries (self->page); self->entry != NULL && i > 0; i--)
    {
      ScPageEntry *entry = sc_page_get_entry (self->page, i - 1, NULL);
      const ScBlock *block;

      if (entry != self->entry || self->index >= entry->blocks->len)
        continue;
      block = &g_array_index (entry->blocks, ScBlock, self->index);

      return block->kind == SC_MARKDOWN_CODE ? block : NULL;
    }

  return NULL;
}

static void
copy_icon_again_cb (gpointer user_data)
{
  ScCodeTools *self = user_data;

  self->copied_id = 0;
  gtk_button_set_icon_name (GTK_BUTTON (self->copy_button), "edit-copy-symbolic");
}

static void
copy (ScCodeTools *self,
      const char  *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_button_set_icon_name (GTK_BUTTON (self->copy_button), "object-select-symbolic");
  g_clear_handle_id (&self->copied_id, g_source_remove);
  self->copied_id = g_timeout_add_once (COPIED_MS, copy_icon_again_cb, self);
}

static GtkWidget *
add_button (ScCodeTools *self,
            const char  *icon_name,
            const char  *label,
            const char  *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, GTK_WIDGET (self));

  return button;
}

static void
sc_code_tools_dispose (GObject *object)
{
  ScCodeTools *self = SC_CODE_TOOLS (object);
  GtkWidget *child;

  g_clear_handle_id (&self->copied_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (sc_code_tools_parent_class)->dispose (object);
}

static void
sc_code_tools_class_init (ScCodeToolsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_code_tools_dispose;
  gtk_widget_class_set_css_name (widget_class, "codetools");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
}

static void
sc_code_tools_init (ScCodeTools *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  add_button (self, "view-fullscreen-symbolic", _("Show Code in Own Window"), "page.show-code");
  add_button (self, "document-save-as-symbolic", _("Save Code As"), "page.save-code");
  self->copy_button = add_button (self, "edit-copy-symbolic", _("Copy Code"), "page.copy-code");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Code Actions"), -1);
  gtk_widget_set_cursor_from_name (widget, "default");
  gtk_widget_set_child_visible (widget, FALSE);
}

GtkWidget *
sc_code_tools_new (ScPage *page)
{
  ScCodeTools *self = g_object_new (SC_TYPE_CODE_TOOLS, NULL);

  self->page = page;

  return GTK_WIDGET (self);
}

void
sc_code_tools_point_at (ScCodeTools *self,
                        double       x,
                        double       y)
{
  FindCode find = { 0 };

  g_return_if_fail (SC_IS_CODE_TOOLS (self));

  find.page = self->page;
  gtk_text_view_window_to_buffer_coords (sc_page_get_writer (self->page)->view, GTK_TEXT_WINDOW_WIDGET,
                                         (int) x, (int) y, &find.x, &find.top);
  find.x = MAX (find.x, 0);
  find.bottom = find.top;
  find_and_show (self, &find);
}

void
sc_code_tools_show_last (ScCodeTools *self)
{
  FindCode find = { 0 };
  GdkRectangle visible;

  g_return_if_fail (SC_IS_CODE_TOOLS (self));

  gtk_text_view_get_visible_rect (sc_page_get_writer (self->page)->view, &visible);
  find.page = self->page;
  find.x = -1;
  find.top = visible.y + GROUND_REACH;
  find.bottom = visible.y + visible.height - GROUND_REACH;
  find_and_show (self, &find);
}

void
sc_code_tools_leave (ScCodeTools *self)
{
  g_return_if_fail (SC_IS_CODE_TOOLS (self));

  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) == NULL)
    show_at (self, NULL, 0, 0);
}

gboolean
sc_code_tools_has_code (ScCodeTools *self)
{
  g_return_val_if_fail (SC_IS_CODE_TOOLS (self), FALSE);

  return get_block (self) != NULL;
}

void
sc_code_tools_place (ScCodeTools *self)
{
  const ScBlockWriter *writer = sc_page_get_writer (self->page);
  const ScBlock *block = get_block (self);
  GtkRequisition size;
  GdkRectangle area;
  GtkAllocation place;

  g_return_if_fail (SC_IS_CODE_TOOLS (self));

  gtk_widget_set_child_visible (GTK_WIDGET (self), block != NULL);
  if (block == NULL)
    return;

  sc_page_get_code_area (self->page, block, self->offset, &area);
  gtk_widget_get_preferred_size (GTK_WIDGET (self), &size, NULL);
  gtk_text_view_buffer_to_window_coords (writer->view, GTK_TEXT_WINDOW_WIDGET, area.x + area.width, area.y,
                                         &place.x, &place.y);
  place.width = size.width;
  place.height = size.height;
  place.x -= size.width + BUTTON_INSET;
  /* In a long block the bar stays in sight. */
  place.y = MIN (MAX (place.y, 0) + BUTTON_INSET, place.y + area.height - size.height);
  gtk_widget_size_allocate (GTK_WIDGET (self), &place, -1);
}

void
sc_code_tools_activate (ScCodeTools *self,
                        const char  *action)
{
  const ScBlock *block;
  GtkWidget *parent;
  g_autofree char *text = NULL;

  g_return_if_fail (SC_IS_CODE_TOOLS (self));
  g_return_if_fail (action != NULL);

  block = get_block (self);
  if (block == NULL)
    return;

  parent = gtk_widget_get_parent (GTK_WIDGET (self));
  text = sc_page_dup_block_text (self->entry, self->index);
  if (g_str_equal (action, "page.save-code"))
    sc_code_save_as (parent, block->language, text);
  else if (g_str_equal (action, "page.show-code"))
    gtk_window_present (GTK_WINDOW (sc_code_window_new (parent, block->language, text)));
  else
    copy (self, text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-wrap-layout.c: children beside each other, on further lines where one line is too narrow.
 *
 * A flow box would make columns, and a stop for the keyboard of its own around each child.
 */

#include "config.h"

#include "sc-wrap-layout.h"

#define SPACING 6

struct _ScWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (ScWrapLayout, sc_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
place (GtkWidget *widget,
       GtkWidget *child,
       int        line_width,
       int        x,
       int        y,
       int        width,
       int        height)
{
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation allocation = { is_rtl ? line_width - x - width : x, y, width, height };

  gtk_widget_size_allocate (child, &allocation, -1);
}

/* Goes through the lines of that width and returns the height of all. */
static int
arrange (GtkWidget *widget,
         int        line_width,
         gboolean   places)
{
  int x = 0;
  int y = 0;
  int line_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int least;
      int width;
      int height;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &width, NULL, NULL);
      width = MAX (MIN (width, line_width), least);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
      if (x > 0 && x + width > line_width)
        {
          x = 0;
          y += line_height + SPACING;
          line_height = 0;
        }
      if (places)
        place (widget, child, line_width, x, y, width, height);
      x += width + SPACING;
      line_height = MAX (line_height, height);
    }
  return y + line_height;
}

static GtkSizeRequestMode
sc_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                 GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sc_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget        *widget,
                        GtkOrientation    orientation,
                        int               for_size,
                        int              *minimum,
                        int              *natural,
                        int              *minimum_baseline,
                        int              *natural_baseline)
{
  *minimum = 0;
  *natural = 0;
  *minimum_baseline = -1;
  *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = arrange (widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int least;
      int width;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &width, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += width + (*natural > 0 ? SPACING : 0);
    }
}

static void
sc_wrap_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         int               width,
                         int               height,
                         int               baseline)
{
  arrange (widget, width, TRUE);
}

static void
sc_wrap_layout_class_init (ScWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = sc_wrap_layout_get_request_mode;
  layout_class->measure = sc_wrap_layout_measure;
  layout_class->allocate = sc_wrap_layout_allocate;
}

static void
sc_wrap_layout_init (ScWrapLayout *self)
{
}

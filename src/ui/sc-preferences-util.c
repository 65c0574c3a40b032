/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small things that several rows of the preferences need. Knows nothing of providers. */

#include "config.h"

#include "sc-preferences-util.h"

void
sc_preferences_label_entry (AdwEntryRow *row)
{
  GtkEditable *text;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  text = gtk_editable_get_delegate (GTK_EDITABLE (row));
  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (text),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)),
                                    -1);
}

char *
sc_preferences_dup_text (AdwEntryRow *row)
{
  g_return_val_if_fail (ADW_IS_ENTRY_ROW (row), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

void
sc_preferences_set_text (AdwEntryRow *row,
                         const char  *text)
{
  g_autofree char *current = NULL;

  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  current = sc_preferences_dup_text (row);
  if (g_strcmp0 (current, text != NULL ? text : "") != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
}

void
sc_preferences_mark (GtkWidget  *widget,
                     const char *style_class,
                     gboolean    marked)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (style_class != NULL);

  if (marked)
    gtk_widget_add_css_class (widget, style_class);
  else
    gtk_widget_remove_css_class (widget, style_class);

  if (g_str_equal (style_class, "error"))
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget),
                                 GTK_ACCESSIBLE_STATE_INVALID,
                                 marked
                                 ? GTK_ACCESSIBLE_INVALID_TRUE
                                 : GTK_ACCESSIBLE_INVALID_FALSE,
                                 -1);
}

void
sc_preferences_say (GtkLabel   *label,
                    const char *text)
{
  GtkWidget *row;

  g_return_if_fail (GTK_IS_LABEL (label));

  gtk_label_set_text (label, text != NULL ? text : "");
  row = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_LIST_BOX_ROW);
  gtk_widget_set_visible (row != NULL ? row : GTK_WIDGET (label), text != NULL && *text != '\0');
}

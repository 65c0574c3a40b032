/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-price-dialog.c: the list, with the user's own prices first, and the way to the editor and back.
 */

#include "config.h"

#include "sc-price-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sc-price-editor.h"
#include "sc-settings.h"
#include "sc-usage-words.h"

#define MODEL_KEY "sc-model"

struct _ScPriceDialog
{
  AdwWindow      parent_instance;

  GtkStack      *stack;
  GtkEditable   *search;
  GtkListBox    *list;
  ScPriceEditor *editor;
  GtkWidget     *back_button;
  GtkWidget     *add_button;
  GtkWidget     *save_button;
};

G_DEFINE_FINAL_TYPE (ScPriceDialog, sc_price_dialog, ADW_TYPE_WINDOW)

static void
add_row (ScPriceDialog *self,
         const char    *model,
         const char    *origin,
         const ScRates *rates)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *price = sc_usage_dup_price (rates);
  GtkWidget *label = gtk_label_new (price != NULL ? price : "");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), model);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), origin);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  g_object_set_data_full (G_OBJECT (row), MODEL_KEY, g_strdup (model), g_free);
  gtk_list_box_append (self->list, row);
}

/* Adds the user's own prices and tells which built-in ones they replace. */
static GHashTable *
add_own_rows (ScPriceDialog *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = NULL;

  g_object_get (sc_settings_get_default (), "prices", &lines, NULL);
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_autoptr (ScOwnPrice) price = sc_own_price_from_line (lines[i]);
      g_autofree char *day = NULL;
      g_autofree char *origin = NULL;

      if (price == NULL || !g_hash_table_add (names, g_strdup (price->model)))
        continue;
      day = sc_usage_dup_day (price->date);
      /* Translators: a price that the user entered; %s is a day */
      origin = *day != '\0' ? g_strdup_printf (_("Your price, %s"), day) : g_strdup (_("Your price"));
      add_row (self, price->model, origin, &price->rates);
    }
  return names;
}

static void
fill (ScPriceDialog *self)
{
  g_autoptr (GHashTable) names = NULL;
  GtkListBoxRow *row;
  guint n_entries;
  const ScPriceEntry *entries = sc_prices_list_built_in (&n_entries);

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  names = add_own_rows (self);
  for (guint i = 0; i < n_entries; i++)
    {
      g_autofree char *day = sc_usage_dup_day (entries[i].date);
      /* Translators: where a price is from: the name of a company, then a day */
      g_autofree char *origin = g_strdup_printf (_("%s, %s"), entries[i].vendor, day);

      if (!g_hash_table_contains (names, entries[i].model))
        add_row (self, entries[i].model, origin, &entries[i].price.rates);
    }
}

static gboolean
is_found (GtkListBoxRow *row,
          gpointer       user_data)
{
  ScPriceDialog *self = user_data;
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  const char *origin = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *joined = g_strconcat (title, " ", origin, NULL);
  g_autofree char *folded = g_utf8_casefold (joined, -1);
  g_autofree char *query = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  g_auto (GStrv) words = g_strsplit (query, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (strstr (folded, *word) == NULL)
      return FALSE;
  return TRUE;
}

static void
show_page (ScPriceDialog *self,
           gboolean       is_editor)
{
  gtk_stack_set_visible_child_name (self->stack, is_editor ? "editor" : "list");
  gtk_widget_set_visible (self->back_button, is_editor);
  gtk_widget_set_visible (self->save_button, is_editor);
  gtk_widget_set_visible (self->add_button, !is_editor);
  if (!is_editor)
    gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
edit (ScPriceDialog *self,
      const char    *model)
{
  show_page (self, TRUE);
  sc_price_editor_edit (self->editor, model);
}

static void
back_cb (ScPriceDialog *self)
{
  show_page (self, FALSE);
}

static void
add_clicked_cb (ScPriceDialog *self)
{
  edit (self, NULL);
}

static void
save_clicked_cb (ScPriceDialog *self)
{
  sc_price_editor_save (self->editor);
}

static void
search_changed_cb (ScPriceDialog *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static void
row_activated_cb (ScPriceDialog *self,
                  GtkListBoxRow *row)
{
  g_autofree char *model = g_strdup (g_object_get_data (G_OBJECT (row), MODEL_KEY));

  edit (self, model);
}

/* Esc goes back before it closes. */
static void
leave_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  ScPriceDialog *self = SC_PRICE_DIALOG (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "editor") == 0)
    show_page (self, FALSE);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
sc_price_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SC_TYPE_PRICE_DIALOG);

  G_OBJECT_CLASS (sc_price_dialog_parent_class)->dispose (object);
}

static void
sc_price_dialog_class_init (ScPriceDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_price_dialog_dispose;
  g_type_ensure (SC_TYPE_PRICE_EDITOR);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-price-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, search);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, list);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, editor);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, ScPriceDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "prices.leave", NULL, leave_cb);
}

static void
sc_price_dialog_init (ScPriceDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, is_found, self, NULL);
  fill (self);
  g_signal_connect_object (sc_settings_get_default (), "notify::prices", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
}

GtkWindow *
sc_price_dialog_new (GtkWindow *parent)
{
  return g_object_new (SC_TYPE_PRICE_DIALOG, "transient-for", parent, NULL);
}

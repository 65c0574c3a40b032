/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-price-editor.c: reads and writes a line of the user's price list.
 */

#include "config.h"

#include "sc-price-editor.h"

#include <glib/gi18n.h>

#include "sc-settings.h"
#include "sc-usage-words.h"

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

struct _ScPriceEditor
{
  GtkWidget    parent_instance;

  /* The name in the user's list that is being changed. */
  char        *old_name;

  GtkWidget   *page;
  GtkEditable *model_row;
  GtkEditable *input_row;
  GtkEditable *cached_row;
  GtkEditable *cache_write_row;
  GtkEditable *output_row;
  GtkLabel    *fault;
  GtkLabel    *origin;
  GtkButton   *remove_button;
};

G_DEFINE_FINAL_TYPE (ScPriceEditor, sc_price_editor, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static char **
dup_lines (void)
{
  char **lines = NULL;

  g_object_get (sc_settings_get_default (), "prices", &lines, NULL);
  return lines != NULL ? lines : g_new0 (char *, 1);
}

static ScOwnPrice *
find_own (const char *model)
{
  g_auto (GStrv) lines = dup_lines ();

  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (ScOwnPrice) price = sc_own_price_from_line (*line);

      if (price != NULL && g_str_equal (price->model, model))
        return g_steal_pointer (&price);
    }
  return NULL;
}

static const ScPriceEntry *
find_built_in (const char *model)
{
  guint n_entries;
  const ScPriceEntry *entries = sc_prices_list_built_in (&n_entries);

  for (guint i = 0; i < n_entries; i++)
    if (g_str_equal (entries[i].model, model))
      return &entries[i];
  return NULL;
}

/* Writes the list without the lines of two names, and with a new line first. */
static void
write_lines (const char *without,
             const char *and_without,
             const char *new_line)
{
  g_auto (GStrv) lines = dup_lines ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) written = NULL;

  if (new_line != NULL)
    g_strv_builder_add (builder, new_line);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (ScOwnPrice) price = sc_own_price_from_line (*line);

      if (price != NULL && g_strcmp0 (price->model, without) != 0 &&
          g_strcmp0 (price->model, and_without) != 0)
        g_strv_builder_add (builder, *line);
    }
  written = g_strv_builder_end (builder);
  g_object_set (sc_settings_get_default (), "prices", written, NULL);
}

static void
set_fault (ScPriceEditor *self,
           GtkEditable   *row,
           const char    *fault)
{
  gtk_label_set_label (self->fault, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), fault != NULL);
  if (row == NULL)
    return;
  gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
clear_faults (ScPriceEditor *self)
{
  GtkEditable *const rows[] = {
    self->model_row, self->input_row, self->cached_row, self->cache_write_row, self->output_row,
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (rows[i]), "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (rows[i]), GTK_ACCESSIBLE_STATE_INVALID);
    }
  set_fault (self, NULL, NULL);
}

static gboolean
read_rate (ScPriceEditor *self,
           GtkEditable   *row,
           gboolean       is_needed,
           gint64        *rate)
{
  const char *text = gtk_editable_get_text (row);
  g_autofree char *example = sc_rate_dup_text (2500000, sc_usage_get_decimal_point ());
  g_autofree char *fault = NULL;

  if (sc_rate_parse (text, sc_usage_get_decimal_point (), rate) && (*rate >= 0 || !is_needed))
    return TRUE;
  if (*text == '\0')
    /* Translators: %s is a number */
    fault = g_strdup_printf (_("A price is missing. Enter a number, for example %s, or 0 if it costs nothing."),
                             example);
  else
    /* Translators: first what was typed, then a number */
    fault = g_strdup_printf (_("“%s” is not a price. Enter a number, for example %s."), text, example);
  set_fault (self, row, fault);
  return FALSE;
}

/* Not in the digits of the locale: it is stored. */
static char *
dup_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int year, month, day;

  g_date_time_get_ymd (now, &year, &month, &day);
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

static char *
dup_name (ScPriceEditor *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->model_row)));
}

static void
changed_cb (ScPriceEditor *self)
{
  clear_faults (self);
}

static void
activated_cb (ScPriceEditor *self)
{
  sc_price_editor_save (self);
}

static void
remove_clicked_cb (ScPriceEditor *self)
{
  write_lines (self->old_name, NULL, NULL);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
set_rate (GtkEditable *row,
          gint64       rate)
{
  g_autofree char *text = sc_rate_dup_text (rate, sc_usage_get_decimal_point ());

  gtk_editable_set_text (row, text);
}

static void
show_origin (ScPriceEditor      *self,
             const ScOwnPrice   *own,
             const ScPriceEntry *entry)
{
  g_autofree char *day = NULL;
  g_autofree char *text = NULL;

  if (own != NULL && *own->date != '\0')
    {
      day = sc_usage_dup_day (own->date);
      /* Translators: %s is a day */
      text = g_strdup_printf (_("You entered this price on %s. It holds for answers from then on."), day);
    }
  else if (own == NULL && entry != NULL)
    {
      day = sc_usage_dup_day (entry->date);
      /* Translators: first the name of a company, then a day */
      text = g_strdup_printf (_("Price of %s, as of %s. A price of your own goes before it."),
                              entry->vendor, day);
    }
  else
    text = g_strdup (_("The name holds for all dated versions of the model."));
  gtk_label_set_label (self->origin, text);
  gtk_button_set_label (self->remove_button,
                        entry != NULL ? _("Reset to the Built-in Price") : _("Remove from the List"));
  gtk_widget_set_visible (GTK_WIDGET (self->remove_button), own != NULL);
}

static void
sc_price_editor_dispose (GObject *object)
{
  ScPriceEditor *self = SC_PRICE_EDITOR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_PRICE_EDITOR);
  g_clear_pointer (&self->old_name, g_free);

  G_OBJECT_CLASS (sc_price_editor_parent_class)->dispose (object);
}

static void
sc_price_editor_class_init (ScPriceEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sc_price_editor_dispose;

  signals[SIGNAL_DONE] = g_signal_new ("done", SC_TYPE_PRICE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-price-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, page);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, model_row);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, input_row);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, cached_row);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, cache_write_row);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, output_row);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, fault);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, origin);
  gtk_widget_class_bind_template_child (widget_class, ScPriceEditor, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
sc_price_editor_init (ScPriceEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sc_price_editor_edit (ScPriceEditor *self,
                      const char    *model)
{
  const ScRates unknown = SC_RATES_INIT;
  const ScRates *rates = &unknown;
  const ScPriceEntry *entry;
  g_autoptr (ScOwnPrice) own = NULL;

  g_return_if_fail (SC_IS_PRICE_EDITOR (self));

  own = model != NULL ? find_own (model) : NULL;
  entry = model != NULL ? find_built_in (model) : NULL;
  if (own != NULL)
    rates = &own->rates;
  else if (entry != NULL)
    rates = &entry->price.rates;
  g_free (self->old_name);
  self->old_name = own != NULL ? g_strdup (model) : NULL;
  gtk_editable_set_text (self->model_row, model != NULL ? model : "");
  gtk_editable_set_editable (self->model_row, entry == NULL);
  set_rate (self->input_row, rates->input);
  set_rate (self->cached_row, rates->cached);
  set_rate (self->cache_write_row, rates->cache_write);
  set_rate (self->output_row, rates->output);
  clear_faults (self);
  show_origin (self, own, entry);
  gtk_widget_grab_focus (GTK_WIDGET (model != NULL ? self->input_row : self->model_row));
}

gboolean
sc_price_editor_save (ScPriceEditor *self)
{
  g_autofree char *date = dup_today ();
  g_autofree char *name = NULL;
  g_autofree char *line = NULL;
  g_autoptr (ScOwnPrice) price = NULL;
  ScRates rates = SC_RATES_INIT;

  g_return_val_if_fail (SC_IS_PRICE_EDITOR (self), FALSE);

  clear_faults (self);
  name = dup_name (self);
  if (*name == '\0')
    {
      set_fault (self, self->model_row, _("The name of the model is missing."));
      return FALSE;
    }
  if (!read_rate (self, self->input_row, TRUE, &rates.input) ||
      !read_rate (self, self->cached_row, FALSE, &rates.cached) ||
      !read_rate (self, self->cache_write_row, FALSE, &rates.cache_write) ||
      !read_rate (self, self->output_row, TRUE, &rates.output))
    return FALSE;
  price = sc_own_price_new (name, &rates, date);
  line = sc_own_price_to_line (price);
  write_lines (self->old_name, price->model, line);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-model-popover.c: chooses who answers.
 *
 * The lines are made anew whenever what they show changed: they are cheap, the list makes widgets
 * only for what is in view. The focus stays in the search field; Up and Down move the selection
 * from there.
 */

#include "config.h"

#include "sc-model-popover.h"

#include <glib/gi18n.h>

#include "sc-model-item.h"
#include "sc-model-row.h"
#include "sc-preferences.h"

struct _ScModelPopover
{
  GtkPopover          parent_instance;

  char               *provider;
  char               *model;

  GtkWidget          *search;
  GtkWidget          *list;

  GListStore         *items;
  GtkSingleSelection *selection;
  GHashTable         *pending;
  GHashTable         *errors;
  GCancellable       *cancellable;
};

/* What a fetch of a model list carries. */
typedef struct
{
  ScModelPopover *self;
  char           *provider;
} Fetch;

G_DEFINE_FINAL_TYPE (ScModelPopover, sc_model_popover, GTK_TYPE_POPOVER)

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
select_first (ScModelPopover *self,
              gboolean        prefers_current)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint first = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (ScModelItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (!sc_model_item_is_choosable (item))
        continue;
      if (first == GTK_INVALID_LIST_POSITION)
        first = i;
      if (!prefers_current)
        break;
      if (item->is_current)
        {
          first = i;
          break;
        }
    }
  gtk_single_selection_set_selected (self->selection, first);
}

static void
rebuild (ScModelPopover *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->search));
  ScModelListState state = { sc_providers_get_default (), self->pending, self->errors,
                             self->provider, self->model };
  g_autoptr (GPtrArray) items = sc_model_list_build (&state, query);

  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  select_first (self, *query == '\0');
}

static void
fetch_free (Fetch *fetch)
{
  g_object_unref (fetch->self);
  g_free (fetch->provider);
  g_free (fetch);
}

static void
models_fetched_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  Fetch *fetch = user_data;
  ScModelPopover *self = fetch->self;
  g_autoptr (GError) error = NULL;

  if (!sc_providers_fetch_models_finish (SC_PROVIDERS (source), result, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      fetch_free (fetch);
      return;
    }
  g_hash_table_remove (self->pending, fetch->provider);
  if (error != NULL)
    g_hash_table_insert (self->errors, g_strdup (fetch->provider), g_strdup (error->message));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    rebuild (self);
  fetch_free (fetch);
}

static void
fetch_models (ScModelPopover *self,
              const char     *provider)
{
  ScProviders *providers = sc_providers_get_default ();
  Fetch *fetch;

  if (g_hash_table_contains (self->pending, provider))
    return;
  g_hash_table_remove (self->errors, provider);
  g_hash_table_add (self->pending, g_strdup (provider));
  fetch = g_new0 (Fetch, 1);
  fetch->self = g_object_ref (self);
  fetch->provider = g_strdup (provider);
  sc_providers_fetch_models_async (providers, provider, self->cancellable, models_fetched_cb,
                                   fetch);
}

static void
fetch_missing (ScModelPopover *self)
{
  ScProviders *providers = sc_providers_get_default ();
  g_autoptr (GPtrArray) profiles = sc_providers_list (providers);

  for (guint i = 0; i < profiles->len; i++)
    {
      const ScProfile *profile = g_ptr_array_index (profiles, i);

      if (sc_providers_peek_models (providers, profile->id) == NULL)
        fetch_models (self, profile->id);
    }
}

static void
activate_item (ScModelPopover *self,
               guint           position)
{
  g_autoptr (ScModelItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item == NULL || !sc_model_item_is_choosable (item))
    return;
  if (item->kind == SC_MODEL_ITEM_ERROR)
    {
      fetch_models (self, item->provider);
      rebuild (self);
      return;
    }
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, item->provider, item->model);
}

/* Moves the selection to the next line that can be chosen. */
static void
move_selection (ScModelPopover *self,
                int             delta)
{
  int n_items = (int) g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint selected = gtk_single_selection_get_selected (self->selection);
  int position = selected == GTK_INVALID_LIST_POSITION ? -1 : (int) selected;

  for (position += delta; position >= 0 && position < n_items; position += delta)
    {
      g_autoptr (ScModelItem) item = g_list_model_get_item (G_LIST_MODEL (self->items),
                                                            (guint) position);

      if (!sc_model_item_is_choosable (item))
        continue;
      gtk_single_selection_set_selected (self->selection, (guint) position);
      gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", (guint) position);
      return;
    }
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                ScModelPopover        *self)
{
  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    move_selection (self, 1);
  else if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    move_selection (self, -1);
  else
    return FALSE;
  return TRUE;
}

static void
search_changed_cb (ScModelPopover *self)
{
  rebuild (self);
}

static void
search_activated_cb (ScModelPopover *self)
{
  /* The entry waits a moment before it tells about a change; Enter does not. */
  rebuild (self);
  activate_item (self, gtk_single_selection_get_selected (self->selection));
}

static void
search_stopped_cb (ScModelPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
list_activated_cb (ScModelPopover *self,
                   guint           position)
{
  activate_item (self, position);
}

static void
add_clicked_cb (ScModelPopover *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_popover_popdown (GTK_POPOVER (self));
  sc_preferences_open_add_provider (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
}

static void
setup_item_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_list_item_set_child (item, sc_model_row_new ());
}

static void
bind_item_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *list_item)
{
  ScModelItem *item = gtk_list_item_get_item (list_item);

  gtk_list_item_set_activatable (list_item, sc_model_item_is_choosable (item));
  gtk_list_item_set_selectable (list_item, sc_model_item_is_choosable (item));
  sc_model_row_set_item (SC_MODEL_ROW (gtk_list_item_get_child (list_item)), item);
}

static void
unbind_item_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *list_item)
{
  sc_model_row_set_item (SC_MODEL_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
sc_model_popover_show (GtkWidget *widget)
{
  ScModelPopover *self = SC_MODEL_POPOVER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  g_hash_table_remove_all (self->errors);
  fetch_missing (self);
  rebuild (self);
  GTK_WIDGET_CLASS (sc_model_popover_parent_class)->show (widget);
  gtk_widget_grab_focus (self->search);
}

static void
sc_model_popover_dispose (GObject *object)
{
  ScModelPopover *self = SC_MODEL_POPOVER (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SC_TYPE_MODEL_POPOVER);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (sc_model_popover_parent_class)->dispose (object);
}

static void
sc_model_popover_finalize (GObject *object)
{
  ScModelPopover *self = SC_MODEL_POPOVER (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->items);
  g_hash_table_unref (self->pending);
  g_hash_table_unref (self->errors);
  g_free (self->provider);
  g_free (self->model);

  G_OBJECT_CLASS (sc_model_popover_parent_class)->finalize (object);
}

static void
sc_model_popover_class_init (ScModelPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sc_model_popover_dispose;
  object_class->finalize = sc_model_popover_finalize;
  widget_class->show = sc_model_popover_show;

  signals[SIGNAL_CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/StreamChat/sc-model-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ScModelPopover, search);
  gtk_widget_class_bind_template_child (widget_class, ScModelPopover, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_clicked_cb);
}

static void
sc_model_popover_init (ScModelPopover *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->errors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (SC_TYPE_MODEL_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_item_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_item_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_item_cb), NULL);
  gtk_list_view_set_factory (GTK_LIST_VIEW (self->list), factory);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (self->selection));
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->search, keys);
}

GtkWidget *
sc_model_popover_new (void)
{
  return g_object_new (SC_TYPE_MODEL_POPOVER, NULL);
}

void
sc_model_popover_set_current (ScModelPopover *self,
                              const char     *provider,
                              const char     *model)
{
  g_return_if_fail (SC_IS_MODEL_POPOVER (self));

  if (g_strcmp0 (self->provider, provider) == 0 && g_strcmp0 (self->model, model) == 0)
    return;
  g_free (self->provider);
  g_free (self->model);
  self->provider = g_strdup (provider);
  self->model = g_strdup (model);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    rebuild (self);
}

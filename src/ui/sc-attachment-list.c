/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-list.c: what is attached to a message that is not sent yet.
 *
 * One file is read or made to fit at a time, in their order: memory is bounded, and who comes
 * first has the room that a request has.
 */

#include "config.h"

#include "sc-attachment-list.h"

#include <glib/gi18n.h>

#include "sc-attachment-private.h"
#include "sc-attachment-request.h"
#include "sc-providers.h"

/* A folder full of files that was selected by mistake stops here. */
#define MAX_ITEMS 100u

/* All files of one message together, in memory. */
#define MAX_TOTAL_BYTES (G_GUINT64_CONSTANT (300) * 1000 * 1000)

/* So many sentences are shown at once; the others are counted. */
#define MAX_NOTICES 3

struct _ScAttachmentList
{
  GObject           parent_instance;

  GPtrArray        *items;
  GPtrArray        *notices;
  GWeakRef          conversation;
  ScTurn           *edited;
  ScAttachmentItem *active;
  gboolean          is_checking;
};

static void sc_attachment_list_list_model_init (GListModelInterface *iface);
static void check (ScAttachmentList *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScAttachmentList,
                               sc_attachment_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      sc_attachment_list_list_model_init))

static guint changed_signal;

static void
emit_changed (ScAttachmentList *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
is_picture (ScAttachmentItem *item)
{
  return item->original != NULL && sc_attachment_rules_is_picture (item->original->media_type);
}

static gboolean
contains (ScAttachmentList *self,
          ScAttachmentItem *item)
{
  return g_ptr_array_find (self->items, item, NULL);
}

static void
take_away (ScAttachmentList *self,
           ScAttachmentItem *item)
{
  guint position;

  if (!g_ptr_array_find (self->items, item, &position))
    return;
  g_cancellable_cancel (item->cancellable);
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* What was never there is not marked, it is told; what was there stays, and is marked. */
static void
refuse (ScAttachmentList *self,
        ScAttachmentItem *item,
        const char       *reason)
{
  item->needs_fit = FALSE;
  if (item->is_new)
    {
      g_ptr_array_add (self->notices, g_strdup (reason));
      take_away (self, item);
    }
  else
    sc_attachment_item_set_state (item, SC_ATTACHMENT_STATE_REFUSED, reason);
}

/* There is no use in trying again what was tried, until who answers changes. */
static void
give_up (ScAttachmentList *self,
         ScAttachmentItem *item,
         const char       *reason)
{
  g_free (item->fault);
  item->fault = g_strdup (reason);
  refuse (self, item, reason);
}

/* Decides about one file that was read, as the @request is with those before it. */
static void
check_item (ScAttachmentList    *self,
            ScAttachmentItem    *item,
            ScAttachmentRequest *request)
{
  g_autofree char *reason = NULL;
  g_autofree char *other = NULL;
  ScAttachmentVerdict verdict = sc_attachment_request_judge (request, item->original, &reason);

  item->needs_fit = FALSE;
  if (verdict == SC_ATTACHMENT_CONVERTED)
    {
      item->uses_fitted = item->fitted != NULL
                          && sc_attachment_request_judge (request, item->fitted, &other)
                               == SC_ATTACHMENT_TAKEN;
      item->needs_fit = !item->uses_fitted && item->fault == NULL;
      if (item->needs_fit)
        {
          sc_attachment_item_set_state (item, SC_ATTACHMENT_STATE_BUSY, NULL);
          return;
        }
    }
  else
    item->uses_fitted = FALSE;
  if (verdict == SC_ATTACHMENT_CONVERTED && !item->uses_fitted)
    reason = g_strdup (item->fault);
  if (reason != NULL ||
      !sc_attachment_rules_check_request (&request->target, item->original->name,
                                          is_picture (item),
                                          request->n_bytes + sc_attachment_item_get_size (item),
                                          &reason))
    {
      refuse (self, item, reason);
      return;
    }
  request->n_bytes += sc_attachment_item_get_size (item);
  item->is_new = FALSE;
  sc_attachment_item_set_state (item, SC_ATTACHMENT_STATE_READY, NULL);
}

static void
finish_active (ScAttachmentList *self,
               ScAttachmentItem *item)
{
  if (self->active == item)
    self->active = NULL;
}

static guint64
count_bytes (ScAttachmentList *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->items->len; i++)
    n_bytes += sc_attachment_item_get_size (g_ptr_array_index (self->items, i));
  return n_bytes;
}

static void
take_content (ScAttachmentList    *self,
              ScAttachmentItem    *item,
              ScAttachmentContent *content)
{
  if (count_bytes (self) + g_bytes_get_size (content->bytes) > MAX_TOTAL_BYTES)
    {
      g_autofree char *most = g_format_size (MAX_TOTAL_BYTES);
      /* Translators: the name of a file, then a limit like “20 MB” */
      g_autofree char *reason =
        g_strdup_printf (_("“%s” cannot be attached: all files of a message together may have up "
                           "to %s."), content->name, most);

      sc_attachment_content_free (content);
      give_up (self, item, reason);
      return;
    }
  item->original = content;
  g_clear_object (&item->file);
  g_clear_object (&item->texture);
  g_clear_pointer (&item->bytes, g_bytes_unref);
  if (content->thumbnail != NULL)
    item->thumbnail = GDK_PAINTABLE (gdk_texture_new_for_pixbuf (content->thumbnail));
  g_clear_object (&content->thumbnail);
}

typedef struct
{
  ScAttachmentList *list;
  ScAttachmentItem *item;
} Step;

static Step *
step_new (ScAttachmentList *self,
          ScAttachmentItem *item)
{
  Step *step = g_new0 (Step, 1);

  step->list = g_object_ref (self);
  step->item = g_object_ref (item);
  return step;
}

static void
step_free (Step *step)
{
  g_object_unref (step->list);
  g_object_unref (step->item);
  g_free (step);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Step) step = user_data;
  ScAttachmentContent *content;
  g_autoptr (GError) error = NULL;

  content = sc_attachment_reader_read_finish (result, &error);
  finish_active (step->list, step->item);
  if (content != NULL && contains (step->list, step->item))
    take_content (step->list, step->item, content);
  else if (content != NULL)
    sc_attachment_content_free (content);
  else if (contains (step->list, step->item))
    give_up (step->list, step->item, error->message);
  check (step->list);
}

static void
fit_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (Step) step = user_data;
  ScAttachmentContent *content;
  g_autoptr (GError) error = NULL;

  content = sc_attachment_reader_fit_finish (result, &error);
  finish_active (step->list, step->item);
  step->item->needs_fit = FALSE;
  if (content != NULL)
    {
      g_clear_pointer (&step->item->fitted, sc_attachment_content_free);
      step->item->fitted = content;
    }
  else if (contains (step->list, step->item))
    give_up (step->list, step->item, error->message);
  check (step->list);
}

static void
start_reading (ScAttachmentList *self,
               ScAttachmentItem *item)
{
  Step *step = step_new (self, item);

  self->active = item;
  if (item->file != NULL)
    sc_attachment_reader_read_file_async (item->file, item->cancellable, read_cb, step);
  else if (item->texture != NULL)
    sc_attachment_reader_read_texture_async (item->texture, item->name, item->cancellable, read_cb,
                                             step);
  else
    sc_attachment_reader_read_bytes_async (item->bytes, item->name, item->cancellable, read_cb,
                                           step);
}

static void
start_fitting (ScAttachmentList          *self,
               ScAttachmentItem          *item,
               const ScAttachmentRequest *request)
{
  ScPictureLimits limits;

  if (!sc_attachment_rules_get_picture_limits (&request->target, &limits))
    return;
  self->active = item;
  sc_attachment_reader_fit_async (item->original, &limits, item->cancellable, fit_cb,
                                  step_new (self, item));
}

static void
start_next (ScAttachmentList          *self,
            const ScAttachmentRequest *request)
{
  for (guint i = 0; i < self->items->len && self->active == NULL; i++)
    {
      ScAttachmentItem *item = g_ptr_array_index (self->items, i);

      if (item->original == NULL && item->fault == NULL)
        start_reading (self, item);
      else if (item->needs_fit)
        start_fitting (self, item, request);
    }
}

/* Decides about all files anew: what one takes of the room is not there for the next, and who
 * answers may have changed. */
static void
check (ScAttachmentList *self)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (ScConversation) conversation = NULL;
  g_auto (ScAttachmentRequest) request = { 0 };

  if (self->is_checking)
    return;
  self->is_checking = TRUE;
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->items->len; i++)
    g_ptr_array_add (items, g_object_ref (g_ptr_array_index (self->items, i)));
  conversation = g_weak_ref_get (&self->conversation);
  sc_attachment_request_init (&request, conversation, self->edited);
  for (guint i = 0; i < items->len; i++)
    {
      ScAttachmentItem *item = g_ptr_array_index (items, i);

      if (item->original == NULL || item == self->active)
        continue;
      if (is_picture (item))
        request.target.n_pictures++;
      check_item (self, item, &request);
    }
  start_next (self, &request);
  self->is_checking = FALSE;
  emit_changed (self);
}

static void
target_changed_cb (ScAttachmentList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      ScAttachmentItem *item = g_ptr_array_index (self->items, i);

      if (item->original != NULL)
        g_clear_pointer (&item->fault, g_free);
    }
  if (self->items->len > 0)
    check (self);
}

static GType
sc_attachment_list_get_item_type (GListModel *model)
{
  return SC_TYPE_ATTACHMENT_ITEM;
}

static guint
sc_attachment_list_get_n_items (GListModel *model)
{
  return SC_ATTACHMENT_LIST (model)->items->len;
}

static gpointer
sc_attachment_list_get_item (GListModel *model,
                             guint       position)
{
  ScAttachmentList *self = SC_ATTACHMENT_LIST (model);

  if (position >= self->items->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
sc_attachment_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = sc_attachment_list_get_item_type;
  iface->get_n_items = sc_attachment_list_get_n_items;
  iface->get_item = sc_attachment_list_get_item;
}

static void
sc_attachment_list_dispose (GObject *object)
{
  ScAttachmentList *self = SC_ATTACHMENT_LIST (object);

  for (guint i = 0; i < self->items->len; i++)
    g_cancellable_cancel (((ScAttachmentItem *) g_ptr_array_index (self->items, i))->cancellable);
  g_clear_object (&self->edited);

  G_OBJECT_CLASS (sc_attachment_list_parent_class)->dispose (object);
}

static void
sc_attachment_list_finalize (GObject *object)
{
  ScAttachmentList *self = SC_ATTACHMENT_LIST (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->notices);
  g_weak_ref_clear (&self->conversation);

  G_OBJECT_CLASS (sc_attachment_list_parent_class)->finalize (object);
}

static void
sc_attachment_list_class_init (ScAttachmentListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_attachment_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = sc_attachment_list_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_attachment_list_init (ScAttachmentList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->notices = g_ptr_array_new_with_free_func (g_free);
  g_weak_ref_init (&self->conversation, NULL);
  g_signal_connect_object (sc_providers_get_default (), "changed", G_CALLBACK (target_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
add_item (ScAttachmentList *self,
          ScAttachmentItem *item)
{
  g_ptr_array_add (self->items, item);
  g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
}

/* Returns NULL if there are too many already. */
static ScAttachmentItem *
create_item (ScAttachmentList *self,
             const char       *name)
{
  ScAttachmentItem *item;

  if (self->items->len >= MAX_ITEMS)
    {
      g_autofree char *text = g_strdup_printf (
        ngettext ("A message can have up to %u file.", "A message can have up to %u files.",
                  MAX_ITEMS), MAX_ITEMS);

      if (self->notices->len == 0 ||
          !g_str_equal (g_ptr_array_index (self->notices, self->notices->len - 1), text))
        sc_attachment_list_add_notice (self, text);
      return NULL;
    }
  item = g_object_new (SC_TYPE_ATTACHMENT_ITEM, NULL);
  item->name = g_strdup (name);
  return item;
}

ScAttachmentList *
sc_attachment_list_new (ScConversation *conversation,
                        ScTurn         *edited)
{
  ScAttachmentList *self = g_object_new (SC_TYPE_ATTACHMENT_LIST, NULL);
  GPtrArray *attachments = edited != NULL ? sc_turn_get_attachments (edited) : NULL;

  g_weak_ref_set (&self->conversation, conversation);
  g_set_object (&self->edited, edited);
  if (conversation != NULL)
    {
      g_signal_connect_object (conversation, "notify::provider", G_CALLBACK (target_changed_cb),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (conversation, "notify::model", G_CALLBACK (target_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    {
      const ScAttachment *attachment = g_ptr_array_index (attachments, i);
      ScAttachmentItem *item = g_object_new (SC_TYPE_ATTACHMENT_ITEM, NULL);

      item->name = g_strdup (attachment->name);
      item->bytes = g_bytes_ref (attachment->data);
      /* It was said before: it is not dropped without a word. */
      item->is_new = FALSE;
      add_item (self, item);
    }
  check (self);
  return self;
}

void
sc_attachment_list_add_file (ScAttachmentList *self,
                             GFile            *file)
{
  g_autofree char *basename = NULL;
  g_autofree char *name = NULL;
  ScAttachmentItem *item;

  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));
  g_return_if_fail (G_IS_FILE (file));

  basename = g_file_get_basename (file);
  name = g_filename_display_name (basename != NULL ? basename : "");
  item = create_item (self, name);
  if (item == NULL)
    return;
  item->file = g_object_ref (file);
  add_item (self, item);
  check (self);
}

void
sc_attachment_list_add_bytes (ScAttachmentList *self,
                              const char       *name,
                              GBytes           *bytes)
{
  ScAttachmentItem *item;

  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));
  g_return_if_fail (name != NULL && bytes != NULL);

  item = create_item (self, name);
  if (item == NULL)
    return;
  item->bytes = g_bytes_ref (bytes);
  add_item (self, item);
  check (self);
}

void
sc_attachment_list_add_texture (ScAttachmentList *self,
                                GdkTexture       *texture)
{
  ScAttachmentItem *item;

  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));
  g_return_if_fail (GDK_IS_TEXTURE (texture));

  item = create_item (self, _("Pasted picture"));
  if (item == NULL)
    return;
  item->texture = g_object_ref (texture);
  add_item (self, item);
  check (self);
}

void
sc_attachment_list_remove (ScAttachmentList *self,
                           ScAttachmentItem *item)
{
  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));
  g_return_if_fail (SC_IS_ATTACHMENT_ITEM (item));

  take_away (self, item);
  check (self);
}

void
sc_attachment_list_clear (ScAttachmentList *self)
{
  guint n_items;

  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));

  n_items = self->items->len;
  for (guint i = 0; i < n_items; i++)
    g_cancellable_cancel (((ScAttachmentItem *) g_ptr_array_index (self->items, i))->cancellable);
  g_ptr_array_set_size (self->items, 0);
  g_ptr_array_set_size (self->notices, 0);
  if (n_items > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_items, 0);
  emit_changed (self);
}

gboolean
sc_attachment_list_is_empty (ScAttachmentList *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (self), TRUE);

  return self->items->len == 0;
}

gboolean
sc_attachment_list_is_ready (ScAttachmentList *self)
{
  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (self), FALSE);

  for (guint i = 0; i < self->items->len; i++)
    if (sc_attachment_item_get_state (g_ptr_array_index (self->items, i))
        != SC_ATTACHMENT_STATE_READY)
      return FALSE;
  return TRUE;
}

GPtrArray *
sc_attachment_list_list_attachments (ScAttachmentList *self)
{
  GPtrArray *array;

  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (self), NULL);
  g_return_val_if_fail (sc_attachment_list_is_ready (self), NULL);

  if (self->items->len == 0)
    return NULL;
  array = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_attachment_free);
  for (guint i = 0; i < self->items->len; i++)
    {
      ScAttachmentItem *item = g_ptr_array_index (self->items, i);
      const ScAttachmentContent *content = sc_attachment_item_get_content (item);
      ScAttachment *attachment = g_new0 (ScAttachment, 1);

      attachment->name = g_strdup (content->name);
      attachment->media_type = g_strdup (content->media_type);
      attachment->data = g_bytes_ref (content->bytes);
      g_ptr_array_add (array, attachment);
    }
  return array;
}

void
sc_attachment_list_add_notice (ScAttachmentList *self,
                               const char       *text)
{
  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));
  g_return_if_fail (text != NULL);

  g_ptr_array_add (self->notices, g_strdup (text));
  emit_changed (self);
}

char *
sc_attachment_list_dup_notice (ScAttachmentList *self,
                               gboolean         *can_dismiss)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autofree char *more = NULL;
  guint n_more;

  g_return_val_if_fail (SC_IS_ATTACHMENT_LIST (self), NULL);
  g_return_val_if_fail (can_dismiss != NULL, NULL);

  *can_dismiss = self->notices->len > 0;
  for (guint i = 0; i < self->notices->len; i++)
    g_ptr_array_add (lines, g_ptr_array_index (self->notices, i));
  for (guint i = 0; i < self->items->len; i++)
    {
      ScAttachmentItem *item = g_ptr_array_index (self->items, i);

      if (item->reason != NULL)
        g_ptr_array_add (lines, item->reason);
    }
  if (lines->len == 0)
    return NULL;
  if (lines->len > MAX_NOTICES)
    {
      n_more = lines->len - MAX_NOTICES;
      more = g_strdup_printf (ngettext ("%u more file cannot be sent.",
                                        "%u more files cannot be sent.", n_more), n_more);
      g_ptr_array_set_size (lines, MAX_NOTICES);
      g_ptr_array_add (lines, more);
    }
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

void
sc_attachment_list_dismiss_notice (ScAttachmentList *self)
{
  g_return_if_fail (SC_IS_ATTACHMENT_LIST (self));

  if (self->notices->len == 0)
    return;
  g_ptr_array_set_size (self->notices, 0);
  emit_changed (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See no-names.h. */

#include "config.h"

#include "no-names.h"

typedef struct
{
  GResolver parent_instance;
} NoNames;

typedef struct
{
  GResolverClass parent_class;
} NoNamesClass;

GType no_names_get_type (void);
G_DEFINE_TYPE (NoNames, no_names, G_TYPE_RESOLVER)

static void
look_up_async (GResolver                *resolver,
               const char               *name,
               GResolverNameLookupFlags  flags,
               GCancellable             *cancellable,
               GAsyncReadyCallback       callback,
               gpointer                  user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
                           "Error resolving “%s”: Name or service not known", name);
}

static GList *
look_up_finish (GResolver     *resolver,
                GAsyncResult  *result,
                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
no_names_class_init (NoNamesClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = look_up_async;
  resolver_class->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
no_names_init (NoNames *self)
{
}

GResolver *
no_names_begin (void)
{
  g_autoptr (GResolver) resolver = g_object_new (no_names_get_type (), NULL);
  GResolver *before = g_resolver_get_default ();

  g_resolver_set_default (resolver);
  return before;
}

void
no_names_end (GResolver *before)
{
  g_resolver_set_default (before);
  g_object_unref (before);
}

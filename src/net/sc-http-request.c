/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A request as a value. It knows nothing of sending. */

#include "config.h"

#include "sc-http.h"

#include <string.h>

static void
free_header (gpointer data)
{
  ScHttpHeader *header = data;

  /* Any of them may be a key. */
  explicit_bzero (header->value, strlen (header->value));
  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

/* RFC 9110 5.6.2: a header's name is a token. */
static gboolean
is_token (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    {
      if (!g_ascii_isalnum (*name) && strchr ("!#$%&'*+-.^_`|~", *name) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_header (ScHttpRequest *self,
             const char    *name,
             guint         *index)
{
  for (guint i = 0; i < self->headers->len; i++)
    {
      ScHttpHeader *header = g_ptr_array_index (self->headers, i);

      if (g_ascii_strcasecmp (header->name, name) == 0)
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

ScHttpRequest *
sc_http_request_new (const char *method,
                     const char *url)
{
  ScHttpRequest *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_new0 (ScHttpRequest, 1);
  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = g_ptr_array_new_with_free_func (free_header);
  return self;
}

void
sc_http_request_free (ScHttpRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  /* Some services take the key in the query. */
  explicit_bzero (self->url, strlen (self->url));
  g_free (self->url);
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

void
sc_http_request_set_header (ScHttpRequest *self,
                            const char    *name,
                            const char    *value)
{
  ScHttpHeader *header;
  guint index = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (find_header (self, name, &index))
    g_ptr_array_remove_index (self->headers, index);
  if (value == NULL || !is_token (name) || strpbrk (value, "\r\n") != NULL)
    return;

  header = g_new0 (ScHttpHeader, 1);
  header->name = g_strdup (name);
  header->value = g_strstrip (g_strdup (value));
  g_ptr_array_add (self->headers, header);
}

const char *
sc_http_request_get_header (ScHttpRequest *self,
                            const char    *name)
{
  guint index = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!find_header (self, name, &index))
    return NULL;
  return ((ScHttpHeader *) g_ptr_array_index (self->headers, index))->value;
}

void
sc_http_request_set_json (ScHttpRequest *self,
                          char          *json)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (json != NULL);

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_take (json, strlen (json));
  sc_http_request_set_header (self, "Content-Type", "application/json");
}

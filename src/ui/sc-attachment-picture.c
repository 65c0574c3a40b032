/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sc-attachment-picture.c: pictures that are attached.
 *
 * It knows pixels and formats, and no widget: it runs on worker threads.
 */

#include "config.h"

#include "sc-attachment-picture.h"

#include <glib/gi18n.h>
#include <math.h>

#include "sc-error.h"

/* The size of a picture stands near its start: it is looked for in steps of this many bytes. */
#define PROBE_BYTES 4096

/* A small file can unfold to a picture that fills the memory. */
#define MAX_PIXELS (G_GUINT64_CONSTANT (120) * 1000 * 1000)

/* Each step shrinks by what the last one was too large, and a little more: sizes in bytes do not
 * follow sizes in pixels exactly. */
#define MAX_STEPS    12
#define STEP_MARGIN  0.98
#define MIN_STEP     0.4
#define JPEG_QUALITY "90"

typedef struct
{
  guint width;
  guint height;
} Size;

static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  Size            *size)
{
  size->width = (guint) MAX (width, 0);
  size->height = (guint) MAX (height, 0);
}

void
sc_attachment_picture_probe (GBytes *bytes,
                             guint  *width,
                             guint  *height)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  Size size = { 0, 0 };
  gsize length;
  const guchar *data;

  g_return_if_fail (bytes != NULL && width != NULL && height != NULL);

  data = g_bytes_get_data (bytes, &length);
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &size);
  for (gsize i = 0; i < length && size.width == 0; i += PROBE_BYTES)
    if (!gdk_pixbuf_loader_write (loader, data + i, MIN (PROBE_BYTES, length - i), NULL))
      break;
  /* It complains that the picture is not complete, which is no news. */
  gdk_pixbuf_loader_close (loader, NULL);
  *width = size.width;
  *height = size.height;
}

static gboolean
is_bearable (GBytes *bytes,
             guint  *width,
             guint  *height)
{
  sc_attachment_picture_probe (bytes, width, height);
  return *width > 0 && *height > 0 && (guint64) *width * *height <= MAX_PIXELS;
}

static GdkPixbuf *
decode (GBytes       *bytes,
        GCancellable *cancellable,
        GError      **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream (stream, cancellable, error);

  /* A camera held upright says so beside the picture, where a copy would lose it. */
  return pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
}

GdkPixbuf *
sc_attachment_picture_shrink (GBytes *bytes,
                              int     edge)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) loaded = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GdkPixbuf) square = NULL;
  guint width, height;
  int side;

  g_return_val_if_fail (bytes != NULL && edge > 0, NULL);

  if (!is_bearable (bytes, &width, &height))
    return NULL;
  stream = g_memory_input_stream_new_from_bytes (bytes);
  loaded = gdk_pixbuf_new_from_stream_at_scale (stream, width <= height ? edge : -1,
                                                width <= height ? -1 : edge, TRUE, NULL, NULL);
  if (loaded == NULL)
    return NULL;
  pixbuf = gdk_pixbuf_apply_embedded_orientation (loaded);
  side = MIN (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf));
  square = gdk_pixbuf_new_subpixbuf (pixbuf, (gdk_pixbuf_get_width (pixbuf) - side) / 2,
                                     (gdk_pixbuf_get_height (pixbuf) - side) / 2, side, side);
  /* A copy of its own: the part would keep a whole strip in memory. */
  return gdk_pixbuf_copy (square);
}

static GBytes *
encode (GdkPixbuf  *pixbuf,
        const char *media_type)
{
  char *data = NULL;
  gsize length = 0;
  gboolean ok;

  if (g_str_equal (media_type, "image/jpeg"))
    ok = gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "jpeg", NULL,
                                    "quality", JPEG_QUALITY, NULL);
  else
    ok = gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL);
  return ok ? g_bytes_new_take (data, length) : NULL;
}

static gboolean
fits (GBytes                *bytes,
      const ScPictureLimits *limits)
{
  return limits->max_bytes == 0 || g_bytes_get_size (bytes) <= limits->max_bytes;
}

/* The best that can be done at this size in pixels. */
static GBytes *
encode_best (GdkPixbuf              *pixbuf,
             gboolean                is_photograph,
             const ScPictureLimits  *limits,
             const char            **type)
{
  gboolean is_opaque = !gdk_pixbuf_get_has_alpha (pixbuf);
  g_autoptr (GBytes) bytes = NULL;

  *type = is_photograph && is_opaque ? "image/jpeg" : "image/png";
  bytes = encode (pixbuf, *type);
  if (bytes != NULL && is_opaque && !is_photograph && !fits (bytes, limits))
    {
      *type = "image/jpeg";
      g_bytes_unref (bytes);
      bytes = encode (pixbuf, *type);
    }
  return g_steal_pointer (&bytes);
}

static GdkPixbuf *
scale (GdkPixbuf *pixbuf,
       double     factor)
{
  int width = MAX (1, (int) (gdk_pixbuf_get_width (pixbuf) * factor));
  int height = MAX (1, (int) (gdk_pixbuf_get_height (pixbuf) * factor));

  return gdk_pixbuf_scale_simple (pixbuf, width, height, GDK_INTERP_BILINEAR);
}

static GBytes *
fit_pixbuf (GdkPixbuf              *pixbuf,
            gboolean                is_photograph,
            const ScPictureLimits  *limits,
            GCancellable           *cancellable,
            const char            **type)
{
  int edge = MAX (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf));
  double factor = 1;

  if (limits->max_edge > 0 && (guint) edge > limits->max_edge)
    factor = (limits->max_edge + 0.5) / edge;
  for (guint i = 0; i < MAX_STEPS && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GdkPixbuf) scaled = factor < 1 ? scale (pixbuf, factor) : g_object_ref (pixbuf);
      g_autoptr (GBytes) bytes = NULL;
      double step;

      if (scaled == NULL)
        return NULL;
      bytes = encode_best (scaled, is_photograph, limits, type);
      if (bytes == NULL)
        return NULL;
      if (fits (bytes, limits))
        return g_steal_pointer (&bytes);
      step = sqrt ((double) limits->max_bytes / (double) g_bytes_get_size (bytes)) * STEP_MARGIN;
      factor *= MAX (step, MIN_STEP);
    }
  return NULL;
}

GBytes *
sc_attachment_picture_fit (GBytes                 *bytes,
                           const char             *media_type,
                           const char             *name,
                           const ScPictureLimits  *limits,
                           GCancellable           *cancellable,
                           const char            **fitted_type,
                           GError                **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GBytes) fitted = NULL;
  const char *type = NULL;
  guint width, height;

  g_return_val_if_fail (bytes != NULL && media_type != NULL && name != NULL, NULL);
  g_return_val_if_fail (limits != NULL && fitted_type != NULL, NULL);

  if (is_bearable (bytes, &width, &height))
    pixbuf = decode (bytes, cancellable, NULL);
  if (pixbuf != NULL)
    fitted = fit_pixbuf (pixbuf, g_str_equal (media_type, "image/jpeg"), limits, cancellable,
                         &type);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (fitted == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_REQUEST,
                   _("“%s” cannot be sent: the picture cannot be converted. Save it as a smaller "
                     "PNG or JPEG file."), name);
      return NULL;
    }
  *fitted_type = type;
  return g_steal_pointer (&fitted);
}

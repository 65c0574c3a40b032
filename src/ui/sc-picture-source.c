/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures as bytes. */

#include "config.h"

#include "sc-picture-source.h"

#include <glib/gi18n.h>
#include <string.h>

/* Fed in pieces, so that a picture that is too large is given up at its head. */
#define READ_STEP (64 * 1024)

static guint
get_16 (const guint8 *at)
{
  return (guint) at[0] << 8 | at[1];
}

static guint
get_16_le (const guint8 *at)
{
  return (guint) at[1] << 8 | at[0];
}

static guint
get_24_le (const guint8 *at)
{
  return (guint) at[2] << 16 | get_16_le (at);
}

/* PNG specification, 3rd edition, 5.6 and 11.2.1: IHDR comes first. */
static void
measure_png (const guint8 *bytes,
             gsize         length,
             int          *width,
             int          *height)
{
  if (length < 24 || memcmp (bytes + 12, "IHDR", 4) != 0 || bytes[16] > 0x7f || bytes[20] > 0x7f)
    return;
  *width = (int) (get_16 (bytes + 16) << 16 | get_16 (bytes + 18));
  *height = (int) (get_16 (bytes + 20) << 16 | get_16 (bytes + 22));
}

/* ITU T.81, B.1.1.3 and B.2.2: segments up to the first frame header. */
static void
measure_jpeg (const guint8 *bytes,
              gsize         length,
              int          *width,
              int          *height)
{
  gsize at = 2;

  while (at + 9 < length && bytes[at] == 0xff)
    {
      guint8 marker = bytes[at + 1];

      if (marker == 0xff)
        {
          at++;
          continue;
        }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          *height = (int) get_16 (bytes + at + 5);
          *width = (int) get_16 (bytes + at + 7);
          return;
        }
      at += 2 + get_16 (bytes + at + 2);
    }
}

/* RFC 9649, 2.5 to 2.7: lossy, lossless and extended files. */
static void
measure_webp (const guint8 *bytes,
              gsize         length,
              int          *width,
              int          *height)
{
  if (length < 30)
    return;
  if (memcmp (bytes + 12, "VP8X", 4) == 0)
    {
      *width = (int) get_24_le (bytes + 24) + 1;
      *height = (int) get_24_le (bytes + 27) + 1;
    }
  else if (memcmp (bytes + 12, "VP8L", 4) == 0)
    {
      *width = (int) (get_16_le (bytes + 21) & 0x3fff) + 1;
      *height = (int) (get_24_le (bytes + 22) >> 6 & 0x3fff) + 1;
    }
  else
    {
      *width = (int) (get_16_le (bytes + 26) & 0x3fff);
      *height = (int) (get_16_le (bytes + 28) & 0x3fff);
    }
}

const char *
sc_picture_sniff (const guint8 *bytes,
                  gsize         length,
                  int          *width,
                  int          *height)
{
  *width = *height = 0;
  if (length >= 8 && memcmp (bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
    {
      measure_png (bytes, length, width, height);
      return "png";
    }
  if (length >= 3 && memcmp (bytes, "\xff\xd8\xff", 3) == 0)
    {
      measure_jpeg (bytes, length, width, height);
      return "jpeg";
    }
  if (length >= 10 && (memcmp (bytes, "GIF87a", 6) == 0 || memcmp (bytes, "GIF89a", 6) == 0))
    {
      *width = (int) get_16_le (bytes + 6);
      *height = (int) get_16_le (bytes + 8);
      return "gif";
    }
  if (length >= 12 && memcmp (bytes, "RIFF", 4) == 0 && memcmp (bytes + 8, "WEBP", 4) == 0)
    {
      measure_webp (bytes, length, width, height);
      return "webp";
    }

  return NULL;
}

/* RFC 2397: data:[<mediatype>][;base64],<data>. Only base64 is of use for pictures. */
static const char *
find_data (const char *address)
{
  const char *comma;

  if (g_ascii_strncasecmp (address, "data:image/", 11) != 0)
    return NULL;
  comma = strchr (address, ',');
  if (comma == NULL || comma - address < 18 || comma - address > 200 ||
      g_ascii_strncasecmp (comma - 7, ";base64", 7) != 0)
    return NULL;

  return comma + 1;
}

gboolean
sc_picture_is_data (const char *address)
{
  g_return_val_if_fail (address != NULL, FALSE);

  return find_data (address) != NULL;
}

GBytes *
sc_picture_decode_data (const char *address,
                        gsize       max_bytes)
{
  const char *data = find_data (address);
  gsize length;
  guchar *bytes;
  gsize n;
  int state = 0;
  guint save = 0;

  if (data == NULL)
    return NULL;

  length = strlen (data);
  if (max_bytes < length / 4 * 3)
    length = (max_bytes / 3 + 1) * 4;
  length = MIN (length, strlen (data));
  bytes = g_malloc (length / 4 * 3 + 6);
  n = g_base64_decode_step (data, length, bytes, &state, &save);
  if (n == 0)
    {
      g_free (bytes);
      return NULL;
    }

  return g_bytes_new_take (bytes, n);
}

static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gboolean        *is_too_large)
{
  double scale;

  if (width <= 0 || height <= 0 || (gint64) width * height > SC_PICTURE_MAX_PIXELS)
    {
      *is_too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 1, 1);
      return;
    }
  g_object_set_data (G_OBJECT (loader), "width", GINT_TO_POINTER (width));
  g_object_set_data (G_OBJECT (loader), "height", GINT_TO_POINTER (height));
  scale = MIN (1.0, (double) SC_PICTURE_MAX_SIDE / MAX (width, height));
  if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static gboolean
feed (GdkPixbufLoader *loader,
      GBytes          *bytes,
      const gboolean  *is_too_large,
      GError         **error)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);

  for (gsize at = 0; at < length && !*is_too_large; at += READ_STEP)
    if (!gdk_pixbuf_loader_write (loader, data + at, MIN (READ_STEP, length - at), error))
      {
        gdk_pixbuf_loader_close (loader, NULL);
        return FALSE;
      }
  if (*is_too_large)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("The picture has too many pixels."));
      return FALSE;
    }

  return gdk_pixbuf_loader_close (loader, error);
}

GdkTexture *
sc_picture_read (GBytes  *bytes,
                 int     *width,
                 int     *height,
                 GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const char *type = sc_picture_sniff (data, length, width, height);
  gboolean is_too_large = FALSE;
  g_autoptr (GdkPixbufLoader) loader = NULL;
  g_autoptr (GdkPixbuf) turned = NULL;
  GdkPixbuf *pixbuf;

  if (type == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _("This is no picture that can be shown."));
      return NULL;
    }
  loader = gdk_pixbuf_loader_new_with_type (type, error);
  if (loader == NULL)
    return NULL;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &is_too_large);
  if (!feed (loader, bytes, &is_too_large, error))
    return NULL;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The picture is damaged."));
      return NULL;
    }
  turned = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  *width = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (loader), "width"));
  *height = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (loader), "height"));
  /* On its side: the orientation swapped the two. */
  if ((gdk_pixbuf_get_width (turned) > gdk_pixbuf_get_height (turned)) != (*width > *height))
    {
      int swapped = *width;

      *width = *height;
      *height = swapped;
    }

  return gdk_texture_new_for_pixbuf (turned);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-host.h. Looks nothing up. */

#include "config.h"

#include "sc-host.h"

#include <gio/gio.h>
#include <string.h>

static const char *const home_domains[] = {
  "localhost", "local", "internal", "intranet", "lan", "home", "home.arpa",
};

/* The dot at the end of a complete name says nothing more. */
static char *
dup_name (const char *host)
{
  char *name = g_ascii_strdown (host, -1);
  gsize length = strlen (name);

  if (length > 0 && name[length - 1] == '.')
    name[length - 1] = '\0';
  return name;
}

static gboolean
is_in_domain (const char *name,
              const char *domain)
{
  gsize n_name = strlen (name);
  gsize n_domain = strlen (domain);

  return n_name >= n_domain && strcmp (name + n_name - n_domain, domain) == 0 &&
         (n_name == n_domain || name[n_name - n_domain - 1] == '.');
}

/* An IPv6 address can hold one of IPv4 (RFC 4291, section 2.5.5.2). */
static const guint8 *
find_ipv4 (GInetAddress *address)
{
  static const guint8 mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return bytes;
  return memcmp (bytes, mapped, sizeof mapped) == 0 ? bytes + sizeof mapped : NULL;
}

static gboolean
is_private_ipv4 (const guint8 *bytes)
{
  return bytes[0] == 0 || bytes[0] == 10 || bytes[0] == 127 ||
         (bytes[0] == 100 && (bytes[1] & 0xc0) == 64) || (bytes[0] == 169 && bytes[1] == 254) ||
         (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) || (bytes[0] == 192 && bytes[1] == 168);
}

static gboolean
is_private_address (GInetAddress *address)
{
  const guint8 *ipv4 = find_ipv4 (address);

  if (ipv4 != NULL)
    return is_private_ipv4 (ipv4);
  return g_inet_address_get_is_any (address) || g_inet_address_get_is_loopback (address) ||
         g_inet_address_get_is_link_local (address) ||
         g_inet_address_get_is_site_local (address) ||
         (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc;
}

gboolean
sc_host_is_here (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
sc_host_is_private (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *name = NULL;
  const char *dot;

  if (host == NULL || *host == '\0')
    return FALSE;
  name = dup_name (host);
  address = g_inet_address_new_from_string (name);
  if (address != NULL)
    return is_private_address (address);
  for (guint i = 0; i < G_N_ELEMENTS (home_domains); i++)
    if (is_in_domain (name, home_domains[i]))
      return TRUE;
  dot = strrchr (name, '.');
  /* A link-local address with its interface, a name alone, a number. */
  return strchr (name, ':') != NULL || dot == NULL || g_ascii_isdigit (dot[1]);
}

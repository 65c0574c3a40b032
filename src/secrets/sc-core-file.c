/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See sc-core-file.h. */

#include "config.h"

#include "sc-core-file.h"

#include <sys/resource.h>

/* core(5): where core_pattern is a pipe to a collector, a limit of 0 does not keep the kernel from
 * feeding it; a limit of one byte does, and is too small for a file as well. */
#define LIMIT_BYTES 1

void
sc_core_file_forbid (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) != 0)
    return;
  limit.rlim_cur = MIN (LIMIT_BYTES, limit.rlim_max);
  setrlimit (RLIMIT_CORE, &limit);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

typedef int not_written_yet;

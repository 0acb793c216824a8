// SPDX-License-Identifier: GPL-2.0-only
/* Several files as one unit, as kernel/sched does. */
#include "sched.h"

#include "rt.c"
#include "classes.c"

// extracted:

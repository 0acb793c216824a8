// SPDX-License-Identifier: GPL-2.0-only
/* The same for a function outside of the scheduler. */
#define NAME "nr_free_buffer_pages"
#include "patch.c"

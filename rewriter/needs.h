/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's configuration must have for its scheduler to be replaced at all. What else there may be, or not, makes no difference. */
#ifndef PLUGSCHED_REWRITER_NEEDS_H
#define PLUGSCHED_REWRITER_NEEDS_H

#include <glib.h>
#include <stdbool.h>

/* The .config is that of a built kernel, with each option that is on. The error, of `domain`, names all that is not, and why it is needed. */
bool needs_check(const char *config_path, GQuark domain, GError **error);

#endif
